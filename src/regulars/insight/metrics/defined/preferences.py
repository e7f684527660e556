"""What members like: categories, hours of the week, what goes into one basket together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from regulars.insight.estimators.asking.liking import Spent, lift
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.figures import Figure, missing, part_of, ratio_of
from regulars.insight.metrics.metric import Metric
from regulars.insight.metrics.spans import Span

FEWEST_BASKETS: Final = 20
"""Of fewer baskets with an article, nothing is said of what goes with it."""
_LATEST: Final = "the latest 10,000 days on which members bought"
_DRAWN: Final = (
    "Where there are more in the time, members of the day that is not taken whole are drawn by "
    "chance, always the same ones, and the running day comes last."
)

PREFERENCES: Final = (
    Metric(
        id="category_share",
        report="preferences",
        name="Share of the category",
        means="Of what was sold with a category in the time, net of what came back, the share of "
        "this one. What was told without a category, shipping and tips are left out.",
        part="net revenue of the category",
        whole="net revenue of all categories",
        unit="rate",
        counts="money",
        rows="members",
    ),
    Metric(
        id="told_categories",
        report="preferences",
        name="Told with a category",
        means="Of net revenue in the time, the share that was told with a category. Where it is "
        "low, the rest of this page stands on little.",
        part="net revenue told with a category",
        whole="net revenue in the time",
        unit="rate",
        counts="money",
        rows="members",
    ),
    Metric(
        id="category_lift",
        report="preferences",
        name="Liking of a category",
        means="The category's share in what members of a tier, or of a year of first orders, "
        f"spent, over its share in what all of them did; of {_LATEST}. Above 1 they like it more "
        "than others do. Bounds of 95 % go by members: all that one of them did hangs together. "
        f"{_DRAWN}",
        part="share of the category in what this group spent",
        whole="share of the category in what all members spent",
        unit="ratio",
        counts="member",
        rows="members",
    ),
    Metric(
        id="weekday_share",
        report="preferences",
        name="Share of a day of the week",
        means="Of orders in the time of members who are on a tier now, the share on this day of "
        "the week. What one bought on a day in two stores is two.",
        part="orders of the tier on this day of the week",
        whole="orders of the tier in the time",
        unit="rate",
        counts="order",
        rows="members",
    ),
    Metric(
        id="channel_share",
        report="preferences",
        name="Share of a channel",
        means=f"Of purchases with articles, of {_LATEST}, the share that came through this "
        f"channel, as the source told it. {_DRAWN}",
        part="purchases through this channel",
        whole="purchases with articles on these days",
        unit="rate",
        counts="order",
        rows="members",
    ),
    Metric(
        id="basket_pair",
        report="preferences",
        name="Bought together",
        means="Of days on which a member bought of the first category, the share on which they "
        f"bought of the second, too; of {_LATEST}. {_DRAWN}",
        part="of these, days with the second category",
        whole="days with the first category",
        unit="share",
        counts="order",
        rows="members",
    ),
    Metric(
        id="basket_mix",
        report="preferences",
        name="Categories at once",
        means=f"How many categories a member buys of on a day, on average; of {_LATEST} with a "
        f"category. {_DRAWN}",
        part="categories, day by day",
        whole="days with a category",
        unit="ratio",
        counts="order",
        rows="members",
    ),
    Metric(
        id="hour_share",
        report="preferences",
        name="Share of the busiest hour",
        means="Of purchases in the months of the time, the share in the hour of the week that has "
        "most, by the clock of the store. Months count as a whole.",
        part="purchases in that hour of the week",
        whole="purchases in these months",
        unit="share",
        counts="order",
        rows="members",
    ),
)


class Channel(NamedTuple):
    """A channel as sources tell it ('' where they do not), its purchases and who made them."""

    channel: str
    sales: int
    members: int


class Weekday(NamedTuple):
    """Orders of members of a tier on one day of the week, 1 is Monday."""

    tier: str
    weekday: int
    orders: int
    net_minor: int


class Sold(NamedTuple):
    """What was sold of a category ('' is none); `sales` still have some of it."""

    category: str
    sales: int
    pieces: int
    net_minor: int


class Hour(NamedTuple):
    """Purchases of one hour of the week; 1 is Monday."""

    weekday: int
    hour: int
    sales: int
    net_minor: int


class Apart(NamedTuple):
    """How far members of a group are apart, of which bounds are made: of what each spent on a
    category the squares, and times what they spent in all; how many members the group has, and the
    squares of what each spent in all."""

    twice: float
    both: float
    members: int
    in_all_twice: float


class Liked(NamedTuple):
    """What a group spent on a category."""

    group: str
    category: str
    members: int
    net_minor: int
    apart: Apart = Apart(0.0, 0.0, 0, 0.0)


class Pair(NamedTuple):
    """Of `first` days with one category, `both` had the other as well, which `second` days had;
    of `days` in all."""

    category: str
    other: str
    both: int
    first: int
    second: int
    days: int

    @property
    def lift(self) -> float:
        """How much more often than if one had nothing to do with the other.

        Example: cake on 40 of 100 days, and on 30 of 50 with coffee: 1.5.
        """
        return self.both * self.days / (self.first * self.second)


def category_figures(span: Span, sold: Sequence[Sold]) -> list[Figure]:
    """Each category's part of what was told with one, and how much was."""
    named = [one for one in sold if one.category]
    told, all_ = sum(one.net_minor for one in named), sum(one.net_minor for one in sold)
    sales = sum(one.sales for one in named)
    return [
        ratio_of("told_categories", span, told, all_, sales),
        *(
            ratio_of("category_share", span, one.net_minor, told, one.sales, one.category)
            for one in named
        ),
    ]


