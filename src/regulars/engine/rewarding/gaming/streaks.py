"""How long a member's streak is, and which milestones it reached: told anew from their deeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.engine.calendar import day_starts_at, stretch_of
from regulars.engine.rewarding.gaming.deeds import Done, worth
from regulars.engine.terms import Terms, Version
from regulars.records.program.parts.gaming import Streak

Judge = Callable[[int], Streak]
"""By whose promise a day, week or month is judged, by its number."""


class Mark(NamedTuple):
    """A streak became so long: by what, and on which day it began."""

    length: int
    began_on: int
    deed_id: UUID
    at: datetime


class Run(Struct):
    """A member's streak as it stands."""

    length: int = 0
    best: int = 0
    began_on: int = 0
    last: int = 0
    """The last day, week or month with a deed, or for which a freeze was used; a number."""
    frozen: dict[int, int] = {}
    """Freezes used, by the first day of the period they count in."""
    marks: list[Mark] = []


def promise_of(version: Version, id_: str) -> Streak | None:
    """The streak as this version promises it."""
    return next((one for one in version.program.streaks if one.id == id_), None)


def names(terms: Terms) -> list[str]:
    """Every streak there ever was."""
    return list(dict.fromkeys(one.id for v in terms.versions for one in v.program.streaks))


def run(terms: Terms, version: Version, promise: Streak, done: Sequence[Done]) -> Run:
    """The streak by this version's promise, from the first terms on that promised it.

    Keeps: what was done, and what was missed, is judged by the terms in force then, so no change
    of them ends or lengthens a streak that runs (semantics F1).
    Example: deeds on Monday, Tuesday and Thursday with one freeze a week are a streak of three.
    """
    since = _since(terms, promise.id)
    there, judge = Run(), judged(terms, version, promise)
    days = [
        (one.own_day, one)
        for one in done
        if one.activity.occurred_at >= since and _counts(terms, (version, promise), one)
    ]
    for day, one in sorted(days, key=lambda each: each[0]):
        unit = unit_of(promise.every, day)
        if there.length and unit == there.last:
            continue
        pass_on(there, judge, unit)
        if not there.length:
            there.began_on = stretch_of(promise.every, day).start
        there.length, there.last = there.length + 1, unit
        there.best = max(there.best, there.length)
        did = one.activity
        mark = Mark(there.length, there.began_on, did.activity_id, did.occurred_at)
        there.marks.append(mark)
    return there


def _counts(terms: Terms, now: tuple[Version, Streak], one: Done) -> bool:
    version, promise = now
    then = terms.at(one.activity.occurred_at)
    said = promise_of(then, promise.id)
    if said is not None:
        version, promise = then, said
    return worth(terms, version, promise.counts, one) is not None


def judged(terms: Terms, version: Version, promise: Streak) -> Judge:
    """Says by whose promise a unit is judged: the one in force when it began, if it was one of
    the same units; else this one."""

    def judge(unit: int) -> Streak:
        at = day_starts_at(version.zone, first_day(promise.every, unit))
        said = promise_of(terms.at(at), promise.id)
        return said if said is not None and said.every == promise.every else promise

    return judge


def _since(terms: Terms, id_: str) -> datetime:
    return next(v.effective_from for v in terms.versions if promise_of(v, id_) is not None)


def pass_on(there: Run, judge: Judge, until: int) -> None:
    """Let the units between pass that have no deed: each takes a freeze, or ends the streak.

    Keeps: what a freeze was used for is over, also when the streak ends a little later.
    """
    if not there.length:
        return
    for unit in range(there.last + 1, until):
        if not _freeze(there, judge(unit), unit):
            there.length = 0
            return
        there.last = unit


def _freeze(there: Run, promise: Streak, unit: int) -> bool:
    freezes = promise.freezes
    if freezes is None:
        return False
    period = stretch_of(freezes.per, first_day(promise.every, unit)).start
    used = there.frozen.get(period, 0)
    if used >= freezes.times:
        return False
    there.frozen[period] = used + 1
    return True


def freezes_left(there: Run, promise: Streak, day: int) -> int:
    """How many more may be missed in the period this day lies in."""
    if promise.freezes is None:
        return 0
    used = there.frozen.get(stretch_of(promise.freezes.per, day).start, 0)
    return promise.freezes.times - used


def unit_of(every: str, day: int) -> int:
    """The number of the day, week or month a day lies in; one more for the next."""
    if every == "day":
        return day
    if every == "week":
        return (day - 1) // 7
    here = date.fromordinal(day)
    return here.year * 12 + here.month - 1


def first_day(every: str, unit: int) -> int:
    """The first day of a unit.

    Example: the unit of any day in February 2026 begins on 1 February.
    """
    if every == "day":
        return unit
    if every == "week":
        return unit * 7 + 1
    year, month = divmod(unit, 12)
    return date(year, month + 1, 1).toordinal()


def milestones(
    terms: Terms, id_: str, done: Sequence[Done]
) -> Iterator[tuple[Version, Streak, Mark]]:
    """Every milestone that was reached, by the promise in force when it was."""
    had: set[tuple[int, int]] = set()
    for version in terms.versions:
        promise = promise_of(version, id_)
        if promise is None:
            continue
        lengths = {one.length for one in promise.milestones}
        for mark in run(terms, version, promise, done).marks:
            if mark.length not in lengths or terms.at(mark.at) is not version:
                continue
            key = (mark.length, mark.began_on if promise.again == "each_streak" else 0)
            if key not in had:
                had.add(key)
                yield version, promise, mark._replace(began_on=key[1])
