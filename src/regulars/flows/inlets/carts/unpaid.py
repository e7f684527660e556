"""What an unpaid order has off stays its own: nobody gives it back or hands it over elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from regulars.base.faults import Refused
from regulars.base.tx import Tx
from regulars.flows.batch.askings import Asking
from regulars.flows.commands import Settle
from regulars.flows.inlets.carts.claims import MOST_CLAIMS, claim_key, known_facts
from regulars.records.inlets import read
from regulars.records.inlets.types import Arrival
from regulars.records.rewards.types import Redemption

_decode: Final = msgspec.json.Decoder(dict[str, Any]).decode


async def refuse_ordered(
    tx: Tx, asked: Sequence[Asking[Any]], redemptions: Mapping[UUID, Redemption]
) -> None:
    """Refuse to end what an order of a shop has off and nobody paid yet, but for that order.

    Order: the members are locked, so that no order is heard of meanwhile.
    Refuses: off_an_order, with the number of the order and the name of the shop.
    """
    ends = [one for one in asked if one.open and isinstance(one.command, Settle)]
    mine = [one for one in ends if not one.command.by_order]
    ids = [one.command.redemption_id for one in mine]
    held = [id_ for id_ in ids if id_ in redemptions and _is_money_off(redemptions[id_], tx.now)]
    off = await off_orders(tx, sorted(set(held)))
    for one in mine:
        if one.command.redemption_id in off:
            one.outcome = off_an_order(*off[one.command.redemption_id])


def _is_money_off(one: Redemption, now: datetime) -> bool:
    """Whether it is reserved, and of the kind that a cart may have off."""
    return one.state == "held" and one.promised.worth_minor > 0 and one.lapses_at > now


async def off_orders(tx: Tx, redemptions: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Which of these reserved rewards are off an order of a shop that is neither paid nor
    cancelled: the number of the order, empty where it was not told, and the name of the shop.

    Order: of sources that are here; an order of one that was deleted is heard no more.
    """
    sources = {one.inlet_id: one.name for one in await read.inlets(tx)} if redemptions else {}
    firsts = {(at, claim_key(id_, 1)): id_ for at in sources for id_ in redemptions}
    promised = {(key[0], firsts[key]) for key in await read.known(tx, sorted(firsts))}
    off: dict[UUID, tuple[str, str]] = {}
    for inlet_id in sorted({at for at, _ in promised}):
        some = [id_ for at, id_ in promised if at == inlet_id]
        for id_, order in (await _off_there(tx, inlet_id, some)).items():
            off[id_] = (order, sources[inlet_id])
    return off


async def _off_there(tx: Tx, inlet_id: UUID, redemptions: Sequence[UUID]) -> dict[UUID, str]:
    """Of one shop: which of these rewards are off an unpaid order, with its number."""
    numbers = range(1, MOST_CLAIMS + 1)
    keys = {(inlet_id, claim_key(id_, at)): id_ for id_ in redemptions for at in numbers}
    claims = {found[1]: keys[key] for key, found in (await read.known(tx, list(keys))).items()}
    rows = await read.some(tx, list(claims))
    facts = await known_facts(tx, inlet_id, {row.name for row in rows.values()})
    ended = {name for name, fact in facts if fact != "ordered"}
    there = {name: id_ for (name, fact), id_ in facts.items() if fact == "ordered"}
    orders = await read.some(tx, [id_ for name, id_ in there.items() if name not in ended])
    off: dict[UUID, str] = {}
    for claim in rows.values():
        id_ = claims[claim.arrival_id]
        order = orders.get(there.get(claim.name, inlet_id))
        if order is not None and _has_off(order, id_):
            off[id_] = _number(order)
    return off


def _has_off(order: Arrival, redemption_id: UUID) -> bool:
    """Whether an order has a reward off that its cart was promised.

    Keeps: where it was not told, or is forgotten, it has.
    """
    said = {} if order.body is None else _decode(order.body)
    return redemption_id.hex in said.get("off", [redemption_id.hex])


def _number(order: Arrival) -> str:
    return "" if order.body is None else str(_decode(order.body).get("order", ""))


def off_an_order(order: str, shop: str) -> Refused:
    """Why nobody ends a reward by hand that an unpaid order has off."""
    facts = {"order": order, "shop": shop} if order else {"shop": shop}
    named = f"order {order}" if order else "an order"
    says = f"it is off {named} of {shop}, which is not paid yet; cancel the order there first"
    return Refused("off_an_order", says, facts)
