"""Shifted beta-geometric of memberships of any age, by renewals; plain arithmetic.

The same model as `sbg.py`, for the server, which does not load numpy, and for memberships that
began at different times: who is there still says how far they came, and nothing of later renewals.
Symbols: each membership ends with probability theta at each renewal, by Beta(alpha, beta).
Assumptions: a membership's theta never changes, and each renewal is decided by itself.
Source: Fader & Hardie (2007), "How to Project Customer Retention", eq. 5 to 7; the likelihood of
several beginnings is their appendix. The search is that of Nelder & Mead (1965).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, lgamma
from typing import Final, NamedTuple

from msgspec import Struct

from regulars.insight.estimators.saying import FEWEST_MEMBERS, NotEnough
from regulars.insight.estimators.staying.waits import Gaps

FEWEST_RENEWALS: Final = 2
_FARTHEST: Final = 9.0
"""Parameters lie between e^-9 and e^9: beyond, all are alike, and it makes no difference."""
_STEPS: Final = 400
_NEAR: Final = 1e-9


class Renewing(Struct, frozen=True):
    """A fitted sBG."""

    alpha: float
    beta: float

    def staying(self, renewals: int) -> float:
        """Share still there after so many renewals."""
        return exp(_log_beta(self.alpha, self.beta + renewals) - _log_beta(self.alpha, self.beta))

    def renews(self, renewal: int) -> float:
        """Of those there before this renewal (from 1), the share that stays: it grows with age."""
        return (self.beta + renewal - 1) / (self.alpha + self.beta + renewal - 1)


def fit_renewing(lives: Sequence[Gaps]) -> Renewing | NotEnough:
    """A fit for memberships of any age.

    Shape: of `lives` the length is in renewals: `closed` ended at that renewal (from 1), `open`
    have renewed so often and are there. Refuses fewer than a hundred memberships, where nobody has
    come to a second renewal, and where none ended: then nobody knows what ends one.
    Example: of 100 that began a year ago and 100 that began now only the first say anything.
    """
    began = sum(one.closed + one.open for one in lives)
    far = max((one.length for one in lives), default=0)
    ended = sum(one.closed for one in lives)
    if began < FEWEST_MEMBERS:
        return NotEnough("members", began, FEWEST_MEMBERS)
    if far < FEWEST_RENEWALS:
        return NotEnough("periods", far, FEWEST_RENEWALS)
    if ended == 0:
        return NotEnough("spread", 0, 1)
    assert all(one.length > 0 for one in lives if one.closed), "what ended came to a renewal"
    alpha, beta = (exp(one) for one in _lowest(lambda at: -_height(at, lives)))
    return Renewing(alpha, beta)


def _log_beta(one: float, other: float) -> float:
    return lgamma(one) + lgamma(other) - lgamma(one + other)


def _height(at: _Place, lives: Sequence[Gaps]) -> float:
    """The log-likelihood of logarithms of both parameters."""
    alpha, beta = exp(at.alpha), exp(at.beta)
    found = 0.0
    for one in lives:
        if one.closed:
            found += one.closed * _log_beta(alpha + 1, beta + one.length - 1)
        if one.open:
            found += one.open * _log_beta(alpha, beta + one.length)
    began = sum(one.closed + one.open for one in lives)
    return found - began * _log_beta(alpha, beta)


class _Place(NamedTuple):
    alpha: float
    beta: float

    def toward(self, other: _Place, much: float) -> _Place:
        """So much of the way to another place, within the edges."""
        return _Place(*(
            min(max(a + much * (b - a), -_FARTHEST), _FARTHEST)
            for a, b in zip(self, other, strict=True)
        ))  # fmt: skip


def _lowest(depth: Callable[[_Place], float]) -> _Place:
    """Where it is deepest, by a triangle that turns over its worst corner, and shrinks."""
    corners = [_Place(0.0, 0.0), _Place(0.7, 0.0), _Place(0.0, 0.7)]
    seen = sorted((depth(one), one) for one in corners)
    for _ in range(_STEPS):
        (best, at), (_, second), (worst, last) = seen
        if worst - best < _NEAR and max(abs(a - b) for a, b in zip(at, last, strict=True)) < 1e-6:
            break
        middle = at.toward(second, 0.5)
        turned = last.toward(middle, 2)
        tried = [(depth(one), one) for one in (turned, last.toward(middle, 3))]
        tried += [
            (depth(one), one) for one in (last.toward(middle, 0.5), turned.toward(middle, 0.5))
        ]
        least = min(tried)
        if least[0] < worst:
            seen = sorted([*seen[:2], least])
        else:
            seen = sorted([seen[0], *((depth(one), one) for one in (
                at.toward(second, 0.5), at.toward(last, 0.5)))])  # fmt: skip
    return seen[0][1]
