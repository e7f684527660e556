"""What comes back by the calendar: the same months of last year, grown as this year has beside it.

Chain-ladder and Bornhuetter-Ferguson go by the age of points. Where members spend by the season
(flights in summer, gifts in December) the calendar tells more: so much comes back in July, whatever
was earned when.

Symbols: D(t) is all that came back in period t; a(h) what is expected in the h-th period ahead:
D(t + h - 12) times the growth G, where G is the sum of the latest periods over that of the same
ones a year before, of six at most; w(k) the part of D(t) that was of points k periods old. Of
points of period i, now t - i old, a(h) w(t - i + h) is expected in the h-th period ahead.
Assumes: what is spent has its season, and points are spent at the ages at which they are now.
Before thirteen periods nothing tells a season: the mean of the last six goes on.
Source: the seasonal naive method with drift of Hyndman & Athanasopoulos (2021), section 5.2, laid
over the ages of the last diagonal (the calendar direction of Taylor 1977, as a ratio).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from regulars.insight.estimators.owing.triangles import Row, Triangle, Ultimate
from regulars.insight.estimators.saying import NotEnough

SEASON: Final = 12
BESIDE: Final = 6
"""So many periods at most are laid beside those of a year before."""
FEWEST: Final = 4


def by_calendar(seen: Triangle, periods: int | None = None) -> Ultimate | NotEnough:
    """What of each period's points will have come back after so many `periods`; in the end, without
    any said.

    Refuses with fewer than four periods, and where nothing came back in the last one. Keeps: no
    more is expected of a period than was given in it, and no less than came back.
    """
    size = len(seen.given)
    if size < FEWEST:
        return NotEnough("periods", size, FEWEST)
    burned = burned_by_period(seen)
    parts = [max(seen.redeemed[size - 1 - k][k], 0.0) for k in range(size)]
    if burned[-1] <= 0 or sum(parts) <= 0:
        return NotEnough("values", burned[-1], 1)
    most = size if periods is None else periods
    ahead = ahead_of(burned, most)
    if isinstance(ahead, NotEnough):
        return ahead
    so_far = tuple(sum(row) for row in seen.redeemed)
    coming = (
        sum(ahead[h - 1] * parts[size - 1 - i + h] for h in range(1, min(i, most) + 1)) / burned[-1]
        for i in range(size)
    )
    rows = zip(so_far, coming, seen.given, strict=True)
    return Ultimate(seen.given, so_far, tuple(max(c, min(c + n, given)) for c, n, given in rows))


def burned_by_period(seen: Triangle) -> list[float]:
    """All that came back in each period, also of points of which nobody knows when they were
    earned."""
    size = len(seen.given)
    beyond = seen.beyond or (0.0,) * size
    return [sum(seen.redeemed[t - k][k] for k in range(t + 1)) + beyond[t] for t in range(size)]


def ahead_of(burned: Sequence[float], periods: int) -> Row | NotEnough:
    """What comes back in each of the next `periods`; after a season they begin again, no higher.

    Refuses where nothing came back a year ago in the months that this year's are laid beside.
    Example: after 14 months the next one is what month 2 brought, times months 12 and 13 over
    months 0 and 1.
    """
    known = len(burned)
    beside = min(known - SEASON, BESIDE)
    if beside < 1:
        last = burned[-min(known, BESIDE) :]
        return (sum(last) / len(last),) * periods
    before = sum(burned[known - SEASON - beside : known - SEASON])
    if before <= 0:
        return NotEnough("values", before, 1)
    growth = sum(burned[known - beside :]) / before
    return tuple(max(burned[known - SEASON + h % SEASON] * growth, 0.0) for h in range(periods))
