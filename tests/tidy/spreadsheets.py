"""A rule about tables that leave: what a spreadsheet could take for a formula is text."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.tidy.source import Offence, Rule, Source, dotted

WRITERS = ("csv.writer", "csv.DictWriter")
MAY_WRITE = {
    "src/regulars/base/sheets.py": "all tables for people, cell by cell",
    "src/regulars/engine/rewarding/partnering/statement.py": "its one foreign text is a text_cell",
    "src/regulars/runtime/importing/reading.py": "every text of it is a text_cell",
    "src/regulars/runtime/cli/points/codes.py": "its one foreign text is a text_cell",
    "src/regulars/insight/export/tabling.py": "a copy for programs: what is in the books, exactly",
}
"""Who writes CSV, and why nothing in it is a formula, or may be."""


def writes_tables(source: Source) -> bool:
    return source.place.startswith("src/") and source.place not in MAY_WRITE


def tables(source: Source) -> Iterator[Offence]:
    """Whatever writes CSV by itself."""
    for node in source.of(ast.Attribute):
        if dotted(node) in WRITERS:
            yield Offence(node.lineno, "let base/sheets.py write tables: a cell may be a formula")
    for node in source.of(ast.ImportFrom):
        if node.module == "csv" and {one.name for one in node.names} & {"writer", "DictWriter"}:
            yield Offence(node.lineno, "let base/sheets.py write tables: a cell may be a formula")


RULES = (
    Rule(
        "tables that leave have no formulas",
        writes_tables,
        tables,
        breaks=(
            "import csv\nout = csv.writer(file)",
            "import csv\nout = csv.DictWriter(file, names)",
            "from csv import writer",
        ),
        keeps=("import csv\nrows = csv.reader(file)", "text = sheet_rows(rows)"),
        place="src/regulars/surfaces/planted.py",
    ),
)
