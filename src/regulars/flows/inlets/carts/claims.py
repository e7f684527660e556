"""To which cart a reserved reward is promised: to one at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
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


class OrderedCart(Struct, frozen=True):
    """A cart that became an order, paid or not, and whether that was cancelled."""

    cart: str
    canceled: bool
    off_minor: int = 0
    """How much is off it."""


def offer_key(cart: str, number: int) -> UUID:
    """By which the so-manyth promise to a cart is known."""
    return digest("cart", cart, str(number))


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


async def is_off_an_order(tx: Tx, redemption_id: UUID) -> bool:
    """Whether a reserved reward was promised to a cart that is an order by now, which nobody
    cancelled: it is not to be given back.

    Order: of sources that are here; an order of one that was deleted is heard no more.
    """
    sources = [one.inlet_id for one in await read.inlets(tx)]
    firsts = await read.known(tx, [(id_, claim_key(redemption_id, 1)) for id_ in sources])
    for inlet_id in sorted({id_ for id_, _ in firsts}):
        keys = [(inlet_id, claim_key(redemption_id, at)) for at in range(1, MOST_CLAIMS + 1)]
        claims = [arrival_id for _, arrival_id in (await read.known(tx, keys)).values()]
        names = {row.name for row in (await read.some(tx, claims)).values()}
        facts = await _facts(tx, inlet_id, names)
        if any((name, "ordered") in facts and (name, "canceled") not in facts for name in names):
            return True
    return False


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
) -> list[tuple[UUID, OrderedCart]]:
    """By source, its carts that became orders: what was promised to them stays theirs until it is
    handed over, or the order is cancelled. Which of them were not known to be so, with the source.

    Keeps: nothing of a cart that was promised nothing; told again, nothing changes.
    """
    facts: dict[tuple[UUID, UUID], tuple[OrderedCart, Fact]] = {}
    firsts: dict[tuple[UUID, UUID], str] = {}
    for inlet_id, some in ordered.items():
        for one in some:
            fact: Fact = "canceled" if one.canceled else "ordered"
            facts[inlet_id, _fact_key(cart_name(one.cart), fact)] = (one, fact)
            firsts[inlet_id, offer_key(one.cart, 1)] = one.cart
    if not facts:
        return []
    known = await read.known(tx, sorted({*facts, *firsts}))
    bodies = await read.some(tx, [known[key][1] for key in firsts if key in known])
    offers = {(key[0], firsts[key]): bodies[known[key][1]] for key in firsts if key in known}
    fresh, became = [], []
    for key, (one, fact) in facts.items():
        offer = offers.get((key[0], one.cart))
        if key in known or offer is None or offer.body is None:
            continue
        told = (f"cart {fact}", cart_name(one.cart), "", offer.body)
        fresh.append(Came(tx.new_id(), key[0], key[1], digest(fact, one.cart), *told))
        became.append((key[0], one))
    await tx.write(write.keep(tx, fresh))
    return became


async def _facts(tx: Tx, inlet_id: UUID, names: set[str]) -> set[tuple[str, Fact]]:
    facts: tuple[Fact, Fact] = ("ordered", "canceled")
    keys = {(inlet_id, _fact_key(name, fact)): (name, fact) for name in names for fact in facts}
    return {keys[key] for key in await read.known(tx, list(keys))}


def _fact_key(name: str, fact: Fact) -> UUID:
    return digest("cart fact", name, fact)


def _is_over(tx: Tx, row: Arrival, facts: set[tuple[str, Fact]]) -> bool:
    if (row.name, "canceled") in facts:
        return True
    return (row.name, "ordered") not in facts and tx.now - row.received_at > CART_LIVES
