"""Refunds: so much of a payment is given back, and what its order earned with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from regulars.base.faults import NotFound
from regulars.base.ids import short
from regulars.flows.tills.bills.commands import RefundBill, RefundedBill
from regulars.flows.tills.bills.refund_bills import refund_bills
from regulars.records.access.types import Scope
from regulars.records.tills.bills import read
from regulars.records.tills.bills.types import NOT_SAID, Payment, Refund
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.cursors import place_of
from regulars.surfaces.api.strict.ids import meant, shown
from regulars.surfaces.connect.square.errors import PREFIX, Wrong
from regulars.surfaces.connect.square.operations.orders import amount_of
from regulars.surfaces.connect.square.telling.paging import cursor, cut
from regulars.surfaces.connect.square.times import instant, instant_meant
from regulars.surfaces.connect.square.view import MAIN, View, view_of
from regulars.surfaces.connect.square.wire import refunds as sent

READS = (Scope.SQUARE_READ, Scope.SQUARE_WRITE)
WRITES = (Scope.SQUARE_WRITE,)


async def make(call: Call) -> Reply:
    """So much of a payment is given back, and with it what its order earned; once."""
    body: sent.RefundPayment = call.sent
    seen, payment_id = await view_of(call), meant("pay", body.payment_id)
    amount = amount_of(seen, body.amount_money, "/amount_money")
    if payment_id is None:
        raise _no_payment()
    if amount == 0:
        raise Wrong("give something back", code="VALUE_TOO_LOW", field="/amount_money/amount")
    command = RefundBill(payment_id, amount, body.reason or "", call.asked)
    try:
        done: RefundedBill = await call.do(refund_bills, command)
    except NotFound:
        raise _no_payment() from None
    return Reply({"refund": await _one(call, seen, done.refund_id)})


async def one(call: Call) -> Reply:
    """One refund."""
    seen, id_ = await view_of(call), meant("rfd", call.ids["refund_id"])
    if id_ is None:
        raise NotFound("there is no such refund here")
    return Reply({"refund": await _one(call, seen, id_)})


async def all_of_them(call: Call) -> Reply:
    """Refunds, the newest first unless it is said otherwise."""
    query: sent.RefundsQuery = call.query
    seen, place = await view_of(call), place_of(query.cursor, tuple[UUID])
    since = instant_meant(query.begin_time, "/begin_time") if query.begin_time else None
    until = instant_meant(query.end_time, "/end_time") if query.end_time else None
    after, oldest = None if place is None else place[0], query.sort_order == "ASC"
    async with call.transaction as tx:
        rows = await read.refunds_page(tx, after, (since, until), query.limit + 1, oldest=oldest)
        page, more = cut(rows, query.limit)
        paid = await read.payments(tx, [row.payment_id for row in page]) if page else []
    kept = {payment.payment_id: payment for payment in paid}
    answer: dict[str, Any] = {}
    if page:
        answer = {"refunds": [_shown(seen, row, kept[row.payment_id]) for row in page]}
    return Reply(answer | ({"cursor": cursor((page[-1].refund_id,))} if more else {}))


async def _one(call: Call, seen: View, id_: UUID) -> dict[str, Any]:
    async with call.transaction as tx:
        for refund in await read.refunds(tx, [id_]):
            (payment,) = await read.payments(tx, [refund.payment_id])
            return _shown(seen, refund, payment)
    raise NotFound("there is no such refund here")


def _no_payment() -> Wrong:
    return Wrong("there is no such payment here", code="NOT_FOUND", field="/payment_id")


def _shown(seen: View, refund: Refund, payment: Payment) -> dict[str, Any]:
    at = instant(refund.made_at)
    found = {
        "id": shown("rfd", refund.refund_id),
        "status": "COMPLETED",
        "amount_money": {"amount": refund.amount_minor, "currency": seen.currency},
        "payment_id": shown("pay", refund.payment_id),
        "location_id": short(refund.store) if refund.store else MAIN,
        "destination_type": payment.kind.upper(),
        "unlinked": False,
        "created_at": at,
        "updated_at": at,
    }
    if refund.bill_id != NOT_SAID:
        found["order_id"] = shown("ord", refund.bill_id)
    return {**found, "reason": refund.reason} if refund.reason else found


OPERATIONS = (
    Operation(
        method="GET",
        path=f"{PREFIX}/v2/refunds",
        name="square_list_refunds",
        tag="Orders",
        says="Refunds, the newest first",
        scopes=READS,
        query=sent.RefundsQuery,
        answers={200: dict[str, Any]},
        do=all_of_them,
    ),
    Operation(
        method="POST",
        path=f"{PREFIX}/v2/refunds",
        name="square_refund_payment",
        tag="Orders",
        says="So much of a payment is given back",
        scopes=WRITES,
        sent=sent.RefundPayment,
        answers={200: dict[str, Any]},
        do=make,
    ),
    Operation(
        method="GET",
        path=f"{PREFIX}/v2/refunds/{{refund_id}}",
        name="square_get_refund",
        tag="Orders",
        says="One refund",
        scopes=READS,
        answers={200: dict[str, Any]},
        do=one,
    ),
)
