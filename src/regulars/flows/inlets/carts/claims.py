"""To which cart a reserved reward is promised: to one at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.base.tx import Tx
from regulars.flows.inlets.carts.promises import PaidCart, best_offers, offer_key
from regulars.records.inlets import read, write
from regulars.records.inlets.types import Arrival
from regulars.records.inlets.write import Came
from regulars.records.once.types import digest

CART_LIVES: Final = timedelta(hours=1)
"""So long a promise stands to a cart of which no order is known."""
RENEWED: Final = timedelta(minutes=30)
"""A cart that is asked about again so long after its promise is promised it anew."""
MOST_CLAIMS: Final = 40
"""Promises of one reward that are kept; after that no other cart has it off."""
Fact = Literal["ordered", "canceled", "paid"]
_decode: Final = msgspec.json.Decoder(dict[str, Any]).decode
_encode: Final = msgspec.json.Encoder().encode


class OrderedCart(Struct, frozen=True):
    """A cart that became an order, paid or not, and whether that was cancelled."""

    cart: str
    canceled: bool
    off_minor: int = 0
    """How much is off it."""
    order: str = ""
    """Its number, as the shop's people know it."""


def claim_key(redemption_id: UUID, number: int) -> UUID:
    """By which the so-manyth promise of a reward is known."""
    return digest("cart reward", redemption_id.hex, str(number))


def cart_name(cart: str) -> str:
    """What a promise to a cart is called; it stays when its body is forgotten."""
    return f"cart {cart}"


async def free_for(tx: Tx, inlet_id: UUID, cart: str, rewards: Sequence[UUID]) -> dict[UUID, int]:
    """Of these reserved rewards those that no other cart is promised: by id, which promise of it is
    to be kept before it is said; 0 where that is kept already.

    Order: another cart holds it until its order is known to be cancelled, or for an hour where no
    order is known.
    """
    numbers = range(1, MOST_CLAIMS + 1)
    keys = {(inlet_id, claim_key(id_, at)): (id_, at) for id_ in rewards for at in numbers}
    last: dict[UUID, tuple[int, UUID]] = {}
    for key, (_, arrival_id) in (await read.known(tx, list(keys))).items():
        id_, at = keys[key]
        last[id_] = max(last.get(id_, (0, arrival_id)), (at, arrival_id))
    rows = await read.some(tx, [arrival_id for _, arrival_id in last.values()])
    facts = await _facts(tx, inlet_id, {row.name for row in rows.values()})
    free: dict[UUID, int] = {}
    for id_ in rewards:
        at, arrival_id = last.get(id_, (0, inlet_id))
        row = rows.get(arrival_id)
        if row is None:
            free[id_] = 1
        elif row.name == cart_name(cart):
            renews = tx.now - row.received_at > RENEWED and at < MOST_CLAIMS
            free[id_] = at + 1 if renews else 0
        elif at < MOST_CLAIMS and _is_over(tx, row, facts):
            free[id_] = at + 1
    return free


async def paid_now(tx: Tx, carts: Mapping[tuple[UUID, str], bytes]) -> set[tuple[UUID, str]]:
    """Of these carts by their sources, each with its promise as it is kept, those that nobody heard
    to be paid before; from now on they are known to be."""
    keys = {(id_, _fact_key(cart_name(cart), "paid")): (id_, cart) for id_, cart in carts}
    known = await read.known(tx, sorted(keys))
    fresh = {key: one for key, one in keys.items() if key not in known}
    told = [
        Came(tx.new_id(), *key, digest("paid", one[1]), "cart paid", cart_name(one[1]), "", body)
        for key, one in fresh.items()
        for body in (carts[one],)
    ]
    await tx.write(write.keep(tx, told))
    return set(fresh.values())


async def carts_ordered(
    tx: Tx, ordered: Mapping[UUID, Sequence[OrderedCart]]
) -> list[tuple[UUID, OrderedCart, tuple[UUID, ...]]]:
    """By source, its carts that became orders: what was promised to them stays theirs until it is
    handed over, or the order is cancelled. Which of them were not known to be so, with the source
    and the rewards that are off it.

    Keeps: nothing of a cart that was promised nothing; told again, nothing changes.
    """
    facts: dict[tuple[UUID, UUID], tuple[OrderedCart, Fact]] = {}
    firsts: dict[tuple[UUID, UUID], tuple[UUID, UUID]] = {}
    for inlet_id, some in ordered.items():
        for one in some:
            fact: Fact = "canceled" if one.canceled else "ordered"
            key = (inlet_id, _fact_key(cart_name(one.cart), fact))
            facts[key] = (one, fact)
            firsts[key] = (inlet_id, offer_key(one.cart, 1))
    if not facts:
        return []
    known = await read.known(tx, sorted({*facts, *firsts.values()}))
    fresh = {key: one for key, one in facts.items() if key not in known and firsts[key] in known}
    bodies = await read.some(tx, [known[firsts[key]][1] for key in fresh])
    carts = [(key[0], PaidCart(one.cart, one.off_minor)) for key, (one, _) in fresh.items()]
    best = await best_offers(tx, carts)
    came, became = [], []
    for key, (one, fact) in fresh.items():
        first, offer = bodies[known[firsts[key]][1]], best.get((key[0], one.cart))
        if first.body is None:
            continue
        off = () if offer is None else offer.redemptions
        more = {"order": one.order, "off": [id_.hex for id_ in off]}
        told = (f"cart {fact}", cart_name(one.cart), "", _encode(_decode(first.body) | more))
        came.append(Came(tx.new_id(), key[0], key[1], digest(fact, one.cart), *told))
        became.append((key[0], one, off))
    await tx.write(write.keep(tx, came))
    return became


async def _facts(tx: Tx, inlet_id: UUID, names: set[str]) -> set[tuple[str, Fact]]:
    return set(await known_facts(tx, inlet_id, names))


async def known_facts(tx: Tx, inlet_id: UUID, names: set[str]) -> dict[tuple[str, Fact], UUID]:
    """What is known of these carts, with the arrival that says so."""
    facts: tuple[Fact, ...] = get_args(Fact)
    keys = {(inlet_id, _fact_key(name, fact)): (name, fact) for name in names for fact in facts}
    return {keys[key]: id_ for key, (_, id_) in (await read.known(tx, list(keys))).items()}


def _fact_key(name: str, fact: Fact) -> UUID:
    return digest("cart fact", name, fact)


def _is_over(tx: Tx, row: Arrival, facts: set[tuple[str, Fact]]) -> bool:
    if (row.name, "canceled") in facts:
        return True
    return (row.name, "ordered") not in facts and tx.now - row.received_at > CART_LIVES
