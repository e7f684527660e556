"""Asks a Shopify shop which orders changed: its GraphQL Admin API, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any, Final, NamedTuple

import msgspec

from regulars.base.faults import Fault
from regulars.flows.inlets.keep_arrivals import Sent
from regulars.records.inlets.catching.types import Answered
from regulars.surfaces.connect.catching.asking import NotTold, Page, Send, Shop, Since
from regulars.surfaces.connect.shopify.as_webhooks import as_webhook
from regulars.surfaces.connect.shopify.events import event_of
from regulars.surfaces.connect.shopify.graphql import asked, asked_at_a_price
from regulars.surfaces.connect.shopify.product_types import (
    KNOWN,
    completed,
    products_of,
    reads_types,
)

A_PAGE: Final = 10
"""Orders; a shop answers what costs a thousand points at most, and each of their lines costs."""
MOST_AT_ONCE: Final = 50
"""So many, where the shop said that they cost little enough."""
_SPENDS: Final = 0.75
"""Of what one question may cost: the rest is for whoever else asks by the same app."""
LINES: Final = 20
"""Of each of them; of a longer one the others are asked for by themselves."""
MOST_LINES: Final = 250
_MONEY: Final = "{ shopMoney { amount } }"
_LINE: Final = f"""
nodes {{
  id sku name quantity isGiftCard originalUnitPriceSet {_MONEY}
  discountAllocations {{ allocatedAmountSet {_MONEY} }}
  taxLines {{ priceSet {_MONEY} }}
}}
pageInfo {{ hasNextPage endCursor }}
"""
_PIECES: Final = "nodes { quantity lineItem { id } } pageInfo { hasNextPage endCursor }"
_PAID: Final = f"""
nodes {{ kind status amountSet {_MONEY} }} pageInfo {{ hasNextPage endCursor }}
"""
REFUNDS: Final = 50
"""Of an order, with it; of one that may have more, all are counted, and the others asked for."""
_ONE_REFUND: Final = f"""
  id createdAt
  refundLineItems(first: {LINES}) {{ {_PIECES} }}
  transactions(first: 5) {{ {_PAID} }}
