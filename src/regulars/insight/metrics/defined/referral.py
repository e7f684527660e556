"""Who brings whom: how far invitations come, how many a guard stops, what newcomers bring."""

from __future__ import annotations

from math import sqrt
from typing import Final, NamedTuple

from msgspec import Struct

from regulars.insight.estimators.asking.ratios import Weeks
from regulars.insight.estimators.asking.shares import SURE_95
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.figures import (
    Figure,
    count_of,
    missing,
    ratio_by_members,
    share_of,
)
from regulars.insight.metrics.metric import Metric
from regulars.insight.metrics.spans import Span

_BUYERS: Final = "members with at least one order in the time"
_NAMED: Final = "newcomers who named the code of a member in the time"
FEWEST: Final = 30
"""Of fewer members in a group, bounds of a mean hold only by luck."""
GUARDS: Final = ("oneself", "same_household", "ring", "same_mark")
"""Reasons by which a referral looks like one person, not two."""


def _step(id_: str, name: str, means: str, part: str) -> Metric:
    return Metric(
        id=id_,
        report="referral",
        name=name,
        means=means,
        part=part,
        whole=_NAMED,
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    )


def _mean(id_: str, name: str, means: str, part: str, whole: str) -> Metric:
    return Metric(
        id=id_,
        report="referral",
        name=name,
        means=means,
        part=part,
        whole=whole,
        unit="money",
        counts="member",
        rows="members",
    )


