"""Every metric once: what it is called, what it means, and of what it is a part.

What is said here is what a screen shows beside the figure, what the API answers and what the
reference prints; `surfaces/in_words/metrics` says it in other languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from regulars.insight.home.returned import RETURNED
from regulars.insight.metrics.defined.accounts import ACCOUNTS
from regulars.insight.metrics.defined.fairness import FAIRNESS
from regulars.insight.metrics.defined.joining import JOINING
from regulars.insight.metrics.defined.memberships import MEMBERSHIPS
from regulars.insight.metrics.defined.preferences import PREFERENCES
from regulars.insight.metrics.defined.reaching import REACHING
from regulars.insight.metrics.defined.referral import REFERRAL
from regulars.insight.metrics.defined.renewals import RENEWALS
from regulars.insight.metrics.defined.staying import STAYING
from regulars.insight.metrics.defined.values import VALUES
from regulars.insight.metrics.metric import Metric

_BEST: Final = (
    Metric(
        id="habits_of",
        report="best",
        name="Members looked at",
        means="Members whose first order is in the time and at least 120 days ago; of many, 20,000 "
        "by chance. What they did in the 30 days from it is laid beside what they spent in the 90 "
        "days after: the best are the tenth who spent most. It says who stays, not why.",
        part="members whose first order is in the time, at least 120 days ago",
        unit="count",
        counts="member",
        rows="members",
    ),
)
_EVER_BOUGHT: Final = "members with at least one order in the time"
_ISSUED: Final = "points issued in the time"
_GIVEN: Final = "all points ever issued, by the month they were earned in"
_ORDERS: Final = "orders of members in the time"

_RETENTION: Final = (
    Metric(
        id="active_members",
        report="retention",
        name="Members who bought",
        means="Members with at least one order in the time. An order is paid and net of what came "
        "back: what came back whole is none, and all that one bought on a day is one.",
        part=_EVER_BOUGHT,
        unit="count",
        counts="member",
        rows="members",
    ),
    Metric(
        id="new_buyers",
        report="retention",
        name="Bought for the first time",
        means="Members whose first order of all falls into the time.",
        part="members whose first order is in the time",
        unit="count",
        counts="member",
        rows="members",
    ),
    Metric(
        id="cohort_retention",
        report="retention",
        name="Cohort retention",
        means="Of members whose first order was in a month, the share with at least one order so "
        "many months later. A month that has not ended is left out.",
        part="members of the cohort with an order in the later month",
        whole="members whose first order was in the month",
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    Metric(
        id="period_retention",
        report="retention",
        name="Bought again in the next time",
        means="Of members who bought in the time before, of the same length, the share who bought "
        "in this one. It is no churn: who did not come may still come.",
        part="members who bought in both",
        whole="members who bought in the time before",
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    Metric(
        id="repeat_rate",
        report="retention",
        name="Repeat purchase rate",
        means="Of members with at least one order in the time, the share with two or more.",
        part="members with at least two orders in the time",
        whole=_EVER_BOUGHT,
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    Metric(
        id="second_order_90",
        report="retention",
        name="Second order within 90 days",
        means="Of members whose first order falls into the time, the share whose second came at "
        "most 90 days later. Only first orders at least 90 days ago count: the others still "
        "have time.",
        part="members whose second order came within 90 days",
        whole="members whose first order is in the time and at least 90 days ago",
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    Metric(
        id="lapsed_members",
        report="retention",
        name="Away longer than usual",
        means="Of members with an order by the end of the time, the share whose last one lies "
        "further back than nine in ten of the shop's gaps between orders, and than nine in ten of "
        "their own. It is no churn: who has been away for long may still come.",
        part="members away longer than nine in ten gaps of the shop and of their own",
        whole="members with an order by the end of the time",
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    Metric(
        id="order_frequency",
        report="retention",
        name="Orders per buyer",
        means="Orders in the time over the members who placed them. Bounds of 95 % go by "
        "members: all that one of them did hangs together.",
        part=_ORDERS,
        whole=_EVER_BOUGHT,
        unit="ratio",
        counts="order",
        rows="members",
    ),
    Metric(
        id="order_value",
        report="retention",
        name="Average order value",
        means="What members paid in the time, net of what came back, over their orders. Bounds of "
        "95 % go by weeks: what days bring hangs together.",
        part="net revenue of members in the time",
        whole=_ORDERS,
        unit="money",
        counts="order",
        rows="members",
    ),
    Metric(
        id="median_gap",
        report="retention",
        name="Days between orders",
        means="The median of days from one order of a member to the next, of orders in the time "
        "that were followed by another. Too short where many have not come again yet.",
        part="gaps that ended",
        unit="days",
        counts="order",
        rows="members",
    ),
    Metric(
        id="median_wait",
        report="retention",
        name="Days until half have come again",
        means="The same with members who have not come again yet counted for as long as they have "
        "been away (Kaplan-Meier). Bounds of 95 % go by members: all gaps of one hang together.",
        part="gaps that ended, beside those that are still open",
        unit="days",
        counts="order",
        rows="members",
    ),
    Metric(
        id="participation_orders",
        report="retention",
        name="Purchases of members",
        means="Purchases that name a member, of all purchases that were told to Regulars. Bounds "
        "of 95 % go by weeks: what days bring hangs together.",
        part="purchases of members in the time",
        whole="all purchases in the time",
        unit="share",
        counts="order",
        rows="members",
    ),
    Metric(
        id="participation_revenue",
        report="retention",
        name="Revenue of members",
        means="What members paid, of all that was told to Regulars, both net of what came back. "
        "Bounds of 95 % go by weeks: what days bring hangs together.",
        part="net revenue of members in the time",
        whole="all net revenue in the time",
        unit="rate",
        counts="order",
        rows="members",
    ),
)
_POINTS: Final = (
    Metric(
        id="points_issued",
        report="points",
        name="Issued",
        means="Points given in the time, less what returns took back.",
        part=_ISSUED,
        unit="points",
        counts="point",
        rows="days",
    ),
    Metric(
        id="points_redeemed",
        report="points",
        name="Redeemed",
        means="Points spent on rewards that were handed over in the time, less what came back.",
        part="points redeemed in the time",
        unit="points",
        counts="point",
        rows="days",
    ),
    Metric(
        id="points_expired",
        report="points",
        name="Expired",
        means="Points that lapsed in the time, less those that live again.",
        part="points expired in the time",
        unit="points",
        counts="point",
        rows="days",
    ),
    Metric(
        id="points_adjusted",
        report="points",
        name="Adjusted and brought",
        means="Points given or taken by hand, brought from another system, passed on or written "
        "off in the time; what was given counts up.",
        part="points that came otherwise, less those that went otherwise",
        unit="points",
        counts="point",
        rows="days",
    ),
    Metric(
        id="redemption_flow",
        report="points",
        name="Redemption rate of the time",
        means="Points redeemed in the time over points issued in it. They are not the same points; "
        "for what becomes of points see the ultimate rate.",
        part="points redeemed in the time",
        whole=_ISSUED,
        unit="rate",
        counts="point",
        rows="days",
    ),
    Metric(
        id="earn_burn",
        report="points",
        name="Earn to burn",
        means="Points issued for each point redeemed in the time.",
        part=_ISSUED,
        whole="points redeemed in the time",
        unit="ratio",
        counts="point",
        rows="days",
    ),
    Metric(
        id="expiry_flow",
        report="points",
        name="Expired beside issued",
        means="Points expired in the time over points issued in it. It is not breakage, which asks "
        "what becomes of the same points.",
        part="points expired in the time",
        whole=_ISSUED,
        unit="rate",
        counts="point",
        rows="days",
    ),
    Metric(
        id="redeeming_members",
        report="points",
        name="Members who redeemed",
        means="Of members with at least one order or redemption in the time, the share with at "
        "least one redemption of points of this kind.",
        part="members with at least one redemption in the time",
        whole="members with an order or a redemption in the time",
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    Metric(
        id="redemption_ultimate",
        report="points",
        name="Ultimate redemption rate",
        means="Of all points issued so far, the share that will have been redeemed in the end, by "
        "the months in which points were earned (Bornhuetter-Ferguson on the chain-ladder; "
        "chain-ladder itself, or the same months of last year, where that foretold the shop's own "
        "past better; bounds by Mack, or of the last way by how far off it was). Left out is "
        "what an import brought over; months in which next to nothing was given say no more of the "
        "others than they are.",
        part="points redeemed so far and still expected to be",
        whole=_GIVEN,
        unit="share",
        counts="period",
        rows="days",
    ),
)
_LIABILITY: Final = (
    Metric(
        id="outstanding",
        report="liability",
        name="Outstanding points",
        means="What all members hold at the end of the time: available, pending and reserved, less "
        "what they owe.",
        part="points of members at the end of the time",
        unit="points",
        counts="point",
        rows="days",
    ),
    Metric(
        id="breakage",
        report="liability",
        name="Breakage",
        means="Of all points issued so far, the share that nobody will ever redeem: 1 less the "
        "ultimate redemption rate.",
        part="points issued that will not be redeemed",
        whole=_GIVEN,
        unit="share",
        counts="period",
        rows="days",
    ),
    Metric(
        id="breakage_off",
        report="liability",
        name="Estimate off by",
        means="How far what would have been expected of the next two quarters, at several months "
        "in the past, was from what came, as a share of it.",
        part="points by which the estimates were off, either way",
        whole="points that came back in the two quarters after each of them",
        unit="rate",
        counts="period",
    ),
    Metric(
        id="liability",
        report="liability",
        name="Liability",
        means="Outstanding points that are expected to be redeemed, at what a point costs the "
        "shop. Where points cost differently, each time has the mean of what members hold today. "
        "What an import brought over is taken to come back as the rest does.",
        part="outstanding points still expected to be redeemed, times the cost of a point",
        unit="money",
        counts="point",
        rows="days",
    ),
)
_BESIDES: Final = (
    Metric(
        id="tier_migration",
        report="tiers",
        name="Tier migration",
        means="Of members in a tier when the time began, the share in each tier when it ended; who "
        "joined since is counted apart. Cards that nobody registered are members, too.",
        part="members in the tier at the end",
        whole="members in the tier at the beginning",
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    Metric(
        id="store_repeat_rate",
        report="stores",
        name="Came back to the store",
        means="Of members with an order in a store in the time, the share with two or more there.",
        part="members with at least two orders in the store",
        whole="members with at least one order in the store",
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
)
_EVERY: Final = (
    *_RETENTION, *STAYING, *_POINTS, *_LIABILITY, *_BESIDES, *JOINING, *PREFERENCES, *FAIRNESS,
    *REFERRAL,
    *MEMBERSHIPS, *RENEWALS, *ACCOUNTS, *_BEST, *REACHING, *VALUES, *RETURNED,
)  # fmt: skip
METRICS: Final[Mapping[str, Metric]] = MappingProxyType({one.id: one for one in _EVERY})


def texts() -> tuple[str, ...]:
    """Every English text above once, in order; each has its words in every language."""
    said = (text for one in METRICS.values() for text in (one.name, one.means, one.part, one.whole))
    return tuple(dict.fromkeys(text for text in said if text))
