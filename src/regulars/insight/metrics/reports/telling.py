"""A report as the night writes it down, and as a page reads it again (ADR 0795)."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, cast

import msgspec
from msgspec import Struct

import regulars
from regulars.insight.metrics.asked import Asked, Cell, Column, Report, Table
from regulars.insight.metrics.asking import usual_spans
from regulars.insight.metrics.figures import Figure
from regulars.insight.metrics.metric import Report as ReportId

LONG_MS: Final = 500
"""What takes less is worked out whenever somebody looks."""
QUESTIONS: Final = (
    "span=year&compare=previous", "span=year", "span=quarter", "span=month", "span=last",
)  # fmt: skip
"""What is asked of a report most often, the widest first: where that takes no time, none does."""
_OF_DAYS: Final = frozenset({"day", "month"})
SOURCE: Final = Path(regulars.__file__).parent
"""Where the program lies."""
ROOMS: Final = ("base", "records", "engine", "insight", "surfaces/in_words")
"""All of this program that a report is made with: whoever changes a definition changes a file in
one of them. Libraries are in none, nor what a machine knows of time zones."""


class _Sheet(Struct, frozen=True):
    """A table as JSON has it: days are text."""

    id: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]


class _Told(Struct, frozen=True):
    """All of a report but the question, which is asked anew."""

    figures: tuple[Figure, ...]
    before: tuple[Figure, ...]
    tables: tuple[_Sheet, ...]
    moves_from: date | None


def question_of(asked: Asked, how: str) -> str:
    """Which of the usual questions this is; "" for any other.

    Shape: `how` it is compared, as it was typed. Example: twelve months by weeks is none: its
    charts have other parts.
    """
    if asked.granularity != "month" or asked.store is not None:
        return ""
    spans = usual_spans(asked.today)
    name = next((one for one, span in spans.items() if span == asked.span), "")
    found = f"span={name}" + (f"&compare={how}" if how else "")
    return found if found in QUESTIONS else ""


def said_of(question: str, today: date) -> dict[str, str]:
    """A usual question as the API says it, of the days that it means today."""
    said = dict(one.split("=") for one in question.split("&"))
    span = usual_spans(today)[said.pop("span")]
    return said | {"from": span.from_on.isoformat(), "until": span.until_on.isoformat()}


def basis_of(asked: Asked, versions: int, source: Path = SOURCE) -> str:
    """The terms by which a question is asked, and the release that answers: what points cost, what
    rewards there are, what each figure means.

    Example: a reward that was published at noon is open to nobody in what was told by night, and
    bounds that a release mended at noon are not in it. "" where nobody can tell which it is.
    """
    if not made_of(source):
        return ""
    terms = (
        made_of(source), versions, asked.zone, asked.wallet, asked.called, asked.changes,
        [str(one) for one in asked.costs], asked.offers,
    )  # fmt: skip
    return hashlib.sha256(msgspec.json.encode(terms)).hexdigest()


@cache
def made_of(source: Path) -> str:
    """Which program makes reports: a digest of what its files below `source` say.

    Looked at once, since a release that is installed is another process. It is no number that
    somebody raises, since who changes a definition would forget it. Where there are no such files
    (a program in one file, or of compiled parts only) nobody can tell one release from another: "",
    by which nothing that was told is trusted.
    """
    found = hashlib.sha256(regulars.__version__.encode())
    files = (file for room in ROOMS for file in (source / room).rglob("*"))
    read = sorted(one for one in files if one.suffix in (".py", ".sql"))
    for file in read:
        found.update(f"\n{file.relative_to(source)}\n".encode())
        found.update(file.read_bytes())
    return found.hexdigest() if read else ""


async def look_once() -> None:
    """Read those files on the side, so that the first question of a process keeps nobody waiting
    who asks something else; from then on it is known."""
    await asyncio.to_thread(made_of, SOURCE)


def written(report: Report) -> str:
    """A report as JSON, without its question."""
    parts = ("figures", "before", "tables", "moves_from")
    return msgspec.json.encode({part: getattr(report, part) for part in parts}).decode()


def read_again(text: str, name: str, asked: Asked) -> Report:
    """A report as it was written. Faults: msgspec.ValidationError where an older version wrote it
    in another shape; it is worked out then."""
    told = msgspec.json.decode(text, type=_Told)
    return Report(
        id=cast("ReportId", name),
        asked=asked,
        figures=told.figures,
        before=told.before,
        tables=tuple(_with_days(one) for one in told.tables),
        moves_from=told.moves_from,
    )


def _with_days(sheet: _Sheet) -> Table:
    """Days as days again."""
    places = [at for at, column in enumerate(sheet.columns) if column.unit in _OF_DAYS]
    rows = (_row(row, places) for row in sheet.rows)
    return Table(sheet.id, sheet.columns, tuple(rows))


def _row(row: tuple[Cell, ...], places: list[int]) -> tuple[Cell, ...]:
    found = list(row)
    for at in places:
        cell = found[at]
        if isinstance(cell, str):
            found[at] = date.fromisoformat(cell)
    return tuple(found)
