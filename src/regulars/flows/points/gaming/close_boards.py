"""Leaderboards whose period is over: who has what for their place is decided, once."""

from __future__ import annotations

from typing import Final

from regulars.base.tx import Tx
from regulars.engine.rewarding.gaming.paying import Over, awarded, counted_here, over
from regulars.engine.rewarding.gaming.prizes import pays_places
from regulars.engine.terms import Terms
from regulars.records.imports.read import moved
from regulars.records.program.read import known_since
from regulars.records.rewards.prizes.write import watch
from regulars.records.standing.boards import read, write
from regulars.records.standing.boards.types import Asked, Ranked

AT_ONCE: Final = 20
"""So many periods are closed in one transaction."""


async def close_boards(tx: Tx, terms: Terms, most: int) -> int:
    """Close the periods of leaderboards that are to be paid by now; of how many.

    Order: one at a time in a program. The places are those the board shows at this instant; what
    they have is given by `settle_prizes`, to which the winners are named.
    Keeps: a period is closed once, however often the night is run; what comes late or back changes
    no place of it. While something is brought over nothing is closed; a period that was over
    before it was counted here is closed without a prize.
    """
    if not pays_places(terms):
        return 0
    await write.alone(tx)
    names = {one.id for version in terms.versions for one in version.program.leaderboards}
    there = await read.closed(tx, sorted(names))
    found = over(terms, there, tx.now)[: min(most, AT_ONCE)]
    ranked = [await _ranked(tx, one) for one in found]
    # Read last: nothing was brought over, not even in part, when the places were read.
    move, known = await moved(tx), await known_since(tx)
    if move.going_on:
        return 0
    ends, places = [], []
    for one, first in zip(found, ranked, strict=True):
        paid = awarded(one, first) if counted_here(terms, one, known, move.last) else []
        ends.append(one.end(len(paid), tx.now))
        places += paid
    await tx.write(
        [
            *write.close(tx, ends, places),
            *watch(tx, dict.fromkeys(each.member_id for each in places)),
        ]
    )
    return len(found)


async def _ranked(tx: Tx, one: Over) -> list[Ranked]:
    """The first places, and one behind those who may have something."""
    promise = one.promise
    asked = Asked(one.stone.counter, one.period, promise.names == "nickname", promise.unlisted)
    return await read.ranked(tx, asked, promise.most + 1)
