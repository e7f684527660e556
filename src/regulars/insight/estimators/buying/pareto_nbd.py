"""Pareto/NBD: members buy by chance at a rate of their own and leave at any moment.

Symbols: rate of orders lambda by Gamma(r, alpha), rate of leaving mu by Gamma(s, beta), apart from
each other. Source: Schmittlein, Morrison & Colombo (1987); Fader & Hardie (2005), "A Note on
Deriving the Pareto/NBD Model and Related Expressions", eq. 22, 41 and 42.
Assumptions: as BG/NBD, but somebody may leave at any moment, also before their second order.
Traps: the closed likelihood (2F1) loses all its digits with members who buy often, without an
error; here the integral over the moment of leaving is summed on a logarithmic scale instead.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from msgspec import Struct
from scipy.special import digamma, gammaln, logsumexp

from regulars.insight.estimators.buying.histories import Floats, Histories, too_few
from regulars.insight.estimators.climbing import likeliest
from regulars.insight.estimators.saying import NotEnough

_FEW: Final = 5_000
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(32)
_DEPTH: Final = 46.0
"""What lies so many powers of e below the beginning of the integral counts for nothing."""


class Pareto(Struct, frozen=True):
    """A fitted Pareto/NBD; `height` is its log-likelihood."""

    r: float
    alpha: float
    s: float
    beta: float
    height: float = float("nan")

    @property
    def parameters(self) -> tuple[float, float, float, float]:
        """r, alpha, s, beta."""
        return self.r, self.alpha, self.s, self.beta

    def heights(self, given: Histories) -> Floats:
        """The log-likelihood of each row, for one member of it."""
        return _of_rows(np.array(self.parameters), given)[0]

    def alive(self, given: Histories) -> Floats:
        """P(still a member who orders), from 0 to 1."""
        at = np.array(self.parameters)
        return np.exp(_there(at, given) + _rising(at, given) - _of_rows(at, given)[0])

    def expected(self, given: Histories, ahead: float) -> Floats:
        """Orders in the next `ahead` (unit of `age`) for each row, whether or not still there."""
        rate = (self.r + given.repeats) / (self.alpha + given.age)
        return self.alive(given) * rate * _staying(self.s, self.beta + given.age, ahead)

    def expected_anew(self, until: float) -> float:
        """Repeated orders of a member nobody knows yet in the time `until` after the first.

        Example: 1.473 in 52 weeks by the parameters of CDNOW.
        """
        return float(self.r / self.alpha * _staying(self.s, np.array(self.beta), until))


def fit_pareto_nbd(given: Histories) -> Pareto | NotEnough:
    """Pareto/NBD for these members; refuses with too few, or at a boundary."""
    lacking = too_few(given)
    if lacking is not None:
        return lacking
    start, (scaled, middle) = (1.0, 0.5, 1.0, 0.5), given.in_ages()
    few = scaled.few(_FEW) if len(given) > 2 * _FEW else None
    of_few = None if few is None else partial(_score, given=few)
    found = likeliest(partial(_score, given=scaled), start, of_few)
    if isinstance(found, NotEnough):
        return found
    (r, alpha, s, beta), height = found
    return Pareto(r, alpha * middle, s, beta * middle, given.height_in(height, middle))


def _score(at: Floats, given: Histories) -> tuple[float, Floats]:
    height, slope = 0.0, np.zeros(4)
    for some in given.portions():
        heights, slopes = _of_rows(at, some)
        height += float(heights @ some.members)
        slope += slopes @ some.members
    return height, slope


def _of_rows(at: Floats, given: Histories) -> tuple[Floats, Floats]:
    r, alpha, s, beta = at
    rate = r + given.repeats
    there = _there(at, given)
    gone, logs, falls = _left_between(at, given)
    both = np.logaddexp(there, gone)
    is_there, is_gone = np.exp(there - both), np.exp(gone - both)
    rising = digamma(rate) - digamma(r) + np.log(alpha)
    slopes = np.stack(
        (
            rising - is_there * np.log(alpha + given.age) - is_gone * logs[0],
            r / alpha - rate * (is_there / (alpha + given.age) + is_gone * falls[0]),
            np.log(beta) - is_there * np.log(beta + given.age) + is_gone * (1 / s - logs[1]),
            s / beta - is_there * s / (beta + given.age) - is_gone * (s + 1) * falls[1],
        )
    )
    return _rising(at, given) + both, slopes


def _rising(at: Floats, given: Histories) -> Floats:
    r, alpha, s, beta = at
    return gammaln(r + given.repeats) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)


def _there(at: Floats, given: Histories) -> Floats:
    r, alpha, s, beta = at
    return -(r + given.repeats) * np.log(alpha + given.age) - s * np.log(beta + given.age)


def _left_between(
    at: Floats, given: Histories
) -> tuple[Floats, tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Log of s times the integral over the moment of leaving, from the last order until today,
    and the means of ln(alpha + t), ln(beta + t), 1/(alpha + t) and 1/(beta + t) under it."""
    r, alpha, s, beta = at
    rate = r + given.repeats
    nearest = min(alpha, beta)
    slowest = rate / (alpha + given.last) + (s + 1) / (beta + given.last)
    # In u = ln(nearest + t) the integrand falls by powers of e; the far end of it is cut off.
    first = np.log(nearest + given.last)
    fall = np.maximum(slowest * (nearest + given.last) - 1.0, 0.25)
    last = np.minimum(np.log(nearest + given.age), first + 4 * _DEPTH / fall)
    half = (last - first) / 2
    u = first[:, None] + half[:, None] * (_NODES + 1)
    moment = np.maximum(np.exp(u) - nearest, 0.0)
    by_alpha, by_beta = np.log(alpha + moment), np.log(beta + moment)
    parts = u - rate[:, None] * by_alpha - (s + 1) * by_beta + np.log(_WEIGHTS)
    whole = logsumexp(parts, axis=1)
    shares = np.exp(parts - whole[:, None])
    with np.errstate(divide="ignore"):  # who ordered today had no time to leave
        height = np.log(s) + whole + np.log(half)
    logs = (shares * by_alpha).sum(axis=1), (shares * by_beta).sum(axis=1)
    falls = (shares * np.exp(-by_alpha)).sum(axis=1), (shares * np.exp(-by_beta)).sum(axis=1)
    return height, logs, falls


def _staying(s: float, beta: Floats, ahead: float) -> Floats:
    """Mean time within `ahead` before leaving, for mu by Gamma(s, beta); also where s is 1."""
    grown = np.log1p(ahead / beta)
    flat = abs(s - 1) < 1e-9
    stretch = grown if flat else -np.expm1(-(s - 1) * grown) / (s - 1)
    return np.asarray(beta * stretch)
