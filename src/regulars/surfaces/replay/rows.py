"""A file of receipts as it was brought: its columns, its lines, and which lines do not fit.

A file in which every line fits its heading is read at once; any other line by line, so that one
that does not fit is named and takes nobody else's with it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl
from polars.exceptions import PanicException, PolarsError

from regulars.base.faults import Invalid
from regulars.records.activity.happening import LeftOut

FIELD: Final = "--sales"
PARQUET: Final = (".parquet", ".pq")
CHUNK: Final = 20_000
LONGEST: Final = 20
"""Lines over which one quoted value may go; a mark that is open for longer was never closed."""
LINE: Final = "\0line"
"""The column of what line it is: a name that no heading has."""
_PARTED: Final = {";": "semicolons", "\t": "tabs", "|": "upright lines"}
_MARKED: Final = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOK: Final = b"PK\x03\x04"
_QUOTE: Final = (
    "a quotation mark is missing, or stands inside a value without being doubled; close it, or "
    "take it out"
)


class Rows(NamedTuple):
    """What fits: a column of texts (or of what Parquet keeps) for each heading, and `LINE`."""

    frame: pl.DataFrame
    left_out: list[LeftOut]


def read_rows(path: Path, needed: Sequence[str]) -> Rows:
    """Read a CSV or Parquet file; headings are small letters, however they were written.

    Faults: Invalid for a file that is none, is parted or written otherwise, or lacks a column;
    it says how to mend it. A line that does not fit the heading is left out with the reason.
    """
    if path.suffix.lower() in PARQUET:
        return Rows(_parquet(path).with_row_index(LINE, offset=1), [])
    raw = _bytes(path)
    columns = _columns(path.name, raw)
    _commas(path.name, columns, needed)
    frame = _at_once(raw, columns)
    return Rows(frame, []) if frame is not None else _one_by_one(_text(path.name, raw), columns)


def check_there(name: str, columns: Sequence[str], needed: Sequence[str]) -> None:
    """Refuse a table that lacks a column. Faults: Invalid."""
    missing = [one for one in needed if one not in columns]
    if missing:
        raise _wrong(
            f"{name} has no column {missing[0]}; it needs {', '.join(needed)}, and may have "
            "receipt, store, channel. For files as they are, use --history with --mapping"
        )


def _wrong(says: str) -> Invalid:
    return Invalid(says, field=FIELD)


def _parquet(path: Path) -> pl.DataFrame:
    try:
        path.open("rb").close()
        frame = pl.read_parquet(path)
    except OSError as wrong:
        raise _wrong(f"{path.name} cannot be read: {wrong.strerror or 'it is damaged'}") from None
    except (PolarsError, PanicException):
        raise _wrong(
            f"{path.name} cannot be read: it is no Parquet file, or a damaged one; export it again"
        ) from None
    return frame.rename(dict(zip(frame.columns, _headings(path.name, frame.columns), strict=True)))


def _bytes(path: Path) -> bytes:
    """The file, its lines ending as lines do. Where it lies on the server is nobody's business."""
    try:
        raw = path.read_bytes()
    except OSError as wrong:
        raise _wrong(f"{path.name} cannot be read: {wrong.strerror}") from None
    if raw.startswith(_WORKBOOK):
        raise _wrong(f"{path.name} is a workbook; save its sheet as CSV UTF-8")
    if raw.startswith(_MARKED):
        raise _wrong(f"{path.name} is written in UTF-16; save it as CSV UTF-8")
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if not raw.strip():
        raise _wrong(f"{path.name} is empty; its first line names the columns")
    return raw if b"\n" in raw else raw.replace(b"\r", b"\n")


