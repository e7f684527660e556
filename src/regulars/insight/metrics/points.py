"""What became of points in a span: issued, redeemed, expired, and how the books roll forward."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from regulars.insight.metrics.figures import Figure, count_of, ratio_of, share_of
from regulars.insight.metrics.spans import Granularity, Span, begins, parts


class Moved(NamedTuple):
    """What happened to points on a day, each counted up as it is called; `adjusted` by hand and
    `other` (brought over, passed on, written off) count up where points came."""

    on: date
    issued: int
    redeemed: int
    expired: int
    adjusted: int
    other: int


class Flow(Struct, frozen=True):
    """What happened to points in a span.

    Units: of the wallet's scale. Keeps: what members hold grows by `issued` − `redeemed` −
    `expired` + `adjusted` + `other`.
    """

    span: Span
    issued: int = 0
    redeemed: int = 0
    expired: int = 0
    adjusted: int = 0
    other: int = 0

    @property
    def change(self) -> int:
        """By how much what members hold grew."""
        return self.issued - self.redeemed - self.expired + self.adjusted + self.other


class Rolled(Struct, frozen=True):
    """From what was outstanding before a span to what was at its end."""

    flow: Flow
    opening: int

    @property
    def closing(self) -> int:
        """What was outstanding at its end."""
        return self.opening + self.flow.change


class Tied(Struct, frozen=True):
    """What all days together come to, beside what the ledger says members hold (available, pending
    and reserved, less what they owe). They differ by nothing, by what was booked within the last
    seconds, or by a fault.
    """

    rolled: int
    ledger: int

    @property
    def off(self) -> int:
        """By how much they differ."""
        return self.rolled - self.ledger


def flow_of(span: Span, moved: Iterable[Moved]) -> Flow:
    """The flow of a span from what happened on its days.

    Example: 100 points given and 20 of them taken back by a return are 80 issued.
    """
    mine = [one for one in moved if span.from_on <= one.on < span.until_on]
    return Flow(
        span,
        sum(one.issued for one in mine),
        sum(one.redeemed for one in mine),
        sum(one.expired for one in mine),
        sum(one.adjusted for one in mine),
        sum(one.other for one in mine),
    )


def flows_of(span: Span, moved: Sequence[Moved], granularity: Granularity) -> list[Flow]:
    """The flow of each day, week or month of a span."""
    by_part: dict[date, list[Moved]] = {}
    for one in moved:
        by_part.setdefault(begins(one.on, granularity), []).append(one)
    return [
        flow_of(part, by_part.get(begins(part.from_on, granularity), ()))
        for part in parts(span, granularity)
    ]


def rolled(flows: Iterable[Flow], opening: int) -> list[Rolled]:
    """Each flow on top of the one before: what one closes with, the next opens with.

    Example: 500 before, 80 in October and -30 in November: October closes at 580, November at 550.
    """
    found = []
    for flow in flows:
        found.append(Rolled(flow, opening))
        opening += flow.change
    return found


def flow_figures(flow: Flow) -> list[Figure]:
    """The figures of a flow."""
    span, issued, redeemed = flow.span, flow.issued, flow.redeemed
    return [
        count_of("points_issued", span, issued),
        count_of("points_redeemed", span, redeemed),
        count_of("points_expired", span, flow.expired),
        count_of("points_adjusted", span, flow.adjusted + flow.other),
        ratio_of("redemption_flow", span, redeemed, issued, issued),
        ratio_of("earn_burn", span, issued, redeemed, redeemed),
        ratio_of("expiry_flow", span, flow.expired, issued, issued),
    ]


def redeeming_figure(span: Span, redeemed: int, active: int) -> Figure:
    """Of members who did anything, who redeemed."""
    return share_of("redeeming_members", span, redeemed, active)