def busiest_figure(span: Span, hours: Sequence[Hour]) -> Figure:
    """The hour of the week with most purchases; its group is `weekday-hour`."""
    whole = sum(one.sales for one in hours)
    if whole < FEWEST_BASKETS:
        return missing("hour_share", span, NotEnough("purchases", whole, FEWEST_BASKETS))
    top = max(hours, key=lambda one: (one.sales, -one.weekday, -one.hour))
    return part_of("hour_share", span, top.sales, whole, f"{top.weekday}-{top.hour}")


def mix_figure(span: Span, categories: int, days: int) -> Figure:
    """How many categories at once."""
    if days < FEWEST_BASKETS:
        return missing("basket_mix", span, NotEnough("purchases", days, FEWEST_BASKETS))
    return ratio_of("basket_mix", span, categories, days, days)


class Liking(NamedTuple):
    """A category's share in what a group spent, in what all did, and one over the other, with the
    bounds of that where there are enough members."""

    of: Liked
    mine: float
    all: float
    lift: float
    low: float | None
    high: float | None


def likings(some: Sequence[Liked]) -> list[Liking]:
    """Of each how much the group likes it beside all."""
    of_group: dict[str, int] = {}
    of_category: dict[str, int] = {}
    for one in some:
        of_group[one.group] = of_group.get(one.group, 0) + one.net_minor
        of_category[one.category] = of_category.get(one.category, 0) + one.net_minor
    whole, found = sum(of_group.values()), list[Liking]()
    squares = {one.group: one.apart for one in some}
    members = sum(one.members for one in squares.values())
    in_all_twice = sum(one.in_all_twice for one in squares.values())
    of_it: dict[str, list[Liked]] = {}
    for one in some:
        of_it.setdefault(one.category, []).append(one)
    for one in some:
        if of_group[one.group] > 0 and of_category[one.category] > 0:
            mine = one.net_minor / of_group[one.group]
            all_ = of_category[one.category] / whole
            theirs = of_it[one.category]
            every = Spent(
                members, sum(each.members for each in theirs), of_category[one.category], whole,
                sum(each.apart.twice for each in theirs), sum(each.apart.both for each in theirs),
                in_all_twice,
            )  # fmt: skip
            bounds = lift(_spent(one, of_group[one.group]), every)
            ends = (None, None) if isinstance(bounds, NotEnough) else (bounds.low, bounds.high)
            found.append(Liking(one, mine, all_, mine / all_, *ends))
    return found


def _spent(one: Liked, in_all: int) -> Spent:
    twice, both, members, in_all_twice = one.apart
    return Spent(members, one.members, one.net_minor, in_all, twice, both, in_all_twice)
