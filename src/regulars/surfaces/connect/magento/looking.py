"""Asks for an order with its credit memos, or for a customer; only what counts of them is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.surfaces.connect.catching.asking import NotTold, Odd, Send, Shop
from regulars.surfaces.connect.magento.api.asking import MagentoApi, Missing
from regulars.surfaces.connect.magento.events import CUSTOMER, ORDER, moment, whole

_ORDER: Final = (
    "entity_id", "increment_id", "state", "status", "created_at", "updated_at", "store_id",
    "base_currency_code", "base_grand_total", "base_total_paid", "base_total_refunded",
    "base_discount_amount", "base_shipping_amount", "customer_id", "customer_is_guest",
    "customer_email", "coupon_code", "quote_id", "discount_description",
)  # fmt: skip
"""Of an order; names and addresses are not kept."""
_ITEM: Final = (
    "item_id", "parent_item_id", "sku", "name", "product_type", "qty_ordered", "qty_canceled",
    "base_row_total", "base_discount_amount", "base_tax_amount",
    "base_discount_tax_compensation_amount",
)  # fmt: skip
_STORED: Final = ("base_gift_cards_amount", "base_customer_balance_amount")
_MEMO: Final = ("entity_id", "state", "created_at", "base_grand_total")
_CUSTOMER: Final = ("id", "email", "confirmation", "updated_at")
MEMOS_AT_ONCE: Final = 100


async def looked_up(send: Send, shop: Shop, about: str, now: datetime) -> Sent | None:
    """What this is by now; nothing where the shop has none of this number. Raises: NotTold."""
    api, (what, _, number) = MagentoApi(send, shop), about.partition(":")
    try:
        if what == CUSTOMER:
            return _customer(await api.get(f"customers/{number}"))
        if what == "number":
            where = (("increment_id", "eq", number),)
            orders = (await api.listed("orders", where, (), (1, 1))).rows
        else:
            orders = [await api.get(f"orders/{number}")]
    except Missing:
        return None
    found = await wholes(api, orders)
    return found[0] if found else None


async def wholes(api: MagentoApi, orders: Sequence[Mapping[str, Any]]) -> tuple[Sent, ...]:
    """These orders as events, each with its credit memos. Raises: NotTold.

    Order: memos are asked for by all orders of which something was given back, in one list.
    Keeps: what gift cards and store credit paid is no part of what a memo gives back, so that may
    be nothing at all; a shop writes 0 there once there is a memo, and nothing before.
    """
    if any(_id(one) is None for one in orders):
        raise Odd("it answers something that is no list of orders")
    ids = [str(_id(one)) for one in orders if _gave_back(one)]
    memos: dict[str, list[Any]] = {}
    if ids:
        where = (("order_id", "in", ",".join(ids)),)
        for memo in await api.everything("creditmemos", where, MEMOS_AT_ONCE):
            memos.setdefault(str(memo.get("order_id")), []).append(memo)
    return tuple(_order(one, memos.get(str(_id(one)), [])) for one in orders)


def _gave_back(order: Mapping[str, Any]) -> bool:
    return order.get("base_total_refunded") is not None or order.get("state") == "closed"


async def customers(api: MagentoApi, orders: Sequence[Mapping[str, Any]]) -> tuple[Sent, ...]:
    """Who bought by these orders, of whom the shop made sure that the address is theirs.

    A key that may read orders and no customers tells none, and that holds no order up.
    Raises: NotTold where the shop asks for a pause.
    """
    ids = (one.get("customer_id") for one in orders if not one.get("customer_is_guest"))
    some = sorted({str(one) for one in ids if isinstance(one, int) and one > 0})
    if not some:
        return ()
    where = (("entity_id", "in", ",".join(some)),)
    try:
        found = (await api.listed("customers/search", where, ("entity_id",), (1, len(some)))).rows
    except NotTold as why:
        if why.wait_s:
            raise
        return ()
    return tuple(_customer(one) for one in found if not one.get("confirmation"))


def _order(order: Mapping[str, Any], memos: Sequence[Mapping[str, Any]]) -> Sent:
    address, beside = order.get("billing_address"), order.get("extension_attributes")
    address = address if isinstance(address, dict) else {}
    beside = beside if isinstance(beside, dict) else {}
    items = [_some(one, _ITEM) for one in _dicts(order.get("items"))]
    said = {
        **_some(order, _ORDER),
        "telephone": address.get("telephone"),
        "items": items,
        **_some(beside, _STORED),
    }
    told = [
        {
            **_some(memo, _MEMO),
            "items": [_some(one, ("order_item_id", "qty")) for one in _dicts(memo.get("items"))],
        }
        for memo in memos
    ]
    found = {"object": ORDER, "order": said, "memos": told}
    return whole(f"{ORDER} {_id(order)}", found, moment(order.get("updated_at")))


def _customer(customer: Mapping[str, Any]) -> Sent:
    found = {"object": CUSTOMER, "customer": _some(customer, _CUSTOMER)}
    name = f"{CUSTOMER} {customer.get('id')}"
    return whole(name, found, moment(customer.get("updated_at")))


def _some(found: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: found[name] for name in names if found.get(name) is not None}


def _dicts(found: Any) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _id(order: Mapping[str, Any]) -> int | str | None:
    found = order.get("entity_id")
    return found if isinstance(found, (int, str)) and str(found).isdigit() else None
