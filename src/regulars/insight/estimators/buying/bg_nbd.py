"""BG/NBD and MBG/NBD: members buy by chance at a rate of their own and leave after an order.

Symbols: members order at rate lambda, spread as Gamma(r, alpha); after each order they leave for
good with probability p, spread as Beta(a, b); the two have nothing to do with each other. In
BG/NBD nobody leaves before the second order, so whoever ordered once is "alive" for sure, which
is never shown; MBG/NBD lets members leave after their first order, too.
Assumptions: orders come as by Poisson while somebody is there, at a rate that never changes, with
no season; who has left never comes again.
Source: Fader, Hardie & Lee (2005), "Counting Your Customers the Easy Way", eq. 6 to 10, in the
form of Fader & Hardie (2013) that does not overflow; Batislam, Denizel & Filiztekin (2007).
"""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from msgspec import Struct
from scipy.linalg import eigh_tridiagonal
from scipy.special import betaln, digamma, expit, gammaln

from regulars.insight.estimators.buying.histories import Floats, Histories, Whole, too_few
from regulars.insight.estimators.climbing import likeliest
from regulars.insight.estimators.saying import NotEnough

_FEW: Final = 5_000
_NODES: Final = 64


class BetaGeometric(Struct, frozen=True):
    """A fitted BG/NBD, or MBG/NBD where `at_first`; `height` is its log-likelihood."""

    r: float
    alpha: float
    a: float
    b: float
    at_first: bool
    height: float = float("nan")

    def heights(self, given: Histories) -> Floats:
        """The log-likelihood of each row, for one member of it."""
        return _heights(np.array(self.parameters), given, self.at_first)[0]

    @property
    def parameters(self) -> tuple[float, float, float, float]:
        """r, alpha, a, b."""
        return self.r, self.alpha, self.a, self.b

    def alive(self, given: Histories) -> Floats:
        """P(still a member who orders), from 0 to 1.

        Traps: BG/NBD says 1 for everybody who ordered once; do not show that.
        """
        return expit(-_odds_of_leaving(self, given))

    def expected(self, given: Histories, ahead: float) -> Floats:
        """Orders in the next `ahead` (unit of `age`) for each row, whether or not still there."""
        often = given.repeats.astype(np.float64)
        rate, scale = self.r + often, self.alpha + given.age
        left = self.b + often + int(self.at_first)
        return self.alive(given) * _while_staying(self.a, left, rate, scale, ahead)

    def expected_anew(self, until: float) -> float:
        """Repeated orders of a member nobody knows yet in the time `until` after the first."""
        first = self.b / (self.a + self.b) if self.at_first else 1.0
        left, rate, scale = np.array([[self.b + int(self.at_first)], [self.r], [self.alpha]])
        orders = _while_staying(self.a, left, rate, scale, until)
        return first * float(orders[0])


def fit_bg_nbd(given: Histories) -> BetaGeometric | NotEnough:
    """BG/NBD for these members; refuses with too few, or where their first orders were cut off."""
    return _fit(given, at_first=False)


def fit_mbg_nbd(given: Histories) -> BetaGeometric | NotEnough:
    """MBG/NBD for these members; refuses as BG/NBD does."""
    return _fit(given, at_first=True)


def _fit(given: Histories, *, at_first: bool) -> BetaGeometric | NotEnough:
    lacking = too_few(given)
    if lacking is not None:
        return lacking
    start, (scaled, middle) = (1.0, 0.5, 1.0, 1.0), given.in_ages()
    few = scaled.few(_FEW) if len(given) > 2 * _FEW else None
    of_few = None if few is None else partial(_score, given=few, at_first=at_first)
    found = likeliest(partial(_score, given=scaled, at_first=at_first), start, of_few)
    if isinstance(found, NotEnough):
        return found
    (r, alpha, a, b), height = found
    return BetaGeometric(r, alpha * middle, a, b, at_first, given.height_in(height, middle))


def _score(at: Floats, given: Histories, at_first: bool) -> tuple[float, Floats]:
    height, slope = 0.0, np.zeros(4)
    counts = np.bincount(given.repeats, weights=given.members)
    for some in given.portions():
        heights, slopes = _of_times(at, some, at_first)
        height += float(heights @ some.members)
        slope += slopes @ some.members
    of_counts, their_slopes = _of_counts(at, np.flatnonzero(counts), at_first)
    counts = counts[counts > 0]
    return height + float(of_counts @ counts), slope + their_slopes @ counts


