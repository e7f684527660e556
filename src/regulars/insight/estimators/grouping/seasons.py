"""What periods ahead will bring, by the same periods of last year and how this year grew beside it.

Where a whole season was not seen yet, the last periods are taken as they were, and it says so: an
autumn that nobody has seen cannot be foretold, only allowed for.
Symbols: y of a period, L periods a season; y(t + h) is y(t + h - L) times how much the last season
was above the one before. Assumptions: seasons are as long and as strong as before, and growth goes
on as it did.
Source: the seasonal naive method with drift of Hyndman & Athanasopoulos (2021), section 5.2, with
growth as a ratio.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike

from regulars.insight.estimators.buying.histories import Floats
from regulars.insight.estimators.columns import numbers
from regulars.insight.estimators.saying import NotEnough

FEWEST_BESIDE: Final = 1
"""So many periods of this year must have ended that last year has, too, before growth counts."""
_MOST_BESIDE: Final = 6


class Ahead(Struct, frozen=True):
    """What comes in each period ahead; `seasonal` whether last year was there to tell."""

    values: Floats
    seasonal: bool
    growth: float = 1.0


def ahead(seen: ArrayLike, periods: int, season: int = 12) -> Ahead | NotEnough:
    """The next `periods` (at most a season) after those that were `seen`.

    Growth is the sum of the latest periods over that of the same ones a year before, of at most
    six, so that one odd month counts little. Refuses with fewer periods seen than are asked for.
    Example: after 14 months, the next one is what month 2 brought, times months 12 and 13 over
    months 0 and 1.
    """
    (series,) = numbers(seen)
    known = len(series)
    assert 0 < periods <= season, periods
    if known < periods:
        return NotEnough("periods", known, periods)
    beside = min(known - season, _MOST_BESIDE)
    if beside < FEWEST_BESIDE:
        return Ahead(np.full(periods, series[-periods:].mean()), seasonal=False)
    before = float(series[known - season - beside : known - season].sum())
    if before <= 0:
        return NotEnough("values", before, 1)
    growth = float(series[known - beside :].sum()) / before
    same = series[known - season : known - season + periods]
    return Ahead(same * growth, seasonal=True, growth=growth)
