"""Members of segments follow the books and the calendar, some seconds behind."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.segments.setting import setting_of
from regulars.engine.terms import Terms
from regulars.insight.segments.compiling import Asked
from regulars.insight.segments.counting import ids_of, wide
from regulars.insight.segments.knowing import ground
from regulars.records.program.changes.segments import read, write
from regulars.records.program.changes.segments.conditions import by_time
from regulars.records.program.changes.segments.ground import Ground, OnList, Plain, plain
from regulars.records.program.changes.segments.types import Reach, Segment
from regulars.records.program.changes.segments.write import Change, Wanted

MOST: Final = 20_000
"""Where more members were touched, everybody is looked at instead."""


class _Filling(NamedTuple):
    """A segment, its condition as it is asked now, and why its members may change."""

    segment: Segment
    asked: Asked
    because: str


async def follow_segments(tx: Tx, terms: Terms) -> bool:
    """The members of segments are brought up to what was booked and said, and to today; whether
    there is more to do.

    Order: a segment that was saved anew is filled whole first, and nobody is said to have come or
    gone by that. Then whoever was touched is asked by every segment. Then, on a day on which
    nobody asked yet, segments that ask for days are asked whole: as all of them ask for days of
    the shop, whatever time brings about it brings about as the day begins. One of these in a round.
    Keeps: how far it came is written with the members. Cut off, it is as if it had never begun.
    While prepared rows are not of everybody, nothing is done.
    """
    if await read.tally_long(tx):
        await write.hold_members(tx)
        await write.fold_tally(tx)
    saved = [one for one in await read.segments(tx) if one.saved is not None]
    ready = await read.horizon(tx)
    if not saved or ready is None:
        return False
    there = await read.reach(tx)
    if there is None or there.cluster != ready.cluster:
        await tx.write(write.all_anew(tx))
        await tx.write(write.reached(tx, ready, 0))
        return True
    base, by = await ground(tx, setting_of(terms, tx.now)), terms.at(tx.now).number
    fresh = [one for one in saved if one.filled != one.saved]
    if fresh:
        await _fill(tx, _filling(fresh[0], base, terms, tx, ""), base.today, by)
        return True
    if await _follow(tx, [_filling(one, base, terms, tx, "told") for one in saved], there, ready):
        return True
    late = [one for one in saved if (one.filled_on, one.filled_by) != (base.today, by)]
    if late:
        # Another version of the program may have other tiers and wallets: it was told, not time.
        ruled = late[0].filled_by != by
        filling = _filling(late[0], base, terms, tx, "told" if ruled else "time")
        if not ruled and not _timely(filling.asked.condition):
            await tx.write(write.filled(tx, filling.segment, base.today, by))
        else:
            await _fill(tx, filling, base.today, by)
    return len(late) > 1


def _filling(one: Segment, base: Ground, terms: Terms, tx: Tx, because: str) -> _Filling:
    there = base.segments[one.code]
    condition: Plain = OnList(there) if isinstance(there, UUID) else plain(there, base)
    return _Filling(one, Asked(condition, base, str(terms.at(tx.now).zone)), because)


def _timely(condition: Plain) -> bool:
    return not isinstance(condition, OnList) and by_time(condition)


async def _fill(tx: Tx, filling: _Filling, today: date, by: int) -> None:
    """Everybody is asked."""
    await write.hold_members(tx)
    await wide(tx)
    await _change(tx, filling, None)
    silent = not filling.because
    await tx.write(write.filled(tx, filling.segment, today, by, silent=silent))


async def _follow(tx: Tx, fillings: Sequence[_Filling], there: Reach, ready: Reach) -> bool:
    """Who was touched is asked; whether anybody was."""
    below = await read.below(tx)
    touched = await read.touched(tx, below)
    if there.below_tx < ready.below_tx:
        touched |= await read.booked(tx, there.below_tx, ready.below_tx)
    if touched:
        await write.hold_members(tx)
        if len(touched) > MOST:
            await wide(tx)
        among = None if len(touched) > MOST else sorted(touched)
        for filling in fillings:
            await _change(tx, filling, among)
    if touched or there.below_tx < ready.below_tx:
        await tx.write(write.reached(tx, ready, below))
    return bool(touched)


async def _change(tx: Tx, filling: _Filling, among: Collection[UUID] | None) -> Change:
    found = ids_of(filling.asked, tx.program_id, among)
    wanted = Wanted(found.sql, found.args)
    return await write.fill(tx, filling.segment, wanted, among, filling.because)
