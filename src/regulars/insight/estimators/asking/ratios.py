"""One sum beside another, such as revenue over orders, with the interval in which it lies.

Symbols: week i has x_i above and y_i below the line; R = sum x / sum y over n weeks. The variance
of R is n / (n - 1) * sum (x_i - R y_i)^2 / (sum y)^2; bounds are R +- t of its root, t that of
Student with n - 1 degrees of freedom. What a day brings hangs together (one offer, one rainy
afternoon), and so does one day with the next, so weeks are counted and not orders.
Assumptions: weeks are apart from one another and alike but for chance. Where what lasts longer than
a week moves the ratio (a month of advent, a slow drift), bounds are narrower than they should be.
Where both sums are of members (invitations over buyers, orders over buyers) members are the units:
all that one of them does hangs together, and they are apart from one another.
Nothing is said of fewer than 8 weeks or 30 members, nor where what is below the line is itself so
uncertain that the delta method does not hold.
Source: Cochran, Sampling Techniques (1977), equations 2.39 and 6.13, clusters as units (9A), and
section 6.8 for a coefficient of variation below 0.1; the delta method.
"""

from __future__ import annotations

from math import ceil, sqrt
from typing import Final, NamedTuple

from regulars.insight.estimators.saying import Lacking, NotEnough

FEWEST_WEEKS: Final = 8
FEWEST_MEMBERS: Final = 30
MOST_UNSURE: Final = 0.1
"""So far off, as a part of it, the sum below the line may be by chance."""


class Weeks(NamedTuple):
    """Sums over weeks, or members: of what is above, of what is below, and of their products."""

    weeks: int = 0
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


def ratio(of: Weeks, *, of_members: bool = False) -> Ratio | NotEnough:
    """The ratio of two sums by weeks, or by members.

    Refuses fewer than 8 weeks or 30 members, fewer than it takes where they are far apart from one
    another below the line, and nothing below it. Example: each week two orders for 10.00 is 5.00,
    from 5.00 to 5.00: chance had no part in it.
    """
    n, fewest = of.weeks, FEWEST_MEMBERS if of_members else FEWEST_WEEKS
    what: Lacking = "members" if of_members else "periods"
    if n < fewest:
        return NotEnough(what, n, fewest)
    if of.below <= 0:
        return NotEnough("values", of.below, 1)
    spread = max(of.below_twice - of.below**2 / n, 0.0) * n / (n - 1)
    unsure = sqrt(spread) / of.below
    if unsure > MOST_UNSURE:
        return NotEnough(what, n, ceil(n * (unsure / MOST_UNSURE) ** 2))
    from scipy.special import stdtrit  # only where there is something to say

    value = of.above / of.below
    left = of.above_twice - 2 * value * of.both + value * value * of.below_twice
    width = float(stdtrit(n - 1, 0.975)) * sqrt(max(left, 0.0) * n / (n - 1)) / of.below
    return Ratio(value, value - width, value + width)
