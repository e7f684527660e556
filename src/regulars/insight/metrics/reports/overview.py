"""Overview: what one wants to know at a glance, each figure as its own report says it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.insight.home.returned import returned
from regulars.insight.metrics.asked import Asked, Report, Table, columns, of_before
from regulars.insight.metrics.buying import (
    Seconds,
    participation_figures,
    second_figure,
    with_time,
)
from regulars.insight.metrics.defined.joining import (
    Enrolled,
    Handed,
    enrolled_all,
    enrolled_figures,
    handed_figures,
    mix_figures,
)
from regulars.insight.metrics.figures import Figure, count_of
from regulars.insight.metrics.owing import owing_figures
from regulars.insight.metrics.points import flow_figures, flow_of, flows_of
from regulars.insight.metrics.reading import joining, orders
from regulars.insight.metrics.reading import points as read
from regulars.insight.metrics.reading.joining import Stood
from regulars.insight.metrics.reading.widely import widely
from regulars.insight.metrics.reports.owed.cohorts import owing
from regulars.insight.metrics.reports.owed.points import flow_table
from regulars.insight.metrics.spans import Span, instants

MOST_REWARDS: Final = 10


class Seen(NamedTuple):
    """Of a span: who joined and how far they came, who stood where, what was handed over."""

    span: Span
    cohorts: list[Enrolled]
    stood: Stood
    handed: list[Handed]

    @property
    def figures(self) -> list[Figure]:
        """What is told of them."""
        return [
            *enrolled_figures(enrolled_all(self.span, self.cohorts)),
            *mix_figures(self.span, self.stood.tiers),
            *handed_figures(self.span, self.handed[:MOST_REWARDS]),
        ]


async def overview(tx: Tx, asked: Asked) -> Report:
    """The report.

    Keeps: of one store only what is of stores: who bought, revenue, the flow of points.
    """
    await widely(tx)
    moved = await read.moved(tx, asked.wallet, asked.span, asked.store)
    figures = await _bought(tx, asked, asked.span)
    before = await _bought(tx, asked, asked.compare) if asked.compare else []
    tables = [flow_table(flows_of(asked.span, moved, asked.granularity))]
    if asked.beside:
        was = await read.moved(tx, asked.wallet, asked.beside, asked.store)
        tables.append(of_before(flow_table(flows_of(asked.beside, was, asked.granularity))))
    if asked.store is None:
        now = await _seen(tx, asked, asked.span)
        then = await _seen(tx, asked, asked.compare) if asked.compare else None
        figures += [*await _owed(tx, asked), *now.figures, *await returned(tx, asked.span)]
        if asked.compare and then:
            before += [await _outstanding(tx, asked, asked.compare), *then.figures]
            before += await returned(tx, asked.compare)
        tables += [enrolled_table(now.cohorts), tier_table(now.stood), reward_table(now, then)]
    return Report("overview", asked, tuple(figures), tuple(before), tuple(tables))


async def _bought(tx: Tx, asked: Asked, span: Span) -> list[Figure]:
    """Who bought, the members' part of revenue, the flow of points, who came again in time."""
    _, elsewhere = await orders.history(tx)
    sold = await orders.sold(tx, span, asked.store)
    _, revenue = participation_figures(sold, elsewhere=elsewhere)
    flow = flow_of(span, await read.moved(tx, asked.wallet, span, asked.store))
    wanted = ("redemption_flow", "points_issued", "points_redeemed", "points_expired")
    found = [
        count_of("active_members", span, await joining.active(tx, span, asked.store)),
        revenue,
        *(one for one in flow_figures(flow) if one.metric in wanted),
    ]
    if asked.store is None:
        timely = with_time(span, asked.today)
        seconds = await orders.seconds(tx, timely) if timely else Seconds(span)
        found.append(replace(second_figure(seconds), span=span))
    return found


async def _owed(tx: Tx, asked: Asked) -> list[Figure]:
    """What is outstanding as the span ends, and what of all points nobody will redeem."""
    outstanding = await _outstanding(tx, asked, asked.span)
    named = owing_figures(asked.span, (await owing(tx, asked)).found, 0, 0)
    return [outstanding, next(one for one in named if one.metric == "breakage")]


async def _outstanding(tx: Tx, asked: Asked, span: Span) -> Figure:
    closing = await read.change(tx, asked.wallet, before=span.until_on)
    return count_of("outstanding", span, closing)


async def _seen(tx: Tx, asked: Asked, span: Span) -> Seen:
    bounds = instants(span, ZoneInfo(asked.zone))
    cohorts = await joining.enrolled(tx, span, bounds, asked.zone, asked.granularity)
    return Seen(span, cohorts, await joining.stood(tx, span), await joining.handed(tx, bounds))


def enrolled_table(cohorts: Sequence[Enrolled]) -> Table:
    """Who joined in each part of the time, and how many of them came to each step."""
    heads = columns(
        "from:day", "until:day", "joined:count", "once:count", "twice:count", "rewarded:count"
    )
    rows = tuple(
        (one.span.from_on, one.span.until_on, one.joined, one.once, one.twice, one.rewarded)
        for one in cohorts
    )
    return Table("enrolment", heads, rows)


def tier_table(found: Stood) -> Table:
    """How many stood in each tier, most first."""
    whole = sum(members for _, members in found.tiers)
    rows = tuple(
        (found.day, tier, members, whole, members / whole)
        for tier, members in found.tiers
        if members
    )
    return Table("tier_mix", columns("on_day:day", "tier:text", "members:count", "of:count",
                                     "share:share"), rows)  # fmt: skip


def reward_table(now: Seen, then: Seen | None) -> Table:
    """The rewards that were handed over most, with how often they were in the time before."""
    heads = columns("reward:text", "times:count", "members:count", "times_before:count")
    was = {one.reward: one.times for one in then.handed} if then else {}
    rows = tuple(
        (one.reward, one.times, one.members, was.get(one.reward, 0) if then else None)
        for one in now.handed[:MOST_REWARDS]
    )
    return Table("rewards", heads, rows)
