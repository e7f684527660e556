"""The redemptions that sales of a batch were paid with, loaded under the lock of their member."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from regulars.engine.deciding.refund import Spent, redemptions_of
from regulars.flows.recording.decide_one import Item
from regulars.flows.recording.decided import Decided
from regulars.records.ledger import read as ledger
from regulars.records.rewards import read


async def load_spent(batch: Decided, fresh: Sequence[Item], *, lock: bool = True) -> None:
    """Read every redemption that sales here name: those told now, and those that come back.

    Order: after the members are held and the sales of returns are read; then the shelf, because a
    piece may go back to it. A batch that names none asks nothing.
    """
    tx = batch.tx
    wanted = sorted(set(_named(batch, fresh)))
    if not wanted:
        return
    members = sorted(batch.states)
    redemptions = await read.some(tx, members, wanted)
    batch.spent |= {one: Spent(redemption) for one, redemption in redemptions.items()}
    taken, lots = await ledger.spent(tx, members, sorted(redemptions))
    for lot in lots:
        batch.states[lot.member_id].lots.setdefault(lot.lot_id, lot)
    for one in taken:
        spent = batch.spent[one.redemption_id]
        spent.capture_id = one.capture_id
        spent.taken[one.lot_id] = one.points
        if one.back:
            spent.back[one.lot_id] = one.back
    if lock:
        stocked = [r.reward for r in redemptions.values() if r.promised.stocked]
        batch.changes.stock = await read.lock_stock(tx, stocked)


def _named(batch: Decided, fresh: Sequence[Item]) -> Iterator[UUID]:
    for item in fresh:
        yield from redemptions_of(item.command.body)
    for sale in batch.sales.sales.values():
        yield from redemptions_of(sale.activity.body)
