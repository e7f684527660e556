"""Preferences and patterns: what is bought, by whom, when, and what goes together."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.tx import Tx
from regulars.insight.metrics.asked import Asked, Report, Table, columns
from regulars.insight.metrics.defined.preferences import (
    Hour,
    Liked,
    Pair,
    Sold,
    busiest_figure,
    category_figures,
    likings,
    mix_figure,
)
from regulars.insight.metrics.reading.preferences import (
    Channel,
    Weekday,
    baskets,
    hours,
    sold,
    weekdays,
)
from regulars.insight.metrics.reading.widely import widely


async def preferences(tx: Tx, asked: Asked) -> Report:
    """The report. Keeps: tiers are those of now; baskets are of the latest days only."""
    await widely(tx)
    span, store = asked.span, asked.store
    now, at = await sold(tx, span, store), await hours(tx, span, store)
    basket = await baskets(tx, asked)
    mix = mix_figure(span, basket.categories, basket.days)
    figures = (*category_figures(span, now), mix, busiest_figure(span, at))
    before, then = [], list[Sold]()
    if asked.compare:
        then = await sold(tx, asked.compare, store)
        before = category_figures(asked.compare, then)
        before.append(busiest_figure(asked.compare, await hours(tx, asked.compare, store)))
    tables = (
        category_table(now, then if asked.compare else None),
        hour_table(at),
        weekday_table(await weekdays(tx, span, store)),
        liking_table("likings", "tier:text", basket.tiers),
        liking_table("likings_by_cohort", "first_year:text", basket.cohorts),
        pair_table(basket.pairs),
        channel_table(basket.channels),
    )
    return Report("preferences", asked, figures, tuple(before), tables)


def category_table(now: Sequence[Sold], then: Sequence[Sold] | None) -> Table:
    """Each category, with its share of what was told with one, and its share before."""
    heads = columns(
        "category:text", "sales:count", "pieces:count", "net_minor:money", "share:rate",
        "share_before:rate",
    )  # fmt: skip
    whole, was = _told(now), {one.category: one.net_minor for one in then or ()}
    before = _told(then or ())
    rows = tuple(
        (
            *one,
            one.net_minor / whole if one.category and whole else None,
            was.get(one.category, 0) / before if one.category and before else None,
        )
        for one in now
    )
    return Table("categories", heads, rows)


def _told(some: Sequence[Sold]) -> int:
    return sum(one.net_minor for one in some if one.category)


def hour_table(some: Sequence[Hour]) -> Table:
    """Each hour of the week in which something was sold."""
    heads = columns("weekday:weekday", "hour:hour", "sales:count", "net_minor:money", "share:rate")
    whole = sum(one.sales for one in some)
    return Table("hours", heads, tuple((*one, one.sales / whole) for one in some))


def weekday_table(some: Sequence[Weekday]) -> Table:
    """Orders of each tier by day of the week, with the share of the tier's own orders."""
    heads = columns(
        "tier:text", "weekday:weekday", "orders:count", "net_minor:money", "share:rate"
    )  # fmt: skip
    of: dict[str, int] = {}
    for one in some:
        of[one.tier] = of.get(one.tier, 0) + one.orders
    return Table("weekdays", heads, tuple((*one, one.orders / of[one.tier]) for one in some))


def liking_table(id_: str, about: str, some: Sequence[Liked]) -> Table:
    """What each group likes more or less than all do."""
    heads = columns(
        about, "category:text", "members:count", "net_minor:money", "share:rate",
        "share_of_all:rate", "lift:ratio", "low:ratio", "high:ratio",
    )  # fmt: skip
    rows = tuple((*one.of[:4], *one[1:]) for one in likings(some))
    return Table(id_, heads, rows)


def channel_table(some: Sequence[Channel]) -> Table:
    """Purchases with articles of the latest days by the channel they came through."""
    heads = columns("channel:text", "sales:count", "members:count", "share:rate")
    whole = sum(one.sales for one in some)
    return Table("channels", heads, tuple((*one, one.sales / whole) for one in some))


def pair_table(pairs: Sequence[Pair]) -> Table:
    """What is bought together, the most telling first."""
    heads = columns(
        "category:text", "with_other:text", "both:count", "of:count", "share:share", "lift:ratio",
    )  # fmt: skip
    rows = tuple(
        (one.category, one.other, one.both, one.first, one.both / one.first, one.lift)
        for one in pairs
    )
    return Table("pairs", heads, rows)
