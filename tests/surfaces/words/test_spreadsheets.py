"""Tables of reports as files: what a category is called is text in every spreadsheet."""

from __future__ import annotations

import csv
from io import StringIO

from regulars.base.sheets import is_formula
from regulars.insight.metrics.asked import Column, Table
from regulars.surfaces.in_words.reports.sheets import written

BAD = ("=1+1", "+1", "-1 degree", "@x", "\t=1", " =1", "\uff1d1", "=cmd|' /C calc'!A0")
TABLE = Table(
    "by-category",
    (Column("category", "text"), Column("points", "points"), Column("share", "share")),
    tuple((name, -5, -0.25) for name in BAD),
)


def test_no_cell_of_a_report_is_a_formula_and_a_negative_number_stays_one() -> None:
    text = written(TABLE, "csv").decode("utf-8-sig")
    head, *rows = csv.reader(StringIO(text, newline=""))
    assert head == ["category", "points", "share"]
    assert [row[0] for row in rows] == [f"'{name}" for name in BAD]
    assert all(is_formula(name) for name in BAD)
    assert [(int(row[1]), float(row[2])) for row in rows] == [(-5, -0.25)] * len(BAD)
