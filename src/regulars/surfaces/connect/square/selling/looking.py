"""Asks for an order whole: with the sales it gives back, their payments, and who bought."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.surfaces.connect.catching.asking import Odd, Send, Shop
from regulars.surfaces.connect.square.selling.asking import Missing, SquareApi
from regulars.surfaces.connect.square.selling.events import first_id, is_id, whole

_PAYMENT: Final = ("id", "order_id", "status", "total_money", "refunded_money")
_CUSTOMER: Final = {
    "id": "id",
    "email": "email_address",
    "phone": "phone_number",
    "reference": "reference_id",
}
"""What of a customer counts, and what Square calls it; the rest is not kept."""


async def looked_up(send: Send, shop: Shop, about: str, now: datetime) -> Sent | None:
    """The order as it is by now; nothing where the account has none of this number.

    Raises: NotTold.
    """
    api = SquareApi(send, shop)
    try:
        found = (await api.get(f"orders/{about}")).get("order")
    except Missing:
        return None
    if not isinstance(found, dict) or not is_id(found.get("id")):
        raise Odd("it answers something that is no object")
    (one,) = await wholes(api, [found])
    return one


async def wholes(api: SquareApi, orders: Sequence[Mapping[str, Any]]) -> tuple[Sent, ...]:
    """These orders as events. Raises: NotTold.

    Order: an order that gives back names the sale, or only the payment, which names it; how much of
    a sale was given back in all is said by its payments, each of which is asked for.
    """
    backs = [one for one in orders if one.get("returns")]
    paid = await _payments(api, {id_ for one in backs for id_ in _refunded(one)})
    known = {str(one["id"]): one for one in orders}
    wanted = {sale for one in backs for sale in _sales(one, paid)}
    known |= await api.orders(wanted - known.keys())
    tenders = {id_ for sale in wanted & known.keys() for id_ in tenders_of(known[sale])}
    paid |= await _payments(api, tenders - paid.keys())
    sales = {id_: known[id_] for id_ in wanted & known.keys()}
    who = await api.customers(
        {id_ for one in (*orders, *sales.values()) if (id_ := customer_of(one))}
    )
    there = _There(sales, paid, who)
    return tuple(whole(one, there.beside(one)) for one in orders)


class _There(NamedTuple):
    """What was asked for beside some orders."""

    sales: Mapping[str, Mapping[str, Any]]
    paid: Mapping[str, Mapping[str, Any]]
    who: Mapping[str, Mapping[str, Any]]

    def beside(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """What belongs to one of them."""
        if not order.get("returns"):
            return {"customer": self._who(order), "sales": [], "payments": []}
        ids = [id_ for id_ in _sales(order, self.paid) if id_ in self.sales]
        sales = [self._sale(self.sales[id_]) for id_ in ids]
        theirs = {id_ for one in ids for id_ in tenders_of(self.sales[one])}
        theirs |= set(_refunded(order))
        paid = [
            {name: self.paid[id_].get(name) for name in _PAYMENT}
            for id_ in sorted(theirs)
            if id_ in self.paid
        ]
        return {"customer": self._who(order), "sales": sales, "payments": paid}

    def _sale(self, sale: Mapping[str, Any]) -> dict[str, Any]:
        lines = sale.get("line_items") or []
        told = [
            {"uid": one.get("uid"), "quantity": one.get("quantity")}
            for one in lines
            if isinstance(one, dict)
        ]
        return {
            "id": sale["id"],
            "total_money": sale.get("total_money"),
            "line_items": told,
            "customer": self._who(sale),
        }

    def _who(self, order: Mapping[str, Any]) -> dict[str, Any] | None:
        id_ = customer_of(order)
        if not id_:
            return None
        found = self.who.get(id_, {})
        return {name: found.get(theirs) for name, theirs in _CUSTOMER.items()} | {"id": id_}


def customer_of(order: Mapping[str, Any]) -> str:
    """Who bought: the order's customer, or who paid; empty where the till did not say."""
    tenders = order.get("tenders")
    tenders = tenders if isinstance(tenders, list) else []
    paid_by = (one.get("customer_id") for one in tenders if isinstance(one, dict))
    return first_id([order.get("customer_id"), *paid_by])


def tenders_of(order: Mapping[str, Any]) -> Iterator[str]:
    """The numbers of the payments an order was paid by."""
    found = order.get("tenders")
    for one in found if isinstance(found, list) else ():
        id_ = first_id([one.get("payment_id"), one.get("id")]) if isinstance(one, dict) else ""
        if id_:
            yield id_


def _refunded(order: Mapping[str, Any]) -> Iterator[str]:
    """Of which payments an order gives money back."""
    found = order.get("refunds")
    for one in found if isinstance(found, list) else ():
        id_ = first_id([one.get("tender_id")]) if isinstance(one, dict) else ""
        if id_:
            yield id_


def _sales(order: Mapping[str, Any], paid: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Which sales an order gives back: those it names, else those its payments paid."""
    found = order.get("returns")
    named = [
        id_
        for one in (found if isinstance(found, list) else ())
        if isinstance(one, dict) and (id_ := first_id([one.get("source_order_id")]))
    ]
    paid_for = [
        id_
        for one in _refunded(order)
        if one in paid and (id_ := first_id([paid[one].get("order_id")]))
    ]
    return list(dict.fromkeys(named or [id_ for id_ in paid_for if id_ != order.get("id")]))


async def _payments(api: SquareApi, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    found = {id_: await api.payment(id_) for id_ in sorted(ids)}
    return {id_: one for id_, one in found.items() if one is not None}
