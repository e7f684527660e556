"""From joining to the first reward; who stands on which tier; what is handed over most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from msgspec import Struct

from regulars.insight.metrics.figures import Figure, count_of, ratio_of, share_of
from regulars.insight.metrics.metric import Metric
from regulars.insight.metrics.spans import Span

_JOINED: Final = "members who joined in the time"


def _step(id_: str, name: str, means: str, part: str) -> Metric:
    return Metric(
        id=id_,
        report="overview",
        name=name,
        means=means,
        part=part,
        whole=_JOINED,
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    )


JOINING: Final = (
    Metric(
        id="joined",
        report="overview",
        name="Joined",
        means="Members who joined in the time and are members still; cards that nobody registered "
        "are left out.",
        part=_JOINED,
        unit="count",
        counts="member",
        rows="members",
    ),
    _step(
        "joined_first_order",
        "Placed a first order",
        "Of members who joined in the time, the share with at least one order until now. Who "
        "joined lately still has time.",
        "of these, members with at least one order so far",
    ),
    _step(
        "joined_second_order",
        "Placed a second order",
        "Of members who joined in the time, the share with two orders or more until now, on days "
        "of their own.",
        "of these, members with at least two orders so far",
    ),
    _step(
        "joined_first_reward",
        "Got a first reward",
        "Of members who joined in the time, the share to whom a reward was handed over until now, "
        "whether or not they ordered twice.",
        "of these, members with at least one reward handed over so far",
    ),
    Metric(
        id="tier_mix",
        report="overview",
        name="Tier mix",
        means="Of all members, cards that nobody registered among them, the share in each tier as "
        "the last counted day of the time ended.",
        part="members in the tier",
        whole="all members as that day ended",
        unit="share",
        counts="member",
        rows="members",
    ),
    Metric(
        id="rewarded_members",
        report="overview",
        name="Members who got the reward",
        means="Members to whom this reward was handed over at least once, of rewards reserved in "
        "the time; what was given back is left out.",
        part="members who got the reward in the time",
        unit="count",
        counts="member",
        rows="members",
    ),
)
STEPS: Final = ("joined", "joined_first_order", "joined_second_order", "joined_first_reward")


class Enrolled(Struct, frozen=True):
    """Members who joined in a span, and how far they came until now.

    Example: who got a reward after one order is in `rewarded` and not in `twice`: each step is
    counted of all who joined, not of the step before.
    """

    span: Span
    joined: int = 0
    once: int = 0
    twice: int = 0
    rewarded: int = 0


class Handed(NamedTuple):
    """A reward that was reserved in a span and handed over: how often, and to how many members."""

    reward: str
    times: int
    members: int


def enrolled_all(span: Span, some: Sequence[Enrolled]) -> Enrolled:
    """All cohorts of a span together."""
    return Enrolled(
        span,
        sum(one.joined for one in some),
        sum(one.once for one in some),
        sum(one.twice for one in some),
        sum(one.rewarded for one in some),
    )


def enrolled_figures(found: Enrolled) -> list[Figure]:
    """Who joined, and the share of them that came to each step."""
    came = (found.once, found.twice, found.rewarded)
    steps = zip(STEPS[1:], came, strict=True)
    return [
        count_of(STEPS[0], found.span, found.joined),
        *(share_of(name, found.span, part, found.joined) for name, part in steps),
    ]


def mix_figures(span: Span, stood: Sequence[tuple[str, int]]) -> list[Figure]:
    """The share in each tier: all are counted, so there are no bounds. '' is no tier."""
    whole = sum(members for _, members in stood)
    return [
        ratio_of("tier_mix", span, members, whole, whole, tier)
        for tier, members in stood
        if members
    ]


def handed_figures(span: Span, handed: Sequence[Handed]) -> list[Figure]:
    """How many members got each reward."""
    return [count_of("rewarded_members", span, one.members, one.reward) for one in handed]
