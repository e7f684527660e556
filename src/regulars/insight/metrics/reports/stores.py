"""Stores beside one another: who buys there, who comes back to them, what points move there."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.tx import Tx
from regulars.insight.metrics.asked import Asked, Report, Table, columns
from regulars.insight.metrics.figures import Figure, share_of
from regulars.insight.metrics.reading.stores import Sold, sold
from regulars.insight.metrics.reading.widely import widely
from regulars.insight.metrics.spans import Span


async def stores(tx: Tx, asked: Asked) -> Report:
    """The report; a member who buys in two stores counts in both."""
    await widely(tx)
    now = await sold(tx, asked.wallet, asked.span)
    then = await sold(tx, asked.wallet, asked.compare) if asked.compare else []
    before = _figures(asked.compare, then) if asked.compare else []
    tables = [store_table("stores", asked.span, now)]
    if asked.compare:
        tables.append(store_table("stores_before", asked.compare, then))
    return Report("stores", asked, tuple(_figures(asked.span, now)), tuple(before), tuple(tables))


def _figures(span: Span, found: Sequence[Sold]) -> list[Figure]:
    return [
        share_of("store_repeat_rate", span, one.twice, one.buyers, one.store)
        for one in found
        if one.buyers
    ]


def store_table(id_: str, span: Span, found: Sequence[Sold]) -> Table:
    """A row for each store."""
    heads = columns(
        "store:text", "buyers:count", "twice:count", "share:share", "low:share", "high:share",
        "orders:count", "net_minor:money", "order_value:money", "all_sales:count",
        "all_net_minor:money", "issued:points", "redeemed:points",
    )  # fmt: skip
    rows = []
    for one in found:
        back = share_of("store_repeat_rate", span, one.twice, one.buyers, one.store)
        each = one.net_minor / one.orders if one.orders else None
        bounds = (back.value, back.low, back.high)
        sales = (one.orders, one.net_minor, each, one.all_sales, one.all_net_minor)
        rows.append((one.store, one.buyers, one.twice, *bounds, *sales, one.issued, one.redeemed))
    return Table(id_, heads, tuple(rows))
