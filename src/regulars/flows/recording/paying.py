"""The redemptions that sales of a batch were paid with, loaded under the lock of their member."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from regulars.engine.returning.payments import Spent, redemptions_of
from regulars.engine.state import MemberState
from regulars.flows.batch.load import hold_apart, load_notices
from regulars.flows.recording.decide_one import Item
from regulars.flows.recording.decided import Decided
from regulars.records.ledger import read as ledger
from regulars.records.members.unions import read as unions
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
    held = {state.member_id: state for state in batch.states.values()}
    family = await unions.family(tx, sorted(held))
    redemptions = await read.some(tx, family, wanted)
    takers = await _takers(batch, {one.member_id for one in redemptions.values()} - held.keys())
    merges = await unions.merges(tx, takers)
    stands = await unions.aliases(tx, takers)
    for redemption_id, one in redemptions.items():
        spent = Spent(one, stands.get(one.member_id, one.member_id))
        if one.member_id in takers:
            spent.taker, spent.merge_id = takers[one.member_id], merges[one.member_id].merge_id
        batch.spent[redemption_id] = spent
    taken, lots = await ledger.spent(tx, family, sorted(redemptions))
    for lot in lots:
        (held | takers)[lot.member_id].lots.setdefault(lot.lot_id, lot)
    owners = sorted({lot.member_id for lot in lots})
    await load_notices(tx, batch.terms, held | takers, owners, [lot.lot_id for lot in lots])
    for part in taken:
        spent = batch.spent[part.redemption_id]
        spent.capture_id = part.capture_id
        spent.taken[part.lot_id] = part.points
        if part.back:
            spent.back[part.lot_id] = part.back
    stocked = [one.shelf for one in redemptions.values() if one.promised.stocked]
    if stocked:
        stock = await (read.lock_stock(tx, stocked) if lock else read.stock(tx))
        batch.changes.stock = stock


async def _takers(batch: Decided, merged: set[UUID]) -> dict[UUID, MemberState]:
    """Those who took a redemption and were merged since, as they are by themselves.

    Nobody else works on them meanwhile: whoever does, holds the one they stand under, as we do.
    """
    if not merged:
        return {}
    apart = await hold_apart(batch.tx, batch.terms, merged, lock=False)
    takers = {id_: apart[id_] for id_ in sorted(merged)}
    for taker in takers.values():
        taker.idle = {}  # whether they are active is known of whom they stand under
    return takers


def _named(batch: Decided, fresh: Sequence[Item]) -> Iterator[UUID]:
    for item in fresh:
        yield from redemptions_of(item.command.body)
    for sale in batch.sales.sales.values():
        yield from redemptions_of(sale.activity.body)
