"""Whose turn it is: a case that is like a hundred others is played every few days, all by night.

`make test` says which day of the year it is (`make test DAY=17` plays that one again); whoever asks
pytest for a file or a folder by hand plays all of it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TypeVar
from zlib import crc32

if TYPE_CHECKING:
    import pytest

Case = TypeVar("Case")

NIGHTLY: Final = os.environ.get("REGULARS_TEST_SIZE") in ("nightly", "release")
MARK: Final = "in_turns"


def day() -> int | None:
    """The day that is played; None where all days are: by night, and where nobody said one."""
    said = os.environ.get("REGULARS_TEST_DAY")
    return int(said) if said and not NIGHTLY else None


def on_turn(place: int, every: int, on: int | None) -> bool:
    """Whether what has this place among its like is played on this day."""
    return on is None or place % every == on % every


def todays(cases: Sequence[Case], every: int) -> list[Case]:
    """Those of today; all where all days are played."""
    return [case for place, case in enumerate(cases) if on_turn(place, every, day())]


def part(
    items: Sequence[pytest.Item], on: int | None
) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """What is played on this day, and what another day.

    Each `@pytest.mark.in_turns(n)` is counted within its file and its n, so a file plays about as
    much on each day; where it begins is said behind the n, or follows from the file's name, so that
    not all files play their only one on one day. `whole=True`: all of them on one day, where what
    they share takes longer than they do. A case with two of these comes when both say so; their n
    have no divisor in common.
    """
    counted: Counter[tuple[str, int]] = Counter()
    now: list[pytest.Item] = []
    later: list[pytest.Item] = []
    for item in items:
        turns = [_turn(mark, item, counted, on) for mark in item.iter_markers(MARK)]
        (now if all(turns) else later).append(item)
    return now, later


def _turn(
    mark: pytest.Mark, item: pytest.Item, counted: Counter[tuple[str, int]], on: int | None
) -> bool:
    every, *begins = mark.args
    file = item.location[0]
    first = begins[0] if begins else crc32(file.encode())
    place = first + counted[file, every]
    counted[file, every] += not mark.kwargs.get("whole")
    return on_turn(place, every, on)
