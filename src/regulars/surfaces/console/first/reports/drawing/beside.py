"""Charts with the time before as further, quieter series: named, and in the table, too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from regulars.insight.metrics.asked import Cell, Report
from regulars.insight.metrics.spans import Granularity
from regulars.surfaces.console.first.reports.saying import Said

Cells = Callable[[Sequence[Cell]], list[int]]
Chart = dict[str, Any]


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
