"""NBD: members buy by chance at a rate of their own, and none of them ever leaves.

What is left where the first orders of most members were cut off: then those who seem to leave and
those who come seldom cannot be told apart, and BG/NBD and Pareto/NBD run to a boundary.
Assumptions: nobody leaves; rates never change.
Symbols: orders at rate lambda, over members Gamma(r, alpha); of who ordered x times in T, what
comes in t is expected to be t (r + x) / (alpha + T).
Source: Ehrenberg (1959); Morrison & Schmittlein (1988), conditional expectation of the NBD.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from msgspec import Struct
from scipy.special import digamma, gammaln

from regulars.insight.estimators.buying.histories import Floats, Histories, too_few
from regulars.insight.estimators.climbing import likeliest
from regulars.insight.estimators.saying import NotEnough


class Poisson(Struct, frozen=True):
    """A fitted NBD; `height` is its log-likelihood."""

    r: float
    alpha: float
    height: float = float("nan")

    def expected(self, given: Histories, ahead: float) -> Floats:
        """Orders in the next `ahead` for each row; too many for whoever has left."""
        return np.asarray((self.r + given.repeats) / (self.alpha + given.age) * ahead)

    def expected_anew(self, until: float) -> float:
        """Repeated orders of a member nobody knows yet in the time `until` after the first."""
        return self.r / self.alpha * until


def fit_nbd(given: Histories) -> Poisson | NotEnough:
    """NBD for these members; refuses with too few, or where all come equally often."""
    lacking = too_few(given)
    if lacking is not None:
        return lacking
    scaled, middle = given.in_ages()
    found = likeliest(partial(_score, given=scaled), (1.0, 0.5))
    if isinstance(found, NotEnough):
        return found
    (r, alpha), height = found
    return Poisson(r, alpha * middle, given.height_in(height, middle))


def _score(at: Floats, given: Histories) -> tuple[float, Floats]:
    r, alpha = at
    rate, there = r + given.repeats, np.log(alpha + given.age)
    heights = gammaln(rate) - gammaln(r) + r * np.log(alpha) - rate * there
    by_r = digamma(rate) - digamma(r) + np.log(alpha) - there
    by_alpha = r / alpha - rate / (alpha + given.age)
    return float(heights @ given.members), np.stack((by_r, by_alpha)) @ given.members
