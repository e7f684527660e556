"""Charts by time: what their parts are called, and the time before as quieter series beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from regulars.insight.metrics.asked import PART, Cell, Report
from regulars.insight.metrics.spans import Granularity, begins, following
from regulars.surfaces.console.first.reports.saying import Said

Cells = Callable[[Sequence[Cell]], list[int]]
Chart = dict[str, Any]


def label(
    said: Said, found: Report, row: Sequence[Cell], granularity: Granularity | None = None
) -> str:
    """What a part of a chart is called; of a month or week that is cut off, that it is a part."""
    reader, day = said.here.reader, _day(row[0])
    fine = granularity or found.asked.granularity
    name = reader.month(day) if fine == "month" else reader.day(day)
    return reader.say("%(when)s (part)", when=name) if row[-1] == PART else name


def parts_said(
    said: Said, found: Report, table: str, granularity: Granularity | None = None
) -> str:
    """Of which months or weeks only some days are counted, and how many; '' where all are whole.

    Keeps: days that are yet to come are none of them, nor is the one that runs, unless it is the
    first.
    """
    fine, reader = granularity or found.asked.granularity, said.here.reader
    cut = [row for row in found.table(table).rows if row[-1] == PART]
    return " ".join(
        reader.say(
            "Of %(when)s only a part is in it: %(some)s of %(days)s days.",
            when=reader.month(day) if fine == "month" else reader.day(day),
            some=reader.number(max((min(_day(row[1]), found.asked.today) - day).days, 1)),
            days=reader.number((following(begins(day, fine), fine) - begins(day, fine)).days),
        )
        for row in cut
        if (day := _day(row[0])) <= found.asked.today and fine != "day"
    )


def with_time_before(
    said: Said, found: Report, table: str, chart: Chart, cells: Cells,
    granularity: Granularity | None = None,
) -> Chart:  # fmt: skip
    """The chart of a table by time with the same of the time before, part beside part.

    Shape: `cells` are what a row of the table is in the chart; `of` says how many series are of the
    time itself. Keeps: where no part is as long as the one beside it, the chart stays as it is.
    """
    then = found.rows_before(table, granularity or found.asked.granularity)
    was = [None if row is None else cells(row) for row in then]
    return beside(said, chart, was)


def beside(said: Said, chart: Chart, was: Sequence[list[int] | None]) -> Chart:
    """A chart with what was before beside each of its rows; None where nothing is to be said."""
    if len(was) != len(chart["rows"]) or not any(was):
        return chart
    own, say = chart["series"], said.here.reader.say
    nothing = [None] * len(own)
    rows = zip(chart["rows"], was, strict=True)
    return chart | {
        "series": [*own, *(say("%(series)s, before", series=one) for one in own)],
        "rows": [(label, [*values, *(then or nothing)]) for (label, values), then in rows],
        "of": len(own),
    }


def _day(cell: Cell) -> date:
    assert isinstance(cell, date), cell
    return cell
