"""What every flow does that hears of a letter that failed: its address is marked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.flows.telling.said.agreeing import keep_words, says_anew
from regulars.records.access.staff.read import chosen
from regulars.records.members import read as members
from regulars.records.members.consents import read as consents
from regulars.records.members.consents.types import Consent
from regulars.records.members.unions import read as unions
from regulars.records.outbox.bounces import read, write
from regulars.records.outbox.bounces.types import Bounce
from regulars.records.outbox.delivery.types import Mailed

COMPLAINED: Final = "complaint"
"""Where they took their word back, as it stands beside it."""


async def mark_addresses(
    tx: Tx, bounces: Sequence[Bounce], channel: Mailed = "email"
) -> list[bool]:
    """Mark these addresses as `write.mark` has it; of each, whether it is marked only now.

    Shape: all of one channel: letters, or text messages.
    Order: a complaint takes back the word for that channel as of the instant of the complaint: what
    the member said later stands; who was merged is who they stand as. Members are held while that
    is written, so that nothing is kept of who is erased meanwhile.
    Example: a soft one marks nothing by itself, so it is never new, also where it is one too many.
    """
    marked = set(await read.some(tx, {one.address for one in bounces}))
    fresh = []
    for one in bounces:
        fresh.append(one.kind != "soft" and one.address not in marked)
        if one.kind != "soft":
            marked.add(one.address)
    said = await _taken_back(tx, bounces, channel)
    await tx.write(write.mark(tx, bounces, await _patience(tx)))
    await keep_words(tx, said)
    return fresh


async def _patience(tx: Tx) -> write.Patience:
    """How often letters may fail for now, as the shop decided."""
    settings = await chosen(tx)
    within = timedelta(days=settings.of("soft_bounce_days"))
    return write.Patience(settings.of("soft_bounces"), within)


async def _taken_back(tx: Tx, bounces: Sequence[Bounce], channel: Mailed) -> list[Consent]:
    """The words of who complained, unless they had taken them back."""
    told = [one for one in bounces if one.kind == "complaint"]
    if not told:
        return []
    stands = await unions.aliases(tx, [one.member_id for one in told])
    when: dict[UUID, datetime] = {}
    for one in told:  # of two, the later: what they said between them is over
        who = stands.get(one.member_id, one.member_id)
        when[who] = max(one.bounced_at, when.get(who, one.bounced_at))
    await members.lock(tx, sorted(when))
    here: set[UUID] = await members.present(tx, when)
    before = await consents.last(tx, sorted(here))
    return [
        Consent(who, channel, "withdrawn", COMPLAINED, when[who])
        for who in sorted(here)
        if says_anew(before.get((who, channel)), "withdrawn")
    ]
