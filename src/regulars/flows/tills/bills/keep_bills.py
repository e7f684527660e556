"""A connected till sells something: a bill is opened, and paid once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from regulars.base.faults import Fault, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.deciding.conclude import Ending
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import (
    Asking,
    askings,
    kept,
    look_again,
    settle_followers,
    sort_out,
)
from regulars.flows.redeem_rewards import end, load_redemptions, write_ended
from regulars.flows.tills.bills.commands import OpenBill, Opened, PaidBill, PayBill
from regulars.records.activity.types import NOBODY
from regulars.records.members import read as members
from regulars.records.once.write import Kept, keep
from regulars.records.rewards import read as rewards
from regulars.records.tills.bills import read, write
from regulars.records.tills.bills.types import NOT_SAID, Bill, Payment


async def open_bills(tx: Tx, terms: Terms, batch: Sequence[OpenBill]) -> list[Opened | Fault]:
    """Keep each bill once, whoever it is for.

    Faults: unknown member, key reused.
    """
    asked = askings("open_bill", batch, lambda _: None)
    await sort_out(tx, asked, Opened)
    fresh, rows, opened = [one for one in asked if one.open], list[Kept](), []
    refs = [one.command.member for one in fresh if one.command.member is not None]
    whose = iter(await members.whom(tx, terms.versions[-1].program.country, refs))
    for one in fresh:
        who = NOT_SAID if one.command.member is None else next(whose)
        if isinstance(who, Fault):
            one.outcome = who
            continue
        bill = _bill(tx, one.command, who)
        opened.append(bill)
        one.outcome = Opened(bill.bill_id)
        rows += kept(one, who, bill.bill_id)
    await tx.write([*write.open_bills(tx, opened), *keep(tx, rows)])
    return settle_followers(asked)


def _bill(tx: Tx, command: OpenBill, who: UUID) -> Bill:
    at = tx.now
    return Bill(tx.new_id(), who, command.store, "open", 1, command.body, at, at)


class _Found(NamedTuple):
    bills: Mapping[UUID, Bill]
    rewards: Mapping[UUID, list[UUID]]
    payments: Mapping[UUID, Payment]


async def pay_bills(
    tx: Tx, terms: Terms, batch: Sequence[PayBill]
) -> list[PaidBill | Refused | Fault]:
    """Take each payment once; a bill that is paid hands over the rewards that are for it.

    Order: bills are locked before members, so that no reward is made for one that is just paid.
    Refuses: a bill that is paid already, another sum. Faults: unknown bill or payment, key
    reused.
    """
    asked = askings("pay_bill", batch, lambda _: None)
    await sort_out(tx, asked, PaidBill)
    todo = [one for one in asked if one.open]
    found = await _find(tx, todo)
    for one in todo:
        one.outcome = _wrong(one.command, found)
    good = [one for one in todo if one.open]
    handed = await _hand_over(tx, terms, good, found)
    rows: list[Kept] = []
    taken: list[Payment] = []
    for one in good:
        if one.open:
            rows += _take(tx, one, taken)
    await look_again(tx, todo, PaidBill)
    done = [one.command for one in good if isinstance(one.outcome, PaidBill)]
    paid = [one.bill_id for one in done if one.complete and one.bill_id is not None]
    used = [id_ for one in done for id_ in one.payments]
    await tx.write(
        [
            *write.keep_payments(tx, taken),
            *write.pay_bills(tx, paid),
            *keep(tx, rows),
        ]
    )
    await tx.write(write.complete_payments(tx, used))
    if handed is not None:
        await write_ended(handed)
    return settle_followers(asked)


async def _find(tx: Tx, todo: Sequence[Asking[PayBill]]) -> _Found:
    named = [one.command.bill_id for one in todo if one.command.bill_id is not None]
    bills = await read.bills(tx, sorted(set(named)), lock=True)
    rewards_ = await read.rewards_of(tx, list(bills))
    ids = [id_ for one in todo for id_ in one.command.payments]
    payments = await read.payments(tx, ids) if ids else []
    return _Found(bills, rewards_, {one.payment_id: one for one in payments})


def _wrong(command: PayBill, found: _Found) -> Refused | Fault | None:
    if command.bill_id is None:
        return None
    bill = found.bills.get(command.bill_id)
    if bill is None:
        return NotFound("there is no such bill here", field="/bill_id")
    if bill.state == "paid":
        return Refused("already_paid", "this bill was paid before")
    return _wrong_sum(command, found) if command.complete else None


def _wrong_sum(command: PayBill, found: _Found) -> Refused | Fault | None:
    paid = command.amount_minor
    for id_ in command.payments:
        payment = found.payments.get(id_)
        if payment is None or payment.bill_id != command.bill_id:
            return NotFound("this bill has no such payment", field="/payments")
        if payment.state == "completed":
            return Refused("already_paid", "this payment was taken before")
        paid += payment.amount_minor
    if command.due_minor is not None and paid != command.due_minor:
        says = f"the bill comes to {command.due_minor}, and {paid} was paid"
        return Refused("other_sum", says, {"due_minor": command.due_minor, "paid_minor": paid})
    return None


async def _hand_over(tx: Tx, terms: Terms, good: Sequence[Asking[PayBill]], found: _Found) -> Any:
    """Capture the rewards of bills that are paid."""
    wanted = {
        id_: one
        for one in good
        if one.command.complete and one.command.bill_id is not None
        for id_ in found.rewards.get(one.command.bill_id, ())
    }
    owners = await rewards.whose(tx, sorted(wanted))
    if not owners:
        return None
    batch, redemptions = await load_redemptions(tx, terms, owners)
    for id_, redemption in redemptions.items():
        one = wanted[id_]
        # What was given back, or was not taken in time, took nothing off the bill either.
        if redemption.state != "held" or tx.now >= redemption.lapses_at or not one.open:
            continue
        no = end(batch, redemption, Ending("captured", tx.now, one.command.asked.principal))
        assert no is None, (redemption, no)
    return batch


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
