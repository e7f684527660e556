"""Orders as thin bills: made, priced, paid."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from regulars.base.faults import Fault, NotFound
from regulars.base.money import LARGEST
from regulars.base.tx import Tx
from regulars.engine.rewarding.counter.pricing import gross_of
from regulars.engine.rewarding.promise import promise
from regulars.flows.tills.bills.commands import OpenBill, Opened, PayBill
from regulars.flows.tills.bills.keep_bills import open_bills, pay_bills
from regulars.records.access.types import Scope
from regulars.records.members.types import MemberRef
from regulars.records.once.read import known
from regulars.records.once.types import idempotency_key
from regulars.records.tills.articles import read
from regulars.records.tills.articles.types import Article
from regulars.records.tills.bills.types import NOT_SAID, Bill, BillBody, Off, Sold
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.ids import meant, shown
from regulars.surfaces.connect.square.errors import PREFIX, Wrong
from regulars.surfaces.connect.square.operations import locations
from regulars.surfaces.connect.square.telling.bills import (
    Priced,
    order_shown,
    priced_bills,
    taken_off,
)
from regulars.surfaces.connect.square.times import MoneyTold
from regulars.surfaces.connect.square.view import View, view_of
from regulars.surfaces.connect.square.wire import orders as sent

READS = (Scope.SQUARE_READ, Scope.SQUARE_WRITE)
WRITES = (Scope.SQUARE_WRITE,)
_PIECES: Final = re.compile(r"[1-9][0-9]{0,5}\Z", re.ASCII)
_PERCENT: Final = re.compile(r"(100|[0-9]{1,2})(?:\.([0-9]{1,2}))?\Z", re.ASCII)


async def create(call: Call) -> Reply:
    """An order is made."""
    seen, order = await view_of(call), call.sent.order
    async with call.transaction as tx:
        store = await locations.store_at(tx, order.location_id, "/order/location_id")
        own = idempotency_key(call.caller.principal, "open_bill", call.key)
        again = bool(call.key) and own in await known(tx, [own])
        told = {} if again else await articles_of(tx, order)
    said = _body(seen, order, None)
    command = OpenBill(
        body=said if again else _body(seen, order, told),
        store=store,
        member=customer_of(order),
        asked=call.asked,
        said=said,
    )
    done: Opened = await call.do(open_bills, command)
    return Reply({"order": order_shown(seen, await _priced(call, done.bill_id))})


def customer_of(order: sent.OrderSent | sent.OrderChange) -> MemberRef | None:
    """Who is named, if anybody. Faults: Wrong for what is no id."""
    if order.customer_id is None:
        return None
    id_ = meant("mem", order.customer_id)
    if id_ is None:
        says = "there is no such customer here"
        raise Wrong(says, code="NOT_FOUND", field="/order/customer_id")
    return MemberRef(id=id_)


async def calculate(call: Call) -> Reply:
    """What an order would come to, with rewards that might be taken for it."""
    body: sent.CalculateOrder = call.sent
    seen = await view_of(call)
    steps = {step.id: step for step in seen.steps()}
    rewards = []
    for place, one in enumerate(body.proposed_rewards or ()):
        step = steps.get(one.reward_tier_id)
        if step is None:
            field = f"/proposed_rewards/{place}/reward_tier_id"
            code = "UNSUPPORTED_LOYALTY_REWARD_TIER"
            raise Wrong("the program has no such reward", code=code, field=field)
        rewards.append((one.id, step.id, promise(seen.version, step.reward, seen.now)))
    async with call.transaction as tx:
        store = await locations.store_at(tx, body.order.location_id, "/order/location_id")
        articles = await articles_of(tx, body.order)
    told, at = _body(seen, body.order, articles), seen.now
    bill = Bill(NOT_SAID, NOT_SAID, store, "open", 1, told, at, at)
    priced = Priced(bill, taken_off(told, rewards), ())
    return Reply({"order": order_shown(seen, priced, saved=False)})


async def one(call: Call) -> Reply:
    """One order."""
    seen = await view_of(call)
    async with call.transaction as tx:
        priced = await order_at(tx, call.ids["order_id"])
    return Reply({"order": order_shown(seen, priced)})


async def some(call: Call) -> Reply:
    """Several orders; those that are not here are left out."""
    body: sent.BatchRetrieve = call.sent
    seen = await view_of(call)
    ids = [id_ for text in body.order_ids if (id_ := meant("ord", text)) is not None]
    async with call.transaction as tx:
        found = await priced_bills(tx, ids)
    listed = [order_shown(seen, found[id_]) for id_ in dict.fromkeys(ids) if id_ in found]
    return Reply({"orders": listed} if listed else {})


async def pay(call: Call) -> Reply:
    """An order is paid by payments that were taken before; rewards for it are handed over."""
    body: sent.PayOrder = call.sent
    seen = await view_of(call)
    payments = payments_meant(body.payment_ids or ())
    async with call.transaction as tx:
        priced = await order_at(tx, call.ids["order_id"])
    command = PayBill(
        bill_id=priced.bill.bill_id,
        version=body.order_version,
        payments=payments,
        store=priced.bill.store,
        asked=call.asked,
    )
    await call.do(pay_bills, command)
    return Reply({"order": order_shown(seen, await _priced(call, priced.bill.bill_id))})


def payments_meant(ids: Sequence[str]) -> tuple[UUID, ...]:
    """The payments with these ids, each once. Faults: Wrong for what is none."""
    found = list[UUID]()
    for place, text in enumerate(ids):
        id_, field = meant("pay", text), f"/payment_ids/{place}"
        if id_ is None:
            raise Wrong("there is no such payment here", code="NOT_FOUND", field=field)
        if id_ in found:
            raise Wrong("this payment is named twice", code="INVALID_VALUE", field=field)
        found.append(id_)
    return tuple(found)


async def order_at(tx: Tx, order_id: str) -> Priced:
    """The order with this id. Faults: NotFound."""
    id_ = meant("ord", order_id)
    found = {} if id_ is None else await priced_bills(tx, [id_])
    for priced in found.values():
        return priced
    raise NotFound("there is no such order here")


async def _priced(call: Call, bill_id: UUID) -> Priced:
    async with call.transaction as tx:
        return await order_at(tx, shown("ord", bill_id))


class Known(NamedTuple):
    """An article that was told, and in which category it is."""

    variation: Article
    item: Article | None

    @property
    def name(self) -> str:
        """What it is called: as its item, as far as that has a name."""
        return self.item.name if self.item else self.variation.name


async def articles_of(tx: Tx, order: sent.OrderSent | sent.OrderChange) -> dict[str, Known]:
    """What is known of the articles of an order, by their ids."""
    ids = {one.catalog_object_id for one in order.line_items or () if one.catalog_object_id}
    found = await read.some_articles(tx, ids)
    mine = {id_: one for id_, one in found.items() if one.kind == "variation" and not one.deleted}
    items = await read.some_articles(tx, {one.of for one in mine.values()})
    return {id_: Known(one, items.get(one.of)) for id_, one in mine.items()}


def _body(seen: View, order: sent.OrderSent, told: Mapping[str, Known] | None) -> BillBody:
    """An order as a bill, with what is known of its articles; without that (None) what was sent."""
    lines = tuple(
        line_of(seen, place, one, told) for place, one in enumerate(order.line_items or ())
    )
    offs = tuple(off_of(seen, place, one) for place, one in enumerate(order.discounts or ()))
    body = BillBody(lines, offs, order.reference_id or "")
    if gross_of(body) > LARGEST:
        raise too_much("/order/line_items")
    return body


def too_much(field: str) -> Fault:
    """The fault for what no purse holds."""
    return Wrong(f"this comes to more than {LARGEST}", code="VALUE_TOO_HIGH", field=field)


def line_of(
    seen: View,
    place: int,
    line: sent.LineSent,
    told: Mapping[str, Known] | None,
    before: Sold | None = None,
) -> Sold:
    """A line as it is sold; of one that stood before, what is not said stays."""
    at = f"/order/line_items/{place}"
    if _PIECES.match(line.quantity) is None:
        says = "pieces are whole ones here, from 1 to 999999"
        raise Wrong(says, code="INVALID_VALUE", field=f"{at}/quantity")
    same = before is not None and line.catalog_object_id in (None, before.sku)
    article = None if same else (told or {}).get(line.catalog_object_id or "")
    price = 0 if told is None else article and article.variation.price_minor
    if same and before is not None:
        price = before.price_minor
    if line.base_price_money is not None:
        price = amount_of(seen, line.base_price_money, f"{at}/base_price_money")
    if price is None:
        says = "say what a piece costs: the catalog here has no price for it"
        raise Wrong(says, code="MISSING_REQUIRED_PARAMETER", field=f"{at}/base_price_money")
    kept = before if same and before is not None else Sold("", 0, 0)
    sold = Sold(
        uid=line.uid or f"line-{place}",
        quantity=int(line.quantity),
        price_minor=price,
        sku=line.catalog_object_id or kept.sku,
        category=article.item.of if article and article.item else kept.category,
        name=line.name or (article.name if article else kept.name),
    )
    if sold.amount_minor > LARGEST:
        raise too_much(f"{at}/quantity")
    return sold


def off_of(seen: View, place: int, one: sent.DiscountSent) -> Off:
    """A discount as it stands on a bill. Faults: Wrong for what is none."""
    at, uid = f"/order/discounts/{place}", one.uid or f"discount-{place}"
    if (one.percentage is None) == (one.amount_money is None):
        raise Wrong("say a percentage or an amount, one of both", field=at)
    if one.amount_money is not None:
        amount = amount_of(seen, one.amount_money, f"{at}/amount_money")
        return Off(uid, one.name or "", amount_minor=amount)
    found = _PERCENT.match(one.percentage or "")
    hundredths = 0 if found is None else int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
    if found is None or hundredths > 10_000:
        says = "a percentage is a number up to 100 with two decimals at most"
        raise Wrong(says, code="INVALID_VALUE", field=f"{at}/percentage")
    return Off(uid, one.name or "", percent_hundredths=hundredths)


def amount_of(seen: View, money: MoneyTold, field: str) -> int:
    """An amount in the program's money. Faults: Wrong for any other."""
    if money.currency != seen.currency:
        says = f"the program's money is {seen.currency}"
        raise Wrong(says, code="CURRENCY_MISMATCH", field=f"{field}/currency")
    return money.amount