REFERRAL: Final = (
    Metric(
        id="invitations_sent",
        report="referral",
        name="Invitations sent",
        means="How often members gave their code or link on in the time: copied or shared it on "
        "their card, or as other systems told (activities of the kind `invite`). To whom is not "
        "known, nor whether it was read. What was taken back does not count.",
        part="invitations of members in the time",
        unit="count",
        counts="invitation",
        rows="members",
    ),
    Metric(
        id="inviting_members",
        report="referral",
        name="Members who invited somebody",
        means="Of members with an order in the time, the share who sent an invitation in it.",
        part="members with an order and an invitation in the time",
        whole=_BUYERS,
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    Metric(
        id="invitations_each",
        report="referral",
        name="Invitations per member who bought",
        means="Invitations sent in the time over members with an order in it. Times newcomers "
        "per invitation it is how many newcomers each of them brings. Bounds of 95 % go by "
        "members: all that one of them did hangs together.",
        part="invitations of members in the time",
        whole=_BUYERS,
        unit="ratio",
        counts="invitation",
        rows="members",
    ),
    Metric(
        id="invitations_taken",
        report="referral",
        name="Newcomers per invitation",
        means="Newcomers who named a code in the time over invitations sent in it. They need "
        "not be the same: who was invited last month may come in this one, and a code that was "
        "told by word of mouth is no invitation. Bounds of 95 % go by members: all that one of "
        "them did hangs together.",
        part=_NAMED,
        whole="invitations of members in the time",
        unit="rate",
        counts="invitation",
        rows="members",
    ),
    Metric(
        id="referral_factor",
        report="referral",
        name="Referral factor",
        means="Newcomers who named a code in the time and ordered for the first time of all "
        "in it, for each member who bought in it: invitations per member times what becomes of "
        "them. Above 1 members alone would make the shop grow; it is far below that nearly "
        "everywhere. Bounds of 95 % go by members: all that one of them did hangs together.",
        part="newcomers who named a code and bought for the first time, both in the time",
        whole=_BUYERS,
        unit="ratio",
        counts="invitation",
        rows="members",
    ),
    Metric(
        id="bringing_members",
        report="referral",
        name="Members who brought somebody",
        means="Of members with an order in the time, the share whose code a newcomer named in it.",
        part="members with an order in the time whose code was named in it",
        whole=_BUYERS,
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    Metric(
        id="referrals_named",
        report="referral",
        name="Newcomers who were brought",
        means="Newcomers who named the code of a member in the time, whatever became of it. Who "
        "named several is one.",
        part=_NAMED,
        unit="count",
        counts="member",
        rows="members",
    ),
    _step(
        "referrals_bought",
        "Bought what counts",
        "Of newcomers who named a code in the time, the share who bought what the promise asks "
        "for, until now. Who named it lately still has time.",
        "of these, newcomers with a purchase that counts",
    ),
    _step(
        "referrals_rewarded",
        "Stayed, and both were rewarded",
        "Of newcomers who named a code in the time, the share whose purchase was kept and for whom "
        "both sides were rewarded; what was taken back is left out.",
        "of these, newcomers who were rewarded and still are",
    ),
    _step(
        "referrals_guarded",
        "Stopped as one and the same",
        "Of newcomers who named a code in the time, the share that a guard refused or took back: "
        "oneself, the same household, a ring, the same device or card. It is a sign of fraud and "
        "no proof of it.",
        "of these, newcomers whom such a guard stopped",
    ),
    _mean(
        "referred_worth",
        "Net revenue per brought member",
        "Of members who joined in the time and were brought by somebody: what they paid until now, "
        "net of what came back, each of them counted, whether or not they bought.",
        "net revenue so far of brought members",
        "members who joined in the time and were brought",
    ),
    _mean(
        "others_worth",
        "Net revenue per member who came alone",
        "The same of members who joined in the time and were brought by nobody.",
        "net revenue so far of members whom nobody brought",
        "members who joined in the time and were brought by nobody",
    ),
    _mean(
        "referred_difference",
        "Brought members beside the others",
        "By how much net revenue per member is higher of those who were brought, with 95 % between "
        "its bounds (Welch). It is not what referral brought about: who is brought by a friend may "
        "be another kind of guest.",
        "mean of brought members less mean of the others",
        "",
    ),
)


class Brought(Struct, frozen=True):
    """Newcomers who named a code in a span, and what became of it until now.

    Example: who bought, was rewarded and brought it back is in `bought` and in `retracted`.
    """

    span: Span
    named: int = 0
    bought: int = 0
    rewarded: int = 0
    rejected: int = 0
    retracted: int = 0
    guarded: int = 0
    sent: int = 0
    """Invitations in the span, whoever came by them."""


class Bringing(NamedTuple):
    """Of members who bought in a span: how many brought somebody, and how many invited; and of
    newcomers who named a code in it, how many bought for the first time in it."""

    bringing: int
    buyers: int
    inviting: int
    newcomers: int = 0
    sent_by_buyers: Weeks = Weeks()
    named_by_sent: Weeks = Weeks()
    newcomers_by_buyers: Weeks = Weeks()
    """By members: invitations of each and whether they bought; newcomers who named their code and
    invitations; newcomers with a first order and whether they bought."""


class Worth(NamedTuple):
    """What members of a group paid so far: how many they are, the sum, the sum of squares."""

    members: int
    net_minor: int
    squares: int

    @property
    def mean(self) -> float:
        """What one of them paid."""
        return self.net_minor / self.members

    @property
    def variance(self) -> float:
        """Of their mean."""
        n = self.members
        return max(0.0, (self.squares - self.net_minor**2 / n) / (n - 1) / n)


def brought_figures(found: Brought, bringing: Bringing) -> list[Figure]:
    """Who invited and brought somebody, and how far newcomers came."""
    span, named, sent, buyers = found.span, found.named, found.sent, bringing.buyers
    return [
        count_of("invitations_sent", span, sent),
        share_of("inviting_members", span, bringing.inviting, buyers),
        ratio_by_members("invitations_each", span, sent, buyers, bringing.sent_by_buyers),
        ratio_by_members("invitations_taken", span, named, sent, bringing.named_by_sent),
        ratio_by_members(
            "referral_factor", span, bringing.newcomers, buyers, bringing.newcomers_by_buyers
        ),
        share_of("bringing_members", span, bringing.bringing, buyers),
        count_of("referrals_named", span, named),
        share_of("referrals_bought", span, found.bought, named),
        share_of("referrals_rewarded", span, found.rewarded, named),
        share_of("referrals_guarded", span, found.guarded, named),
    ]


def worth_figures(span: Span, brought: Worth, others: Worth) -> list[Figure]:
    """What each group paid, and how far they are apart.

    Source: Welch (1947); from thirty members in a group on the normal law says the bounds.
    Example: means of 40 ± 3 and 30 ± 4 are 10 apart, ± 5 (their variances add up), not ± 7.
    """
    named = ("referred_worth", "others_worth")
    means = [_mean_of(id_, span, one) for id_, one in zip(named, (brought, others), strict=True)]
    fewest = min(brought.members, others.members)
    if fewest < FEWEST:
        return [*means, missing("referred_difference", span, NotEnough("members", fewest, FEWEST))]
    apart = brought.mean - others.mean
    width = SURE_95 * sqrt(brought.variance + others.variance)
    n = brought.members + others.members
    low, high = apart - width, apart + width
    return [*means, Figure("referred_difference", span, apart, low=low, high=high, n=n)]


def _mean_of(metric: str, span: Span, one: Worth) -> Figure:
    if one.members < FEWEST:
        return missing(metric, span, NotEnough("members", one.members, FEWEST))
    width = SURE_95 * sqrt(one.variance)
    bounds = (one.mean - width, one.mean + width)
    return Figure(metric, span, one.mean, one.net_minor, one.members, *bounds, n=one.members)