"""
_REFUND: Final = f"refunds(first: {REFUNDS}) {{ {_ONE_REFUND} }}"
_ORDER: Final = f"""
id email phone sourceName test taxesIncluded currencyCode processedAt createdAt updatedAt
cancelledAt displayFinancialStatus discountCodes
customer {{
  id updatedAt verifiedEmail
  defaultEmailAddress {{ emailAddress }} defaultPhoneNumber {{ phoneNumber }}
}}
totalPriceSet {_MONEY} totalShippingPriceSet {_MONEY} totalTipReceivedSet {_MONEY}
lineItems(first: {LINES}) {{ {_LINE} }}
{_REFUND}
"""
ORDERS: Final = f"""
query Orders($changed: String!, $first: Int!, $after: String) {{
  orders(first: $first, after: $after, query: $changed, sortKey: UPDATED_AT) {{
    nodes {{ {_ORDER} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
  ordersCount(query: $changed, limit: null) {{ count }}
}}
"""
PASSED: Final = """
query Passed($changed: String!, $first: Int!, $after: String) {
  orders(first: $first, after: $after, query: $changed, sortKey: UPDATED_AT) {
    pageInfo { endCursor }
  }
}
"""
MORE: Final = f"""
query Lines($id: ID!, $after: String) {{
  order(id: $id) {{ lineItems(first: {MOST_LINES}, after: $after) {{ {_LINE} }} }}
}}
"""
PIECES: Final = f"""
query Pieces($id: ID!, $after: String) {{
  refund(id: $id) {{ refundLineItems(first: {MOST_LINES}, after: $after) {{ {_PIECES} }} }}
}}
"""
PAYMENTS: Final = f"""
query Payments($id: ID!, $after: String) {{
  refund(id: $id) {{ transactions(first: {MOST_LINES}, after: $after) {{ {_PAID} }} }}
}}
"""
ALL_REFUNDS: Final = f"""
query AllRefunds($id: ID!) {{
  order(id: $id) {{ refunds(first: {MOST_LINES}) {{ id }} }}
}}
"""
REFUND: Final = f"""
query OneRefund($id: ID!) {{
  refund(id: $id) {{ {_ONE_REFUND} }}
}}
"""
_ODD: Final = "it answers something that is no list of orders"


def with_products(query: str) -> str:
    """The same question, which asks of each line its product, too; that needs one scope more."""
    return query.replace("id sku name", "id sku name product { id }")


WITH_PRODUCTS: Final = {query: with_products(query) for query in (ORDERS, MORE)}


class ShopifyOrders:
    """The orders of a shop, for whoever asks it."""

    def __init__(self, *, by_type: bool = False) -> None:
        self._sizes: dict[str, int] = {}
        """How many of each shop are asked for at once, by what the last ones cost."""
        self._by_type = by_type

    def by(self, mapping: str) -> ShopifyOrders:
        """The same, for what this mapping reads."""
        return _BY_TYPE if reads_types(mapping) else self

    async def page(self, send: Send, shop: Shop, since: Since) -> Page:
        """One page of the orders that changed from then on, the oldest change first.

        Keeps: each becomes what its webhook tells, so whatever both tell is one event.
        Raises: NotTold.
        Source: Shopify GraphQL Admin API, `orders` (`updated_at`, `sortKey: UPDATED_AT`).
        """
        at = since.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        changed = f"updated_at:>='{at}'"
        size = A_PAGE // 2 if self._by_type else A_PAGE
        after = await _after(send, shop, changed, size * (since.page - 1))
        # Within a moment that fills pages they are counted, so all of them are of one size.
        first = size if since.page > 1 else self._sizes.pop(shop.address, size)
        wish = {"changed": changed, "first": first, "after": after}
        orders_asked = WITH_PRODUCTS[ORDERS] if self._by_type else ORDERS
        said, part = await asked_at_a_price(send, shop, orders_asked, wish)
        if part is not None:
            fits = int(first * _SPENDS / part)
            self._sizes[shop.address] = max(size, min(fits, MOST_AT_ONCE))
        try:
            found, there = said["orders"], said["orders"]["pageInfo"]
            more_lines = WITH_PRODUCTS[MORE] if self._by_type else MORE
            orders = [await _whole(send, shop, one, more_lines) for one in found["nodes"]]
            events = await self._events(send, shop, [as_webhook(one) for one in orders])
            who = _customers(orders)
            more = there["hasNextPage"] is True
            count = int(said["ordersCount"]["count"])
        except (KeyError, TypeError, ValueError, AttributeError, Fault):
            raise NotTold(_ODD) from None
        if any(one.told_at is None for one in events) or (more and not events):
            raise NotTold(_ODD)
        times = [one.told_at for one in events if one.told_at is not None]
        ahead = max(0, count - size * (since.page - 1) - len(events))
        told = Answered(max(times, default=None), len(events), more, ahead)
        return Page((*who, *events), told)

    async def _events(
        self, send: Send, shop: Shop, orders: Sequence[dict[str, Any]]
    ) -> tuple[Sent, ...]:
        """Each order as an event; the products of all of them are asked for together, before."""
        if self._by_type:
            assert shop.at is not None, shop.address
            some = {one for order in orders for one in products_of(order)}
            await KNOWN.of(send, shop, some, shop.at)
            return tuple([await completed(send, shop, one, shop.at) for one in orders])
        return tuple(event_of(msgspec.json.encode(one)) for one in orders)


def _customers(orders: Sequence[dict[str, Any]]) -> tuple[Sent, ...]:
    """Who bought, of whom the shop made sure that the address is theirs; each once, before all
    orders, so that a sale is whose the number says.

    Keeps: what is told of somebody who bought once more is told anew, as they may have joined
    since.
    """
    found: dict[int, dict[str, Any]] = {}
    for order in orders:
        one = as_webhook(order)["customer"]
        if one and one["email"] and order["customer"].get("verifiedEmail") is True:
            told = {"id": one["id"], "email": one["email"], "verified_email": True}
            found[one["id"]] = told | {"updated_at": order["customer"]["updatedAt"]}
    return tuple(event_of(msgspec.json.encode(one)) for one in found.values())


_BY_TYPE: Final = ShopifyOrders(by_type=True)


async def _after(send: Send, shop: Shop, changed: str, passed: int) -> str | None:
    """Where the page after so many begins: the shop says it of one order only by its cursor.

    Needed only where more orders changed within one second than fit into a page. Raises: NotTold.
    """
    after: str | None = None
    while passed:
        wish = {"changed": changed, "first": min(passed, MOST_LINES), "after": after}
        try:
            after = (await asked(send, shop, PASSED, wish))["orders"]["pageInfo"]["endCursor"]
        except (KeyError, TypeError):
            raise NotTold(_ODD) from None
        passed -= min(passed, MOST_LINES)
    return after


async def _whole(send: Send, shop: Shop, order: dict[str, Any], more: str) -> dict[str, Any]:
    """An order with all of its lines and pieces, however many. Raises: NotTold."""
    rest = _Rest(send, shop)
    lines = await rest.of(order["lineItems"], more, order["id"], ("order", "lineItems"))
    refunds = [await rest.refund(one) for one in await rest.refunds(order)]
    return {**order, "lineItems": lines, "refunds": refunds}


class _Rest(NamedTuple):
    """Asks for what did not fit into a page."""

    send: Send
    shop: Shop

    async def refunds(self, order: dict[str, Any]) -> list[dict[str, Any]]:
        """All refunds of an order: those that came with it, and each that did not. Raises: NotTold.

        Keeps: a list of refunds has no further page there; two hundred and fifty are told at most.
        """
        there: list[dict[str, Any]] = order["refunds"]
        if len(there) < REFUNDS:
            return there
        told = await asked(self.send, self.shop, ALL_REFUNDS, {"id": order["id"]})
        known = {one["id"]: one for one in there}
        return [
            known[id_]
            if (id_ := one["id"]) in known
            else (await asked(self.send, self.shop, REFUND, {"id": id_}))["refund"]
            for one in told["order"]["refunds"]
        ]

    async def refund(self, one: dict[str, Any]) -> dict[str, Any]:
        """A refund with all of its pieces and payments. Raises: NotTold."""
        parts = (("refundLineItems", PIECES), ("transactions", PAYMENTS))
        whole = {
            name: await self.of(one[name], query, one["id"], ("refund", name))
            for name, query in parts
        }
        return {**one, **whole}

    async def of(self, part: Any, query: str, id_: str, way: tuple[str, str]) -> dict[str, Any]:
        """A list with all that is on its further pages. Raises: NotTold."""
        nodes, there = list(part["nodes"]), part["pageInfo"]
        while there["hasNextPage"]:
            wish = {"id": id_, "after": there["endCursor"]}
            more = (await asked(self.send, self.shop, query, wish))[way[0]][way[1]]
            if not more["nodes"]:
                raise NotTold(_ODD)
            nodes, there = [*nodes, *more["nodes"]], more["pageInfo"]
        return {"nodes": nodes}
