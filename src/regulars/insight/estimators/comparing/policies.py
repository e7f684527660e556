"""What another way of choosing would have brought, from choices that were made by known chances.

Symbols: a choice that was made with chance p brought r, and the other way would have made it with
chance q; its weight is w = q / p. IPS is mean(w r), SNIPS sum(w r) / sum(w), and DR the mean of
what a model expects of the other way, plus w times what the model was off by.
Assumptions: the chances told are those by which it was chosen; whatever the other way would choose
had a chance; nothing that decided is missing from the chances.
Source: Horvitz & Thompson (1952); Swaminathan & Joachims (2015) for the self-normalised form;
Dudik, Langford & Li (2011) for the doubly robust one.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike

from regulars.insight.estimators.asking.shares import SURE_95
from regulars.insight.estimators.buying.histories import Floats
from regulars.insight.estimators.columns import numbers
from regulars.insight.estimators.comparing.rivals import FEWEST_ALIKE, Worth
from regulars.insight.estimators.saying import NotEnough


class Logged(Struct, frozen=True):
    """Columns, a row for each choice: what it brought, with which chance it was made, and with
    which chance the other way would have made just this one."""

    brought: Floats
    chance: Floats
    would: Floats


def logged(brought: ArrayLike, chance: ArrayLike, would: ArrayLike) -> Logged:
    """Choices as columns. Faults: AssertionError where one was made that could not be."""
    gained, made, other = numbers(brought, chance, would)
    assert ((made > 0) & (made <= 1)).all(), "what was chosen had a chance"
    assert ((other >= 0) & (other <= 1)).all(), "a chance lies between 0 and 1"
    return Logged(gained, made, other)


def by_weight(given: Logged) -> Worth | NotEnough:
    """IPS: each choice counts as often as the other way would have made it. Right, and noisy."""
    weight = given.would / given.chance
    return _too_few(weight) or _worth(weight * given.brought, weight)


def by_own_weight(given: Logged) -> Worth | NotEnough:
    """SNIPS: the same over the sum of weights; a little off, and far less noisy."""
    weight = given.would / given.chance
    lacking = _too_few(weight)
    if lacking is not None:
        return lacking
    value = float(weight @ given.brought / weight.sum())
    rest = weight * (given.brought - value) / float(weight.mean())
    found = _worth(rest, weight)
    if isinstance(found, NotEnough):
        return found
    width = (found.high - found.low) / 2
    return Worth(value, value - width, value + width, found.alike)


def doubly_robust(given: Logged, foretold: ArrayLike, of_other: ArrayLike) -> Worth | NotEnough:
    """DR: right when either the chances or the forecast are. `foretold` what a model expected of
    the choice made, `of_other` what it expects of the other way, by row."""
    weight = given.would / given.chance
    lacking = _too_few(weight)
    if lacking is not None:
        return lacking
    brought, expected, usual = numbers(given.brought, foretold, of_other)
    rows = usual + weight * (brought - expected)
    return _worth(rows, weight)


def _too_few(weight: Floats) -> NotEnough | None:
    alike = _alike(weight)
    return NotEnough("groups", alike, FEWEST_ALIKE) if alike < FEWEST_ALIKE else None


def _alike(weight: Floats) -> float:
    squares = float(weight @ weight)
    return 0.0 if squares == 0 else float(weight.sum()) ** 2 / squares


def _worth(rows: Floats, weight: Floats) -> Worth | NotEnough:
    value = float(rows.mean())
    width = SURE_95 * float(rows.std(ddof=1)) / float(np.sqrt(len(rows)))
    if width == 0:
        return NotEnough("spread", 0, 1)
    return Worth(value, value - width, value + width, _alike(weight))
