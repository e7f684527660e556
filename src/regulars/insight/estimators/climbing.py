"""The parameters under which what was seen is likeliest, looked for on a logarithmic scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from scipy.optimize import minimize

from regulars.insight.estimators.buying.histories import Floats
from regulars.insight.estimators.saying import NotEnough

Score = Callable[[Floats], tuple[float, Floats]]
"""The log-likelihood of parameters and its slope by each of them (not by their logarithms)."""
_FARTHEST: Final = 11.0
"""Parameters lie between e^-11 and e^11; a best fit at the edge is none."""
_NEAR: Final = 0.05


def likeliest(score: Score, start: Sequence[float]) -> tuple[list[float], float] | NotEnough:
    """Parameters and their log-likelihood.

    Every parameter is positive, so its logarithm is what is moved (L-BFGS-B with exact slopes).
    Refuses: `boundary` where the likelihood goes on rising toward nothing or without end.
    """

    def fall(logs: Floats) -> tuple[float, Floats]:
        parameters = np.exp(logs)
        height, slope = score(parameters)
        return -height, -slope * parameters

    edges = [(-_FARTHEST, _FARTHEST)] * len(start)
    settings = {"maxiter": 500, "ftol": 1e-13, "gtol": 1e-6, "maxls": 50}
    begin = np.log(np.asarray(start, dtype=np.float64))
    found = minimize(fall, begin, jac=True, method="L-BFGS-B", bounds=edges, options=settings)
    farthest = float(np.abs(found.x).max())
    if not np.isfinite(found.fun) or farthest > _FARTHEST - _NEAR:
        return NotEnough("boundary", float(np.exp(farthest)), float(np.exp(_FARTHEST)))
    return [float(one) for one in np.exp(found.x)], -float(found.fun)
