"""Fits a model on a file of members by one side, in a process of its own, and says what it took.

    python one_fit.py regulars|lifetimes|pymc-marketing|pareto members.npz

Prints a JSON object: seconds of processor (of programs it starts, too), seconds of a second fit,
most memory in MB before and after, parameters, and, of BG/NBD, their log-likelihood as worked out
here by the formula of the paper, the same for all sides.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import betaln, gammaln

Fit = Callable[[Any, Any, Any], list[float]]
NAMES = ("r", "alpha", "a", "b")


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


def by_pareto() -> Fit:
    """Our own fit of Pareto/NBD: r, alpha, s, beta."""
    from regulars.insight.estimators.buying.histories import histories
    from regulars.insight.estimators.buying.pareto_nbd import Pareto, fit_pareto_nbd

    def fit(x: Any, last: Any, age: Any) -> list[float]:
        found = fit_pareto_nbd(histories(x, last, age))
        assert isinstance(found, Pareto), found
        return [found.r, found.alpha, found.s, found.beta]

    return fit


def by_lifetimes() -> Fit:
    """The fit of lifetimes, as its documentation has it."""
    from lifetimes import BetaGeoFitter

    def fit(x: Any, last: Any, age: Any) -> list[float]:
        found = BetaGeoFitter(penalizer_coef=0.0)
        found.fit(x, last, age)
        return [float(found.params_[name]) for name in NAMES]

    return fit


def by_pymc_marketing() -> Fit:
    """The fit of pymc-marketing that comes to the likeliest: `map` with flat priors."""
    import pandas as pd
    from pymc_extras.prior import Prior
    from pymc_marketing.clv import BetaGeoModel

    def fit(x: Any, last: Any, age: Any) -> list[float]:
        columns = {"customer_id": np.arange(len(x)), "frequency": x, "recency": last, "T": age}
        model = BetaGeoModel(model_config={name: Prior("HalfFlat") for name in NAMES})
        model.fit(data=pd.DataFrame(columns), method="map", progressbar=False)
        return [float(model.fit_result[name].values.ravel()[0]) for name in NAMES]

    return fit


def height(at: list[float], x: Any, last: Any, age: Any) -> float:
    """Log-likelihood by Fader, Hardie & Lee (2005), eq. 6, row by row and without short cuts."""
    r, alpha, a, b = at
    there = betaln(a, b + x) - (r + x) * np.log(alpha + age)
    again = np.maximum(x, 1)
    gone = np.where(x > 0, betaln(a + 1, b + again - 1) - (r + x) * np.log(alpha + last), -np.inf)
    begins = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - betaln(a, b)
    return float((begins + np.logaddexp(there, gone)).sum())


SIDES = {
    "regulars": by_regulars,
    "lifetimes": by_lifetimes,
    "pymc-marketing": by_pymc_marketing,
    "pareto": by_pareto,
}


def main() -> int:
    """Two fits of the side that is named; the first may have something to compile."""
    side, path = sys.argv[1:]
    fit = SIDES[side]()
    with np.load(path) as columns:
        x, last, age = (columns[name] for name in ("repeats", "last", "age"))
    before, begun = _most_mb(), _processor()
    found = fit(x, last, age)
    seconds, after, again = _processor() - begun, _most_mb(), None
    if side == "pymc-marketing":
        begun = _processor()
        fit(x, last, age)
        again = round(_processor() - begun, 3)
    told = {"seconds": round(seconds, 3), "again": again, "before_mb": before, "most_mb": after}
    told |= {"parameters": found}
    print(json.dumps(told | ({} if side == "pareto" else {"height": height(found, x, last, age)})))
    return 0


def _processor() -> float:
    """Seconds of the processor, with those of compilers and whatever else was started."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _most_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    sys.exit(main())
