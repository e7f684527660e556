"""Whose turn it is: a case that is like a hundred others is played every few days, all by night.

`make test` says which day it is (`make test DAY=2026-11-30` plays that one again); whoever asks
pytest for a file or a folder by hand plays all of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from math import gcd
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar
from zlib import crc32

if TYPE_CHECKING:
    import pytest

Case = TypeVar("Case")

SIZE: Final = os.environ.get("REGULARS_TEST_SIZE", "")
NIGHTLY: Final = SIZE in ("nightly", "release")
DAY: Final = "REGULARS_TESTS_DAY"
MARK: Final = "in_turns"
LOOK_EVERY: Final = 3
"""By day axe-core looks at every third place of a test of the browser, so none of those is played
every third or sixth day: some of its places would never be looked at."""


class NoDayError(ValueError):
    """What was said is no day, or two turns of a case never meet."""


class Turn(NamedTuple):
    """On every so manieth day, counted from the first of all days, and on which of them."""

    every: int
    on: int


def day() -> int | None:
    """The day that is played, counted through all years; None where all days are: by night, and
    where nobody said one.

    Errors: NoDayError, where what was said is no date.
    """
    said = os.environ.get(DAY)
    if not said or NIGHTLY:
        return None
    try:
        return date.fromisoformat(said).toordinal()
    except ValueError:
        raise NoDayError(
            f"{DAY} (DAY of `make test`) is {said!r}; it takes a date like 2026-11-30, "
            "or nothing for all days"
        ) from None


def head() -> str:
    """What is played, in a sentence."""
    on = day()
    if on is not None:
        named = date.fromordinal(on).isoformat()
        return f"what is played in turns: the part of {named}; again by `make test DAY={named}`"
    if NIGHTLY:
        return f"what is played in turns: all of it, at the size {SIZE}"
    return (
        "what is played in turns: all of it, at the sizes of by day; what is for nights alone is "
        "left out (REGULARS_TEST_SIZE=nightly)"
    )


def on_turn(place: int, every: int, on: int | None) -> bool:
    """Whether what has this place among its like is played on this day."""
    return on is None or place % every == on % every


def todays(
    cases: Sequence[Case], every: int, named: Callable[[Case], str] | None = None
) -> list[Case]:
    """Those of today; all where all days are played.

    By their places, as many each day, where they are few; by the names they have, where they are
    many: then nobody's day is another for one that was put in before them.
    """
    on = day()
    places = [crc32(named(case).encode()) for case in cases] if named else range(len(cases))
    return [case for case, place in zip(cases, places, strict=True) if on_turn(place, every, on)]


def part(
    items: Sequence[pytest.Item], on: int | None
) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """What is played on this day, and what another day.

    Which day is that of a case marked `@pytest.mark.in_turns(n)` follows from its name alone: it
    stays whoever comes before it. Where few take long, or a file comes as a whole as what it shares
    takes longer than its cases do, the day is said behind the n. A case with two of these comes
    when both say so.

    Errors: NoDayError, where they never do.
    """
    now: list[pytest.Item] = []
    later: list[pytest.Item] = []
    for item in items:
        turns = turns_of(item)
        if not meet(turns):
            raise NoDayError(f"{item.nodeid} would be played on no day: {turns}")
        (now if all(on_turn(one.on, one.every, on) for one in turns) else later).append(item)
    return now, later


def turns_of(item: pytest.Item) -> list[Turn]:
    """When this case is played: all of these must say so; none where it is every day."""
    return list(_turns(item.nodeid, item.iter_markers(MARK)))


def _turns(name: str, marks: Iterable[pytest.Mark]) -> Iterator[Turn]:
    for mark in marks:
        every, *said = mark.args
        yield Turn(every, (said[0] if said else crc32(name.encode())) % every)


def meet(turns: Sequence[Turn]) -> bool:
    """Whether there is a day on which all of them are played: any two must agree where what they
    count by has a common divisor."""
    return all(
        (one.on - other.on) % gcd(one.every, other.every) == 0
        for place, one in enumerate(turns)
        for other in turns[:place]
    )
