"""A table of a report as a file: CSV for spreadsheets, Parquet for everything else."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Final

import polars as pl

from regulars.base.decimals import text_of
from regulars.base.faults import Invalid
from regulars.base.sheets import Cell, sheet_rows
from regulars.insight.metrics.asked import Report, Table, columns
from regulars.insight.metrics.catalogue import METRICS

KINDS: Final = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
_TYPES: Final = {
    "count": pl.Int64,
    "points": pl.Int64,
    "text": pl.String,
    "day": pl.Date,
    "month": pl.Date,
}
_MARK: Final = "\ufeff"
"""By this, spreadsheets know that it is UTF-8."""


FIGURES: Final = "figures"
"""By this name the figures of a report are a table of their own."""


def the_table(report: Report, name: str) -> Table:
    """The table of this name, the first one where none is named; `figures` are those of the report
    with their bounds. Faults: Invalid."""
    if name == FIGURES:
        return figure_table(report)
    for one in report.tables:
        if name in ("", one.id):
            return one
    known = ", ".join([FIGURES, *(one.id for one in report.tables)])
    raise Invalid(f"there is no table of this name here; known: {known}", field="table")


def figure_table(report: Report) -> Table:
    """A row for each figure, those of the time before after them: what it comes to, between which
    bounds, of how many; or what is missing to say so.

    Units: as `unit` says, shares from 0 to 1, money in minor units, days.
    """
    heads = columns(
        "metric:text", "group:text", "unit:text", "from:day", "until:day", "value:rate",
        "low:rate", "high:rate", "part:count", "whole:count", "n:count", "missing:text",
        "have:rate", "wanted:rate",
    )  # fmt: skip
    rows = tuple(
        (
            one.metric, one.group, METRICS[one.metric].unit, one.span.from_on, one.span.until_on,
            one.value, one.low, one.high, one.part, one.whole, one.n, one.lacking or "",
            one.have if one.lacking else None, one.wanted if one.lacking else None,
        )
        for one in (*report.figures, *report.before)
    )  # fmt: skip
    return Table(FIGURES, heads, rows)


def written(one: Table, kind: str) -> bytes:
    """The table as a file of this kind. Faults: Invalid for a kind we do not write."""
    if kind not in KINDS:
        raise Invalid("the format is json, csv or parquet", field="format")
    return _csv(one) if kind == "csv" else _parquet(one)


def _csv(one: Table) -> bytes:
    heads: list[Cell] = [head.id for head in one.columns]
    rows = [[_cell(cell) for cell in row] for row in one.rows]
    return (_MARK + sheet_rows([heads, *rows])).encode()


def _cell(cell: object) -> Cell:
    if isinstance(cell, float):
        return Decimal(text_of(round(cell * 1_000_000), 6))
    return cell if isinstance(cell, int) or cell is None else str(cell)


def _parquet(one: Table) -> bytes:
    schema = {head.id: _TYPES.get(head.unit, pl.Float64) for head in one.columns}
    out = BytesIO()
    frame = pl.DataFrame([list(row) for row in one.rows], schema=schema, orient="row", strict=False)
    frame.write_parquet(out, compression="zstd")
    return out.getvalue()
