"""Members are given an offer, by hand or because they are in its segment, and activate it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Forbidden, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms, Version
from regulars.flows.terms.promised.commands import (
    ActivateOffer,
    GiveOffer,
    HavingOutcome,
)
from regulars.flows.terms.promised.desk import giving_on, may, not_so, nothing
from regulars.flows.terms.promised.show_offers import having
from regulars.records.access.staff.permissions import Permission
from regulars.records.members import read as members
from regulars.records.program.changes.offers import read, write
from regulars.records.program.changes.offers.types import Held, How, Offer

PORTION: Final = 10_000
"""Members of one transaction: tills wait for none of it longer than for a portion."""
AGAIN: Final = timedelta(minutes=10)
"""So long after all of a segment were looked at they are looked at again, for who came since."""
_FIRST: Final = UUID(int=0)
_BY_ITSELF: Final = ("campaign", "journey")
"""How nobody decides about one member alone."""
Sent = GiveOffer | ActivateOffer


async def give_offers(tx: Tx, terms: Terms, batch: Sequence[Sent]) -> list[HavingOutcome]:
    """Each of these members has this offer, or it counts for them, once; asked again nothing
    changes.

    Order: one at a time gives, so no more members have it than it says.
    Refuses: `offer_not_so` where it is not open, or where a campaign or a journey would give it to
    whom chance holds out of it (somebody of the shop may, and is told apart), `offer_given_away`
    where as many have it as may, `offer_not_yours` to activate what was not offered, `offer_over`,
    `member_erased`, `member_blocked`.
    Faults: `not_found`, `unknown_member`, `forbidden`.
    """
    await write.hold(tx)
    country = terms.at(tx.now).program.country
    whom = await members.whom(tx, country, [one.member for one in batch])
    return [
        who if isinstance(who, Fault) else await _one(tx, terms, command, who)
        for command, who in zip(batch, whom, strict=True)
    ]


async def would_give(tx: Tx, terms: Terms, batch: Sequence[GiveOffer]) -> list[bool]:
    """Whether each of these would have its offer if all were given now; nothing changes.

    Assumes: who gives is held already. Order: as sent; each sees the ones before it.
    """
    version, taken = terms.at(tx.now), Counter[str]()
    today = tx.now.astimezone(version.zone).date()
    whom = await members.whom(tx, version.program.country, [one.member for one in batch])
    could = []
    for command, who in zip(batch, whom, strict=True):
        one = await read.offer(tx, command.code)
        if one is None or isinstance(who, Fault):
            could.append(False)
            continue
        there = (await read.held(tx, one.offer_id, [who])).get(who)
        has = there is not None and there.state in ("offered", "held")
        so_far = replace(one, given=one.given + taken[one.code])
        could.append(has or _not_given(so_far, there, command.how, today) is None)
        taken[one.code] += could[-1] and not has
    return could


async def _one(tx: Tx, terms: Terms, command: Sent, who: UUID) -> HavingOutcome:
    gives = isinstance(command, GiveOffer)
    if gives and not await may(tx, command.by, Permission.MEMBERS_WRITE):
        return Forbidden("your role does not give offers; ask somebody who does")
    one = await read.offer(tx, command.code)
    if one is None:
        return nothing(command.code)
    there = (await read.held(tx, one.offer_id, [who])).get(who)
    version = terms.at(tx.now)
    if isinstance(command, GiveOffer):
        return await _given(tx, version, one, there, (who, command.how))
    return await _activated(tx, version, (one, there), who, command.by.actor)


async def _given(
    tx: Tx, version: Version, one: Offer, there: Held | None, whom: tuple[UUID, How]
) -> HavingOutcome:
    who, how = whom
    today = tx.now.astimezone(version.zone).date()
    if there is not None and there.state in ("offered", "held"):
        return await having(tx, version, one, there, fresh=False)
    no = _not_given(one, there, how, today)
    if no is not None:
        return no
    giving = giving_on(version, one, today, how)
    if there is not None:
        await tx.write(write.let_in(tx, one, who))
    if not await write.give(tx, one, [who], giving):
        return Refused("member_blocked", "this member is blocked or erased, and is given nothing")
    now = (await read.held(tx, one.offer_id, [who]))[who]
    return await having(tx, version, one, now)


def _not_given(one: Offer, there: Held | None, how: How, today: date) -> Refused | None:
    """Why nobody, or not this member, is given it."""
    if one.state != "open":
        return not_so(one, "It is not open, so nobody is given it")
    if one.over(today):
        return _over(one)
    if there is not None and there.state == "held_out" and how in _BY_ITSELF:
        return not_so(one, "chance holds this member out of it, so that its effect can be told")
    if one.given >= one.most:
        says = "as many members have it as may"
        return Refused("offer_given_away", says, {"most": one.most})
    return None


async def _activated(
    tx: Tx, version: Version, what: tuple[Offer, Held | None], who: UUID, by: str
) -> HavingOutcome:
    one, there = what
    today = tx.now.astimezone(version.zone).date()
    if there is None or there.state not in ("offered", "held"):
        return Refused("offer_not_yours", "this was not offered to this member")
    if there.state == "held":
        return await having(tx, version, one, there, fresh=False)
    if there.until_on <= today:
        return _over(one)
    giving = giving_on(version, one, today, there.how)
    if not await write.activate(tx, one, who, by, giving):
        return Refused(
            "member_blocked", "this member is blocked or erased: nothing begins to count"
        )
    now = (await read.held(tx, one.offer_id, [who]))[who]
    return await having(tx, version, one, now)


def _over(one: Offer) -> Refused:
    return Refused("offer_over", "this offer is over", {"offer": one.code})


async def walk_offers(tx: Tx, terms: Terms, most: int = PORTION) -> bool:
    """One step for one open offer: a portion of its segment is given it, or it is closed as its
    time is over; whether there is more to do.

    Order: in the order of ids; who came since has it by the next walk. Cut off, the portion was
    never begun; done again it changes nothing.
    """
    await write.hold(tx)
    version = terms.at(tx.now)
    today = tx.now.astimezone(version.zone).date()
    for one in await read.opened(tx):
        if one.over(today):
            over = replace(one, state="closed", closed_at=tx.now, closed_by="clock")
            await tx.write(write.keep(tx, over))
            return True
        if one.segment_id is not None and one.given < one.most and _due(tx, one):
            await _portion(tx, version, (one, today), most)
            return True
    return False


def _due(tx: Tx, one: Offer) -> bool:
    return one.given_after is not None or one.given_at is None or one.given_at + AGAIN <= tx.now


async def _portion(tx: Tx, version: Version, what: tuple[Offer, date], most: int) -> None:
    one, today = what
    giving = giving_on(version, one, today, "segment")
    percent = one.held_percent if one.holds_out else 0
    put = await write.give_portion(tx, one, percent, giving, one.given_after or _FIRST, most)
    over = put.many < most
    await tx.write(write.reached(tx, one, None if over else put.last, tx.now if over else None))
