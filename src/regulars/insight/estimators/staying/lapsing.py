"""Who has been away longer than usual: for the shop, and for themselves.

Symbols: g gaps between orders, by length; usual is the ceil(0.9 g)-th of them, in order.
Assumptions: gaps of members who order often weigh as much as they are many; a gap that is still
open is none yet. It is a rule and no model: no chance is said.
Source: the percentile by nearest rank, which is a gap that was seen (Hyndman & Fan 1996).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from regulars.insight.estimators.saying import NotEnough

FEWEST: Final = 100
"""Fewer gaps than these have not ten above their 90th percentile."""
SEEN_TIMES: Final = 2
"""History must be so many times as long as the gap it is to show: a shorter one cuts gaps off."""


def usual_gap(gaps: Iterable[tuple[int, int]], seen_days: int) -> int | NotEnough:
    """The days within which nine in ten orders that were followed by another were followed.

    Shape: `gaps` are days and how many gaps were so long, the shortest first.
    Units: days; `seen_days` from the first order of all to the day that is looked at.
    Refuses: fewer than 100 gaps, or a history less than twice as long as the gap found.
    Source: the 90th percentile by nearest rank (no value between two that were seen).
    Example: 90 gaps of 7 days and 10 of 30 are usual within 7, not within 9.3.
    """
    rows = list(gaps)
    whole = sum(many for _, many in rows)
    if whole < FEWEST:
        return NotEnough("repeat_orders", whole, FEWEST)
    below = 0
    for days, many in rows:
        below += many
        if below * 10 >= whole * 9:
            wanted = SEEN_TIMES * days
            return days if seen_days >= wanted else NotEnough("history", seen_days, wanted)
    raise AssertionError(rows)


def looked_on(last_on: date, today: date) -> date:
    """The day absences are counted to: the last of the time, or today where that is to come."""
    return min(last_on, today)
