"""What happened is rated anew by a table that holds for it now, some members at a time.

Whatever is told after the version begins is rated by its tables at once; this goes through what
was told before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from regulars.base.faults import StaleTerms
from regulars.base.tx import Tx
from regulars.engine.compiling.rating import Rating
from regulars.engine.restating.rates import SETTLED_AFTER
from regulars.engine.restating.rates import rate_again as decide
from regulars.engine.terms import Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.stuck import about
from regulars.flows.terms.rates.told import begins_at, tell
from regulars.records.activity import read as activities
from regulars.records.night import read as night
from regulars.records.night.write import settle
from regulars.records.program import read as program
from regulars.records.standing.crowd import read as crowd
from regulars.records.standing.crowd.types import NOBODY_BEFORE, Walk
from regulars.records.standing.write import walked

STEP: Final = "rate_again"


async def rate_again(tx: Tx, terms: Terms, most: int) -> int:
    """Rate the next members' activities anew; how many members were looked at.

    Order: in the order of their ids, each once for a version; the differences are booked as
    restatements of the activities they are about (ADR 0560).
    Keeps: killed in between it goes on where it was, and nobody is rated twice by one version. Who
    had to be left out is tried again another night, wherever the walk is by then (ADR 0605).
    """
    if await program.latest(tx) != terms.latest:
        raise StaleTerms
    if not terms.ratings:
        return 0
    back = await night.returning(tx, STEP, most)
    if back:
        return await _once_more(tx, terms, back)
    done = await crowd.walks(tx)
    for rating in terms.ratings:
        at = begins_at(terms, rating)
        walk = done.get((rating.number, at), Walk(rating.number, at, None, 0, None))
        if walk.done_at is None and rating.since + SETTLED_AFTER <= tx.now:
            return await _some(tx, terms, (rating, walk), most)
    return 0


async def _once_more(tx: Tx, terms: Terms, members: Sequence[UUID]) -> int:
    """Whoever was left out, by every table that holds for what happened already."""
    first = min(terms.ratings, key=lambda one: begins_at(terms, one))
    with about(STEP, members):
        states, changes = await tell(tx, terms, first, members)
        for state in states.values():
            decide(changes, state, terms, tx.now)
        await tx.write(writes_of(tx, terms, changes) + settle(tx, STEP, members))
    return len(members)


async def _some(tx: Tx, terms: Terms, where: tuple[Rating, Walk], most: int) -> int:
    rating, walk = where
    kinds = sorted(rating.kinds)
    asked = (kinds, walk.cut_at, max(rating.since, walk.cut_at) + SETTLED_AFTER)
    members = await activities.who_did(tx, asked, walk.last_id or NOBODY_BEFORE, most)
    parked = await night.parked(tx, STEP)
    with about(STEP, members):
        todo = [one for one in members if one not in parked]
        states, changes = await tell(tx, terms, rating, todo)
        moved = sum(decide(changes, state, terms, tx.now) > 0 for state in states.values())
        walk = walk._replace(last_id=members[-1] if members else walk.last_id)
        walk = walk._replace(moved=walk.moved + moved)
        if len(members) < most:
            walk = walk._replace(done_at=tx.now)
        writes = writes_of(tx, terms, changes) + settle(tx, STEP, todo)
        await tx.write(writes + walked(tx, walk))
    return max(len(members), 1)
