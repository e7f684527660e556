"""Records that were taken go to the books: flow after flow through the gate, each once.

No flow knows another. A record is durable before anything is asked for it, what is asked carries
the record's own key, and how it ended is kept last. Wherever that is cut off, the till tells the
record again and everything comes out as it would have (ADR 0366).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, Outage, Refused, UnknownMember
from regulars.base.tx import Tx
from regulars.engine.returning.payments import Uncaptured, reserved_at
from regulars.engine.rewarding.gaming.winning import WINNERS
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity, Recorded, Redeem, Redeemed, Settle
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.flows.tills.commands import EndRecord, Taken
from regulars.flows.tills.credit_late import UnknownSale, credit_late
from regulars.flows.tills.end_records import end_records
from regulars.records.access.staff.read import some_staff, worked_in
from regulars.records.access.staff.types import staff_of
from regulars.records.activity.types import NOBODY, SaleRef
from regulars.records.members.types import Asked, Joined, JoinMember, MemberRef
from regulars.records.once.read import known
from regulars.records.once.types import idempotency_key
from regulars.records.rewards import read as rewards
from regulars.records.rewards.types import Redemption
from regulars.records.tills import read
from regulars.records.tills.types import Till, TillRecord
from regulars.surfaces.api.operations.members import joining
from regulars.surfaces.till.sync.reading import Asking, Work, asking_of, here, work_of
from regulars.surfaces.till.sync.receipts import Noted, sold_here, told_by_now
from regulars.surfaces.till.typed import meant, shown_by

Submit = Callable[[Any, Any], Awaitable[Any]]
"""Asks a flow for one command; its outcome once that is durable."""
Wish = Asking | Fault | Refused
"""What a record asks for, or why nothing can be asked."""
_NEVER: Final = frozenset({"bad_signature", "member_erased"})
Place = tuple[datetime, UUID]
"""Where a record stands among those that wait: when it was told, and its id."""
FIRST: Final[Place] = (datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0))
MOST_WAITING: Final = 200
SALES_COME: Final = timedelta(days=45)
"""So long a late credit or a return waits by itself for its purchase; then somebody looks."""
_PHASES: Final = ("joins", "happens", "credits", "comes back", "hands over")
_OVER: Final = frozenset({"hold_lapsed", "already_voided"})


class Books(Struct, frozen=True):
    """What applying needs: a way to the flows, a way to look, and the terms."""

    submit: Submit
    transaction: Callable[[], Any]
    terms: Terms
    report: Callable[[str, BaseException], None]


async def apply(
    books: Books, till: Till, todo: Sequence[Work], actor: str = ""
) -> dict[UUID, Taken]:
    """These records of a till, in the books or set aside with a reason.

    Order: who joins comes first, then what was bought and done, then purchases that are credited
    late, then returns, then what was handed over; so that in one hand-in nothing waits for what
    comes behind it, and what comes back goes from whoever has it by then.
    Faults: Outage, with some done and some not; told again, each comes out as it would have.
    """
    asked = await _by_known(books, till, [(one, _asking(one, till, books.terms)) for one in todo])
    ended: dict[UUID, Taken] = {}
    for phase in _PHASES:
        these = await _named(books, till, [one for one in asked if _phase(one[1]) == phase])
        these = await _meant(books, these)  # who joined in this hand-in is found by it
        ends = await asyncio.gather(*(_one(books, till, work, ask) for work, ask in these))
        told = await asyncio.gather(
            *(books.submit(end_records, _signed(end, actor or till.principal)) for end in ends)
        )
        for outcome in told:
            if isinstance(outcome, Fault):
                raise outcome
            ended[outcome.record_id] = outcome
    return ended


async def _by_known(
    books: Books, till: Till, asked: Sequence[tuple[Work, Wish]]
) -> list[tuple[Work, Wish]]:
    """What cashiers asked for who could not stand at this till then is refused (`unknown_cashier`).

    Keeps: where nobody took the till over by a PIN, nothing is looked up (ADR 0386).
    """
    by = {one.record_id: who for one, ask in asked if (who := _cashier(ask)) is not None}
    if not by:
        return list(asked)
    async with books.transaction() as tx:
        people = await some_staff(tx, by.values())
        before = await worked_in(tx, by.values())
    no = Refused("unknown_cashier", "whom it names as cashier does not work in this store")
    return [
        (one, ask)
        if (who := by.get(one.record_id)) is None
        or here(people.get(who), till, one.occurred_at, before.get(who, ()))
        else (one, no)
        for one, ask in asked
    ]


def _cashier(ask: Wish) -> UUID | None:
    return staff_of(ask.command.asked.principal) if isinstance(ask, Asking) else None


def _phase(ask: Wish) -> str:
    if not isinstance(ask, Asking):
        return "happens"
    if ask.flow is joining:
        return "joins"
    if ask.flow is redeem_rewards:
        return "hands over"
    if ask.flow is credit_late:
        return "credits"
    return "comes back" if ask.command.kind == "return" else "happens"


async def _meant(books: Books, asked: list[tuple[Work, Wish]]) -> list[tuple[Work, Wish]]:
    """Whoever showed something that the device did not know is found by it now, or nobody is."""
    texts = {ask.typed for _, ask in asked if isinstance(ask, Asking) and ask.typed}
    if not texts:
        return asked
    async with books.transaction() as tx:
        found = await meant(tx, books.terms.versions[-1].program.country, sorted(texts))

    def met(ask: Wish) -> Wish:
        if not isinstance(ask, Asking) or not ask.typed:
            return ask
        if ask.typed not in found:
            return UnknownMember("nobody is known by what was shown", field="/typed")
        return Asking(ask.flow, replace(ask.command, member=found[ask.typed]))

    return [(one, met(ask)) for one, ask in asked]


async def _named(
    books: Books, till: Till, asked: list[tuple[Work, Wish]]
) -> list[tuple[Work, Wish]]:
    """Cut off, a till knows no more of a receipt than its number: it names the store for it.

    Keeps: what the store's own register printed is found all the same, once it is told. Until then
    it is set aside (`unknown_sale`): waiting in the books under the name of the store, a return
    would never meet a purchase that its register tells under a name of its own. Where several
    purchases have the number, somebody has to choose (`several_sales`).
    """
    noted = {
        one.record_id: Noted(said.external_id, one.occurred_at, said.kind)
        for one, ask in asked
        if (said := _receipt(ask, till))
    }
    if not noted:
        return asked
    async with books.transaction() as tx:
        found = await sold_here(tx, till, noted.values())
    return [
        (one, _met(ask, noted[one.record_id], found) if one.record_id in noted else ask)
        for one, ask in asked
    ]


def _met(ask: Wish, said: Noted, found: Mapping[Noted, SaleRef | None]) -> Wish:
    if said not in found:
        return UnknownSale("no purchase has this receipt, or it has not come yet", field="/sale")
    sale = found[said]
    if sale is None:
        return Refused("several_sales", "several purchases of this store have this receipt")
    return _of(ask, sale)


def _receipt(ask: Wish, till: Till) -> SaleRef | None:
    """By which number a return or a late credit names something of the store, if it does."""
    sale = getattr(ask.command, "sale", None) if isinstance(ask, Asking) else None
    return sale if sale is not None and sale.source == till.store else None


def _of(ask: Wish, sale: SaleRef) -> Wish:
    assert isinstance(ask, Asking), ask
    return Asking(ask.flow, replace(ask.command, sale=sale))


def _asking(work: Work, till: Till, terms: Terms) -> Wish:
    try:
        return asking_of(work, till, terms)
    except Fault as fault:
        return fault


def _signed(end: EndRecord, actor: str) -> EndRecord:
    return replace(end, actor=actor)


async def _one(books: Books, till: Till, work: Work, ask: Wish) -> EndRecord:
    try:
        outcome = await _asked(books, till, ask) if isinstance(ask, Asking) else ask
    except Outage:
        raise
    except Exception as error:  # a mistake of ours must not stop the till for ever
        books.report("/v1/till/records", error)
        return EndRecord(work.record_id, "quarantined", "trouble", "something broke here")
    return _end(work, outcome)


async def _asked(books: Books, till: Till, ask: Asking) -> Any:
    command = ask.command
    if isinstance(command, RecordActivity) and command.body.payments:
        return await _paid(books, till, ask.flow, command)
    if not isinstance(command, Settle):
        return await _joined(books, till, command) or await books.submit(ask.flow, command)
    async with books.transaction() as tx:
        owners = await rewards.whose(tx, [command.redemption_id])
        kept = await rewards.some(tx, list(owners.values()), list(owners))
    redemption = kept.get(command.redemption_id)
    if redemption is not None and redemption.actor in WINNERS:
        # Kept for whoever won it at any till: of two that hand it over the second is refused.
        return await books.submit(ask.flow, replace(command, store=till.store))
    if redemption is None or redemption.actor != till.reserving:
        return Refused("not_reserved", "this was not reserved at this till")
    outcome = await books.submit(ask.flow, command)
    if isinstance(outcome, Refused) and outcome.code in _OVER:
        return await _anew(books, till, redemption, command.asked)
    return outcome


async def _joined(books: Books, till: Till, command: Any) -> Joined | None:
    """Whoever asked to join and heard no answer is in, and so is whose card was shown for it."""
    if not isinstance(command, JoinMember):
        return None
    key = idempotency_key(f"key_{till.key_id.hex}", "join", command.asked.key)
    async with books.transaction() as tx:
        had = (await known(tx, [key])).get(key)
        member_id = had.member_id if had else await shown_by(tx, command.identifiers)
        return None if member_id is None else Joined(member_id, "", command.joined_at or tx.now)


async def _paid(books: Books, till: Till, flow: Any, command: RecordActivity) -> Any:
    """A sale that is paid with points which this till reserved: they are taken with it.

    Order: they are taken in the transaction that books it (`Asked.till`); so nothing is taken for
    one that cannot be booked, and nothing is booked that they do not pay for.
    Keeps: told again it comes out alike, wherever it was cut off. What lapsed before the record
    came is reserved anew, where it can be, once for each reservation however many sales name it.
    """
    named = {one.redemption for one in command.body.payments if one.redemption is not None}
    command = replace(command, asked=replace(command.asked, till=till.principal))
    async with books.transaction() as tx:
        mine, now = await _reserved(tx, till, sorted(named)), tx.now
    for was, one in mine.items():
        command = _naming(command, was, one.redemption_id)
    outcome = await books.submit(flow, command)
    if not isinstance(outcome, Uncaptured):
        return outcome
    for one in mine.values():
        if one.state == "voided":
            return Refused("already_voided", "what pays for it was given back since")
        if one.state == "lapsed" or (one.state == "held" and now >= one.lapses_at):
            anew = await books.submit(redeem_rewards, _reserving(till, one))
            if not isinstance(anew, Redeemed):
                return anew
            command = _naming(command, one.redemption_id, anew.redemption_id)
    return await books.submit(flow, command)


async def _reserved(tx: Tx, till: Till, named: Sequence[UUID]) -> dict[UUID, Redemption]:
    """Of what a sale names: what this till reserved to pay for it, and of that which lapsed and
    was reserved anew, what stands for it now."""
    found = await _at_till(tx, till, named)
    last = found
    while last:
        anew = await known(tx, [_key_anew(one) for one in last.values()])
        stands = {
            was: anew[key].subject_id
            for was, one in last.items()
            if (key := _key_anew(one)) in anew
        }
        kept = await _at_till(tx, till, sorted(stands.values()))
        last = {was: kept[now] for was, now in stands.items() if now in kept}
        found = found | last
    return found


async def _at_till(tx: Tx, till: Till, ids: Sequence[UUID]) -> dict[UUID, Redemption]:
    owners = await rewards.whose(tx, ids)
    kept = await rewards.some(tx, sorted(set(owners.values())), sorted(owners))
    return {id_: one for id_, one in kept.items() if reserved_at(one, till.principal)}


def _reserving(till: Till, one: Redemption) -> Redeem:
    """The same once more: so many points for so much, however the program pays by now, in the name
    of whoever reserved it."""
    return Redeem(
        member=MemberRef(id=one.member_id),
        promised=one.promised,
        store=till.store,
        channel=one.channel,
        asked=Asked(one.actor, f"anew {one.redemption_id.hex}"),
        signed_in=True,  # whoever had to show their card did, when it was reserved
    )


def _key_anew(one: Redemption) -> UUID:
    """Under which key it was reserved anew, if it was."""
    return idempotency_key(one.actor, "redeem", f"anew {one.redemption_id.hex}")


def _naming(command: RecordActivity, was: UUID, now: UUID) -> RecordActivity:
    payments = tuple(
        replace(one, redemption=now) if one.redemption == was else one
        for one in command.body.payments
    )
    return replace(command, body=replace(command.body, payments=payments))


async def _anew(books: Books, till: Till, redemption: Redemption, asked: Asked) -> Any:
    """What was handed over after its reservation was over is taken now, where it can be."""
    command = Redeem(
        member=MemberRef(id=redemption.member_id),
        reward=redemption.reward,
        store=till.store,
        channel=redemption.channel,
        capture=True,
        asked=asked,
    )
    return await books.submit(redeem_rewards, command)


def _end(work: Work, outcome: Any) -> EndRecord:
    match outcome:
        case Recorded(activity_id=subject, member_id=member):
            whose = None if member == NOBODY else member
            return EndRecord(work.record_id, "applied", member_id=whose, subject_id=subject)
        case Joined(member_id=member):
            return EndRecord(work.record_id, "applied", member_id=member, subject_id=member)
        case Redeemed(redemption_id=subject, member_id=member):
            return EndRecord(work.record_id, "applied", member_id=member, subject_id=subject)
        case Fault():
            return EndRecord(work.record_id, "quarantined", outcome.code, outcome.says)
        case Refused():
            return EndRecord(work.record_id, "quarantined", outcome.code, outcome.says)
    raise AssertionError(outcome)


async def apply_waiting(books: Books, after: Place = FIRST) -> Place:
    """What was set aside for want of its member or its purchase is tried again, once it is there.

    Order: tills hand in when they can; so a purchase at one till may come before the newcomer who
    joined at another, and a late credit or a return before the register told of the purchase. Of
    those so many are looked at, the oldest `after` a place first; the answer is where to go on,
    from the beginning again once all were seen.
    """
    async with books.transaction() as tx:
        waiting = await read.waiting_for_member(tx, MOST_WAITING)
        sold = await read.waiting_for_sale(tx, tx.now - SALES_COME, after, MOST_WAITING)
        tills = {one.till_id: one for one in await read.tills(tx)}
        waiting += await _sold_by_now(tx, books.terms, tills, sold)
    for till_id in sorted({one.till_id for one in waiting}):
        mine = [work_of(one) for one in waiting if one.till_id == till_id]
        await apply(books, tills[till_id], mine)
    if len(sold) < MOST_WAITING:
        return FIRST
    return sold[-1].recorded_at, sold[-1].record_id


async def _sold_by_now(
    tx: Tx, terms: Terms, tills: Mapping[UUID, Till], waiting: Sequence[TillRecord]
) -> list[TillRecord]:
    """Of these late credits and returns those whose purchase is known by now."""
    found = []
    for till_id in sorted({one.till_id for one in waiting}):
        till = tills[till_id]
        mine = [one for one in waiting if one.till_id == till_id]
        asks = {one.record_id: _asking(work_of(one), till, terms) for one in mine}
        sales = {
            one.record_id: (ask.command.sale, one.occurred_at)
            for one in mine
            if isinstance(ask := asks[one.record_id], Asking)
        }
        there = await told_by_now(tx, till, sales)
        found += [one for one in mine if one.record_id in there]
    return found


def refuse_again(record: TillRecord) -> None:
    """Nothing can come of what is not signed, or has no text left. Faults: Invalid."""
    if record.reason in _NEVER or (not record.signed and record.state == "quarantined"):
        raise Invalid("nothing can come of this one; dismiss it", field="/outcome")
