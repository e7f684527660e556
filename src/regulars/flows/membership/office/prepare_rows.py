"""Prepared rows follow the books, some seconds behind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.base.faults import StaleTerms
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.prepared import read, write
from regulars.records.prepared.ended.read import count_some
from regulars.records.prepared.goods import write as goods
from regulars.records.prepared.types import DayEnd, Portion, Reach, Span
from regulars.records.program import read as program
from regulars.records.program.changes.segments import write as segments

SPAN: Final = 20_000
"""Transactions of one round."""
MOST: Final = 1_000
"""Members of one round; where more had something booked, it takes fewer transactions."""
IDLE: Final = 1_000
"""So many transactions of others pass before it is written down that nothing happened here."""
TOO_LATE_H: Final = 3
"""From this hour on nobody stands any more as they did when the day before ended."""
OF_EACH: Final = 50
"""So many sales to nobody are as much work as a member."""
DAYS: Final = 1_000_000
"""So many days of members, and no more, have the gaps between their orders counted at once."""
LOTS: Final = 200_000
"""So many members, or lots of theirs, and no more, are counted at once as a day has ended."""
ALL: Final = 1 << 30
_NOBODY: Final = UUID(int=0)

_Touched = list[tuple[UUID, bool]]
Turn = Callable[[], Awaitable[object]]
"""Waits until the portion before has ended."""


async def prepare_rows(tx: Tx, terms: Terms, most: int) -> int:
    """What screens about retention ask for is brought up to the books; whether there is more to do.

    Shape: `most` members in one round, while everybody is folded for the first time.

    Order: everybody once, by their ids, then gaps between their orders; then whoever had something
    booked since it began, below the oldest transaction that still runs, so that none is missed
    however late it ends. How far it went is written with the rows, so a round that was cut off is
    as if it had never begun.
    Keeps: who earns writes nothing for it and waits for nobody. Where days are cut by other zones
    now, or the house was restored elsewhere, all are folded anew.
    Faults: StaleTerms when another process published a version these terms do not know: its days
    may be cut by another zone.
    """
    await _known(tx, terms)
    there = await read.reach(tx)
    if there is None and await read.begun(tx) is not None:
        return 0
    await write.make_room(tx)
    zone = str(terms.at(tx.now).zone)
    below, cluster = await read.horizon(tx)
    zones = await read.zones(tx, zone)
    if there is None or (there.cluster, there.zones) != (cluster, zones):
        stood_on = None if there is None else there.stood_on
        anew = Reach(cluster, zones, below, _NOBODY, stood_on)
        # Of two who begin at once one waits here, and finds that the other has begun.
        if there is None and not await write.first(tx, anew):
            return 0
        return await _begin(tx, zone, anew)
    if there.after_id is not None:
        return await _next(tx, zone, there, most)
    return await _follow(tx, zone, there, below)


async def fold_portion(tx: Tx, terms: Terms, below: int, some: Portion, turn: Turn) -> None:
    """One portion of everybody is folded anew, beside others; its sums when it is its `turn`.

    Order: rows of members at once; then, after the portion before it has ended, sums and how far
    all went. Keeps: cut off at any moment, all portions up to one are there whole and none after.
    Faults: StaleTerms, as above: whoever began may have cut days by a later zone.
    """
    await _known(tx, terms)
    await write.fold_portion(tx, str(terms.at(tx.now).zone), below, some)
    await turn()
    assert await write.add_portion(tx, some), some


async def count_gaps(tx: Tx) -> bool:
    """Gaps between orders are counted of the next members, when all portions are there; whether
    any were left. Whoever calls keeps everybody else away."""
    there = await read.begun(tx)
    if there is None or there.gaps_after is None:
        return False
    await write.count_some_gaps(tx, there.gaps_after, DAYS)
    return True


async def count_anew(tx: Tx) -> None:
    """The next round begins to fold everybody anew; what is there stays until it is put right.
    Segments are filled anew after it, since they stand on these rows."""
    await tx.write([*write.anew(tx), *goods.anew(tx), *segments.all_anew(tx)])


async def _known(tx: Tx, terms: Terms) -> None:
    if await program.latest(tx) != terms.latest:
        raise StaleTerms


async def _begin(tx: Tx, zone: str, anew: Reach) -> int:
    await tx.write(write.clear_sums(tx))
    await tx.write(write.reached(tx, anew))
    return 1


async def _next(tx: Tx, zone: str, there: Reach, most: int) -> int:
    assert there.after_id is not None
    if there.gaps_after is not None:
        await write.count_some_gaps(tx, there.gaps_after, DAYS)
        return 1
    some = await read.portion(tx, there.after_id, most, most * OF_EACH)
    await write.fold_portion(tx, zone, there.below_tx, some)
    assert await write.add_portion(tx, some), some
    return 1


async def _follow(tx: Tx, zone: str, there: Reach, below: int) -> int:
    since, to = there.below_tx, min(below, there.below_tx + SPAN)
    added = 0
    if since < to:
        members, to = await _touched(tx, since, to)
        await _fold(tx, zone, members, Span(since, to))
        added = len(members) + await write.add_all(tx, zone, Span(since, to))
    stands = await _count_stood(tx, zone, there)
    # A span that was made smaller is done, however empty: else it is chosen again for ever.
    if added or to < below or to - since > IDLE or stands != there:
        await tx.write(write.reached(tx, stands._replace(below_tx=to)))
    return int(to < below or stands.counting is not None)


async def _fold(tx: Tx, zone: str, members: _Touched, span: Span) -> None:
    """Of most only the days that changed; of who was united or taken back, all."""
    whole = [member_id for member_id, all_days in members if all_days]
    others = [member_id for member_id, all_days in members if not all_days]
    if whole:
        await write.fold_members(tx, zone, whole, Span(None, span.below))
    if others:
        await write.fold_members(tx, zone, others, span)


async def _touched(tx: Tx, since: int, to: int) -> tuple[_Touched, int]:
    """Whom to fold anew, and up to which transaction that is: few enough for one round."""
    members = await read.touched(tx, since, to, MOST + 1)
    while len(members) > MOST and to - since > 1:
        to = since + (to - since) // 2
        members = await read.touched(tx, since, to, MOST + 1)
    # One transaction alone may be of more: an import brings many at once.
    return (await read.touched(tx, since, to, ALL) if len(members) > MOST else members), to


async def _count_stood(tx: Tx, zone: str, there: Reach) -> Reach:
    """Soon after each midnight it is counted who stands where, some members in a round; a day
    nobody was there, or that was not counted to its end in time, has none."""
    here = tx.now.astimezone(ZoneInfo(zone))
    ended = here.date() - timedelta(days=1)
    if there.stood_on is None:
        return there._replace(stood_on=ended)
    if ended <= there.stood_on:
        return there
    counted = there._replace(stood_on=ended, counting=None)
    if here.hour >= TOO_LATE_H:
        return counted
    so_far = there.counting
    if so_far is None or so_far.day != ended:
        so_far = DayEnd(ended)
    found = await count_some(tx, zone, so_far, LOTS)
    if found.after_id is not None:
        return there._replace(counting=found)
    await tx.write(write.stood(tx, found))
    return counted
