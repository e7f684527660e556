"""What partners tell: members collected or spent there, it came back, a partner paid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.money import LARGEST
from regulars.base.tx import Tx, Write
from regulars.engine.deciding.expire import expire
from regulars.engine.rewarding.partnering.account import left_of, share_back
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import (
    Asking,
    askings,
    kept,
    look_again,
    settle_followers,
    sort_out,
)
from regulars.flows.batch.named import find_named
from regulars.flows.points.partners.accounts import (
    Gone,
    Happened,
    Said,
    Work,
    begin,
    booked,
    ill_counted,
    post,
    unknown,
)
from regulars.flows.points.partners.commands import (
    Booked,
    BookedOutcome,
    BookPayment,
    PartnerActivity,
    TakeBack,
)
from regulars.flows.points.partners.matching import claims_beside
from regulars.records.activity.types import NOBODY
from regulars.records.ledger import read as ledger
from regulars.records.once.types import natural_key
from regulars.records.rewards.partners import read
from regulars.records.rewards.partners.types import Partner, PartnerEntry

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


async def book_activities(
    tx: Tx, terms: Terms, batch: Sequence[PartnerActivity]
) -> list[BookedOutcome]:
    """Book each activity of a partner once, on both sides at once.

    Order: members are locked, then accounts, both in the order of their ids.
    Refuses: see `account.Refusal`. Faults: unknown partner or member, no units, no number, a time
    to come.
    """
    asked = askings("partner_activity", batch, _receipt)
    for item in asked:  # what our own till tells under one of these would be the same sale
        item.keys += [
            natural_key(sale.source, sale.external_id, "purchase") for sale in item.command.receipts
        ]
    fresh, known = await _sorted(tx, asked, lambda one: _wrong(tx, one))
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    todo = [item for item in fresh if item.open]
    if todo:
        ids = [known[item.command.partner].partner_id for item in todo]
        numbers = [item.command.external_id for item in todo]
        work = await begin(tx, terms, (list(found.values()), ids), numbers)
        claims = await claims_beside(work, ids)
        for item in todo:
            command = item.command
            state = work.states[found[item.place]]
            said = Said(command.external_id, command.actor, "")
            what = Happened(
                command.kind, command.wallet, command.units, command.occurred_at or tx.now, said,
                command.name,
            )  # fmt: skip
            partner = known[command.partner]
            before = claims.stands_for(partner, state, what)
            done = post(work, partner, state, what) if before is None else before[0]
            claim_id = None if before is None else before[1]
            if before is None and isinstance(done, PartnerEntry):
                claim_id = claims.answered(done, state)
            _answer(work, item, done, (state, claim_id))
        await _end(work, todo, claims.writes())
    return settle_followers(asked)


async def take_back(tx: Tx, terms: Terms, batch: Sequence[TakeBack]) -> list[BookedOutcome]:
    """An activity came back: points go back as far as they are there, its price as it was booked.

    Keeps: of the erased no points move, and the price goes back all the same.
    Refuses: `nothing_left`. Faults: unknown partner or activity, more units than are left.
    """
    asked = askings("partner_return", batch, _receipt_of_return)
    fresh, known = await _sorted(tx, asked, ill_counted)
    ids = [known[item.command.partner].partner_id for item in fresh if item.open]
    before = await read.told(tx, ids, [item.command.of for item in fresh if item.open])
    lines: dict[Key, PartnerEntry] = {
        (one.partner_id, one.kind, one.external_id): one for one in before
    }
    for (partner_id, number), line in (await _known_as(tx, ids, fresh)).items():
        lines.setdefault((partner_id, "accrual", number), line)
    for item in fresh:
        if item.open and _line_of(item, known, lines) is None:
            says = "this partner told of no such activity; check its number and kind"
            item.outcome = NotFound(says, field="/of")
    todo = [item for item in fresh if item.open]
    if todo:
        meant = {item.place: lines[_key(item, known)] for item in todo}
        owners = [one.member_id for one in meant.values() if one.member_id is not None]
        numbers = [item.command.external_id for item in todo]
        work = await begin(tx, terms, (owners, ids), numbers)
        gone = await read.reversals(tx, sorted({one.entry_id for one in meant.values()}))
        work.gone = await _gone(work, list(meant.values()))
        for item in todo:
            line = meant[item.place]
            assert line.member_id is not None, line
            state = work.states[line.member_id]
            done = _back(work, item.command, (line, state), [*gone, *work.lines])
            _answer(work, item, done, (state, None))
        await _end(work, todo)
    return settle_followers(asked)


async def _gone(work: Work, lines: Sequence[PartnerEntry]) -> Gone:
    """How many of the points of these lines lapsed, by the entry they came with and the wallet."""
    gave = {
        one.points_entry: one.member_id
        for one in lines
        if one.points_entry is not None and one.member_id is not None and one.units > 0
    }
    return await ledger.lapsed(work.tx, gave)


async def book_payments(tx: Tx, terms: Terms, batch: Sequence[BookPayment]) -> list[BookedOutcome]:
    """A partner pays for a pack or what it owes, or is paid; each payment once.

    Faults: unknown partner, another currency, no amount, no number.
    """
    asked = askings("partner_payment", batch, _receipt_of_payment)
    currency = terms.at(tx.now).program.currency
    fresh, known = await _sorted(tx, asked, lambda one: _wrong_payment(one, currency))
    todo = [item for item in fresh if item.open]
    if todo:
        ids = [known[item.command.partner].partner_id for item in todo]
        numbers = [item.command.external_id for item in todo]
        work = await begin(tx, terms, ([], ids), numbers)
        for item in todo:
            command = item.command
            id_ = known[command.partner].partner_id
            said = Said(command.external_id, command.actor, command.reason)
            if (id_, "payment", command.external_id) in work.there:
                no = Refused("already_credited", "this payment is in the account already")
                _answer(work, item, no, (None, None))
                continue
            line = work.line(id_, ("payment", "paid", command.amount_minor), said, tx.now)
            _answer(work, item, work.append(line), (None, None))
        await _end(work, todo)
    return settle_followers(asked)


async def _sorted(
    tx: Tx, asked: Sequence[Asking[Any]], wrong: Callable[[Any], Fault | None]
) -> tuple[list[Asking[Any]], dict[str, Partner]]:
    """What was asked before is answered, what is wrong is told; the rest, with its partners."""
    await sort_out(tx, asked, Booked)
    fresh = [item for item in asked if item.open]
    known = await read.partners(tx, sorted({item.command.partner for item in fresh}))
    for item in fresh:
        item.outcome = unknown(known, item.command.partner) or wrong(item.command)
    return [item for item in fresh if item.open], known


def _answer(
    work: Work,
    item: Asking[Any],
    done: PartnerEntry | Refused | Fault,
    whose: tuple[MemberState | None, UUID | None],
) -> None:
    """The outcome of an item; with the claim that it answers, if it does."""
    if not isinstance(done, PartnerEntry):
        item.outcome = done
        return
    state, claim_id = whose
    item.outcome = booked(work, done, state, claim_id)
    who = NOBODY if state is None else state.member_id
    work.answered += kept(item, who, done.entry_id)


async def _end(work: Work, todo: Sequence[Asking[Any]], more: Sequence[Write] = ()) -> None:
    await look_again(work.tx, todo, Booked)
    await work.tx.write([*work.writes(), *more])


async def _known_as(
    tx: Tx, partner_ids: Sequence[UUID], fresh: Sequence[Asking[TakeBack]]
) -> dict[tuple[UUID, str], PartnerEntry]:
    """What was claimed under one number and told under another, by the partner and the latter."""
    numbers = [item.command.of for item in fresh if item.open]
    found = await read.known_as(tx, partner_ids, numbers)
    lines = await read.entries(tx, [one.entry_id for one in found]) if found else {}
    return {(one.partner_id, one.external_id): lines[one.entry_id] for one in found}


def _back(
    work: Work,
    command: TakeBack,
    what: tuple[PartnerEntry, MemberState],
    before: Sequence[PartnerEntry],
) -> PartnerEntry | Refused | Fault:
    line, state = what
    if (line.partner_id, "return", command.external_id) in work.there:
        return Refused("already_credited", "this return is in the account already")
    gone = [one for one in before if one.reverses == line.entry_id]
    left = left_of(line, gone)
    units = left if command.units is None else command.units
    if left == 0:
        return Refused("nothing_left", "all of this activity came back before")
    if units > left:
        return Invalid(f"only {left} of it are left", field="/units")
    amount = share_back(line, gone, units)
    wallet = work.terms.wallet_names[line.wallet]
    accrual = line.kind == "accrual"
    moved, entry_id = units, None
    if accrual:  # what was spent already stays spent, and its price is the partner's all the same
        moved = -min(units, _there(work, line, gone, state))
    if state.state == "erased":  # nothing moves to or from them; money is settled all the same
        moved = 0
    if moved and wallet in work.terms.at(work.tx.now).program.wallets:
        said = Said(command.external_id, command.actor, command.reason or f"return of {command.of}")
        done = work.move(state, wallet, moved, said)
        if isinstance(done, Fault):
            return done
        entry_id = None if isinstance(done, Refused) else done
    moved = 0 if entry_id is None else moved
    said = Said(command.external_id, command.actor, command.reason)
    fresh = work.line(
        line.partner_id, ("return", line.account, amount if accrual else -amount), said,
        work.tx.now,
    )  # fmt: skip
    return work.append(
        replace(
            fresh,
            member_id=state.member_id,
            points_entry=entry_id,
            contract_id=line.contract_id,
            wallet=line.wallet,
            units=-units if accrual else units,
            moved=moved,
            reverses=line.entry_id,
        )
    )


def _there(work: Work, line: PartnerEntry, gone: Sequence[PartnerEntry], state: MemberState) -> int:
    """So many points a line can take back: what lapsed of its own is not taken from others."""
    assert line.points_entry is not None, line
    expire(work.changes, state, work.tx.now)
    lapsed = work.gone.get(line.points_entry, {}).get(line.wallet, 0)
    lapsed += state.lapsed.get((line.points_entry, line.wallet), 0)
    own = line.moved - lapsed + sum(one.moved for one in gone)
    return max(min(own, state.balance(line.wallet).available), 0)


def _wrong(tx: Tx, command: PartnerActivity) -> Fault | None:
    at = command.occurred_at
    if at is not None and not _EARLIEST <= at <= tx.now:
        return Invalid("it happened already; say when", field="/occurred_at")
    return ill_counted(command)


def _wrong_payment(command: BookPayment, currency: str) -> Fault | None:
    if command.currency != currency:
        return Invalid(f"this program counts in {currency}", field="/amount/currency")
    if command.amount_minor == 0 or abs(command.amount_minor) > LARGEST:
        return Invalid("say how much was paid; below nothing we paid it", field="/amount/minor")
    return ill_counted(command)


Key = tuple[UUID, str, str]


def _key(item: Asking[TakeBack], known: dict[str, Partner]) -> Key:
    return known[item.command.partner].partner_id, item.command.kind, item.command.of


def _line_of(
    item: Asking[TakeBack], known: dict[str, Partner], lines: dict[Key, PartnerEntry]
) -> PartnerEntry | None:
    return lines.get(_key(item, known))


def _receipt(command: PartnerActivity) -> UUID | None:
    return _natural(command.partner, command.external_id, command.kind)


def _receipt_of_return(command: TakeBack) -> UUID | None:
    return _natural(command.partner, command.external_id, "return")


def _receipt_of_payment(command: BookPayment) -> UUID | None:
    return _natural(command.partner, command.external_id, "payment")


def _natural(partner: str, number: str, what: str) -> UUID | None:
    return natural_key(f"partner:{partner}", number, f"partner.{what}") if number else None
