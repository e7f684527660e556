"""Prepared rows follow the books, some seconds behind."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.prepared import read, write
from regulars.records.prepared.types import Reach
from regulars.records.prepared.write import Span

SPAN: Final = 20_000
"""Transactions of one round."""
EACH: Final = 2_000
"""Members of one round, while everybody is folded for the first time."""
MOST: Final = 5_000
"""Members of one round; where more had something booked, it takes fewer transactions."""
IDLE: Final = 1_000
"""So many transactions of others pass before it is written down that nothing happened here."""
_NOBODY: Final = UUID(int=0)


async def prepare_rows(tx: Tx, terms: Terms, most: int) -> int:
    """What screens about retention ask for is brought up to the books; whether there is more to do.

    Order: everybody once, by their ids; then whoever had something booked since it began, below
    the oldest transaction that still runs, so that none is missed however late it ends. How far it
    went is written with the rows, so a round that was cut off is as if it had never begun.
    Keeps: who earns writes nothing for it and waits for nobody. Where days are cut by other zones
    now, or the house was restored elsewhere, all are folded anew.
    """
    there = await read.reach(tx)
    if there is None and await read.begun(tx) is not None:
        return 0
    zone = str(terms.at(tx.now).zone)
    below, cluster = await read.horizon(tx)
    zones = await read.zones(tx, zone)
    if there is None or (there.cluster, there.zones) != (cluster, zones):
        return await _begin(tx, zone, Reach(cluster, zones, below, _NOBODY))
    if there.after_id is not None:
        return await _next(tx, zone, there, there.after_id)
    return await _follow(tx, zone, there, below)


async def _begin(tx: Tx, zone: str, anew: Reach) -> int:
    await tx.write(write.clear_sums(tx))
    await write.add_nobody(tx, zone, Span(0, anew.below_tx))
    await tx.write(write.reached(tx, anew))
    return 1


async def _next(tx: Tx, zone: str, there: Reach, after: UUID) -> int:
    members = await read.next_members(tx, after, EACH)
    if members:
        await write.fold_members(tx, zone, members)
        await write.add_members(tx, zone, members, Span(0, there.below_tx))
    last = members[-1] if members else None
    await tx.write(write.reached(tx, there._replace(after_id=last)))
    return len(members) or 1


async def _follow(tx: Tx, zone: str, there: Reach, below: int) -> int:
    if there.below_tx >= below:
        return 0
    since, to = there.below_tx, min(below, there.below_tx + SPAN)
    members = await read.touched(tx, since, to, MOST + 1)
    while len(members) > MOST and to - since > 1:
        to = since + (to - since) // 2
        members = await read.touched(tx, since, to, MOST + 1)
    # One transaction alone may be of more: an import brings many at once.
    if len(members) > MOST:
        members = await read.touched(tx, since, to, 1 << 30)
    if members:
        await write.fold_members(tx, zone, members)
    added = await write.add_all(tx, zone, Span(since, to))
    if members or added or to - since > IDLE:
        await tx.write(write.reached(tx, there._replace(below_tx=to)))
    return int(to < below)
