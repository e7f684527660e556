"""Whom it changes most: does a model find those members, or only those who would have bought?

Symbols: among the k whom a model puts first, T outcomes of t who had it and C of c who had not;
gained are T - C t / c. Assumptions: chance decided who had it; the model never saw these members.
Source: Radcliffe (2007), "Using control groups to target on predicted lift" (Qini); intervals by
drawing members again (Efron 1979).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

from regulars.insight.estimators.buying.histories import Floats
from regulars.insight.estimators.columns import numbers
from regulars.insight.estimators.saying import NotEnough

FEWEST: Final = 200
DRAWS: Final = 500


class Qini(Struct, frozen=True):
    """`shares` of members, best first, against `gained` outcomes per member of all. `value` is
    the area between that line and the straight one of choosing by lot, 95 % from `low` to `high`:
    at or below 0 the model is no better than lots."""

    shares: Floats
    gained: Floats
    value: float
    low: float
    high: float


def qini(score: ArrayLike, had_it: ArrayLike, outcome: ArrayLike, seed: int) -> Qini | NotEnough:
    """How well `score` puts first whom it changes; who `had_it` was chosen by chance.

    Members of one score are as one: the line goes straight through them, whatever order they came
    in. `seed` makes the draws the same again. Refuses with fewer than 200 members on either side.
    """
    first, gain = numbers(score, outcome)
    order = np.argsort(-first, kind="stable")
    ranked, gain = first[order], gain[order]
    given = np.asarray(had_it, dtype=np.bool_)[order]
    fewest = min(int(given.sum()), int((~given).sum()))
    if fewest < FEWEST:
        return NotEnough("groups", fewest, FEWEST)
    gained = _line(ranked, given, gain)
    chance = np.random.default_rng(seed)
    drawn = []
    for _ in range(DRAWS):  # members drawn with putting back, in the order of their scores
        rows = np.sort(chance.integers(0, len(gain), len(gain)))
        drawn.append(_above(_line(ranked[rows], given[rows], gain[rows])))
    low, high = np.quantile(drawn, (0.025, 0.975))
    shares = np.linspace(0, 1, len(gained))
    return Qini(shares, gained, _above(gained), float(low), float(high))


def _line(ranked: Floats, given: NDArray[np.bool_], gain: Floats) -> Floats:
    """Outcomes gained among the first k, as if those without it had been as many as those with."""
    with_it, without = np.cumsum(given), np.cumsum(~given)
    theirs, others = np.cumsum(gain * given), np.cumsum(gain * ~given)
    fair = np.where(without > 0, others * with_it / np.maximum(without, 1), 0.0)
    line = np.concatenate(((0.0,), (theirs - fair) / len(gain)))
    ends = np.flatnonzero(np.diff(ranked, append=-np.inf)) + 1
    known = np.concatenate(((0,), ends))
    return np.asarray(np.interp(np.arange(len(line)), known, line[known]))


def _above(line: Floats) -> float:
    straight = np.linspace(0, line[-1], len(line))
    return float(np.trapezoid(line - straight, dx=1 / (len(line) - 1)))
