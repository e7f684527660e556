"""The parameters under which what was seen is likeliest, looked for on a logarithmic scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from scipy.linalg import LinAlgError, cholesky, solve_triangular
from scipy.optimize import minimize

from regulars.insight.estimators.buying.histories import Floats
from regulars.insight.estimators.saying import NotEnough

Score = Callable[[Floats], tuple[float, Floats]]
"""The log-likelihood of parameters and its slope by each of them (not by their logarithms)."""
_FARTHEST: Final = 11.0
"""Parameters lie between e^-11 and e^11; a best fit at the edge is none."""
_NEAR: Final = 0.05
_STEP: Final = 1e-4
_SETTINGS: Final = {"maxiter": 500, "ftol": 1e-11, "gtol": 1e-6, "maxls": 50}


def likeliest(
    score: Score, start: Sequence[float], of_few: Score | None = None
) -> tuple[list[float], float] | NotEnough:
    """Parameters and their log-likelihood.

    Every parameter is positive, so its logarithm is what is moved (L-BFGS-B with exact slopes).
    With `of_few`, the score of some members only, the way is found among these first: all of them
    are then searched from there, in steps as long as the few say the hill is wide.
    Refuses: `boundary` where the likelihood goes on rising toward nothing or without end.
    """
    begin, fall = np.log(np.asarray(start, dtype=np.float64)), _falling(score)
    if of_few is not None:
        begin, _ = _lowest(_falling(of_few), begin)
        found, depth = _from_near(fall, begin, _falling(of_few))
    else:
        found, depth = _lowest(fall, begin)
    farthest, height = float(np.abs(found).max()), -depth
    if not np.isfinite(height) or farthest > _FARTHEST - _NEAR:
        return NotEnough("boundary", 0, 1)
    return [float(one) for one in np.exp(found)], float(height)


def _falling(score: Score) -> Score:
    """The same upside down, of logarithms: what a search for the lowest point wants."""

    def fall(logs: Floats) -> tuple[float, Floats]:
        parameters = np.exp(logs)
        height, slope = score(parameters)
        return -height, -slope * parameters

    return fall


def _lowest(fall: Score, begin: Floats) -> tuple[Floats, float]:
    edges = [(-_FARTHEST, _FARTHEST)] * len(begin)
    found = minimize(fall, begin, jac=True, method="L-BFGS-B", bounds=edges, options=_SETTINGS)
    return np.asarray(found.x, dtype=np.float64), float(found.fun)


def _from_near(fall: Score, near: Floats, of_few: Score) -> tuple[Floats, float]:
    """The lowest point from one close by, on a scale on which the hill is as wide every way."""
    steps = np.eye(len(near)) * _STEP
    curve = np.array([of_few(near + step)[1] - of_few(near - step)[1] for step in steps])
    try:
        lower = cholesky((curve + curve.T) / (4 * _STEP), lower=True)
    except LinAlgError:  # at an edge the hill is no hill
        return _lowest(fall, near)

    def scaled(at: Floats) -> tuple[float, Floats]:
        logs = near + solve_triangular(lower.T, at, lower=False)
        height, slope = fall(np.clip(logs, -_FARTHEST, _FARTHEST))
        return height, np.asarray(solve_triangular(lower, slope, lower=True))

    found = minimize(scaled, np.zeros(len(near)), jac=True, method="L-BFGS-B", options=_SETTINGS)
    there = near + solve_triangular(lower.T, found.x, lower=False)
    return np.clip(there, -_FARTHEST, _FARTHEST), float(found.fun)
