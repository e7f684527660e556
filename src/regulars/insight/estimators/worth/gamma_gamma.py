"""Gamma-Gamma: what a member spends on an order on average, from the few orders we saw.

Symbols: each order of a member is spread as Gamma(p, nu), and nu over members as Gamma(q, gamma);
`orders` (x) orders came to `mean` (z) on average. What somebody spends has nothing to do with how
often they come: `fit_gamma_gamma` reports how far that is from true as `tie`.
Assumptions: so it is, and what somebody spends on average never changes; nobody spends nothing.
Source: Fader & Hardie (2013), "The Gamma-Gamma Model of Monetary Value", eq. 1a and 5.
"""

from __future__ import annotations

from math import atanh, sqrt, tanh
from statistics import NormalDist
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike
from scipy.special import digamma, gammaln

from regulars.insight.estimators.buying.histories import FEWEST_REPEATED, Floats
from regulars.insight.estimators.climbing import likeliest
from regulars.insight.estimators.columns import numbers
from regulars.insight.estimators.saying import NotEnough

_LEAST: Final = 1e-9
_MOST: Final = 1 - 1e-9
_WIDTH: Final = NormalDist().inv_cdf(0.975)


class Spending(Struct, frozen=True):
    """A fitted Gamma-Gamma, in the unit of `mean`; `tie` is the correlation of how often and how
    much: surely beyond 0.3 either way the model is not for this shop. `tied` is how far it surely
    is, either way: the nearer end of its interval of 95 %, 0 where both ways could be."""

    p: float
    q: float
    gamma: float
    height: float = float("nan")
    tie: float = float("nan")
    tied: float = float("nan")

    def expected(self, orders: ArrayLike, mean: ArrayLike) -> Floats:
        """The mean of all a member's orders to come: their own, drawn toward everybody's.

        Example: who spent 80 on their only order is not expected to spend 80 again; the more
        orders, the more their own mean counts. Without any order it is the mean of all.
        """
        x, z = np.asarray(orders, dtype=np.float64), np.asarray(mean, dtype=np.float64)
        own = self.p * x
        return np.asarray((self.gamma * self.p + own * z) / (own + self.q - 1))


def fit_gamma_gamma(orders: ArrayLike, mean: ArrayLike) -> Spending | NotEnough:
    """Gamma-Gamma for members with these numbers of orders and means.

    Rows without an order or with a mean of nothing or less are left out: they say nothing of how
    much is spent. Refuses with fewer than thirty, where all spend the same, and where a few spend
    so much more than others (q of 1 or less) that all together have no mean.
    """
    x, z = numbers(orders, mean)
    counts = (x > 0) & (z > 0)
    x, z = x[counts], z[counts]
    if len(x) < FEWEST_REPEATED:
        return NotEnough("values", len(x), FEWEST_REPEATED)
    middle = float(z.mean())
    if float(z.std()) < _LEAST * middle:
        return NotEnough("spread", 0, 1)
    found = likeliest(lambda at: _score(at, x, z / middle), (2.0, 3.0, 1.0))
    if isinstance(found, NotEnough):
        return found
    (p, q, gamma), height = found
    if q <= 1:
        return NotEnough("boundary", q, 1)
    tie = float(np.corrcoef(x, z)[0, 1]) if float(x.std()) > 0 else 0.0
    height -= len(x) * float(np.log(middle))
    return Spending(p, q, gamma * middle, height, tie, surely(tie, len(x)))


def surely(correlation: float, many: int) -> float:
    """How strong a correlation of so many pairs surely is, either way: the nearer end of its
    interval of 95 %. Example: 0.4 of 60 pairs is at least 0.16, of 6,000 at least 0.38.

    Source: Fisher's z, whose standard error is (n - 3)^-½.
    """
    z = atanh(min(abs(correlation), _MOST)) - _WIDTH / sqrt(many - 3)
    return max(0.0, tanh(z))


def _score(at: Floats, x: Floats, z: Floats) -> tuple[float, Floats]:
    p, q, gamma = at
    own, whole = p * x, np.log(gamma + x * z)
    heights = (
        gammaln(own + q) - gammaln(own) - gammaln(q) + q * np.log(gamma)
        + (own - 1) * np.log(z) + own * np.log(x) - (own + q) * whole
    )  # fmt: skip
    both = digamma(own + q)
    slopes = np.stack(
        (
            x * (both - digamma(own) + np.log(z) + np.log(x) - whole),
            both - digamma(q) + np.log(gamma) - whole,
            q / gamma - (own + q) / (gamma + x * z),
        )
    )
    return float(heights.sum()), slopes.sum(axis=1)