def _heights(at: Floats, given: Histories, at_first: bool) -> tuple[Floats, Floats]:
    kinds, which = np.unique(given.repeats, return_inverse=True)
    of_counts, their_slopes = _of_counts(at, kinds, at_first)
    heights, slopes = _of_times(at, given, at_first)
    return heights + of_counts[which], slopes + their_slopes[:, which]


def _of_counts(at: Floats, repeats: Whole, at_first: bool) -> tuple[Floats, Floats]:
    """The part that hangs on how often only: there are few different counts, however many rows."""
    r, alpha, a, b = at
    stays = b + repeats + int(at_first)
    heights = (
        gammaln(r + repeats) - gammaln(r) + r * np.log(alpha) + betaln(a, stays) - betaln(a, b)
    )
    both = digamma(a + b) - digamma(a + stays)
    slopes = np.stack(
        (
            digamma(r + repeats) - digamma(r) + np.log(alpha),
            np.full(len(repeats), r / alpha),
            both,
            digamma(stays) - digamma(b) + both,
        )
    )
    return heights, slopes


def _of_times(at: Floats, given: Histories, at_first: bool) -> tuple[Floats, Floats]:
    """The part that hangs on when: still there, or gone right after the last order."""
    r, alpha, a, b = at
    rate = r + given.repeats
    there, gone_at = np.log(alpha + given.age), np.log(alpha + given.last)
    stays = b + given.repeats - 1 + int(at_first)
    leaves = given.repeats > 0 if not at_first else np.ones(len(rate), dtype=np.bool_)
    odds = np.where(leaves, np.log(a / np.where(leaves, stays, 1.0)), -np.inf)
    odds = odds + rate * (there - gone_at)
    gone = expit(odds)
    heights = -rate * there + np.logaddexp(0.0, odds)
    slopes = np.stack(
        (
            -there + gone * (there - gone_at),
            -rate * ((1 - gone) / (alpha + given.age) + gone / (alpha + given.last)),
            gone / a,
            np.where(leaves, -gone / np.where(leaves, stays, 1.0), 0.0),
        )
    )
    return heights, slopes


def _odds_of_leaving(model: BetaGeometric, given: Histories) -> Floats:
    rate = model.r + given.repeats
    stays = model.b + given.repeats - 1 + int(model.at_first)
    leaves = (given.repeats > 0) | model.at_first
    odds = np.where(leaves, np.log(model.a / np.where(leaves, stays, 1.0)), -np.inf)
    return odds + rate * np.log((model.alpha + given.age) / (model.alpha + given.last))


def _while_staying(a: float, left: Floats, rate: Floats, scale: Floats, ahead: float) -> Floats:
    """Orders ahead of somebody who is there now: the mean of (1 - (1 + p t / scale)^-rate) / p
    over p by Beta(a, left).

    The closed form (2F1 over a - 1) breaks where a is near 1; a Gauss rule for that very Beta
    has no such place. It is right to one in ten thousand up to some 300 `scale` ahead, which is at
    least the age of whoever is asked about, and to 7 % up to 2,000.
    """
    orders = np.empty(len(rate))
    for kind in np.unique(left):
        rows = left == kind
        leaving, weights = _spread(a, float(kind))
        grown = np.log1p(np.outer(ahead / scale[rows], leaving))
        stayed = -np.expm1(-rate[rows, None] * grown) / leaving
        orders[rows] = stayed @ weights
    return orders


def _spread(a: float, left: float) -> tuple[Floats, Floats]:
    """Points and weights of a Gauss rule for Beta(a, left).

    By the eigenvalues of its Jacobi matrix (Golub & Welsch 1969): weights need no gamma function
    that way, so members with thousands of orders are nothing special.
    """
    low, high, n = a - 1, left - 1, np.arange(1, _NODES)
    both = 2 * n + low + high
    first = (low - high) / (low + high + 2)
    middle = np.concatenate(((first,), (low**2 - high**2) / (both * (both + 2))))
    beside = 4 * n * (n + low) * (n + high) / (both**2 * (both + 1))
    # Of the last factor the first one cancels, where it may be nothing by nothing.
    beside[1:] *= (n[1:] + low + high) / (both[1:] - 1)
    points, vectors = eigh_tridiagonal(middle, np.sqrt(beside))
    return np.maximum((points + 1) / 2, np.finfo(np.float64).tiny), vectors[0] ** 2
