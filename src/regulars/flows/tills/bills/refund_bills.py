"""A connected till gives money back: that is noted, and what its bill earned comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from regulars.base.faults import Fault, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import askings, kept, look_again, settle_followers, sort_out
from regulars.flows.tills.bills.bring_back import bring_back
from regulars.flows.tills.bills.commands import RefundBill, RefundedBill
from regulars.records.activity.types import NOBODY
from regulars.records.once.write import Kept, keep
from regulars.records.tills.bills import read, write
from regulars.records.tills.bills.types import Payment, Refund


async def refund_bills(
    tx: Tx, terms: Terms, batch: Sequence[RefundBill]
) -> list[RefundedBill | Refused | Fault]:
    """Note each refund once; together those of a payment never come to more than it.

    Order: in the order given; bills are held before payments, so that none is credited in between,
    and what its bill earned is brought back in the same transaction.
    Refuses: more than is left of the payment. Faults: unknown payment, key reused.
    """
    asked = askings("refund_bill", batch, lambda _: None)
    await sort_out(tx, asked, RefundedBill)
    todo = [one for one in asked if one.open]
    ids = sorted({one.command.payment_id for one in todo})
    named = await read.payments(tx, ids) if ids else []
    await read.bills(tx, sorted({one.bill_id for one in named}), lock=True)
    await read.lock_payments(tx, ids)
    payments = {one.payment_id: one for one in await read.payments(tx, ids)} if ids else {}
    left = await _left(tx, payments)
    fresh, rows = list[Refund](), list[Kept]()
    for one in todo:
        command, payment = one.command, payments.get(one.command.payment_id)
        if payment is None:
            one.outcome = NotFound("there is no such payment here", field="/payment_id")
        elif command.amount_minor > left[payment.payment_id]:
            facts = {"left_minor": left[payment.payment_id], "paid_minor": command.amount_minor}
            says = f"of this payment {left[payment.payment_id]} is left to give back"
            one.outcome = Refused("other_sum", says, facts)
        else:
            left[payment.payment_id] -= command.amount_minor
            refund = Refund(
                tx.new_id(), payment.payment_id, payment.bill_id, command.amount_minor,
                command.reason, payment.store, tx.now,
            )  # fmt: skip
            fresh.append(refund)
            one.outcome = RefundedBill(refund.refund_id, refund.bill_id)
            rows += kept(one, NOBODY, refund.refund_id)
    await look_again(tx, todo, RefundedBill)
    await tx.write([*write.keep_refunds(tx, fresh), *keep(tx, rows)])
    by = {one.outcome.bill_id: one.command.asked.principal
          for one in asked if isinstance(one.outcome, RefundedBill)}  # fmt: skip
    for bill_id, principal in by.items():
        await bring_back(tx, terms, [bill_id], principal)
    return settle_followers(asked)


async def _left(tx: Tx, payments: Mapping[UUID, Payment]) -> dict[UUID, int]:
    """What of each payment was not given back yet; of one that was not taken, nothing is."""
    left = {
        id_: one.amount_minor if one.state == "completed" else 0 for id_, one in payments.items()
    }
    for refund in await read.refunds(tx, payment_ids=list(left)) if left else ():
        left[refund.payment_id] -= refund.amount_minor
    return left
