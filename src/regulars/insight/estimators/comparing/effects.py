"""The effect of something given by chance: differences, ratios, and less noise by the time before.

Symbols: the effect is mean(test) - mean(control); with the time before, each outcome y becomes
y - theta (x - mean(x)), theta = cov(y, x) / var(x), of what was before (x).
Assumptions: chance decided who is in which group, and before anything of x was changed by it;
members do not change what others do; there are so many that means are normal.
Source: Welch (1947); Deng, Knoblich & Lu (2018) for ratios by the delta method; Deng, Xu, Kohavi &
Walker (2013) for CUPED.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike
from scipy.stats import norm, t

from regulars.insight.estimators.buying.histories import Floats
from regulars.insight.estimators.columns import numbers
from regulars.insight.estimators.saying import NotEnough

FEWEST_IN_GROUP: Final = 30


class Effect(Struct, frozen=True):
    """`value` in the unit of the outcome, test less hold-out; 95 % from `low` to `high`; `p` how
    often chance alone gives as much. `spared` is the share of the variance of `value` that CUPED
    took away."""

    value: float
    low: float
    high: float
    p: float
    test: int
    held_out: int
    spared: float = 0.0


def effect(test: ArrayLike, held_out: ArrayLike) -> Effect | NotEnough:
    """How far the mean of those who had it lies above that of the hold-out.

    A row is a member, whether or not they bought: leaving out those who bought nothing compares
    two groups that chose themselves. Refuses with fewer than thirty in a group, or where each group
    is all alike: then nothing says how sure one is.
    """
    one, other = _columns(test, held_out)
    lacking = _too_few(one, other)
    return lacking or _welch(one, other, 0.0)


def effect_with_before(
    test: ArrayLike, held_out: ArrayLike, test_before: ArrayLike, held_out_before: ArrayLike
) -> Effect | NotEnough:
    """The same, less what the time before foretold of each member (CUPED).

    `…_before` is a number of the same members from before anybody had it. Traps: a number from
    afterwards takes part of the effect with it.
    """
    one, other = _columns(test, held_out)
    lacking = _too_few(one, other)
    if lacking is not None:
        return lacking
    first, second = _columns(test_before, held_out_before)
    assert (len(first), len(second)) == (len(one), len(other)), "a row is a member"
    before, after = np.concatenate((first, second)), np.concatenate((one, other))
    spread = float(before.var())
    slope = 0.0 if spread == 0 else float(np.cov(before, after, bias=True)[0, 1]) / spread
    middle = float(before.mean())
    plain = _welch(one, other, 0.0)
    less = one - slope * (first - middle), other - slope * (second - middle)
    kept, whole = _variance(*less), _variance(one, other)
    spared = 0.0 if whole == 0 else 1 - kept / whole
    return _welch(*less, spared) if spared > 0 else plain


def effect_of_ratio(
    test: tuple[ArrayLike, ArrayLike], held_out: tuple[ArrayLike, ArrayLike]
) -> Effect | NotEnough:
    """How far a ratio of sums (money per order) lies above that of the hold-out.

    Each side is what is counted and what it is counted by, a row a member. Traps: orders of one
    member hang together, so the variance is that of members, not of orders.
    """
    sides = []
    for above, below in (test, held_out):
        x, y = numbers(above, below)
        if len(x) < FEWEST_IN_GROUP:
            return NotEnough("groups", len(x), FEWEST_IN_GROUP)
        if float(y.sum()) == 0:
            return NotEnough("values", 0, 1)
        ratio = float(x.sum() / y.sum())
        rest = (x - ratio * y) / float(y.mean())
        sides.append((ratio, float(rest.var(ddof=1)) / len(x), len(x)))
    (one, its, many), (other, others, less) = sides
    error, value = float(np.sqrt(its + others)), one - other
    if error == 0:
        return NotEnough("spread", 0, 1)
    width, p = float(norm.ppf(0.975)) * error, float(2 * norm.sf(abs(value) / error))
    return Effect(value, value - width, value + width, p, many, less)


class Price(Struct, frozen=True):
    """What one more of something cost; 95 % from `low` to `high`."""

    value: float
    low: float
    high: float


def price_of_more(
    test: tuple[ArrayLike, ArrayLike], held_out: tuple[ArrayLike, ArrayLike], wider: float = 1.0
) -> Price | NotEnough:
    """How much more was spent for each one more that came of it: both beside the hold-out.

    Each side is what members cost and what came of them (orders), a row a member. The bounds are
    those of a ratio of two differences that hang together; `wider` is by how much they are wider
    than those of one look. Refuses where it is not sure that more came: then the bounds have no
    end. Traps: to divide the bounds of the cost by the orders leaves out that these are not sure
    either. Source: Fieller (1954). Example: 10 more for 2 orders more, of which the second is
    sure only to lie above 0.1, may have cost 100 each.
    """
    cost, came = numbers(*test)
    cost_beside, came_beside = numbers(*held_out)
    fewest = min(len(cost), len(cost_beside))
    if fewest < FEWEST_IN_GROUP:
        return NotEnough("groups", fewest, FEWEST_IN_GROUP)
    more, orders = cost.mean() - cost_beside.mean(), came.mean() - came_beside.mean()
    spread = np.cov(cost, came) / len(cost) + np.cov(cost_beside, came_beside) / len(cost_beside)
    z = float(norm.ppf(0.975)) * wider
    sure = float(orders**2 - z**2 * spread[1, 1])
    if orders <= 0 or sure <= 0:
        return NotEnough("values", 0, 1)
    middle = float(more * orders - z**2 * spread[0, 1])
    root = max(middle**2 - sure * float(more**2 - z**2 * spread[0, 0]), 0.0)
    width = float(np.sqrt(root))
    return Price(float(more / orders), (middle - width) / sure, (middle + width) / sure)


def _columns(one: ArrayLike, other: ArrayLike) -> tuple[Floats, Floats]:
    return numbers(one)[0], numbers(other)[0]


def _too_few(one: Floats, other: Floats) -> NotEnough | None:
    fewest = min(len(one), len(other))
    return NotEnough("groups", fewest, FEWEST_IN_GROUP) if fewest < FEWEST_IN_GROUP else None


def _variance(one: Floats, other: Floats) -> float:
    """That of the difference of two means."""
    return float(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other))


def _welch(one: Floats, other: Floats, spared: float) -> Effect | NotEnough:
    value = float(one.mean() - other.mean())
    its, others = one.var(ddof=1) / len(one), other.var(ddof=1) / len(other)
    error = float(np.sqrt(its + others))
    if error == 0:
        return NotEnough("spread", 0, 1)
    freedom = (its + others) ** 2 / (its**2 / (len(one) - 1) + others**2 / (len(other) - 1))
    width = float(t.ppf(0.975, freedom)) * error
    p = float(2 * t.sf(abs(value) / error, freedom))
    return Effect(value, value - width, value + width, p, len(one), len(other), spared)
