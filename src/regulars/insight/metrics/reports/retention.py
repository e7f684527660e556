"""Retention and cohorts: who comes back, how often, after how long, and for how much."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.estimators.staying.lapsing import looked_on
from regulars.insight.metrics.asked import Asked, Report, Table, columns, of_before
from regulars.insight.metrics.buying import (
    Bought,
    Cohort,
    Seconds,
    bought_figures,
    cohorts,
    gap_figures,
    second_figure,
    with_time,
)
from regulars.insight.metrics.defined.staying import back_figure
from regulars.insight.metrics.figures import Figure, missing, share_of
from regulars.insight.metrics.reading import orders
from regulars.insight.metrics.reading.widely import widely
from regulars.insight.metrics.spans import Span, begins, instants, months_on, so_far
from regulars.insight.people.lapsed import lapsed

COHORTS: int = 12
"""So many months of first buyers a table shows at most before the last day of the range."""


async def retention(tx: Tx, asked: Asked) -> Report:
    """The report. Keeps: cohorts are of the whole shop; of one store there is no table of them."""
    await widely(tx)
    figures = await _figures(tx, asked, asked.span)
    before = await _figures(tx, asked, asked.compare) if asked.compare else []
    parts = await orders.bought(tx, asked.span, asked.granularity, asked.store)
    tables = [_by_part(parts)]
    if asked.beside:
        then = await orders.bought(tx, asked.beside, asked.granularity, asked.store)
        tables.append(of_before(_by_part(then)))
    if asked.store is None:
        table = cohorts(await orders.came(tx, cohort_span(asked.span)), asked.today)
        tables.append(cohort_table(table))
    return Report("retention", asked, tuple(figures), tuple(before), tuple(tables))


def cohort_span(span: Span) -> Span:
    """The months of first buyers a table shows: those of the range, a year of them at least."""
    until = months_on(begins(span.last_on, "month"), 1)
    return Span(min(begins(span.from_on, "month"), months_on(until, -COHORTS)), until)


async def _figures(tx: Tx, asked: Asked, span: Span) -> list[Figure]:
    (whole,) = await orders.bought(tx, span, store=asked.store)
    whole = await orders.by_week(tx, whole, asked.store)
    if asked.store is None:
        whole = await orders.by_buyer(tx, whole)
    before, both = await orders.both(tx, so_far(span, asked.today), asked.store)
    first_on, elsewhere = await orders.history(tx)
    found = bought_figures(
        replace(whole, before=before, both=both), first_on, elsewhere=elsewhere
    )  # fmt: skip
    if asked.store is None:
        there, kept = await orders.kept(tx, instants(span, ZoneInfo(asked.zone)))
        found.append(share_of("members_kept", span, kept, there))
        timely = with_time(span, asked.today)
        seconds = await orders.seconds(tx, timely) if timely else Seconds(span)
        found.append(replace(second_figure(seconds), span=span))
        found += await _lapsed(tx, span, asked)
        some = await orders.gaps_of_some(tx, span, asked.today)
        found += gap_figures(span, await orders.gaps(tx, span, asked.today), some)
    return found


async def _lapsed(tx: Tx, span: Span, asked: Asked) -> list[Figure]:
    """Who had been away longer than usual as the time ended; where that is today, how many of
    these are expected to order again. Of a day that is over last night's chances say nothing."""
    on = looked_on(span.last_on, asked.today)
    found = await lapsed(tx, on)
    if isinstance(found, NotEnough):
        return [missing("lapsed_members", span, found)]
    away = share_of("lapsed_members", span, found.part, found.whole)
    return [away, back_figure(span, found.told, found.chances)] if on == asked.today else [away]


def _by_part(parts: list[Bought]) -> Table:
    """What was bought, day by day, week by week or month by month."""
    heads = columns(
        "from:day", "until:day", "buyers:count", "first:count", "twice:count", "orders:count",
        "net_minor:money", "order_value:money", "all_sales:count", "all_net_minor:money",
    )  # fmt: skip
    rows = tuple(
        (
            one.span.from_on,
            one.span.until_on,
            one.buyers,
            one.first,
            one.twice,
            one.orders,
            one.net_minor,
            one.net_minor / one.orders if one.orders else None,
            one.all_sales,
            one.all_net_minor,
        )
        for one in parts
    )
    return Table("orders", heads, rows)


def cohort_table(table: list[Cohort]) -> Table:
    """Each cohort in each later month, a row each."""
    heads = columns(
        "first_month:month", "month:month", "later:count", "size:count", "came:count",
        "share:share", "low:share", "high:share", "net_minor:money",
    )  # fmt: skip
    rows = []
    for one in table:
        month = one.span.from_on
        for later, (cell, net) in enumerate(zip(one.came, one.net_minor, strict=True)):
            bounds = (cell.value, cell.low, cell.high)
            rows.append((one.span.from_on, month, later, one.size, cell.part, *bounds, net))
            month = months_on(month, 1)
    return Table("cohorts", heads, tuple(rows))
