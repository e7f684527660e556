"""Tiers: where members were when a time began, and where they are when it ends."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from regulars.base.tx import Tx
from regulars.insight.estimators.grouping.migration import migration
from regulars.insight.metrics.asked import Asked, Report, Table, columns
from regulars.insight.metrics.reading.tiers import Stood, stood
from regulars.insight.metrics.reading.widely import widely
from regulars.insight.metrics.spans import instants

NEW = "new"
"""Members who joined within the time: they were in no tier when it began."""

GONE = "gone"
"""Members who were erased within the time: they are in no tier when it ends."""


async def tiers(tx: Tx, asked: Asked) -> Report:
    """The report."""
    await widely(tx)
    now = await stood(tx, *instants(asked.span, ZoneInfo(asked.zone)))
    tables = [migration_table("migration", now)]
    if asked.compare:
        then = await stood(tx, *instants(asked.compare, ZoneInfo(asked.zone)))
        tables.append(migration_table("migration_before", then))
    return Report("tiers", asked, (), (), tuple(tables))


def migration_table(id_: str, found: Sequence[Stood]) -> Table:
    """From each tier to each: how many, of how many, the share and its bounds."""
    ordered = sorted(
        found,
        key=lambda one: (
            one.before is not None,
            one.before or "",
            one.after is None,
            one.after or "",
        ),
    )
    steps = migration([(one.before, one.after, one.members) for one in ordered])
    heads = columns(
        "before:text", "after:text", "members:count", "of:count", "share:share", "low:share",
        "high:share",
    )  # fmt: skip
    rows = tuple(
        (
            NEW if one.before is None else one.before,
            GONE if one.after is None else one.after,
            one.share.part,
            one.share.whole,
            one.share.value,
            one.share.low,
            one.share.high,
        )
        for one in steps
    )
    return Table(id_, heads, rows)
