"""One figure as it is shown: what it comes to, of how many, and between which bounds it lies."""

from __future__ import annotations

from math import inf

from msgspec import Struct
from msgspec.structs import replace

from regulars.insight.estimators.asking.ratios import Weeks, ratio
from regulars.insight.estimators.asking.shares import share
from regulars.insight.estimators.saying import Lacking, NotEnough
from regulars.insight.metrics.spans import Span


class Figure(Struct, frozen=True):
    """What a metric came to in a span, or what is missing to say so.

    Shape: `value` is `part / whole` where the metric has both. `low` and `high` (95 %) are there
    where those who were counted stand for others. `group` is the tier, store or cohort it is of.
    Units: those of the metric: shares from 0 to 1, money in minor units, points in units of the
    wallet's scale, days.
    Example: 0 of 10 is a value of 0 and a `high` of 0.28; 0 of 0 has no value and says what is
    missing.
    """

    metric: str
    span: Span
    value: float | None = None
    part: int | None = None
    whole: int | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    """How many members, orders or periods it stands on."""
    lacking: Lacking | None = None
    have: float = 0
    wanted: float = 0
    group: str = ""


def share_of(metric: str, span: Span, part: int, whole: int, group: str = "") -> Figure:
    """A share of members or accounts with Wilson's interval; of nobody nothing is said."""
    if whole == 0:
        return missing(metric, span, NotEnough("members", 0, 1), group)
    found = share(part, whole)
    return Figure(
        metric, span, found.value, part, whole, found.low, found.high, whole, group=group
    )  # fmt: skip


def part_of(metric: str, span: Span, part: int, whole: int, group: str = "") -> Figure:
    """A share of cases that hang together, such as purchases or payments of the same members: no
    bounds, as Wilson's are of cases that are apart; of no case nothing is said."""
    if not whole:
        return missing(metric, span, NotEnough("members", 0, 1), group)
    return Figure(metric, span, part / whole, part, whole, n=whole, group=group)


def ratio_of(metric: str, span: Span, part: int, whole: int, n: int, group: str = "") -> Figure:
    """One sum beside another, such as points redeemed beside points issued: no share of anybody,
    so it may be above 1 or below 0 and has no interval."""
    if whole <= 0:
        return missing(metric, span, NotEnough("values", whole, 1), group)
    return Figure(metric, span, part / whole, part, whole, n=n, group=group)


def ratio_by_weeks(
    metric: str, span: Span, part: int, whole: int, by: tuple[int, Weeks], most: float = inf
) -> Figure:
    """The same with bounds, by so many cases that lie in so many weeks; without them where the
    weeks are too few, or are not those of these sums, as rows were folded in between. Of a part of
    something `most` is 1, and no bound lies outside."""
    n, weeks = by
    plain, found = ratio_of(metric, span, part, whole, n), ratio(weeks)
    other = (weeks.above, weeks.below) != (part, whole)
    if plain.value is None or isinstance(found, NotEnough) or other:
        return plain
    least = -inf if most == inf else 0.0
    # Where more came back than was bought the value itself lies outside, and bounds with it.
    low, high = max(found.low, min(least, found.value)), min(found.high, max(most, found.value))
    return replace(plain, low=low, high=high)


def ratio_by_members(metric: str, span: Span, part: int, whole: int, of: Weeks) -> Figure:
    """The same by members, of whom each did so much of both; without bounds where they are too few,
    or are not those of these sums."""
    plain, found = ratio_of(metric, span, part, whole, whole), ratio(of, of_members=True)
    other = (of.above, of.below) != (part, whole)
    if plain.value is None or isinstance(found, NotEnough) or other:
        return plain
    return replace(plain, low=max(found.low, 0.0), high=found.high)


def count_of(metric: str, span: Span, value: int, group: str = "") -> Figure:
    """So many, or so much; all of it, so nothing is estimated."""
    return Figure(metric, span, float(value), value, n=abs(value), group=group)


def missing(metric: str, span: Span, why: NotEnough, group: str = "") -> Figure:
    """Nothing can be said, and this is missing."""
    return Figure(
        metric, span, lacking=why.what, have=why.have, wanted=why.wanted, group=group
    )  # fmt: skip
