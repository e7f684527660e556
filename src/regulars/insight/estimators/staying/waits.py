"""How long until the next order, from counts of gaps by their length in days; plain arithmetic.

The same as `gaps.py` says of columns (a test compares both), for the server, which does not load
numpy: a shop has some thousand lengths at most, however many orders.
Symbols: at each length t, d of n who were seen so long came again; S(t) is the product of all
1 - d / n.
Assumptions: whoever was not seen any longer would have gone on as the others do: that somebody is
seen for a short time only says nothing of how soon they come.
Where a member has several gaps these hang together: the variance is as many times as large as that
of what each member adds to it is above that of what each gap does. A gap of length l adds, at t,
the sum of d / n^2 over lengths up to l and t, less 1 / n(l) where it ended by t.
Source: Kaplan & Meier (1958); interval of a quantile by Brookmeyer & Crowley (1982), on the scale
of log(-log); what gaps add, and members as units, by Lin & Wei (1989) and Williams (1995).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp, inf, log, sqrt
from typing import NamedTuple

from msgspec import Struct

from regulars.insight.estimators.asking.shares import SURE_95
from regulars.insight.estimators.saying import NotEnough

FEWEST_GAPS = 20
FEWEST_MEMBERS = 30
"""Of fewer members nobody can say how far they are apart."""


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


def median_wait(
    gaps: Iterable[Gaps], some: Sequence[Sequence[int]] | None = None
) -> Median | NotEnough:
    """The median, with gaps that are still open counted for as long as they were seen.

    Shape: `some` are the gaps of some members, a member each, an open one as -1 less its length:
    bounds go by them, and there are none of fewer than thirty. Without it each gap is of somebody
    else. Refuses with fewer than twenty closed gaps.
    Example: 20 came again after 10 days, 30 have waited 40 days: of all, less than half came, so
    there is no median yet; that of the closed gaps alone would say 10 days.
    """
    counted = sorted(gaps)
    closed, waiting = sum(one.closed for one in counted), sum(one.open for one in counted)
    if closed < FEWEST_GAPS:
        return NotEnough("repeat_orders", closed, FEWEST_GAPS)
    found = _reached(counted, closed + waiting, 1.0)
    if some is None or found[1] is None:
        return Median(found[1], found[0], found[2], closed, waiting)
    times = hang_together(counted, some, found[1])
    if times is None:
        return Median(found[1], None, None, closed, waiting)
    low, _, high = _reached(counted, closed + waiting, times)
    return Median(found[1], low, high, closed, waiting)


def hang_together(gaps: Sequence[Gaps], some: Sequence[Sequence[int]], at: int) -> float | None:
    """How many times as uncertain the share that waits longer than `at` is as if each gap were of
    somebody else; nothing of fewer than thirty members.

    Keeps: never less than once. Example: where each member has the same gap ten times it is ten.
    """
    if len(some) < FEWEST_MEMBERS:
        return None
    adds = _adds(gaps, at)
    by_gap = by_member = 0.0
    for mine in some:
        each = [adds[one] for one in mine if one in adds]
        by_gap += sum(one * one for one in each)
        by_member += sum(each) ** 2
    return max(1.0, by_member / by_gap) if by_gap else None


def _adds(gaps: Sequence[Gaps], at: int) -> Mapping[int, float]:
    """What a gap adds, by its length as `some` have it."""
    left = sum(one.closed + one.open for one in gaps)
    sum_, found = 0.0, dict[int, float]()
    for one in gaps:
        ends = 0.0
        if one.length <= at:
            sum_ += one.closed / left**2
            ends = 1 / left
        found[one.length], found[-1 - one.length] = sum_ - ends, sum_
        left = left - one.closed - one.open
    return found


def _reached(gaps: Sequence[Gaps], left: int, times: float) -> list[int | None]:
    """The lengths at which the lower bound, the share itself and the upper bound come to a half."""
    still, variance = 1.0, 0.0
    found: list[int | None] = [None, None, None]
    for one in gaps:
        if one.closed:
            still *= 1 - one.closed / left
            rest = left - one.closed
            variance = variance + one.closed / (left * rest) if rest else inf
            low, high = between(still, times * variance)
            for place, share in enumerate((low, still, high)):
                if found[place] is None and share <= 0.5 + 1e-12:
                    found[place] = one.length
        left -= one.closed + one.open
    return found


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
