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
from regulars.records.program.changes.segments.conditions import by_time, of_goods
from regulars.records.program.changes.segments.ground import Ground, OnList, Plain, plain
from regulars.records.program.changes.segments.types import Horizon, Reach, Segment
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
    While prepared rows are not of everybody, nothing is done; while what was bought of each good is
    not, nothing for the segments that ask for it, and all are asked by these when it is.
    """
    if await read.tally_long(tx):
        await write.hold_members(tx)
        await write.fold_tally(tx)
    saved = [one for one in await read.segments(tx) if one.saved is not None]
    found = await read.horizon(tx)
    if not saved or found is None:
        return False
    base, by = await ground(tx, setting_of(terms, tx.now)), terms.at(tx.now).number
    asking, ready = await _asking(tx, [_filling(one, base, terms, tx) for one in saved], found)
    there = await read.reach(tx)
    if there is None or there.cluster != ready.cluster:
        await tx.write(write.all_anew(tx))
        await tx.write(write.reached(tx, ready, 0))
        return True
    if ready.below_tx < there.below_tx:  # goods are behind: who was touched since is asked again
        await tx.write(write.reached(tx, ready, 0))
        return True
    fresh = [one for one in asking if one.segment.filled != one.segment.saved]
    if fresh:
        await _fill(tx, fresh[0]._replace(because=""), base.today, by)
        return True
    if await _follow(tx, asking, there, ready):
        return True
    return await _by_day(tx, asking, base.today, by)


async def _asking(
    tx: Tx, fillings: Sequence[_Filling], found: Horizon
) -> tuple[Sequence[_Filling], Reach]:
    """Which of them are asked now, and up to where what they ask is: one that asks what was bought
    of a good waits while that is folded anew, and holds up no other."""
    of_goods = [one for one in fillings if _of_goods(one.asked.condition)]
    if not of_goods:
        return fillings, found.rows
    if found.goods is not None:
        return fillings, found.goods
    told = [one.segment for one in of_goods if one.segment.filled_on is not None]
    await tx.write(write.waiting(tx, told))
    others = [one for one in fillings if not _of_goods(one.asked.condition)]
    return others, found.rows


async def _by_day(tx: Tx, fillings: Sequence[_Filling], today: date, by: int) -> bool:
    """One that was not asked today is, whole; whether there are more."""
    late = [
        one for one in fillings if (one.segment.filled_on, one.segment.filled_by) != (today, by)
    ]
    if late:
        first = late[0]
        # Another version of the program may have other tiers and wallets: it was told, not time. So
        # was what happened while it waited.
        ruled = first.segment.filled_by != by or first.segment.filled_on is None
        if not ruled and not _timely(first.asked.condition):
            await tx.write(write.filled(tx, first.segment, today, by))
        else:
            await _fill(tx, first._replace(because="told" if ruled else "time"), today, by)
    return len(late) > 1


def _filling(one: Segment, base: Ground, terms: Terms, tx: Tx) -> _Filling:
    there = base.segments[one.code]
    condition: Plain = OnList(there) if isinstance(there, UUID) else plain(there, base)
    return _Filling(one, Asked(condition, base, str(terms.at(tx.now).zone)), "told")


def _of_goods(condition: Plain) -> bool:
    return not isinstance(condition, OnList) and of_goods(condition)


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
