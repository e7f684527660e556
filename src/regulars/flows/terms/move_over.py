"""Everybody comes through a change of the ladder, some at a time; nobody waits for it.

What is asked of a member answers by the new terms from the first instant on, whether or not the
walk has reached them (semantics F2): this only writes it down.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from regulars.base.faults import StaleTerms
from regulars.base.tx import Tx
from regulars.engine.changing.crowd import fate, ladder_of, told_by_place
from regulars.engine.deciding.tiering import review
from regulars.engine.state import Changes
from regulars.engine.terms import Cutover, Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.stuck import about
from regulars.records.night import read as night
from regulars.records.night.write import settle
from regulars.records.program import read as program
from regulars.records.standing.crowd import read as crowd
from regulars.records.standing.crowd.types import NOBODY_BEFORE, Ladder, Stander, Walk
from regulars.records.standing.write import walked

LOOKED_AT: Final = 5
"""So many times as many are looked at as are held at most: some stay where they are."""


async def move_over(tx: Tx, terms: Terms, most: int) -> int:
    """Bring the next members through a change of the ladder; how many were looked at.

    Order: in the order of their ids. Who is added meanwhile, or decides by the terms before in
    this very moment, is brought over by what is decided about them next.
    """
    if await program.latest(tx) != terms.latest:
        raise StaleTerms
    version = terms.at(tx.now)
    done = await crowd.walks(tx) if version.cutovers else {}
    for cut in version.cutovers:
        walk = done.get((cut.after.number, cut.at), Walk(cut.after.number, cut.at, None, 0, None))
        if walk.done_at is None and cut.after.program.tiers is not None:
            return await _some(tx, terms, (cut, walk), most)
    return 0


async def _some(tx: Tx, terms: Terms, where: tuple[Cutover, Walk], most: int) -> int:
    (cut, walk), step = where, "move_over"
    ladder = await _ladder_now(tx, cut)
    found: list[Stander] = []
    last: UUID | None = None
    if ladder is not None:
        after = walk.last_id or NOBODY_BEFORE
        found, last = await crowd.some(tx, ladder, after, most * LOOKED_AT)
    parked = await night.parked(tx, step)
    all_ = not told_by_place(cut)
    moved = [
        one.member_id
        for one in found
        if (all_ or fate(cut, one.place).moved) and one.member_id not in parked
    ]
    if len(moved) > most:
        moved, last = moved[:most], moved[most - 1]
    with about(step, moved):
        states = await hold_members(tx, terms, moved)
        changes = Changes(tx.new_id)
        version = terms.at(tx.now)
        count = sum(review(changes, state, version, tx.now) for state in states.values())
        walk = walk._replace(last_id=last or walk.last_id, moved=walk.moved + count)
        if last is None:
            walk = walk._replace(done_at=tx.now)
        writes = writes_of(tx, terms, changes) + settle(tx, step, moved)
        await tx.write(writes + walked(tx, walk))
    return max(len(found), 1)


async def _ladder_now(tx: Tx, cut: Cutover) -> Ladder | None:
    """What the change asks of everybody's credit; nothing while there is nobody."""
    tiers, joined = cut.after.program.tiers, None
    if tiers is not None and tiers.window == "anniversary":
        joined = await crowd.joined_between(tx, cut.after.program.zone)
        if joined is None:
            return None
    return ladder_of(cut, joined)