def _text(name: str, raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as wrong:
        line = raw.count(b"\n", 0, wrong.start) + 1
        raise _wrong(
            f"{name} is not written in UTF-8: line {line} has letters of another encoding; save "
            "it as CSV UTF-8, or say its `encoding` in a mapping (--history with --mapping)"
        ) from None


def _columns(name: str, raw: bytes) -> list[str]:
    """What the first line says. Faults: Invalid where it says one thing twice."""
    first = _text(name, raw.lstrip().split(b"\n", 1)[0])
    try:
        told = next(csv.reader([first], strict=True))
    except csv.Error:
        raise _wrong(f"{name}, line 1: {_QUOTE}") from None
    return _headings(name, told)


def _headings(name: str, told: Sequence[str]) -> list[str]:
    columns = [one.replace("\0", "").strip().lower() for one in told]
    twice = [one for one in columns if one and columns.count(one) > 1]
    if twice:
        raise _wrong(f"{name} has the column {twice[0]} twice; rename one of them")
    return [one or f"\0{place}" for place, one in enumerate(columns, 1)]


def _commas(name: str, columns: Sequence[str], needed: Sequence[str]) -> None:
    parted = next((each for each in _PARTED if each in columns[0]), None)
    if len(columns) == 1 and parted:
        raise _wrong(
            f"{name} has {_PARTED[parted]} between its columns; save it with commas and with "
            "amounts such as 12.50, or say its `delimiter` in a mapping (--history with --mapping)"
        )
    check_there(name, columns, needed)


def _at_once(raw: bytes, columns: list[str]) -> pl.DataFrame | None:
    """The whole file, if each line of it is one row with a value for each column.

    A line that is too short would be filled up, and one with a mark that is never closed would
    take the next ones along: so lines and commas are counted beside it.
    """
    heading, body = raw.split(b"\n", 1)[0], raw.rstrip(b"\r\n")
    if not heading.strip():
        return None
    try:
        frame = pl.read_csv(
            BytesIO(raw), has_header=False, skip_lines=1, new_columns=columns,
            infer_schema=False, empty_string_is_null=False, extra_columns="raise",
        )  # fmt: skip
    except PolarsError:
        return None
    inside = sum(frame[each].str.count_matches(",", literal=True).sum() for each in columns)
    commas = body.count(b",") - heading.count(b",") - inside
    if frame.height != body.count(b"\n") or commas != frame.height * (len(columns) - 1):
        return None
    # A line of text has its heading above it.
    return frame.with_row_index(LINE, offset=2)


def _one_by_one(text: str, columns: list[str]) -> Rows:
    lines = text.replace("\r\n", "\n").split("\n")
    heading = next(place for place, line in enumerate(lines) if line.strip())
    left_out: list[LeftOut] = []
    parts: list[pl.DataFrame] = []
    fits: list[tuple[int, *tuple[str, ...]]] = []
    schema = {LINE: pl.UInt32, **dict.fromkeys(columns, pl.String)}
    for line, told in _records(lines, heading + 1, len(columns)):
        if isinstance(told, str):
            left_out.append(LeftOut(f"line {line}", told))
        else:
            fits.append((line, *told))
        if len(fits) == CHUNK:
            parts.append(pl.DataFrame(fits, schema, orient="row"))
            fits = []
    return Rows(pl.concat([*parts, pl.DataFrame(fits, schema, orient="row")]), left_out)


def _records(lines: list[str], at: int, width: int) -> Iterator[tuple[int, list[str] | str]]:
    """Each record with the line on which it begins: its values, or why they are none."""
    while at < len(lines):
        many, told = _record(lines, at, width) if lines[at].strip() else (1, None)
        if told is not None:
            yield at + 1, told
        at += many


def _record(lines: list[str], at: int, width: int) -> tuple[int, list[str] | str]:
    """How many lines a record takes, and what it says. A quoted value may hold ends of lines; one
    that is never closed costs its own line only."""
    if lines[at].count('"') % 2 == 0:
        return 1, _values(lines[at], width)
    for many in range(2, LONGEST + 1):
        whole = "\n".join(lines[at : at + many])
        if whole.count('"') % 2 == 0:
            told = _values(whole, width)
            return (1, _QUOTE) if isinstance(told, str) else (many, told)
    return 1, _QUOTE


def _values(record: str, width: int) -> list[str] | str:
    try:
        (values,) = csv.reader(record.splitlines(keepends=True), strict=True)
    except (csv.Error, ValueError):
        return _QUOTE
    if len(values) == width:
        return values
    mend = "a value with a comma in it needs quotation marks, and amounts are such as 1234.50"
    if len(values) < width:
        mend = "it was cut short; export it again"
    return f"it has {len(values)} values where the heading names {width} columns; {mend}"
