"""Referral: who brings whom, how far newcomers come, and what they bring beside the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.base.tx import Tx
from regulars.insight.metrics.asked import Asked, Cell, Report, Table, columns, of_before
from regulars.insight.metrics.defined.referral import (
    GUARDS,
    Brought,
    brought_figures,
    worth_figures,
)
from regulars.insight.metrics.figures import Figure
from regulars.insight.metrics.reading import referral as read
from regulars.insight.metrics.reading.widely import widely
from regulars.insight.metrics.spans import Span, instants

_BECAME: Final = ("named:count", "bought:count", "kept:count", "refused:count", "taken_back:count")


async def referral(tx: Tx, asked: Asked) -> Report:
    """The report. Keeps: it is of the whole shop; codes are named in no store."""
    await widely(tx)
    span, bounds = asked.span, instants(asked.span, ZoneInfo(asked.zone))
    figures = await _figures(tx, asked, span)
    before = await _figures(tx, asked, asked.compare) if asked.compare else []
    by_time = await read.named(tx, span, bounds, asked.zone, asked.granularity)
    tables: tuple[Table, ...] = (
        time_table(by_time),
        reason_table(await read.refused(tx, bounds)),
        tier_table(await read.by_tier(tx, span, bounds)),
        bringer_table(await read.bringers(tx, span, bounds)),
    )
    if asked.beside:
        then = instants(asked.beside, ZoneInfo(asked.zone))
        was = await read.named(tx, asked.beside, then, asked.zone, asked.granularity)
        tables += (of_before(time_table(was)),)
    return Report("referral", asked, tuple(figures), tuple(before), tables)


async def _figures(tx: Tx, asked: Asked, span: Span) -> list[Figure]:
    bounds = instants(span, ZoneInfo(asked.zone))
    found = await read.named_all(tx, span, bounds)
    bringing = await read.bringing(tx, span, bounds)
    worths = await read.worths(tx, bounds)
    return [*brought_figures(found, bringing), *worth_figures(span, *worths)]


def _cells(one: Brought) -> tuple[Cell, ...]:
    return one.named, one.bought, one.rewarded, one.rejected, one.retracted


def time_table(some: Sequence[Brought]) -> Table:
    """Newcomers of each part of the time, what became of them until now, and invitations in it."""
    heads = columns("from:day", "until:day", *_BECAME, "sent:count")
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.span.from_on, one.span.until_on, *_cells(one), one.sent) for one in some
    )
    return Table("brought", heads, rows if any(row[2] or row[-1] for row in rows) else ())


def reason_table(some: Sequence[read.Stopped]) -> Table:
    """Why newcomers did not count; `guard` says whether it looks like one and the same."""
    heads = columns("reason:text", "guard:text", "newcomers:count")
    rows = tuple(
        (one.reason, "guard" if one.reason in GUARDS else "other", one.newcomers) for one in some
    )
    return Table("refused", heads, rows)


def tier_table(some: Sequence[read.Bringer]) -> Table:
    """By the tier of who brought."""
    heads = columns("tier:text", "bringers:count", *_BECAME, "their_net_minor:money")
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.group, one.members, *_cells(one.brought), one.net_minor) for one in some
    )
    return Table("bringing_tiers", heads, rows)


def bringer_table(some: Sequence[tuple[UUID, read.Bringer]]) -> Table:
    """Who brought most."""
    heads = columns("member:text", *_BECAME, "their_net_minor:money")
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"mem_{who.hex}", *_cells(one.brought), one.net_minor) for who, one in some
    )  # fmt: skip
    return Table("bringers", heads, rows)
