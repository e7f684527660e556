"""What milestones give beside points, by how much came together: told anew from the sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from regulars.engine.calendar import first_of
from regulars.engine.compiling.stones import Stone
from regulars.engine.rewarding.gaming.giving import Due
from regulars.engine.rewarding.milestones import judged
from regulars.engine.terms import Terms, Version

MOST: Final = 1000
"""So often one step gives something beside points in a period."""


def due_by_sums(
    terms: Terms, counters: Mapping[tuple[int, int], int], now: datetime
) -> Iterator[Due]:
    """Every reward, benefit and badge a member is to have for milestones, by their sums.

    Shape: `counters` are all of theirs, by counter and period.
    Keeps: what is due hangs on each sum alone, never on the order in which it came together.
    Example: a mug at every tenth visit: with 23 visits there are two.
    """
    found = _with_gifts(terms)
    for (counter, period), together in sorted(counters.items()):
        if counter in found and together > 0:
            version, stone = found[counter]
            began_on = first_of(stone.per, period)
            version, judge = judged(terms, stone, version, began_on or 1)
            yield from _due(version, judge, (began_on, together), now)


def _with_gifts(terms: Terms) -> dict[int, tuple[Version, Stone]]:
    """Milestones that give something beside points in some version, by their counter."""
    every = [(version, stone) for version in terms.versions for stone in version.stones]
    giving = {stone.counter for _, stone in every if stone.gifts}
    return {stone.counter: (version, stone) for version, stone in every if stone.counter in giving}


def _due(version: Version, judge: Stone, reached: tuple[int, int], now: datetime) -> Iterator[Due]:
    began_on, together = reached
    one = judge.promise
    for (at, _, again), gift in zip(judge.steps, judge.gifts, strict=False):
        if gift is None:
            continue
        for place in range(1, min(together // at, MOST if again else 1) + 1):
            says = f"{one.name} reached"
            yield Due(
                "milestone", one.id, began_on, place, version, gift, None, now, str(at), says=says
            )
