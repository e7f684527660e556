"""How long until the next order, from counts of gaps by their length in days; plain arithmetic.

The same as `gaps.py` says of columns (a test compares both), for the server, which does not load
numpy: a shop has some thousand lengths at most, however many orders.
Symbols: at each length t, d of n who were seen so long came again; S(t) is the product of all
1 - d / n.
Assumptions: whoever was not seen any longer would have gone on as the others do: that somebody is
seen for a short time only says nothing of how soon they come.
Source: Kaplan & Meier (1958); interval of a quantile by Brookmeyer & Crowley (1982), on the scale
of log(-log).
"""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, inf, log, sqrt
from typing import NamedTuple

from msgspec import Struct

from regulars.insight.estimators.asking.shares import SURE_95
from regulars.insight.estimators.saying import NotEnough

FEWEST_GAPS = 20


class Gaps(NamedTuple):
    """So many gaps of a length ended by an order, and so many had not ended when last seen."""

    length: int
    closed: int
    open: int


class Median(Struct, frozen=True):
    """After `value` half of those waiting have come again (None: it has not come to that), with
    95 % between `low` and `high`; `closed` gaps ended and `open` ones had not."""

    value: int | None
    low: int | None
    high: int | None
    closed: int
    open: int


def median_wait(gaps: Iterable[Gaps]) -> Median | NotEnough:
    """The median, with gaps that are still open counted for as long as they were seen.

    Refuses with fewer than twenty closed gaps.
    Example: 20 came again after 10 days, 30 have waited 40 days: of all, less than half came, so
    there is no median yet; that of the closed gaps alone would say 10 days.
    """
    counted = sorted(gaps)
    closed, waiting = sum(one.closed for one in counted), sum(one.open for one in counted)
    if closed < FEWEST_GAPS:
        return NotEnough("repeat_orders", closed, FEWEST_GAPS)
    left, still, variance = closed + waiting, 1.0, 0.0
    found: list[int | None] = [None, None, None]
    for one in counted:
        if one.closed:
            still *= 1 - one.closed / left
            rest = left - one.closed
            variance = variance + one.closed / (left * rest) if rest else inf
            low, high = between(still, variance)
            for place, share in enumerate((low, still, high)):
                if found[place] is None and share <= 0.5 + 1e-12:
                    found[place] = one.length
        left -= one.closed + one.open
    return Median(found[1], found[0], found[2], closed, waiting)


def median_closed(gaps: Iterable[Gaps]) -> int | None:
    """The median of gaps that ended; too short where many have not yet."""
    counted = sorted(gaps)
    half, seen = sum(one.closed for one in counted), 0
    for one in counted:
        seen += one.closed
        if half and 2 * seen >= half:
            return one.length
    return None


def between(still: float, variance: float) -> tuple[float, float]:
    """The bounds of a share still waiting. Where nobody is left, the upper one is not known."""
    if still >= 1 or still <= 0 or variance == inf:
        return (0.0, 1.0) if still <= 0 else (still, still)
    spread = SURE_95 * sqrt(variance) / log(still)
    return still ** exp(-spread), still ** exp(spread)
