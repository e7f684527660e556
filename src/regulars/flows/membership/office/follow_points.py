"""The list of who has most follows the books, some seconds behind."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.standing.richness import read, write
from regulars.records.standing.richness.read import Reach

SPAN: Final = 20_000
"""Transactions of one round."""
EACH: Final = 20_000
"""Members of one round, while everybody is listed for the first time."""
IDLE: Final = 1_000
"""So many transactions of others pass before it is written down that nothing happened here."""
_NOBODY: Final = UUID(int=0)


async def follow_points(tx: Tx, terms: Terms, most: int) -> int:
    """Members are listed by what they have in the first wallet; whether there is more to do.

    Order: everybody once, by their ids; then whoever had something booked since it began, below
    the oldest transaction that still runs, so that none is missed however late it ends.
    Keeps: who earns writes nothing for it and waits for nobody. Where another wallet comes first
    now, or the house was restored elsewhere, all are listed anew.
    """
    wallet = next(iter(terms.at(tx.now).wallet_codes), None)
    there = await read.reach(tx)
    if wallet is None or (there is None and await read.begun(tx)):
        return 0
    below, cluster = await read.horizon(tx)
    if there is None or (there.wallet, there.cluster) != (wallet, cluster):
        anew = Reach(wallet, cluster, below, _NOBODY)
        await tx.write([*write.clear(tx), *write.reached(tx, anew)])
        return 1
    if there.after_id is not None:
        looked, last = await write.list_next(tx, wallet, there.after_id, EACH)
        await tx.write(write.reached(tx, there._replace(after_id=last)))
        return looked or 1
    if there.below_tx >= below:
        return 0
    to = min(below, there.below_tx + SPAN)
    changed = await write.follow(tx, wallet, there.below_tx, to)
    if changed or to - there.below_tx > IDLE:
        await tx.write(write.reached(tx, there._replace(below_tx=to)))
    return int(to < below)
