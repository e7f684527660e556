"""A purchase that named nobody becomes a member's afterwards: a telephone was left at home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx
from regulars.engine.returning.sale import Sale, pieces_sold
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity, Recorded, RecordOutcome
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.recording.sales import LATE, Sales, late_key
from regulars.records.access.staff.read import chosen
from regulars.records.activity import read as activities
from regulars.records.activity.types import NOBODY, Body, ReturnedLine, SaleRef
from regulars.records.members import read as members
from regulars.records.members.types import Asked, MemberRef
from regulars.records.once.read import known
from regulars.records.once.types import Known, key_of, natural_key


class CreditLate(Struct, frozen=True, omit_defaults=True):
    """This purchase, which names nobody, is this member's; `at` is when they said so."""

    sale: SaleRef
    member: MemberRef
    asked: Asked = Asked()
    at: datetime | None = None


class UnknownSale(Fault):
    """No purchase has this receipt, or not yet."""

    code = "unknown_sale"
    category = "missing"


class _Wish(Struct):
    """One command on its way: whose it shall be, and the purchase it is about."""

    command: CreditLate
    member_id: UUID | None = None
    sale_id: UUID | None = None
    no: Fault | Refused | None = None


async def credit_late(tx: Tx, terms: Terms, batch: Sequence[CreditLate]) -> list[RecordOutcome]:
    """Each of these purchases is the member's from now on, as if they had been named then.

    The purchase to nobody is taken back, and the same is booked for the member, dated as it was;
    what had come back of it comes back again. So nothing that was booked changes, every sum by day
    stays, and returns by the receipt find the member's (ADR 0395).

    Order: members are held, then the sales to nobody, so that no return comes in between.
    Faults: `unknown_sale`, `unknown_member`, and whatever a purchase is refused for.
    Refuses: `credited_already`; `too_late_to_credit` after the days the shop set.
    Example: bought for 12.00 without a card on Monday; told on Tuesday, 12 points, dated Monday.
    """
    wishes = [_Wish(one) for one in batch]
    await _find(tx, terms, wishes)
    sales = Sales(owners={one.sale_id: NOBODY for one in wishes if one.sale_id is not None})
    await sales.load(tx)
    days = (await chosen(tx)).of("late_credit_days")
    before = await known(tx, [late_key(id_) for id_ in sales.owners])
    first: dict[UUID, UUID] = {}
    for one in wishes:
        one.no = one.no or _no(tx, one, sales, before, first, days)
    good = [one for one in wishes if one.no is None]
    done = await record_activities(tx, terms, [_bought(one, sales) for one in good])
    await _leave_nobody(tx, terms, good, done, sales)
    booked = iter(await _as_first_told(tx, good, done))
    return [one.no if one.no is not None else next(booked) for one in wishes]


async def _find(tx: Tx, terms: Terms, wishes: Sequence[_Wish]) -> None:
    """Who and what is meant; the members are held."""
    country = terms.versions[-1].program.country
    whom = await members.whom(tx, country, [one.command.member for one in wishes])
    for one, who in zip(wishes, whom, strict=True):
        one.no, one.member_id = (who, None) if isinstance(who, Fault) else (None, who)
    await members.lock(tx, sorted({one.member_id for one in wishes if one.member_id}))
    named = [(one, one.command.sale) for one in wishes]
    keys = {id(one): key_of(sale) for one, sale in named if sale.id is None}
    receipts = await known(tx, list(keys.values()))
    owners = await activities.whose(tx, [sale.id for _, sale in named if sale.id is not None])
    for one, sale in named:
        found = receipts.get(keys[id(one)]) if sale.id is None else None
        sale_id, owner = (found.subject_id, found.member_id) if found else (sale.id, None)
        owner = owner or (sale_id and owners.get(sale_id))
        if owner == NOBODY:
            one.sale_id = sale_id
        elif one.no is None:
            one.no = _unknown() if owner is None else _credited()


