"""A connected till sells something: a bill is opened, and paid once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.deciding.conclude import Ending
from regulars.engine.rewarding.counter.pricing import counts, due_of
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import (
    Asking,
    askings,
    kept,
    look_again,
    settle_followers,
    sort_out,
)
from regulars.flows.redeem_rewards import Batch, end, load_redemptions, write_ended
from regulars.flows.tills.bills.commands import OpenBill, Opened, PaidBill, PayBill
from regulars.records.activity.types import NOBODY
from regulars.records.members import read as members
from regulars.records.once.write import Kept, keep
from regulars.records.rewards import read as rewards
from regulars.records.rewards.types import Redemption
from regulars.records.tills.bills import read, write
from regulars.records.tills.bills.types import NOT_SAID, Bill, Payment


async def open_bills(tx: Tx, terms: Terms, batch: Sequence[OpenBill]) -> list[Opened | Fault]:
    """Keep each bill once, whoever it is for.

    Faults: unknown member, key reused.
    """
    asked = askings("open_bill", [_as_said(one) for one in batch], lambda _: None)
    await sort_out(tx, asked, Opened)
    fresh, rows, opened = [one for one in asked if one.open], list[Kept](), []
    refs = [one.command.member for one in fresh if one.command.member is not None]
    whose = iter(await members.whom(tx, terms.versions[-1].program.country, refs))
    for one in fresh:
        who = NOT_SAID if one.command.member is None else next(whose)
        if isinstance(who, Fault):
            one.outcome = who
            continue
        bill = _bill(tx, batch[one.place], who)
        opened.append(bill)
        one.outcome = Opened(bill.bill_id)
        rows += kept(one, who, bill.bill_id)
    await tx.write([*write.open_bills(tx, opened), *keep(tx, rows)])
    return settle_followers(asked)


def _as_said(command: OpenBill) -> OpenBill:
    """Without what may be another by the time somebody asks again: a price, a category."""
    return command if command.said is None else replace(command, body=command.said, said=None)


def _bill(tx: Tx, command: OpenBill, who: UUID) -> Bill:
    at = tx.now
    return Bill(tx.new_id(), who, command.store, "open", 1, command.body, at, at)


class _Found(NamedTuple):
    """What is paid, under lock; what one command of a batch pays, the next one finds paid."""

    bills: dict[UUID, Bill]
    rewards: Mapping[UUID, Sequence[UUID]]
    payments: dict[UUID, Payment]
    loaded: Batch | None
    """The members whose rewards are handed over; None where there are none."""
    redemptions: Mapping[UUID, Redemption]

    def counted(self, bill_id: UUID, now: datetime) -> list[Redemption]:
        """The rewards that take something off this bill now."""
        mine = [self.redemptions[id_] for id_ in self.rewards.get(bill_id, ())]
        return [one for one in mine if counts(one, now)]


async def pay_bills(
    tx: Tx, terms: Terms, batch: Sequence[PayBill]
) -> list[PaidBill | Refused | Fault]:
    """Take each payment once; a bill that is paid hands over the rewards that are for it.

    A bill comes to what it comes to now, under lock, whatever whoever pays it saw before.
    Order: in the order given; of several who pay one bill, one does. Bills are locked before
    members, so that no reward is made for one that is just paid.
    Refuses: a bill that is paid already or changed since, another sum. Faults: unknown bill or
    payment, key reused.
    """
    asked = askings("pay_bill", batch, lambda _: None)
    await sort_out(tx, asked, PaidBill)
    todo = [one for one in asked if one.open]
    found = await _find(tx, terms, todo)
    rows: list[Kept] = []
    taken: list[Payment] = []
    done: list[PayBill] = []
    for one in todo:
        one.outcome = _wrong(tx, one.command, found)
        if one.open:
            done.append(one.command)
            _hand_over(tx, one.command, found)
            rows += _take(tx, one, taken)
    await look_again(tx, todo, PaidBill)
    pays = [one for one in done if one.complete and one.bill_id is not None]
    paid = [one.bill_id for one in pays if one.bill_id is not None]
    used = [id_ for one in pays for id_ in one.payments]
    await tx.write(
        [
            *write.keep_payments(tx, taken),
            *write.pay_bills(tx, paid),
            *keep(tx, rows),
        ]
    )
    await tx.write(write.complete_payments(tx, used))
    if found.loaded is not None:
        await write_ended(found.loaded)
    return settle_followers(asked)


async def _find(tx: Tx, terms: Terms, todo: Sequence[Asking[PayBill]]) -> _Found:
    named = [one.command.bill_id for one in todo if one.command.bill_id is not None]
    bills = await read.bills(tx, sorted(set(named)), lock=True)
    for_each = await read.rewards_of(tx, [id_ for id_, one in bills.items() if one.state == "open"])
    ids = [id_ for one in todo for id_ in one.command.payments]
    payments = {one.payment_id: one for one in await read.payments(tx, ids)} if ids else {}
    owners = await rewards.whose(tx, sorted(id_ for each in for_each.values() for id_ in each))
    if not owners:
        return _Found(bills, {}, payments, None, {})
    loaded, redemptions = await load_redemptions(tx, terms, owners)
    return _Found(bills, for_each, payments, loaded, redemptions)


def _wrong(tx: Tx, command: PayBill, found: _Found) -> Refused | Fault | None:
    if command.bill_id is None:
        return None
    bill = found.bills.get(command.bill_id)
    if bill is None:
        return NotFound("there is no such bill here", field="/bill_id")
    if bill.state == "paid":
        return Refused("already_paid", "this bill was paid before")
    if command.version is not None and command.version != bill.version:
        says = f"this is version {bill.version} of the bill, not {command.version}"
        return Refused("bill_changed", says, {"version": bill.version})
    return _wrong_sum(tx, command, bill, found) if command.complete else None


def _wrong_sum(tx: Tx, command: PayBill, bill: Bill, found: _Found) -> Refused | Fault | None:
    paid = command.amount_minor
    for id_ in dict.fromkeys(command.payments):
        payment = found.payments.get(id_)
        if payment is None or payment.bill_id != command.bill_id:
            return NotFound("this bill has no such payment", field="/payments")
        if payment.state == "completed":
            return Refused("already_paid", "this payment was taken before")
        paid += payment.amount_minor
    due = due_of(bill.body, [one.promised for one in found.counted(bill.bill_id, tx.now)])
    if paid != due:
        says = f"the bill comes to {due}, and {paid} was paid"
        return Refused("other_sum", says, {"due_minor": due, "paid_minor": paid})
    return None


def _hand_over(tx: Tx, command: PayBill, found: _Found) -> None:
    """A bill is paid: its rewards are captured, and whoever pays it next is told so."""
    if not command.complete or command.bill_id is None:
        return
    for redemption in found.counted(command.bill_id, tx.now):
        if redemption.state != "held":  # handed over before, perhaps a part of it only
            continue
        assert found.loaded is not None, redemption
        ending = Ending("captured", tx.now, command.asked.principal)
        no = end(found.loaded, redemption, ending)
        assert no is None, (redemption, no)
    found.bills[command.bill_id] = replace(found.bills[command.bill_id], state="paid")


def _take(tx: Tx, one: Asking[PayBill], taken: list[Payment]) -> list[Kept]:
    command = one.command
    payment_id = None
    if command.kind is not None:
        payment_id = tx.new_id()
        taken.append(
            Payment(
                payment_id,
                command.bill_id or NOT_SAID,
                "completed" if command.complete else "approved",
                command.kind,
                command.amount_minor,
                command.told,
                command.store,
                tx.now,
            )
        )
    one.outcome = PaidBill(command.bill_id, payment_id)
    return kept(one, NOBODY, payment_id or command.bill_id or NOT_SAID)
