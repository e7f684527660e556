"""What stands under a chart and beside it: a number in a sentence, the time before by parts."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest
from msgspec.structs import replace

from regulars.insight.metrics.asked import Asked, Report, Table, columns, with_parts
from regulars.insight.metrics.reports.tiers import GONE, NEW
from regulars.insight.metrics.spans import Span, beside, compared, parts
from regulars.surfaces.console.first.reports.drawing.beside import (
    label,
    parts_said,
    with_time_before,
)
from regulars.surfaces.console.first.reports.drawing.charts import _as_it_stood
from regulars.surfaces.console.first.reports.drawing.ranked import MOST_BARS, moves, stores
from regulars.surfaces.console.first.reports.drawing.sentences import (
    change,
    most,
    most_said,
    whole_said,
)
from regulars.surfaces.console.first.reports.saying import Said
from regulars.surfaces.ui.reader import Reader

SAID = Said(cast("Any", SimpleNamespace(reader=Reader("en"))), "points", 0, {})
TOMORROW = date(2026, 3, 17)
QUARTER = Span(date(2026, 1, 1), date(2026, 3, 16))


def report(compare: Span | None, rows: dict[str, list[tuple[date, int]]]) -> Report:
    """A report of a table by time and of the one of the time before."""
    asked = Asked(QUARTER, compare, "month", date(2026, 3, 16), "UTC")
    tables = tuple(Table(id_, (), tuple(some)) for id_, some in rows.items())
    return Report("retention", asked, (), (), tables)


def test_a_part_stands_beside_one_that_is_as_long_or_beside_nothing() -> None:
    """January beside thirteen days of October would be told as a third of what it was."""
    then = parts(compared(QUARTER, "previous"), "month")
    assert [one.from_on for one in then] == [
        date(2025, 10, 19),
        *(date(2025, k, 1) for k in (11, 12)),
    ]
    assert beside(parts(QUARTER, "month"), then) == [None, 1, None]
    whole = Span(date(2026, 1, 1), date(2026, 4, 1))
    both = [parts(one, "month") for one in (whole, compared(whole, "previous"))]
    assert beside(*both) == [0, 1, 2], "31 days of January beside 31 of October, 28 beside 30"


def test_a_few_days_stand_beside_as_many_and_a_whole_month_beside_a_whole_one() -> None:
    """Four days of a week beside a whole one, or 30 of 31 days beside a whole month, are no time as
    long, near as they are."""
    days = Span(date(2026, 3, 5), date(2026, 3, 16))
    now = parts(days, "week")
    assert [one.days for one in now] == [4, 7]
    then = [Span(date(2026, 2, 16), date(2026, 2, 23)), Span(date(2026, 2, 23), date(2026, 2, 27))]
    assert beside(now, then) == [None, None]
    cut = Span(date(2026, 1, 2), date(2026, 2, 1))
    assert beside(parts(cut, "month"), [Span(date(2025, 12, 1), date(2026, 1, 1))]) == [None]
    three = Span(date(2026, 3, 3), date(2026, 3, 6))
    assert beside(parts(three, "month"), parts(compared(three, "previous"), "month")) == [None]
    assert beside(parts(three, "month"), parts(compared(three, "year"), "month")) == [0]


def test_a_part_of_a_month_is_said_to_be_one() -> None:
    """From 30 January to 20 March, seen on the 16th: January and March are no quiet months."""
    span = Span(date(2026, 1, 30), date(2026, 3, 21))
    asked = Asked(span, None, "month", date(2026, 3, 16), "UTC")
    rows = tuple((one.from_on, one.until_on, 5) for one in parts(span, "month"))
    heads = columns("from:day", "until:day", "buyers:count")
    tables = (Table("orders", heads, rows), Table("stores", columns("store:text"), (("a",),)))
    found = with_parts(Report("retention", asked, (), (), tables))
    told = found.table("orders")
    assert [one.id for one in told.columns] == ["from", "until", "buyers", "cut"]
    assert [row[-1] for row in told.rows] == ["part", "whole", "part"]
    assert found.table("stores") == tables[1]
    assert [label(SAID, found, row) for row in told.rows] == [
        "Jan 2026 (part)", "Feb 2026", "Mar 2026 (part)",
    ]  # fmt: skip
    assert parts_said(SAID, found, "orders") == (
        "Of Jan 2026 only a part is in it: 2 of 31 days. "
        "Of Mar 2026 only a part is in it: 15 of 31 days."
    )
    running = replace(asked, span=Span(date(2026, 3, 1), date(2026, 4, 1)))
    month = Table("flow", heads, ((date(2026, 3, 1), date(2026, 4, 1), 1),))
    goes_on = with_parts(Report("points", running, (), (), (month,)))
    assert goes_on.table("flow").rows[0][-1] == "part", "half of it is yet to come"


@pytest.mark.parametrize(("day", "days"), [(1, 1), (2, 1), (31, 30)])
def test_a_day_that_runs_is_not_over(day: int, days: int) -> None:
    """At eight in the morning of the 31st nobody has seen all of March, nor all of that day."""
    march = Span(date(2026, 3, 1), date(2026, 4, 1))
    asked = Asked(march, None, "month", date(2026, 3, day), "UTC")
    heads = columns("from:day", "until:day", "n:count")
    told = Table("flow", heads, ((march.from_on, march.until_on, 1),))
    found = with_parts(Report("points", asked, (), (), (told,)))
    says = "Of Mar 2026 only a part is in it: {} of 31 days."
    assert parts_said(SAID, found, "flow") == says.format(days)
    over = replace(asked, today=date(2026, 4, 1))
    assert (
        with_parts(replace(found, asked=over, tables=(told,))).table("flow").rows[0][-1] == "whole"
    )
    today = Table(
        "flow", heads, tuple((one.from_on, one.until_on, 1) for one in parts(march, "day"))
    )
    by_day = with_parts(replace(found, asked=replace(asked, granularity="day"), tables=(today,)))
    whole = [row[-1] for row in by_day.table("flow").rows].count("whole")
    assert whole == day - 1


def test_the_time_before_is_a_series_of_its_own_and_a_gap_is_a_gap() -> None:
    rows = {
        "orders": [(date(2026, 1, 1), 5), (date(2026, 2, 1), 7), (date(2026, 3, 1), 3)],
        "orders_before": [(date(2025, 10, 19), 9), (date(2025, 11, 1), 4), (date(2025, 12, 1), 8)],
    }
    chart = {"series": ["Buyers"], "rows": [("Jan", [5]), ("Feb", [7]), ("Mar", [3])]}
    found = report(compared(QUARTER, "previous"), rows)
    drawn = with_time_before(SAID, found, "orders", chart, lambda row: [cast("int", row[1])])
    assert drawn["series"] == ["Buyers", "Buyers, before"]
    assert drawn["rows"] == [("Jan", [5, None]), ("Feb", [7, 4]), ("Mar", [3, None])]
    assert drawn["of"] == 1
    alone = report(None, rows)
    assert with_time_before(SAID, alone, "orders", chart, lambda row: [1]) == chart


def test_most_is_the_first_of_the_largest_and_its_part_of_what_is_above_nothing() -> None:
    rows = [("Jan", [3]), ("Feb", [7]), ("Mar", [7]), ("Apr", [-2])]
    assert most(rows) == ("Feb", 7, pytest.approx(7 / 17))
    assert most([("Jan", [0]), ("Feb", [-4])]) is None
    assert most([]) is None
    assert most_said(SAID, rows, str, part=True) == "Most: Feb with 7, 41.2% of all."
    assert most_said(SAID, [], str) == ""


def test_of_a_time_that_is_over_it_is_said_of_which_day_points_are() -> None:
    """Where no night of it counted they are of today: beside points of the end of March."""
    rows = {"by_expiry": [(date(2026, 5, 1), date(2026, 3, 16))]}
    found = report(None, rows)
    for until, says in ((date(2026, 3, 16), "As it stood on 16 Mar 2026."), (TOMORROW, "")):
        asked = replace(found.asked, span=Span(date(2026, 3, 1), until))
        assert _as_it_stood(SAID, replace(found, asked=asked), "by_expiry") == says


def test_a_change_is_of_what_was_before_and_of_nothing_there_is_none() -> None:
    assert change(90, 120) == pytest.approx(-0.25)
    assert change(90, 0) is None
    assert change(90, -5) is None, "what came back outweighed: a share of it says nothing"
    assert whole_said(SAID, 90, 120, str) == "In all 90, beside 120: −25.0%."
    assert whole_said(SAID, 90, 0, str) == "In all 90, beside 0."
    assert whole_said(SAID, 90, None, str) == "In all 90."


def test_who_climbed_and_who_fell_goes_by_the_ladder() -> None:
    rows = [
        ("", "silver", 4), ("silver", "gold", 3), ("gold", "silver", 2), ("silver", "silver", 9),
        (NEW, "gold", 5), ("gold", GONE, 1), ("ruby", "gold", 6),
    ]  # fmt: skip
    found = moves(rows, ["", "silver", "gold"])
    assert found == {"up": 7, "same": 9, "down": 2, "new": 5}, "ruby is no step of it any more"


def test_a_share_of_all_is_of_more_than_what_is_drawn() -> None:
    """Of forty stores twelve are drawn, and the first has a fortieth of all."""
    rows = [(f"store-{n}", *[0] * 6, 1_000) for n in range(40)]
    asked = Asked(QUARTER, None, "month", date(2026, 3, 16), "UTC")
    found = Report("stores", asked, (), (), (Table("stores", (), tuple(rows)),))
    program = SimpleNamespace(currency="EUR")
    here = SimpleNamespace(reader=Reader("en"), version=SimpleNamespace(program=program))
    (chart,) = stores(Said(cast("Any", here), "points", 0, {}), found, 2)
    assert len(chart["rows"]) == MOST_BARS < len(rows)
    assert "2.5%" in chart["says"]
