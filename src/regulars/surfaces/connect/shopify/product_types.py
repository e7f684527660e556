"""The types of products, which no order tells: asked for once and known for a while."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import msgspec

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.surfaces.connect.catching.asking import NotTold, Odd, Send, Shop
from regulars.surfaces.connect.inlets.kinds import encoded
from regulars.surfaces.connect.inlets.mapping import read_mapping
from regulars.surfaces.connect.shopify.as_webhooks import number
from regulars.surfaces.connect.shopify.events import event_of
from regulars.surfaces.connect.shopify.graphql import asked
from regulars.surfaces.connect.shopify.orders import ORDER, PAID, TYPES, shape_of
from regulars.surfaces.senders.outgoing.client import NoAnswer
from regulars.surfaces.senders.outgoing.guard import NotAllowed

BY_TYPE: Final = "product_type"
"""What a mapping reads that needs them."""
KNOWN_FOR: Final = timedelta(hours=1)
A_BATCH: Final = 250
"""Products of one question. Source: Shopify GraphQL Admin API, `nodes`."""
MOST_KNOWN: Final = 200_000
LONGEST: Final = 200
MOST_ID: Final = 2**63
"""No number of a product reaches it; a question that names one is refused as a whole."""
QUERY: Final = """
query Types($ids: [ID!]!) {
  nodes(ids: $ids) { ... on Product { id productType } }
}
"""
_ODD: Final = "it answers something that is no answer of its GraphQL"


class ProductTypes:
    """What was read of the products of all shops, and when.

    Keeps: what a worker knows it forgets when it begins anew; asking again costs a question for
    250 products.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], tuple[str, datetime]] = {}

    async def of(
        self, send: Send, shop: Shop, products: Iterable[int], now: datetime
    ) -> dict[str, str]:
        """By the number of each product its type; empty where it has none, or is gone.

        Order: what was known when it was asked for is told, whatever somebody else who asks
        meanwhile makes forgotten. Raises: NotTold.
        """
        some = sorted(set(products))
        said = {one: type_ for one in some if (type_ := self._fresh(shop, one, now)) is not None}
        stale = [one for one in some if one not in said]
        for at in range(0, len(stale), A_BATCH):
            said |= await self._read(send, shop, stale[at : at + A_BATCH], now)
        return {str(one): said[one] for one in some}

    def _fresh(self, shop: Shop, product: int, now: datetime) -> str | None:
        found = self._known.get((shop.address, product))
        return found[0] if found is not None and now - found[1] < KNOWN_FOR else None

    async def _read(self, send: Send, shop: Shop, some: list[int], now: datetime) -> dict[int, str]:
        ids = [f"gid://shopify/Product/{one}" for one in some]
        try:
            nodes = (await asked(send, shop, QUERY, {"ids": ids})).get("nodes")
        except (NoAnswer, NotAllowed) as why:
            raise NotTold(why.why) from None
        if not isinstance(nodes, list) or len(nodes) != len(ids):
            raise Odd(_ODD)
        told = {}
        for one in nodes:
            if isinstance(one, dict) and one:
                try:
                    told[number(one["id"])] = str(one["productType"] or "")[:LONGEST]
                except (KeyError, ValueError, AttributeError):
                    raise Odd(_ODD) from None
        if len(self._known) + len(some) > MOST_KNOWN:
            self._known.clear()
        said = {product: told.get(product, "") for product in some}
        self._known |= {(shop.address, one): (type_, now) for one, type_ in said.items()}
        return said


KNOWN: Final = ProductTypes()


@lru_cache(maxsize=256)  # asked for with each event
def reads_types(mapping: str) -> bool:
    """Whether a mapping reads them; a comment that speaks of them does not."""
    return BY_TYPE.encode() in msgspec.json.encode(read_mapping(mapping))


def products_of(order: Mapping[str, Any]) -> set[int]:
    """Of which products an order that counts has lines; none of one that is not paid, or a test,
    as nothing of it is booked."""
    if order.get("financial_status") not in PAID or order.get("test") is True:
        return set()
    lines = order.get("line_items")
    some = (one.get("product_id") for one in lines or () if isinstance(one, dict))
    return {
        one
        for one in some
        if isinstance(one, int) and not isinstance(one, bool) and 0 < one < MOST_ID
    }


def wants_types(root: Any) -> str | None:
    """Which order it is whose products are to be asked for; nothing where all is said."""
    if not isinstance(root, dict) or shape_of(root) != ORDER or TYPES in root:
        return None
    id_ = root.get("id")
    return f"{ORDER} {id_}" if isinstance(id_, int) and products_of(root) else None


async def completed(send: Send, shop: Shop, order: Mapping[str, Any], now: datetime) -> Sent:
    """The same order with the types of its products, as an event; where it has none that count, as
    it is.

    Keeps: whether a webhook told it or it was asked for, it is known by what it says.
    Raises: NotTold.
    """
    some = products_of(order)
    types = {TYPES: await KNOWN.of(send, shop, some, now)} if some else {}
    return event_of(encoded({**order, **types}))
