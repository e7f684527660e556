"""What carts in a shop were promised, as it is kept, and which promise an order used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.base.tx import Tx
from regulars.records.inlets import read
from regulars.records.once.types import digest

MOST_OFFERS: Final = 20
"""Different promises to one cart that are kept; of one that changes more often nothing is off."""


class Offer(Struct, frozen=True):
    """So much is off a cart, by these reserved rewards."""

    cart: str
    redemptions: tuple[UUID, ...]
    amount_minor: int
    body: bytes = b""
    """As it is kept."""


class PaidCart(Struct, frozen=True):
    """A cart that became a paid order, and how much was off it."""

    cart: str
    off_minor: int


_decode: Final = msgspec.json.Decoder(dict[str, Any]).decode


def offer_key(cart: str, number: int) -> UUID:
    """By which the so-manyth promise to a cart is known."""
    return digest("cart", cart, str(number))


async def best_offers(
    tx: Tx, carts: Sequence[tuple[UUID, PaidCart]]
) -> dict[tuple[UUID, str], Offer]:
    """Of these carts with their sources, what was promised to each: of several promises the largest
    that fits into what was off it."""
    numbers = range(1, MOST_OFFERS + 1)
    keys = {
        (inlet_id, offer_key(one.cart, number)): (inlet_id, one)
        for inlet_id, one in carts
        for number in numbers
    }
    known = await read.known(tx, sorted(keys)) if keys else {}
    rows = await read.some(tx, [arrival_id for _, arrival_id in known.values()])
    best: dict[tuple[UUID, str], Offer] = {}
    for key, (_, arrival_id) in known.items():
        inlet_id, cart = keys[key]
        row = rows.get(arrival_id)
        offer = None if row is None or row.body is None else offer_of(_decode(row.body), row.body)
        before = best.get((inlet_id, cart.cart))
        if offer is None or offer.amount_minor > cart.off_minor:
            continue
        if before is None or before.amount_minor < offer.amount_minor:
            best[inlet_id, cart.cart] = offer
    return best


def told(offer: Offer) -> dict[str, Any]:
    """A promise as it is kept."""
    ids = [id_.hex for id_ in offer.redemptions]
    return {"cart": offer.cart, "redemptions": ids, "amount_minor": offer.amount_minor}


def offer_of(found: Mapping[str, Any], body: bytes = b"") -> Offer:
    """The promise that was kept, by these words."""
    ids = tuple(UUID(id_) for id_ in found["redemptions"])
    return Offer(str(found["cart"]), ids, int(found["amount_minor"]), body)
