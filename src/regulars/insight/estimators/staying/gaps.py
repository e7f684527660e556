"""Kaplan-Meier: how long until the next order, counting those who have not come again yet.

Symbols: at each length t, d of n who were seen so long came again; S(t) is the product of all
1 - d / n.
Assumptions: whoever was not seen any longer would have gone on as the others do: that somebody is
seen for a short time only says nothing of how soon they come.
Source: Kaplan & Meier (1958); variance by Greenwood (1926); the interval is made on the scale of
log(-log) (Kalbfleisch & Prentice 1980), so it never leaves 0 to 1.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike

from regulars.insight.estimators.asking.shares import SURE_95
from regulars.insight.estimators.buying.histories import Floats
from regulars.insight.estimators.columns import numbers
from regulars.insight.estimators.saying import NotEnough

FEWEST_GAPS: Final = 20


class Survivor(Struct, frozen=True):
    """Steps in order of time: at `times` the share still waiting falls to `waiting`, which lies
    between `low` and `high` with 95 %; `at_risk` were waiting just before."""

    times: Floats
    waiting: Floats
    low: Floats
    high: Floats
    at_risk: Floats

    def quantile(self, share: float) -> float | None:
        """When so many have come again; None where it has not come to that yet.

        Example: with open gaps the median may be unknown, however many have ordered; the mean of
        the closed gaps would say something, and too little.
        """
        reached = np.flatnonzero(self.waiting <= 1 - share + 1e-12)
        return float(self.times[reached[0]]) if len(reached) else None


def survivor(lengths: ArrayLike, closed: ArrayLike) -> Survivor | NotEnough:
    """From gaps of these lengths; one that is not `closed` had not ended when last seen.

    A gap that ends and one that is last seen at the same length: the one last seen was there.
    Where nobody is left waiting, the formula has no upper end: that of the step before stays.
    Refuses with fewer than twenty closed gaps.
    """
    (length,), ends = numbers(lengths), np.asarray(closed, dtype=np.bool_)
    assert length.shape == ends.shape, "a gap is closed or not"
    assert (length >= 0).all(), "a gap has a length"
    if int(ends.sum()) < FEWEST_GAPS:
        return NotEnough("repeat_orders", int(ends.sum()), FEWEST_GAPS)
    ended: Floats = length[ends]
    times, came = np.unique(ended, return_counts=True)
    at_risk = len(length) - np.searchsorted(np.sort(length), times, side="left")
    waiting = np.asarray(np.cumprod(1 - came / at_risk), dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(came / (at_risk * (at_risk - came)))
        spread = SURE_95 * np.sqrt(variance) / np.log(waiting)
        low, high = waiting ** np.exp(-spread), waiting ** np.exp(spread)
    gone = waiting <= 0
    before = np.concatenate(((1.0,), high[:-1]))
    low, high = np.where(gone, 0.0, low), np.where(gone, before, high)
    return Survivor(times, waiting, low, high, at_risk.astype(np.float64))
