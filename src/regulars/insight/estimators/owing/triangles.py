"""How many points of each month will come back: what older months did, carried to younger ones.

A row of a triangle is the points given in one period, a column what was redeemed of them so many
periods later (of lots, soonest end first, as the books consume them).
Source: Mack (1993) for chain-ladder; Bornhuetter & Ferguson (1972).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike

from regulars.insight.estimators.buying.histories import Floats
from regulars.insight.estimators.columns import numbers
from regulars.insight.estimators.saying import NotEnough

FEWEST_PERIODS: Final = 4


class Triangle(Struct, frozen=True):
    """`given` points of each period; `redeemed[i, k]` of those of period i in the k-th after it
    (0 the same); what has not happened yet is NaN. Both in points of the wallet."""

    given: Floats
    redeemed: Floats


class Ultimate(Struct, frozen=True):
    """A row for each period of a triangle: `redeemed` so far and `expected` in the end, points.

    `rate` is the ultimate redemption rate, `breakage` what never comes back; neither is redeemed
    over issued of one month, which mixes points of many.
    """

    given: Floats
    redeemed: Floats
    expected: Floats

    @property
    def rate(self) -> float:
        """Of all points given, the share that is redeemed in the end."""
        whole = float(self.given.sum())
        return float(self.expected.sum()) / whole if whole else 0.0

    @property
    def breakage(self) -> float:
        """Of all points given, the share that never comes back."""
        return 1 - self.rate


def triangle(given: ArrayLike, redeemed: ArrayLike) -> Triangle:
    """A triangle of as many rows as columns.

    Faults: AssertionError where it is none, or where more came back than was given.
    """
    (points,), taken = numbers(given), np.asarray(redeemed, dtype=np.float64)
    size = len(points)
    assert taken.shape == (size, size), taken.shape
    known = np.add.outer(np.arange(size), np.arange(size)) < size
    assert (np.isnan(taken) == ~known).all(), "known is what lies before today, and nothing else"
    assert np.isfinite(taken[known]).all(), "points are numbers"
    assert (np.nansum(taken, axis=1) <= points).all(), "no more comes back than was given"
    return Triangle(points, taken)


def chain_ladder(seen: Triangle, tail: float = 1.0) -> Ultimate | NotEnough:
    """Each period goes on as all before it did: by what stands, times how others grew from there.

    `tail` is the growth after the last column. Refuses with fewer than four periods, where
    nothing was redeemed yet, and where points have to wait before they can be used: what nothing
    grows to is not known.
    """
    growth = _growth(seen)
    if isinstance(growth, NotEnough):
        return growth
    so_far = _diagonal(seen)
    ahead = _to_come(growth, tail)
    if not np.isfinite(ahead).all():
        return NotEnough("values", 0, 1)
    return Ultimate(seen.given, so_far, np.minimum(so_far * ahead, seen.given))


def bornhuetter_ferguson(seen: Triangle, rate: float, tail: float = 1.0) -> Ultimate | NotEnough:
    """Young periods by what is usual, old ones by what happened.

    `rate` is the share of points expected back in the end, from older periods or by judgment.
    Example: a month of which nothing came back yet is expected to bring `rate` of its points, not
    nothing, as chain-ladder says.
    """
    assert 0 <= rate <= 1, rate
    growth = _growth(seen)
    if isinstance(growth, NotEnough):
        return growth
    so_far = _diagonal(seen)
    open_share = 1 - 1 / _to_come(growth, tail)
    return Ultimate(
        seen.given, so_far, np.minimum(so_far + open_share * rate * seen.given, seen.given)
    )


def _growth(seen: Triangle) -> Floats | NotEnough:
    """By how much what was redeemed until k grows until k + 1, over all periods that show both."""
    size = len(seen.given)
    if size < FEWEST_PERIODS:
        return NotEnough("periods", size, FEWEST_PERIODS)
    sums = np.cumsum(seen.redeemed, axis=1)
    before = np.array([sums[: size - k - 1, k].sum() for k in range(size - 1)])
    after = np.array([sums[: size - k - 1, k + 1].sum() for k in range(size - 1)])
    if before[-1] <= 0:
        return NotEnough("values", float(before[-1]), 1)
    # Nothing that is something later grows without end: all of it is still to come.
    return np.where(before > 0, after / np.where(before > 0, before, 1.0), np.inf)


def _to_come(growth: Floats, tail: float) -> Floats:
    """For each row, by how much what stands today grows until the end."""
    assert tail >= 1, tail
    from_each = np.cumprod(np.concatenate(((tail,), growth[::-1])))
    return np.asarray(from_each, dtype=np.float64)


def _diagonal(seen: Triangle) -> Floats:
    return np.nansum(seen.redeemed, axis=1)