def _no(
    tx: Tx, one: _Wish, sales: Sales, before: dict[UUID, Known], first: dict[UUID, UUID], days: int
) -> Fault | Refused | None:
    """Why a purchase cannot be credited."""
    assert one.sale_id is not None, one
    assert one.member_id is not None, one
    sale = sales.sales.get(one.sale_id)
    if sale is None or sale.activity.kind != "purchase":
        return _unknown()
    taken = before.get(late_key(one.sale_id))
    owner = first.setdefault(one.sale_id, taken.member_id if taken else one.member_id)
    if owner != one.member_id:
        return _credited()
    if taken is None and sale.steps.returned == pieces_sold(sale.activity):
        return Refused("credited_already", "all of this purchase came back; nothing is left of it")
    at = min(one.command.at or tx.now, tx.now)
    if taken is None and at - sale.activity.occurred_at > timedelta(days=days):
        says = f"a purchase can be credited for {days} days; this one is older"
        return Refused("too_late_to_credit", says, {"days": days})
    return None


def _bought(one: _Wish, sales: Sales) -> RecordActivity:
    """The purchase as the member's: dated, placed and made up as it was."""
    assert one.sale_id is not None, one
    sold = sales.by_id(one.sale_id).activity
    return RecordActivity(
        kind="purchase",
        member=MemberRef(id=one.member_id),
        occurred_at=sold.occurred_at,
        source=LATE,
        external_id=one.sale_id.hex,
        store=sold.store,
        channel=sold.channel,
        amount_minor=sold.amount_minor,
        body=sold.body,
        asked=one.command.asked,
    )


async def _leave_nobody(
    tx: Tx, terms: Terms, good: Sequence[_Wish], done: list[RecordOutcome], sales: Sales
) -> None:
    """Take the purchases back from nobody, and what had come back of them from the member."""
    back: list[RecordActivity] = []
    places: list[int] = []
    for place, (one, outcome) in enumerate(zip(good, done, strict=True)):
        if not isinstance(outcome, Recorded) or outcome.replayed or one.sale_id is None:
            continue
        for command in _returns(one, sales.by_id(one.sale_id)):
            back.append(command)
            places.append(place)
    for place, outcome in zip(places, await record_activities(tx, terms, back), strict=True):
        assert isinstance(outcome, Recorded), outcome
        if outcome.member_id != NOBODY:
            first = done[place]
            assert isinstance(first, Recorded), first
            done[place] = replace(first, balances=outcome.balances, tier=outcome.tier)


async def _as_first_told(
    tx: Tx, good: Sequence[_Wish], done: Sequence[RecordOutcome]
) -> list[RecordOutcome]:
    """Whoever asks again hears what was told first, where the member stood once what had come back
    came back again; the purchase's own answer was from before that."""
    keys = {
        place: natural_key(LATE, _returned(one.sale_id.hex), "return")
        for place, (one, outcome) in enumerate(zip(good, done, strict=True))
        if isinstance(outcome, Recorded) and outcome.replayed and one.sale_id is not None
    }
    found = await known(tx, [*keys.values()])
    answers = list(done)
    for place, key in keys.items():
        first = answers[place]
        if key in found and isinstance(first, Recorded):
            then = msgspec.msgpack.decode(found[key].answer, type=Recorded)
            answers[place] = replace(first, balances=then.balances, tier=then.tier)
    return answers


def _returned(hex_: str) -> str:
    return f"{hex_} returned"


def _returns(one: _Wish, sale: Sale) -> list[RecordActivity]:
    assert one.sale_id is not None, one
    hex_, by = one.sale_id.hex, Asked(one.command.asked.principal)
    whole = RecordActivity(
        kind="return",
        source=LATE,
        external_id=hex_,
        occurred_at=sale.activity.occurred_at,
        sale=SaleRef(id=one.sale_id),
        store=sale.activity.store,
        asked=by,
    )
    pieces = [ReturnedLine(at, back) for at, back in enumerate(sale.steps.returned) if back]
    if not pieces:
        return [whole]
    again = replace(
        whole,
        external_id=_returned(hex_),
        occurred_at=None,
        sale=SaleRef(source=LATE, external_id=hex_),
        body=Body(returned=tuple(pieces)),
    )
    return [whole, again]


def _unknown() -> UnknownSale:
    return UnknownSale("no purchase has this receipt, or it has not come yet", field="/sale")


def _credited() -> Refused:
    return Refused("credited_already", "this purchase is a member's already")
