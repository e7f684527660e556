"""BG/BB: members who may order once in each period, as donors by year or classes by week.

Symbols: in each of `periods` a member who is still there takes part with probability p, by
Beta(alpha, beta), and before each leaves for good with probability theta, by Beta(gamma, delta).
Assumptions: p and theta of somebody never change and have nothing to do with each other.
Source: Fader, Hardie & Shang (2010), "Customer-Base Analysis in a Discrete-Time Noncontractual
Setting", eq. 5, 11 and 13.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike
from scipy.special import betaln, digamma

from regulars.insight.estimators.buying.histories import FEWEST_REPEATED, Floats, Whole
from regulars.insight.estimators.climbing import likeliest
from regulars.insight.estimators.columns import numbers
from regulars.insight.estimators.saying import FEWEST_MEMBERS, NotEnough

_NEVER: Final = -np.inf


class Turns(Struct, frozen=True):
    """Columns of one length: in `taken` of `periods` somebody took part, last in number `last`
    (from 1; 0 where never); `members` how many did just so."""

    taken: Whole
    last: Whole
    periods: Whole
    members: Floats


class BetaBernoulli(Struct, frozen=True):
    """A fitted BG/BB; `height` is its log-likelihood."""

    alpha: float
    beta: float
    gamma: float
    delta: float
    height: float = float("nan")

    def alive(self, given: Turns) -> Floats:
        """P(still there in the period after the last one seen)."""
        at = np.array([self.alpha, self.beta, self.gamma, self.delta])
        stays = betaln(self.gamma, self.delta + given.periods + 1) - betaln(self.gamma, self.delta)
        return np.exp(_taking(at, given) + stays - _of_rows(at, given)[0])

    def expected(self, given: Turns, ahead: int) -> Floats:
        """In how many of the next `ahead` periods each row takes part, whether or not there."""
        at = np.array([self.alpha, self.beta, self.gamma, self.delta])
        misses = self.beta + given.periods - given.taken
        takes = betaln(self.alpha + given.taken + 1, misses) - betaln(self.alpha, self.beta)
        begins = betaln(self.gamma, self.delta)
        turns = np.arange(1, ahead + 1)[:, None]
        stays = np.exp(betaln(self.gamma, self.delta + given.periods + turns) - begins)
        return np.exp(takes - _of_rows(at, given)[0]) * stays.sum(axis=0)


def turns(taken: ArrayLike, last: ArrayLike, periods: ArrayLike, members: ArrayLike) -> Turns:
    """Turns of these columns. Faults: AssertionError where a row cannot be."""
    x, at, until = (np.asarray(column, dtype=np.int64) for column in (taken, last, periods))
    assert ((x >= 0) & (x <= at) & (at <= until)).all(), "taken <= last <= periods"
    assert ((at > 0) == (x > 0)).all(), "a last time belongs to whoever took part"
    *_, many = numbers(x, at, until, members)
    assert (many >= 0).all(), "members are not fewer than none"
    return Turns(x, at, until, many)


def fit_bg_bb(given: Turns) -> BetaBernoulli | NotEnough:
    """BG/BB for these members; refuses with too few, or at a boundary."""
    many, took = given.members.sum(), given.members[given.taken > 0].sum()
    if many < FEWEST_MEMBERS:
        return NotEnough("members", float(many), FEWEST_MEMBERS)
    if took < FEWEST_REPEATED:
        return NotEnough("repeat_orders", float(took), FEWEST_REPEATED)

    def score(at: Floats) -> tuple[float, Floats]:
        heights, slopes = _of_rows(at, given)
        return float(heights @ given.members), slopes @ given.members

    found = likeliest(score, (1.0, 1.0, 1.0, 1.0))
    if isinstance(found, NotEnough):
        return found
    (alpha, beta, gamma, delta), height = found
    return BetaBernoulli(alpha, beta, gamma, delta, height)


def _taking(at: Floats, given: Turns) -> Floats:
    alpha, beta = at[0], at[1]
    misses = beta + given.periods - given.taken
    return np.asarray(betaln(alpha + given.taken, misses) - betaln(alpha, beta))


def _of_rows(at: Floats, given: Turns) -> tuple[Floats, Floats]:
    """Log-likelihood and slopes of each row: there to the end, or left before period last + i."""
    alpha, beta, gamma, delta = at
    steps = int((given.periods - given.last).max(initial=0)) + 1
    seen = np.minimum(given.last + np.arange(steps)[:, None], given.periods)
    possible = given.last + np.arange(steps)[:, None] <= given.periods
    left = (seen < given.periods).astype(np.float64)
    took, missed = alpha + given.taken, beta + seen - given.taken
    leaves, stays = gamma + left, delta + seen
    parts = betaln(took, missed) + betaln(leaves, stays) - betaln(alpha, beta)
    parts = np.where(possible, parts - betaln(gamma, delta), _NEVER)
    height = _log_sum(parts)
    shares = np.exp(parts - height)
    both, ends = digamma(took + missed), digamma(leaves + stays)
    ahead, away = digamma(alpha + beta), digamma(gamma + delta)
    slopes = np.stack(
        (
            (shares * (digamma(took) - both)).sum(axis=0) - digamma(alpha) + ahead,
            (shares * (digamma(missed) - both)).sum(axis=0) - digamma(beta) + ahead,
            (shares * (digamma(leaves) - ends)).sum(axis=0) - digamma(gamma) + away,
            (shares * (digamma(stays) - ends)).sum(axis=0) - digamma(delta) + away,
        )
    )
    return height, slopes


def _log_sum(parts: Floats) -> Floats:
    most = parts.max(axis=0)
    return np.asarray(most + np.log(np.exp(parts - most).sum(axis=0)))
