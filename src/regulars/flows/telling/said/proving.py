"""Whose address it is: a yes goes along to another one once a code was read there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.flows.telling.said.agreeing import keep_words
from regulars.records.access.members import read as coming_in
from regulars.records.members import read as members
from regulars.records.members.consents import read
from regulars.records.members.consents.types import Consent
from regulars.records.members.types import Identifier
from regulars.records.members.unions import read as unions
from regulars.records.outbox.delivery.types import IDENTIFIED_BY, Mailed, address_digest

ALONG: Final = "a code that was read at another address of theirs"
"""Why a yes counts of an address that took the place of the one it was said of."""


async def unproved(tx: Tx, keyed: Keyed, ids: Collection[UUID]) -> dict[UUID, set[bytes]]:
    """By member, addresses to which no yes of theirs goes: somebody put them in after it was said,
    and no code was read there.

    Shape: digests, as letters know addresses.
    """
    later = await _later(tx, keyed, ids)
    if not later:
        return {}
    merged = await unions.merged(tx, sorted({who for who, _, _ in later}))
    proved = await coming_in.proved(tx, {digest for _, _, digest in later})
    found: dict[UUID, set[bytes]] = {}
    for who, _, digest in later:
        if proved.get(digest, set()).isdisjoint((who, *merged.get(who, ()))):
            found.setdefault(who, set()).add(digest)
    return found


async def take_along(tx: Tx, keyed: Keyed, reached: Mapping[bytes, UUID]) -> None:
    """At these addresses codes were read by these members: the yes they gave before goes along.

    Order: whom it may concern is held and looked at once more, so that a no that is said at the
    same moment stands: nobody agreed to anything by a code.
    Keeps: a word of its own, so that it counts longer than codes are kept.
    """
    found = await _reached(tx, keyed, reached)
    if not found:
        return
    await members.lock(tx, sorted({who for who, _ in found}))
    words = [
        Consent(who, channel, "given", ALONG, tx.now)
        for who, channel in await _reached(tx, keyed, reached)
    ]
    await keep_words(tx, words)


async def _reached(
    tx: Tx, keyed: Keyed, reached: Mapping[bytes, UUID]
) -> list[tuple[UUID, Mailed]]:
    later = await _later(tx, keyed, set(reached.values()))
    return [(who, channel) for who, channel, digest in later if reached.get(digest) == who]


async def _later(tx: Tx, keyed: Keyed, ids: Collection[UUID]) -> list[tuple[UUID, Mailed, bytes]]:
    told = await read.told_later(tx, ids)
    return [
        (who, channel, address_digest(keyed, channel, one.value))
        for who, one in told
        for channel in [_channel(one)]
    ]


def _channel(one: Identifier) -> Mailed:
    return next(channel for channel, kind in IDENTIFIED_BY.items() if kind == one.kind)
