"""Paid membership: who stays by the period, which payments fail, who comes back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from regulars.insight.estimators.saying import NotEnough
from regulars.insight.estimators.staying.lasting import Still
from regulars.insight.metrics.figures import Figure, count_of, missing, part_of, share_of
from regulars.insight.metrics.metric import Metric
from regulars.insight.metrics.spans import Span

YEAR: Final = 12
FEWEST: Final = 20
"""Where fewer have come as far, a curve goes up and down with each of them."""

MEMBERSHIPS: Final = (
    Metric(
        id="memberships_active",
        report="memberships",
        name="Paid memberships",
        means="Members with a paid membership as the time ended: paid for at least once and not "
        "ended. Trials do not count until something is paid; who paused or is past due does.",
        part="members with a paid membership at the end of the time",
        unit="count",
        counts="member",
        rows="members",
    ),
    Metric(
        id="memberships_begun",
        report="memberships",
        name="Began to pay",
        means="Members whose paid membership began in the time: its first payment falls into it.",
        part="members with a first payment of a membership in the time",
        unit="count",
        counts="member",
        rows="members",
    ),
    Metric(
        id="membership_churn",
        report="memberships",
        name="Ended",
        means="Of members with a paid membership as the time began, the share whose membership "
        "ended in it. This is observed: a membership has an end, a visit has none.",
        part="of these, members whose membership ended in the time",
        whole="members with a paid membership as the time began",
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    Metric(
        id="membership_staying",
        report="memberships",
        name="Still there after twelve months",
        means="Of paid memberships, the share that is still there after its twelfth month: a "
        "yearly plan that was not renewed has gone. Those that are younger count for as long as "
        "they were seen (Kaplan-Meier, bounds by Greenwood), by all that was known as the time "
        "ended.",
        part="memberships expected to be there after twelve months",
        whole="all paid memberships so far",
        unit="share",
        counts="period",
        rows="members",
    ),
    Metric(
        id="payments_failed",
        report="memberships",
        name="Failed payments",
        means="Of payments of memberships that were told in the time, the share that failed. Each "
        "try counts.",
        part="failed payments in the time",
        whole="payments in the time, failed or not",
        unit="share",
        counts="payment",
        rows="members",
    ),
    Metric(
        id="payments_rescued",
        report="memberships",
        name="Stayed after a failed payment",
        means="Of members with a failed payment in the time, the share who paid afterwards, until "
        "now. Of the others some still have days of grace.",
        part="of these, members who paid after the last failure",
        whole="members with a failed payment in the time",
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    Metric(
        id="memberships_won_back",
        report="memberships",
        name="Came back",
        means="Of members whose paid membership ended in the time, the share who paid for one "
        "again afterwards, until now. Who left lately still has time.",
        part="of these, members who paid for a membership again",
        whole="members whose paid membership ended in the time",
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    Metric(
        id="membership_fees",
        report="memberships",
        name="Fees",
        means="What was paid for memberships in the time, less what was given back in it.",
        part="fees paid in the time, less refunds of fees",
        unit="money",
        counts="payment",
        rows="members",
    ),
)


class Turned(Struct, frozen=True):
    """What happened to paid memberships of a span; who was there as it began and ended."""

    span: Span
    at_begin: int = 0
    at_end: int = 0
    begun: int = 0
    ended: int = 0
    """Of those that were there as it began."""
    gone: int = 0
    """All that ended in it."""
    back: int = 0
    tries: int = 0
    failed: int = 0
    failing: int = 0
    """Members with a failed payment."""
    rescued: int = 0
    fees_minor: int = 0


def turned_figures(found: Turned) -> list[Figure]:
    """Each of them; where nobody was there, what is missing."""
    span = found.span
    return [
        count_of("memberships_active", span, found.at_end),
        count_of("memberships_begun", span, found.begun),
        share_of("membership_churn", span, found.ended, found.at_begin),
        part_of("payments_failed", span, found.failed, found.tries),
        share_of("payments_rescued", span, found.rescued, found.failing),
        share_of("memberships_won_back", span, found.back, found.gone),
        count_of("membership_fees", span, found.fees_minor),
    ]


def staying_figure(span: Span, curve: Sequence[Still], plan: str = "") -> Figure:
    """The share still there after twelve months.

    Refuses where fewer than twenty have come that far: the last of them would decide it.
    """
    begun = curve[0].at_risk if curve else 0
    far = next((one for one in curve if one.months == YEAR), None)
    if far is None or far.at_risk < FEWEST:
        come = far.at_risk if far else 0
        return missing("membership_staying", span, NotEnough("members", come, FEWEST), plan)
    bounds = (far.share, None, None, far.low, far.high)
    return Figure("membership_staying", span, *bounds, n=begun, group=plan)
