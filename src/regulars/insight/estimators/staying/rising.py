"""A chance that rises with each thing as it must, by a line that may bend.

Each thing is cut into stretches at the values that part members evenly; within each stretch the
log-odds rise by a slope of its own that is never below 0. So a year away weighs no less than eleven
months, however few they were whom it was learned from, and where more says no more it stays flat.
Symbols: log(p / (1 - p)) = b0 + the sum of b x over all stretches x of all things, b >= 0, the
likeliest with b0 free and a penalty on the sum of b squared.
Assumptions: whoever asks turns each thing so that more of it is more of what is foretold; things
add up. Units: none, since stretches are parts of how far a thing reaches.
Source: Ramsay (1988) for curves that only rise; Lawson & Hanson (1974) for weights not below 0, to
which each round of Newton's method comes; Nocedal & Wright (2006, 3.1) for going back where a
round went too far.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.linalg import cholesky, solve_triangular
from scipy.optimize import nnls
from scipy.special import expit, logit

from regulars.insight.estimators.buying.histories import Floats
from regulars.insight.estimators.saying import NotEnough

FEWEST: Final = 20
"""Members who did, and who did not, before anything can be learned."""
_STRETCHES: Final = 6
_PENALTY: Final = 5.0
_PASSES: Final = 40
_HALVINGS: Final = 30
_AT_REST: Final = 1e-7
_DUST: Final = 1e-13
"""By how much a sum differs for the order of its digits alone, as a part of it."""
_DIGITS: Final = 12
_PORTION: Final = 50_000
"""Rows looked at in one go, so that very many need little memory."""


class Rising(Struct, frozen=True):
    """What was learned: where each thing is cut, the level, and a weight a stretch."""

    cuts: tuple[Floats, ...]
    level: float
    weights: Floats

    def chance(self, things: Floats) -> Floats:
        """The chance of each row, in their order; beyond what was seen it is that of the end.

        Traps: rows that are alike are summed up in another order by where they stand, so what is
        beyond twelve digits is left out, and they have one chance."""
        parts = [
            expit(self.level + _stretched(things[at : at + _PORTION], self.cuts) @ self.weights)
            for at in range(0, len(things), _PORTION)
        ]
        return np.round(np.concatenate(parts), _DIGITS) if parts else np.zeros(0)


def rising(things: Floats, came: NDArray[np.bool_]) -> Rising | NotEnough:
    """The likeliest such curve of rows of things and whether it came.

    Refuses where nearly all did the same, and where it did not come to rest (`boundary`): what
    stands after the last pass is no estimate. Order: none; rows may come in any.
    """
    both = min(int(came.sum()), int((~came).sum()))
    if both < FEWEST:
        return NotEnough("spread", both, FEWEST)
    cuts = tuple(_cut(column) for column in things.T)
    many = sum(len(one) - 1 for one in cuts)
    curve = Rising(cuts, float(logit(came.mean())), np.zeros(many))
    loss = _loss(things, came, curve)
    for _ in range(_PASSES):
        level, weights = _nearer(things, came, curve)
        if max(abs(level - curve.level), float(np.abs(weights - curve.weights).max())) < _AT_REST:
            return Rising(cuts, level, weights)
        curve, loss = _on_the_way(things, came, curve, Rising(cuts, level, weights), loss)
    return NotEnough("boundary", 0, 1)


def _on_the_way(
    things: Floats, came: NDArray[np.bool_], so_far: Rising, aim: Rising, loss: float
) -> tuple[Rising, float]:
    """As far toward the aim as the loss does not grow, halving the way, and the loss there.

    Where nearly all lapse the parabola is flat, and its end lies far beyond the curve's: whoever
    goes all the way comes back from there no more.
    """
    part = 1.0
    for _ in range(_HALVINGS):
        level = so_far.level + part * (aim.level - so_far.level)
        next_ = Rising(aim.cuts, level, so_far.weights + part * (aim.weights - so_far.weights))
        found = _loss(things, came, next_)
        if found <= loss + _DUST * abs(loss):
            return next_, found
        part /= 2
    return so_far, loss


def _loss(things: Floats, came: NDArray[np.bool_], curve: Rising) -> float:
    """How unlikely what came is by a curve, with the penalty: the least is looked for."""
    loss = _PENALTY / 2 * float(curve.weights @ curve.weights)
    for at in range(0, len(things), _PORTION):
        score = curve.level + _stretched(things[at : at + _PORTION], curve.cuts) @ curve.weights
        loss += float(np.logaddexp(0, score).sum() - score[came[at : at + _PORTION]].sum())
    return loss


def _cut(column: Floats) -> Floats:
    """Where a thing is cut: evenly by how many lie between; a thing that is one has one stretch."""
    cuts = np.unique(np.quantile(column, np.linspace(0, 1, _STRETCHES + 1)))
    return cuts if len(cuts) > 1 else np.append(cuts, cuts + 1.0)


def _stretched(things: Floats, cuts: tuple[Floats, ...]) -> Floats:
    """How far each row goes through each stretch of each thing."""
    columns = []
    for column, at in zip(things.T, cuts, strict=True):
        through = np.clip(column[:, None], at[:-1], at[1:]) - at[:-1]
        columns.append(through * (_STRETCHES / 2) / (at[-1] - at[0]))
    return np.concatenate(columns, axis=1)


def _nearer(things: Floats, came: NDArray[np.bool_], so_far: Rising) -> tuple[float, Floats]:
    """The weights at which the likelihood, as a parabola about those so far, is highest."""
    many = len(so_far.weights)
    whole, first, target = 0.0, np.zeros(many), 0.0
    second, both = np.eye(many) * _PENALTY, np.zeros(many)
    for at in range(0, len(things), _PORTION):
        rows = _stretched(things[at : at + _PORTION], so_far.cuts)
        score = so_far.level + rows @ so_far.weights
        chance = expit(score)
        sure = np.maximum(chance * (1 - chance), 1e-9)
        aim = score + (came[at : at + _PORTION] - chance) / sure
        weighed = rows * sure[:, None]
        whole, target = whole + float(sure.sum()), target + float(sure @ aim)
        first, both = first + weighed.sum(axis=0), both + weighed.T @ aim
        second += weighed.T @ rows
    # Without the level, which may be anything: all is looked at from the middle.
    middle, mean = first / whole, target / whole
    root = cholesky(second - np.outer(first, middle), lower=True)
    weights, _ = nnls(root.T, solve_triangular(root, both - first * mean, lower=True))
    return mean - float(middle @ weights), weights
