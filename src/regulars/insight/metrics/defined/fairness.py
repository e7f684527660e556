"""Who gets what: how evenly points lie among members, beside what members bring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.figures import Figure, missing, ratio_of, share_of
from regulars.insight.metrics.metric import Metric
from regulars.insight.metrics.spans import Span

_WHO: Final = "members with an order, points issued or points redeemed in the time"
_EVEN: Final = "the area below an even spread"
TENTHS: Final = 10
LOOKED_AT: Final = 2_000
"""So many members are asked what they could take; of more the share is hardly another."""
FEWEST: Final = 20
"""Of fewer members a spread says more about each of them than about the program."""


def _gini(id_: str, name: str, of: str) -> Metric:
    return Metric(
        id=id_,
        report="fairness",
        name=name,
        means=f"How unevenly {of} lies among members who were there in the time: 0 where all have "
        "the same, near 1 where one has everything (Gini). All are counted, so nothing is "
        "estimated.",
        part="the area between an even spread and how it lies (Lorenz)",
        whole=_EVEN,
        unit="ratio",
        counts="member",
        rows="members",
    )


FAIRNESS: Final = (
    Metric(
        id="reached_members",
        report="fairness",
        name="Members who redeemed, of all who were there",
        means="Of members with an order, points issued or points redeemed in the time, the share "
        "with points redeemed: whom the program reached with more than a promise.",
        part="members with points redeemed in the time",
        whole=_WHO,
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    _gini("gini_spend", "Spread of revenue", "net revenue"),
    _gini("gini_issued", "Spread of points issued", "what was issued"),
    _gini("gini_redeemed", "Spread of points redeemed", "what was redeemed"),
    Metric(
        id="top_tenth_redeemed",
        report="fairness",
        name="Redeemed by the tenth who pay most",
        means="Of points redeemed in the time, the share that went to the tenth of members who "
        "paid most in it.",
        part="points redeemed by the tenth of members with the highest net revenue",
        whole="points redeemed in the time",
        unit="rate",
        counts="point",
        rows="members",
    ),
    Metric(
        id="top_tenth_spend",
        report="fairness",
        name="Paid by the tenth who pay most",
        means="Of what members paid in the time, the share that the tenth paid who paid most.",
        part="net revenue of the tenth of members with the highest net revenue",
        whole="net revenue of members in the time",
        unit="rate",
        counts="money",
        rows="members",
    ),
    Metric(
        id="offers_open",
        report="fairness",
        name="Members who could take a reward now",
        means="Of members who were there in the time, the share who could take a reward of today "
        "with the points they have now, by their tier and attributes; of many, 2,000 by chance. "
        "Stock, stores, channels and limits are not looked at. Beside it stands for each tenth how "
        "many rewards are open to each.",
        part="of these, members to whom at least one reward is open",
        whole="members looked at, who were there in the time",
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    Metric(
        id="offers_given",
        report="fairness",
        name="Were given an offer of their own",
        means="Members who were given an offer of their own in the time: as part of a segment, by "
        "hand, by a journey or by choice. Who was held out of it got none. Beside it stands how "
        "these offers lie between newcomers and the others.",
        part="members who were given an offer of their own in the time",
        unit="count",
        counts="member",
        rows="members",
    ),
    Metric(
        id="gifts_given",
        report="fairness",
        name="Discounts, gifts and benefits",
        means="What members got in the time without paying points for it, by what each costs the "
        "shop: rewards that cost no points, discounts among them, and uses of benefits. What the "
        "till takes off for everybody is not of the program.",
        part="cost of rewards without points and of uses of benefits in the time",
        unit="money",
        counts="member",
        rows="members",
    ),
    Metric(
        id="cost_of_newcomers",
        report="fairness",
        name="Cost per newcomer",
        means="What points redeemed in the time cost, and what was given without points: "
        "discounts, gifts and uses of benefits; over members whose first order is in it. "
        "Beside it stands the same of members who had ordered before.",
        part="cost of points that newcomers redeemed, and of what was given to them",
        whole="members whose first order is in the time",
        unit="money",
        counts="member",
        rows="members",
    ),
    Metric(
        id="cost_of_loyal",
        report="fairness",
        name="Cost per member who had ordered before",
        means="What points redeemed in the time cost, and what was given without points, over "
        "members whose first order was before it.",
        part="cost of points that members redeemed who had ordered before, and of what was given "
        "to them",
        whole="members who were there in the time and had ordered before it",
        unit="money",
        counts="member",
        rows="members",
    ),
)


class Spread(NamedTuple):
    """How something lies among `n` members: its sum, and the sum of each one's times their place,
    counted from who has least."""

    n: int
    total: int
    ranked: int


class Part(NamedTuple):
    """What members of a group brought and got: money in minor units, points in units."""

    group: str
    members: int
    reached: int
    """Of them, those who redeemed."""
    net_minor: int
    issued: int
    redeemed: int
    gifts_minor: int = 0
    """What they got without paying points for it cost the shop."""


def gini(spread: Spread) -> float | NotEnough:
    """Gini's coefficient of a whole population: 0 where all have the same.

    Source: Gini (1912); by ranks, G = 2 Σ i·x / (n Σ x) − (n + 1) / n.
    Refuses with fewer than twenty members, or where there is nothing.
    Example: of twenty members one has everything: 0.95, and not 1: a twentieth of them has it.
    """
    if spread.n < FEWEST:
        return NotEnough("members", spread.n, FEWEST)
    if spread.total <= 0:
        return NotEnough("values", 0, 1)
    return 2 * spread.ranked / (spread.n * spread.total) - (spread.n + 1) / spread.n


def gini_figure(metric: str, span: Span, spread: Spread) -> Figure:
    """The coefficient as a figure."""
    found = gini(spread)
    if isinstance(found, NotEnough):
        return missing(metric, span, found)
    return Figure(metric, span, max(0.0, found), n=spread.n)


def top_figures(span: Span, tenths: Sequence[Part]) -> list[Figure]:
    """What the tenth who pay most redeemed and paid, of all; tenths begin with who pays least.

    Refuses where there are fewer than twenty members: a tenth of nine is nobody.
    """
    n = sum(one.members for one in tenths)
    named = ("top_tenth_redeemed", "top_tenth_spend")
    if n < FEWEST:
        return [missing(one, span, NotEnough("members", n, FEWEST)) for one in named]
    top = tenths[-1]
    redeemed, paid = sum(one.redeemed for one in tenths), sum(one.net_minor for one in tenths)
    return [
        ratio_of(named[0], span, top.redeemed, redeemed, n),
        ratio_of(named[1], span, top.net_minor, paid, n),
    ]


def reached_figure(span: Span, parts: Sequence[Part]) -> Figure:
    """Of all who were there, who redeemed."""
    reached, there = sum(one.reached for one in parts), sum(one.members for one in parts)
    return share_of("reached_members", span, reached, there)


def each_figure(metric: str, span: Span, cost_minor: int, members: int) -> Figure:
    """What it came to for each of so many members."""
    return ratio_of(metric, span, cost_minor, members, members)


def beyond(part: Part, net_minor: int, redeemed: int) -> int:
    """How many points a group redeemed beyond its part of revenue; below 0 it paid for others.

    Units: points of the wallet. Rounding: to the nearest unit, half of one up, here alone.
    Example: a group that paid 60 of 100 and redeemed 30 of 100 points got 30 fewer than its part.
    """
    if net_minor <= 0:
        return part.redeemed
    even = (2 * redeemed * part.net_minor + net_minor) // (2 * net_minor)
    return part.redeemed - even
