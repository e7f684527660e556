"""One sum beside another, such as revenue over orders, with the interval in which it lies.

Symbols: day i has x_i above and y_i below the line; R = sum x / sum y over n days. The variance of
R is n / (n - 1) * sum (x_i - R y_i)^2 / (sum y)^2; bounds are R +- 1.96 of its root. What a day
brings hangs together (one offer, one rainy afternoon), so days are counted and not orders.
Assumptions: days are apart from one another and alike but for chance; a week has its ups and downs,
which makes the bounds wider and never narrower. Of fewer than 14 days nothing is said.
Source: Cochran, Sampling Techniques (1977), equations 2.39 and 6.13, clusters as units (9A); the
delta method.
"""

from __future__ import annotations

from math import sqrt
from typing import Final, NamedTuple

from regulars.insight.estimators.asking.shares import SURE_95
from regulars.insight.estimators.saying import NotEnough

FEWEST_DAYS: Final = 14


class Days(NamedTuple):
    """Sums over days: of what is above, of what is below, and of their products."""

    days: int = 0
    above: float = 0.0
    below: float = 0.0
    above_twice: float = 0.0
    both: float = 0.0
    below_twice: float = 0.0


class Ratio(NamedTuple):
    """The ratio, and with 95 % between which bounds it lies."""

    value: float
    low: float
    high: float


def ratio(of: Days) -> Ratio | NotEnough:
    """The ratio of two sums by days.

    Refuses fewer than 14 days, and nothing below the line. Example: each day two orders for 10.00
    is 5.00, from 5.00 to 5.00: chance had no part in it.
    """
    if of.days < FEWEST_DAYS:
        return NotEnough("periods", of.days, FEWEST_DAYS)
    if of.below <= 0:
        return NotEnough("values", of.below, 1)
    value = of.above / of.below
    left = of.above_twice - 2 * value * of.both + value * value * of.below_twice
    width = SURE_95 * sqrt(max(left, 0.0) * of.days / (of.days - 1)) / of.below
    return Ratio(value, value - width, value + width)
