"""Asks for the refunds of an order, which say what the order does not: which pieces, and when; and
for who the customers of some orders are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from regulars.base.faults import Fault
from regulars.flows.inlets.keep_arrivals import Sent
from regulars.surfaces.connect.catching.asking import NotTold, Odd, Send, Shop
from regulars.surfaces.connect.inlets.kinds import encoded
from regulars.surfaces.connect.woocommerce.asking import Missing, WooApi
from regulars.surfaces.connect.woocommerce.events import event_of
from regulars.surfaces.connect.woocommerce.orders import TOLD, is_confirmed

MOST_AT_ONCE: Final = 100
"""Refunds of one order, or customers of one page of orders."""
_NO_ORDER: Final = "woocommerce_rest_shop_order_invalid_id"
_NO_SHOP: Final = "there is no WooCommerce at this address, or its permalinks are plain"
_ITEM: Final = "_refunded_item_id"
_CUSTOMER: Final = ("id", "email", "is_paying_customer", "date_modified_gmt")
"""Of a customer; names and addresses are not kept."""


async def looked_up(send: Send, shop: Shop, about: str, now: datetime) -> Sent | None:
    """An order as it is by now, with its refunds; nothing where the shop has none of this number.

    Keeps: only the shop's own word for that counts; where WooCommerce is switched off or somebody
    else stands at its address, it was deleted nowhere. Raises: NotTold.
    Source: WooCommerce, `WC_REST_Orders_V2_Controller::get_item`.
    """
    api = WooApi(send, shop)
    try:
        order = await api.get(f"orders/{about}")
        if not isinstance(order, dict):
            raise Odd("it answers something that is no order")
    except Missing as why:
        if why.code != _NO_ORDER:
            raise NotTold(_NO_SHOP) from None
        return None
    return await whole(api, order)


async def whole(api: WooApi, order: Mapping[str, Any]) -> Sent:
    """An order as an event, with what its refunds say where there are any.

    Keeps: whether a webhook hinted at it or it was found by asking, it is known by what it says.
    Raises: NotTold; Odd where it does not tell the refunds of this order.
    Source: WooCommerce REST API v3, `GET /orders/{id}/refunds`.
    """
    said = dict(order)
    if order.get("refunds"):
        query = (("per_page", str(MOST_AT_ONCE)), ("orderby", "id"), ("order", "asc"))
        try:
            refunds = await api.listed(f"orders/{order.get('id')}/refunds", query)
        except Missing:  # the order is there, so this is no answer to what was asked
            raise Odd("it has no refunds of an order that says it has some") from None
        said[TOLD] = [_refund(one) for one in refunds]
    try:
        return event_of(encoded(said))
    except Fault:
        raise Odd("it answers something that is no order") from None


async def customers(api: WooApi, orders: Iterable[Mapping[str, Any]]) -> tuple[Sent, ...]:
    """Who bought by these orders, of whom the shop says enough to be believed, as events.

    A key that may read orders and no customers tells none, and that holds no order up.
    Raises: NotTold where the shop asks for a pause.
    Source: WooCommerce REST API v3, `GET /customers` (`include`).
    """
    ids = (one.get("customer_id") for one in orders)
    some = sorted({one for one in ids if isinstance(one, int) and one > 0})
    if not some:
        return ()
    include = ("include", ",".join(map(str, some)))
    query = (include, ("per_page", str(MOST_AT_ONCE)), ("role", "all"))
    try:
        found = await api.listed("customers", query)
    except NotTold as why:
        if why.wait_s:
            raise
        return ()
    return tuple(event_of(encoded(_customer(one)), "") for one in found if is_confirmed(one))


def _refund(one: Mapping[str, Any]) -> dict[str, Any]:
    """What counts of a refund: when, how much, and of which lines."""
    return {
        "id": one.get("id"),
        "date_created_gmt": one.get("date_created_gmt"),
        "amount": one.get("amount"),
        "line_items": [_line(two, "quantity") for two in _dicts(one.get("line_items"))],
        "fee_lines": [_line(two) for two in _dicts(one.get("fee_lines"))],
    }


def _line(one: Mapping[str, Any], *more: str) -> dict[str, Any]:
    of = [two.get("value") for two in _dicts(one.get("meta_data")) if two.get("key") == _ITEM]
    told = {name: one.get(name) for name in ("total", "total_tax", *more)}
    return {"of": str(of[0]) if of else "", **told}


def _customer(one: Mapping[str, Any]) -> dict[str, Any]:
    bill = one.get("billing")
    billed = bill.get("email") if isinstance(bill, dict) else None
    return {**{name: one.get(name) for name in _CUSTOMER}, "billing": {"email": billed}}


def _dicts(found: Any) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
