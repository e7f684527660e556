"""Fits BG/NBD on a file of members by one side, in a process of its own, and says what it took.

    python one_fit.py regulars|lifetimes members.npz

Prints a JSON object: seconds of processor, most memory in MB before and after, parameters, and
their log-likelihood as worked out here by the formula of the paper, the same for both sides.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import betaln, gammaln

Fit = Callable[[Any, Any, Any], list[float]]


def by_regulars() -> Fit:
    """Our own fit."""
    from regulars.insight.estimators.buying.bg_nbd import (
        BetaGeometric,
        fit_bg_nbd,
    )
    from regulars.insight.estimators.buying.histories import histories

    def fit(x: Any, last: Any, age: Any) -> list[float]:
        found = fit_bg_nbd(histories(x, last, age))
        assert isinstance(found, BetaGeometric), found
        return list(found.parameters)

    return fit


def by_lifetimes() -> Fit:
    """The fit of lifetimes, as its documentation has it."""
    from lifetimes import BetaGeoFitter

    def fit(x: Any, last: Any, age: Any) -> list[float]:
        found = BetaGeoFitter(penalizer_coef=0.0)
        found.fit(x, last, age)
        return [float(found.params_[name]) for name in ("r", "alpha", "a", "b")]

    return fit


def height(at: list[float], x: Any, last: Any, age: Any) -> float:
    """Log-likelihood by Fader, Hardie & Lee (2005), eq. 6, row by row and without short cuts."""
    r, alpha, a, b = at
    there = betaln(a, b + x) - (r + x) * np.log(alpha + age)
    again = np.maximum(x, 1)
    gone = np.where(x > 0, betaln(a + 1, b + again - 1) - (r + x) * np.log(alpha + last), -np.inf)
    begins = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - betaln(a, b)
    return float((begins + np.logaddexp(there, gone)).sum())


def main() -> int:
    """One fit of the side that is named."""
    side, path = sys.argv[1:]
    fit = {"regulars": by_regulars, "lifetimes": by_lifetimes}[side]()
    with np.load(path) as columns:
        x, last, age = (columns[name] for name in ("repeats", "last", "age"))
    before, begun = _most_mb(), time.process_time()
    found = fit(x, last, age)
    seconds, after = time.process_time() - begun, _most_mb()
    told = {"seconds": round(seconds, 3), "before_mb": before, "most_mb": after}
    print(json.dumps(told | {"parameters": found, "height": height(found, x, last, age)}))
    return 0


def _most_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    sys.exit(main())
