"""A connected till changes a bill that is not paid yet."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import UNSET
from msgspec.structs import replace

from regulars.base.faults import Fault, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import askings, kept, look_again, settle_followers, sort_out
from regulars.flows.tills.bills.commands import ChangeBill, ChangedBill
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef
from regulars.records.once.write import Kept, keep
from regulars.records.tills.bills import read, write
from regulars.records.tills.bills.types import NOT_SAID, Bill, BillBody


async def change_bills(
    tx: Tx, terms: Terms, batch: Sequence[ChangeBill]
) -> list[ChangedBill | Refused | Fault]:
    """Change each bill once, as far as it is as whoever changes it saw it.

    Order: in the order given, under lock; of several who saw one version, one changes it.
    Refuses: a bill that is paid or changed since. Faults: unknown bill or member, key reused.
    """
    asked = askings("change_bill", [_as_said(one) for one in batch], lambda _: None)
    await sort_out(tx, asked, ChangedBill)
    todo, rows, after = [one for one in asked if one.open], list[Kept](), dict[UUID, Bill]()
    bills = await read.bills(tx, sorted({one.command.bill_id for one in todo}), lock=True)
    for one in todo:
        command = batch[one.place]
        bill = after.get(command.bill_id) or bills.get(command.bill_id)
        who = bill if not isinstance(bill, Bill) else await _whose(tx, terms, command, bill)
        one.outcome = who if isinstance(who, Fault) else _wrong(command, bill)
        if one.open and bill is not None and isinstance(who, UUID):
            version = bill.version + 1
            after[bill.bill_id] = replace(bill, member_id=who, body=command.body, version=version)
            one.outcome = ChangedBill(bill.bill_id)
            rows += kept(one, who, bill.bill_id)
    await look_again(tx, todo, ChangedBill)
    await tx.write([*write.change_bills(tx, list(after.values())), *keep(tx, rows)])
    return settle_followers(asked)


def _as_said(command: ChangeBill) -> ChangeBill:
    return replace(command, body=BillBody(), member=UNSET) if command.said else command


async def _whose(tx: Tx, terms: Terms, command: ChangeBill, bill: Bill) -> UUID | Fault:
    if command.member is None:
        return NOT_SAID
    if not isinstance(command.member, MemberRef):
        return bill.member_id
    (who,) = await members.whom(tx, terms.versions[-1].program.country, [command.member])
    return who


def _wrong(command: ChangeBill, bill: Bill | None) -> Refused | Fault | None:
    if bill is None:
        return NotFound("there is no such bill here", field="/bill_id")
    if bill.state == "paid":
        return Refused("already_paid", "this bill was paid before")
    if command.version != bill.version:
        says = f"this is version {bill.version} of the bill, not {command.version}"
        return Refused("bill_changed", says, {"version": bill.version})
    return None
