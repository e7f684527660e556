"""How much more of something a group takes than everybody does, with the interval it lies in.

Symbols: member i spent x_i on a category and X_i in all; a, A are their sums over a group, c, C
over everybody. The lift is L = (a / A) / (c / C). With u_i = x_i (1/a - 1/c) - X_i (1/A - 1/C) of
members of the group and u_i = X_i / C - x_i / c of the others, the variance of log L is n / (n - 1)
times the sum of u_i^2 over n members; bounds are L exp(+- 1.96 of its root), so none is below 0.
Assumptions: members are apart from one another, and all that one bought hangs together.
Source: linearisation of a ratio of ratios, Woodruff (1971), Saerndal, Swensson and Wretman (1992),
section 5.5; the scale of logarithms as for a ratio of risks, Katz et al. (1978).
"""

from __future__ import annotations

from math import exp, sqrt
from typing import Final, NamedTuple

from regulars.insight.estimators.asking.shares import SURE_95
from regulars.insight.estimators.saying import NotEnough

FEWEST: Final = 30
"""Members of a group, and of all others, of fewer of whom bounds hold only by luck."""
FEWEST_BUYERS: Final = 10
"""Members of the group who bought of the category."""


class Spent(NamedTuple):
    """What members spent on a category and in all: how many they are, how many of them bought of
    the category, both sums, the sums of squares and of products."""

    members: int
    buyers: int
    of_it: float
    in_all: float
    of_it_twice: float
    both: float
    in_all_twice: float


class Lift(NamedTuple):
    """The lift, and with 95 % between which bounds it lies."""

    value: float
    low: float
    high: float


def lift(group: Spent, every: Spent) -> Lift | NotEnough:
    """By how much a group likes something more (above 1) or less than everybody, itself included.

    Refuses fewer than 30 members in the group or outside of it, and fewer than 10 who bought of it.
    Example: half of what gold spends is tea, a quarter of what all do: 2.
    """
    outside = every.members - group.members
    if min(group.members, outside) < FEWEST:
        return NotEnough("members", min(group.members, outside), FEWEST)
    if group.buyers < FEWEST_BUYERS:
        return NotEnough("members", group.buyers, FEWEST_BUYERS)
    if min(group.of_it, group.in_all, every.of_it, every.in_all) <= 0:
        return NotEnough("values", 0, 1)
    value = group.of_it / group.in_all / (every.of_it / every.in_all)
    of_it, in_all = 1 / every.of_it, 1 / every.in_all
    inside = _squares(group, 1 / group.of_it - of_it, 1 / group.in_all - in_all)
    beside = _squares(every, of_it, in_all) - _squares(group, of_it, in_all)
    n = every.members
    width = SURE_95 * sqrt(max(inside + beside, 0.0) * n / (n - 1))
    return Lift(value, value * exp(-width), value * exp(width))


def _squares(of: Spent, first: float, second: float) -> float:
    """The sum over members of (first x - second X)^2."""
    mixed = 2 * first * second * of.both
    return first * first * of.of_it_twice - mixed + second * second * of.in_all_twice
