"""Rows of a table for spreadsheets, in which no text is ever taken for a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

Cell = str | int | Decimal | None
# Also behind blanks and quotes, and in the wide forms that spreadsheets of the East take alike.
_FORMULA: Final = re.compile(r"""[\s"'\u2018\u2019\ufeff\0]*[=+\-@\uff1d\uff0b\uff0d\uff20]""")
_FIRST: Final = ("\t", "\r", "\n", "\0")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might work something out where we mean a text.

    Example: `=1+1`, ` +49 151`, `＝A1` and `-5 degrees`; not `a=b`.
    """
    return text.startswith(_FIRST) or _FORMULA.match(text) is not None


def text_cell(text: str) -> str:
    """A text as it may stand in a cell: with a `'` before it where it could be a formula.

    Source: ASVS 1.2.10. Example: `=1+1` becomes `'=1+1`; `Ada` stays.
    """
    return f"'{text}" if is_formula(text) else text


def told_cell(text: str) -> str:
    """What `text_cell` was given, from what it made of it."""
    return text[1:] if text.startswith("'") and is_formula(text[1:]) else text


def sheet_rows(rows: Iterable[Iterable[Cell]]) -> str:
    """Rows as CSV: texts as text, whole numbers as numbers, nothing as an empty cell.

    Keeps: a negative number stays a number, as no text is in it.
    Example: `[("Ada", -5), ("=x", None)]` is `Ada,-5` and `'=x,`.
    """
    lines: list[str] = []
    out = csv.writer(_Lines(lines), lineterminator="\r\n")
    for row in rows:
        out.writerow([text_cell(one) if isinstance(one, str) else one for one in row])
    return "".join(lines)


class _Lines:
    """Where lines are written to."""

    def __init__(self, lines: list[str]) -> None:
        self.write = lines.append
