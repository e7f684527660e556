"""A member tells somebody of the shop, or another program, that they want no more of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.say_consents import SayConsent, say_consents
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.members import read as members
from regulars.records.members.consents import read as consents
from regulars.records.members.consents.types import Consent
from regulars.records.members.types import MemberRef


class Unsubscribe(Struct, frozen=True):
    """Nothing more by these channels; `source` is where and why they said so, `by` who heard it."""

    member: MemberRef
    channels: tuple[str, ...]
    source: str
    by: By


UnsubscribeOutcome = tuple[Consent, ...] | Fault


async def unsubscribe(
    tx: Tx, terms: Terms, batch: Sequence[Unsubscribe]
) -> list[UnsubscribeOutcome]:
    """Each of these members is written to no more, and who heard it is written down. A no needs no
    proof: it is as easy to take a word back as to give it. Nobody gives one for somebody else.

    Order: as sent; said again it changes nothing, and nothing is written down.
    Faults, each for its own item: `unknown_member`, `invalid` for what is no channel.
    """
    country = terms.versions[-1].program.country
    whom = await members.whom(tx, country, [one.member for one in batch])
    outcomes: list[UnsubscribeOutcome] = []
    done: list[Done] = []
    for one, who in zip(batch, whom, strict=True):
        if isinstance(who, Fault):
            outcomes.append(who)
            continue
        outcome, fresh = await _one(tx, one, who)
        outcomes.append(outcome)
        if fresh:
            done.append(Done(one.by, "consent.withdrawn", "member", who.hex))
    await tx.write(acted(tx, done))
    return outcomes


async def _one(tx: Tx, one: Unsubscribe, who: UUID) -> tuple[UnsubscribeOutcome, list[str]]:
    await members.lock(tx, [who])
    before = await consents.standing(tx, who)
    said = await say_consents(
        tx, [SayConsent(who, channel, "withdrawn", one.source) for channel in one.channels]
    )
    kept = tuple(word for word in said if isinstance(word, Consent))
    fault = next((word for word in said if isinstance(word, Fault)), None)
    fresh = [word.channel for word in kept if word != before.get(word.channel)]
    return (fault if fault is not None else kept), fresh