_ORDERS = f"{PREFIX}/v2/orders"

OPERATIONS = (
    Operation(
        method="POST",
        path=_ORDERS,
        name="square_create_order",
        tag="Orders",
        says="An order is made",
        scopes=WRITES,
        sent=sent.CreateOrder,
        answers={200: dict[str, Any]},
        do=create,
    ),
    Operation(
        method="POST",
        path=f"{_ORDERS}/calculate",
        name="square_calculate_order",
        tag="Orders",
        says="What would an order come to?",
        scopes=READS,
        sent=sent.CalculateOrder,
        answers={200: dict[str, Any]},
        do=calculate,
    ),
    Operation(
        method="POST",
        path=f"{_ORDERS}/batch-retrieve",
        name="square_batch_retrieve_orders",
        tag="Orders",
        says="Several orders",
        scopes=READS,
        sent=sent.BatchRetrieve,
        answers={200: dict[str, Any]},
        do=some,
    ),
    Operation(
        method="GET",
        path=f"{_ORDERS}/{{order_id}}",
        name="square_get_order",
        tag="Orders",
        says="One order",
        scopes=READS,
        answers={200: dict[str, Any]},
        do=one,
    ),
    Operation(
        method="POST",
        path=f"{_ORDERS}/{{order_id}}/pay",
        name="square_pay_order",
        tag="Orders",
        says="An order is paid",
        scopes=WRITES,
        sent=sent.PayOrder,
        answers={200: dict[str, Any]},
        do=pay,
    ),
)
