"""Points economy: what was issued, redeemed and expired, and what becomes of points in the end."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.tx import Tx
from regulars.insight.metrics.asked import Asked, Report, Table, columns, of_before
from regulars.insight.metrics.figures import Figure
from regulars.insight.metrics.owing import owing_figures
from regulars.insight.metrics.points import (
    Flow,
    Moved,
    flow_figures,
    flow_of,
    flows_of,
    redeeming_figure,
)
from regulars.insight.metrics.reading import points as read
from regulars.insight.metrics.reading.widely import widely
from regulars.insight.metrics.reports.owed.cohorts import cohort_table, owing


async def points(tx: Tx, asked: Asked) -> Report:
    """The report of one wallet.

    Keeps: of one store only what moved there; members and lots are of no store, and what is true of
    all of them is not said of one.
    """
    await widely(tx)
    moved = await read.moved(tx, asked.wallet, asked.span, asked.store)
    figures = await _figures(tx, asked, flow_of(asked.span, moved))
    before, then = list[Figure](), list[Moved]()
    if asked.compare:
        then = await read.moved(tx, asked.wallet, asked.compare, asked.store)
        before = await _figures(tx, asked, flow_of(asked.compare, then))
    tables = [flow_table(flows_of(asked.span, moved, asked.granularity))]
    if asked.beside:
        tables.append(of_before(flow_table(flows_of(asked.beside, then, asked.granularity))))
    if asked.store is None:
        looked = await owing(tx, asked)
        figures += owing_figures(asked.span, looked.found, 0, 0)[1:3]
        tables.append(cohort_table(looked, asked.worth_of))
    return Report("points", asked, tuple(figures), tuple(before), tuple(tables))


async def _figures(tx: Tx, asked: Asked, flow: Flow) -> list[Figure]:
    found = flow_figures(flow)
    if asked.store is None:
        redeemed, active = await read.redeeming(tx, asked.wallet, flow.span)
        found.append(redeeming_figure(flow.span, redeemed, active))
    return found


def flow_table(flows: Sequence[Flow]) -> Table:
    """What happened to points, part by part."""
    heads = columns(
        "from:day", "until:day", "issued:points", "redeemed:points", "expired:points",
        "adjusted:points", "other:points", "change:points",
    )  # fmt: skip
    rows = tuple(
        (
            one.span.from_on,
            one.span.until_on,
            one.issued,
            one.redeemed,
            one.expired,
            one.adjusted,
            one.other,
            one.change,
        )
        for one in flows
    )
    return Table("flow", heads, rows)
