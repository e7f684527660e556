"""What an order has off is reserved for as long as it may be unpaid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.engine.calendar import add_span
from regulars.engine.terms import Terms
from regulars.flows.batch.load import hold_members
from regulars.flows.inlets.carts.claims import OrderedCart
from regulars.records.ledger.reserved import read as reserved
from regulars.records.ledger.write import hold_longer
from regulars.records.rewards import read as rewards
from regulars.records.rewards.types import Redemption
from regulars.records.rewards.write import keep_longer

UNPAID_FOR: Final = timedelta(days=30)
"""So long an order by bank transfer or on account may be unpaid."""


async def hold_for_orders(
    tx: Tx, terms: Terms, became: Sequence[tuple[UUID, OrderedCart, tuple[UUID, ...]]]
) -> None:
    """What was promised to these carts stays reserved until their orders are paid, for a month at
    most; of an order that is cancelled, as long from now on as when it was reserved.

    Keeps: nothing that lapsed by now, was given back or handed over; nothing beyond what is off the
    order. Order: the members are locked first, so that nobody ends it meanwhile.
    """
    over = {id_: one.canceled for _, one, off in became for id_ in off}
    whose = await rewards.whose(tx, list(over))
    if not whose:
        return
    await hold_members(tx, terms, set(whose.values()))
    members = sorted(set(whose.values()))
    found = await rewards.some(tx, members, sorted(whose))
    longer = [
        replace(one, lapses_at=until)
        for id_, one in found.items()
        if one.state == "held" and one.lapses_at > tx.now
        if (until := _until(tx, terms, one, over[id_])) != one.lapses_at
    ]
    until_at = {one.redemption_id: one.lapses_at for one in longer}
    holds = await reserved.holds(tx, members, sorted(until_at))
    held = [replace(hold, lapses_at=until_at[id_]) for id_, some in holds.items() for hold in some]
    await tx.write([*keep_longer(tx, longer), *hold_longer(tx, held)])


def _until(tx: Tx, terms: Terms, one: Redemption, is_over: bool) -> datetime:
    if not is_over:
        return max(one.lapses_at, tx.now + UNPAID_FOR)
    version = terms.numbered(one.version)
    reward = version.rewards.get(one.reward)
    if reward is None:
        return one.lapses_at
    return min(one.lapses_at, add_span(version.zone, tx.now, reward.hold_for))
