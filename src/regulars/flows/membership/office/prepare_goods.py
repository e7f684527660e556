"""What each member bought of which category and article follows the books, behind prepared rows."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from regulars.base.faults import StaleTerms
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.prepared import read, write
from regulars.records.prepared.goods import read as goods
from regulars.records.prepared.goods import write as goods_write
from regulars.records.prepared.goods.types import GoodsReach
from regulars.records.prepared.types import Span
from regulars.records.program import read as program

SPAN: Final = 20_000
"""Transactions of one round."""
MOST: Final = 1_000
"""Members of one round."""
IDLE: Final = 1_000
"""So many transactions of others pass before it is written down that nothing happened here."""
ALL: Final = 1 << 30
_NOBODY: Final = UUID(int=0)


async def prepare_goods(tx: Tx, terms: Terms) -> bool:
    """The next portion of what members bought is brought up to the books; whether there is more.

    Order: everybody once, by their ids; then whoever had something booked since that began, below
    the oldest transaction that still runs. How far it went is written with the rows, so a round
    that was cut off is as if it had never begun.
    Keeps: who earns writes nothing for it and waits for nobody. Where days are cut by other zones
    now, or the house was restored elsewhere, all are folded anew.
    Faults: StaleTerms when another process published a version these terms do not know.
    """
    if await program.latest(tx) != terms.latest:
        raise StaleTerms
    there = await goods.reach(tx)
    if there is None and await goods.any_reach(tx):
        return False
    await write.make_room(tx)
    zone = str(terms.at(tx.now).zone)
    below, cluster = await read.horizon(tx)
    zones = await read.zones(tx, zone)
    if there is None or (there.cluster, there.zones) != (cluster, zones):
        await tx.write(goods_write.reached(tx, GoodsReach(cluster, zones, below, _NOBODY)))
        return True
    if there.after_id is not None:
        return await _next(tx, zone, there, there.after_id)
    return await _follow(tx, zone, there, below)


async def _next(tx: Tx, zone: str, there: GoodsReach, after: UUID) -> bool:
    """Of the next members everything, up to where it is followed from."""
    some = await goods.following(tx, after, MOST)
    if some:
        await goods_write.fold_goods(tx, zone, some, Span(None, there.below_tx))
    upto = some[-1] if len(some) == MOST else None
    await tx.write(goods_write.reached(tx, there._replace(after_id=upto)))
    return True


async def _follow(tx: Tx, zone: str, there: GoodsReach, below: int) -> bool:
    """Of most members only the days that changed; of who was united or taken back, all."""
    since, to = there.below_tx, min(below, there.below_tx + SPAN)
    if since >= to:
        return False
    some = await read.touched(tx, since, to, MOST + 1)
    while len(some) > MOST and to - since > 1:
        to = since + (to - since) // 2
        some = await read.touched(tx, since, to, MOST + 1)
    if len(some) > MOST:  # one transaction alone may be of more: an import brings many at once
        some = await read.touched(tx, since, to, ALL)
    for whole in (True, False):
        members = [who for who, all_days in some if all_days is whole]
        if members:
            span = Span(None if whole else since, to)
            await goods_write.fold_goods(tx, zone, members, span)
    # A span that was made smaller is done, however empty: else it is chosen again for ever.
    if some or to < below or to - since > IDLE:
        await tx.write(goods_write.reached(tx, there._replace(below_tx=to)))
    return to < below
