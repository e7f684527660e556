"""Shifted beta-geometric: how many of those who pay by the period are still there later.

Symbols: each member ends with probability theta at each renewal, by Beta(alpha, beta); nobody's
own theta changes, those who stay are just more and more those with a small one.
Still there after t renewals are B(alpha, beta + t) / B(alpha, beta).
Assumptions: members end or stay apart from one another; nothing else changes from year to year.
Source: Fader & Hardie (2007), "How to Project Customer Retention", eq. 5 to 7.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike
from scipy.special import betaln, digamma

from regulars.insight.estimators.buying.histories import Floats
from regulars.insight.estimators.climbing import likeliest
from regulars.insight.estimators.columns import numbers
from regulars.insight.estimators.saying import FEWEST_MEMBERS, NotEnough

FEWEST_RENEWALS: Final = 2
LEAST_RATE: Final = 1e-5
"""Discounted by less, payments count that are too far off to be added up."""
_FAR: Final = 37.0
"""A payment discounted by so many powers of e counts for nothing."""


class Contracts(Struct, frozen=True):
    """A fitted sBG."""

    alpha: float
    beta: float
    height: float = float("nan")

    def staying(self, renewals: ArrayLike) -> Floats:
        """Share still there after so many renewals."""
        t = np.asarray(renewals, dtype=np.float64)
        begins = betaln(self.alpha, self.beta)
        return np.asarray(np.exp(betaln(self.alpha, self.beta + t) - begins))

    def retention(self, renewal: ArrayLike) -> Floats:
        """Of those there before this renewal (from 1), the share that stays: it grows with age."""
        t = np.asarray(renewal, dtype=np.float64)
        return np.asarray((self.beta + t - 1) / (self.alpha + self.beta + t - 1))

    def remaining(self, renewals: int, rate: float) -> float:
        """Payments to come of somebody who has renewed so often, discounted by `rate` a period.

        The next payment is at the next renewal, in one period. Traps: 1 / churn of the first year
        is far too little for those who have stayed long. Faults: AssertionError for a rate below
        0.00001: without interest the sum may have no end.
        """
        assert rate >= LEAST_RATE, rate
        ahead = np.arange(1, int(_FAR / np.log1p(rate)) + 2)
        stays = self.staying(renewals + ahead) / self.staying(renewals)
        return float(stays @ np.exp(-ahead * np.log1p(rate)))


def fit_sbg(there: ArrayLike) -> Contracts | NotEnough:
    """A fit for members who began together: `there[t]` of them were left after t renewals.

    Refuses with fewer than two renewals, fewer than a hundred who began, or when nobody ended.
    Faults: AssertionError where it rises, or falls below nobody.
    """
    (left,) = numbers(there)
    renewals = len(left) - 1
    if renewals < FEWEST_RENEWALS:
        return NotEnough("periods", renewals, FEWEST_RENEWALS)
    ended = -np.diff(left)
    assert (ended >= 0).all(), "nobody comes back to a contract that ended"
    assert left[-1] >= 0, "nobody is the fewest there can be"
    if left[0] < FEWEST_MEMBERS:
        return NotEnough("members", float(left[0]), FEWEST_MEMBERS)
    if ended.sum() == 0:
        return NotEnough("spread", 0, 1)
    found = likeliest(partial(_score, left=left), (1.0, 1.0))
    if isinstance(found, NotEnough):
        return found
    (alpha, beta), height = found
    return Contracts(alpha, beta, height)


def _score(at: Floats, left: Floats) -> tuple[float, Floats]:
    alpha, beta = at
    ended, t, renewals = -np.diff(left), np.arange(1, len(left)), len(left) - 1
    last = beta + renewals
    height = ended @ betaln(alpha + 1, beta + t - 1) + left[-1] * betaln(alpha, last)
    whole = left[0]
    both, of_ends = digamma(alpha + beta), digamma(alpha + beta + t)
    end, at_last = digamma(alpha + 1), digamma(alpha + last)
    by_alpha = ended @ (end - of_ends) + left[-1] * (digamma(alpha) - at_last)
    by_beta = ended @ (digamma(beta + t - 1) - of_ends)
    by_beta += left[-1] * (digamma(last) - at_last)
    slope = np.array([by_alpha, by_beta])
    slope -= whole * np.array([digamma(alpha) - both, digamma(beta) - both])
    return float(height - whole * betaln(alpha, beta)), slope
