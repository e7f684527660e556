"""Payments in cash, or taken elsewhere. Nothing of a card is ever taken."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from regulars.base.faults import NotFound
from regulars.base.ids import short
from regulars.flows.tills.bills.commands import PaidBill, PayBill
from regulars.flows.tills.bills.keep_bills import pay_bills
from regulars.records.access.types import Scope
from regulars.records.tills.bills import read
from regulars.records.tills.bills.types import NOT_SAID, Paying, Payment, PaymentKind
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.cursors import place_of
from regulars.surfaces.api.strict.ids import meant, shown
from regulars.surfaces.connect.square.errors import PREFIX, Wrong
from regulars.surfaces.connect.square.operations import locations
from regulars.surfaces.connect.square.operations.orders import amount_of, order_at
from regulars.surfaces.connect.square.telling.paging import cursor, cut
from regulars.surfaces.connect.square.times import instant, instant_meant
from regulars.surfaces.connect.square.view import MAIN, View, view_of
from regulars.surfaces.connect.square.wire import orders as sent

READS = (Scope.SQUARE_READ, Scope.SQUARE_WRITE)
WRITES = (Scope.SQUARE_WRITE,)
_KINDS: Final[dict[str, PaymentKind]] = {"CASH": "cash", "EXTERNAL": "external"}


async def create(call: Call) -> Reply:
    """A payment; of an order it has to be what the order comes to."""
    body: sent.CreatePayment = call.sent
    kind = _KINDS.get(body.source_id)
    if kind is None:
        says = "payments here are CASH or EXTERNAL; cards are taken by whoever takes cards for you"
        raise Wrong(says, code="UNSUPPORTED_SOURCE_TYPE", field="/source_id")
    seen = await view_of(call)
    if body.amount_money is None:
        says = "say how much was paid"
        raise Wrong(says, code="MISSING_REQUIRED_PARAMETER", field="/amount_money")
    amount = amount_of(seen, body.amount_money, "/amount_money")
    done: PaidBill = await call.do(
        pay_bills, await _command(call, body, kind, (amount, _told(seen, body, kind, amount)))
    )
    assert done.payment_id is not None, done
    async with call.transaction as tx:
        (kept,) = await read.payments(tx, [done.payment_id])
    completed = body.autocomplete is not False
    return Reply({"payment": _shown(seen, kept, completed)})


async def all_of_them(call: Call) -> Reply:
    """Payments, the newest first unless it is said otherwise."""
    query: sent.PaymentsQuery = call.query
    seen, place = await view_of(call), place_of(query.cursor, tuple[UUID])
    since = instant_meant(query.begin_time, "/begin_time") if query.begin_time else None
    until = instant_meant(query.end_time, "/end_time") if query.end_time else None
    after, oldest = None if place is None else place[0], query.sort_order == "ASC"
    async with call.transaction as tx:
        at = query.location_id
        store = None if at is None else await locations.store_at(tx, at)
        rows = await read.payments_page(
            tx, after, (since, until), store, query.limit + 1, oldest=oldest
        )
    page, more = cut(rows, query.limit)
    answer: dict[str, Any] = {}
    if page:
        answer = {"payments": [_shown(seen, one, one.state == "completed") for one in page]}
    return Reply(answer | ({"cursor": cursor((page[-1].payment_id,))} if more else {}))


async def one(call: Call) -> Reply:
    """One payment."""
    seen, id_ = await view_of(call), meant("pay", call.ids["payment_id"])
    async with call.transaction as tx:
        found = [] if id_ is None else await read.payments(tx, [id_])
    for kept in found:
        return Reply({"payment": _shown(seen, kept, kept.state == "completed")})
    raise NotFound("there is no such payment here")


async def _command(
    call: Call, body: sent.CreatePayment, kind: PaymentKind, what: tuple[int, Paying]
) -> PayBill:
    amount, told = what
    bill_id, store = None, ""
    async with call.transaction as tx:
        if body.location_id is not None:
            store = await locations.store_at(tx, body.location_id)
        if body.order_id is not None:
            bill = (await order_at(tx, body.order_id)).bill
            bill_id, store = bill.bill_id, bill.store
    return PayBill(
        bill_id=bill_id,
        kind=kind,
        amount_minor=amount,
        told=told,
        complete=body.autocomplete is not False,
        store=store,
        asked=call.asked,
    )


def _told(seen: View, body: sent.CreatePayment, kind: PaymentKind, amount: int) -> Paying:
    if kind == "external":
        if body.external_details is None:
            says = "say who took this payment"
            raise Wrong(says, code="MISSING_REQUIRED_PARAMETER", field="/external_details")
        by = body.external_details
        return Paying(sort=by.type, by=by.source, number=by.source_id or "")
    if body.cash_details is None:
        says = "say how much was handed over"
        raise Wrong(says, code="MISSING_REQUIRED_PARAMETER", field="/cash_details")
    field = "/cash_details/buyer_supplied_money"
    supplied = amount_of(seen, body.cash_details.buyer_supplied_money, field)
    if supplied < amount:
        raise Wrong("less was handed over than was paid", code="VALUE_TOO_LOW", field=field)
    return Paying(supplied_minor=supplied)


def _shown(seen: View, payment: Payment, completed: bool) -> dict[str, Any]:
    """A payment as it was when it was made, also for who asks again later."""

    def money(minor: int) -> dict[str, Any]:
        return {"amount": minor, "currency": seen.currency}

    at, told = instant(payment.made_at), payment.told
    found: dict[str, Any] = {
        "id": shown("pay", payment.payment_id),
        "created_at": at,
        "updated_at": at,
        "amount_money": money(payment.amount_minor),
        "total_money": money(payment.amount_minor),
        "approved_money": money(payment.amount_minor),
        "status": "COMPLETED" if completed else "APPROVED",
        "source_type": payment.kind.upper(),
        "location_id": short(payment.store) if payment.store else MAIN,
    }
    if payment.bill_id != NOT_SAID:
        found["order_id"] = shown("ord", payment.bill_id)
    if payment.kind == "cash":
        found["cash_details"] = {
            "buyer_supplied_money": money(told.supplied_minor),
            "change_back_money": money(told.supplied_minor - payment.amount_minor),
        }
    else:
        details = {"type": told.sort, "source": told.by}
        found["external_details"] = details | ({"source_id": told.number} if told.number else {})
    return found


OPERATIONS = (
    Operation(
        method="POST",
        path=f"{PREFIX}/v2/payments",
        name="square_create_payment",
        tag="Orders",
        says="A payment in cash, or taken elsewhere",
        scopes=WRITES,
        sent=sent.CreatePayment,
        answers={200: dict[str, Any]},
        do=create,
    ),
    Operation(
        method="GET",
        path=f"{PREFIX}/v2/payments",
        name="square_list_payments",
        tag="Orders",
        says="Payments, the newest first",
        scopes=READS,
        query=sent.PaymentsQuery,
        answers={200: dict[str, Any]},
        do=all_of_them,
    ),
    Operation(
        method="GET",
        path=f"{PREFIX}/v2/payments/{{payment_id}}",
        name="square_get_payment",
        tag="Orders",
        says="One payment",
        scopes=READS,
        answers={200: dict[str, Any]},
        do=one,
    ),
)
