"""Rows of a file as events: each a JSON object, known by what it says."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import polars as pl

from regulars.base.faults import Fault, Invalid
from regulars.flows.inlets.keep_arrivals import Sent
from regulars.records.inlets.feeding.types import Slip
from regulars.records.once.types import digest
from regulars.surfaces.api.strict.bodies import scan
from regulars.surfaces.connect.inlets.kinds import encoded, object_of
from regulars.surfaces.connect.inlets.mapping import Mapping
from regulars.surfaces.connect.moving.mapping import FileMap
from regulars.surfaces.connect.moving.tables import Row, format_of, open_table
from regulars.surfaces.connect.moving.wrong import Wrong

AT_ONCE: Final = 500
"""Rows of one transaction."""
LONGEST_ROW: Final = 1_000_000
MOST_ROWS: Final = 1_000_000
"""Of one file: what each says is remembered, to tell two equal ones from one that came again."""
_LONGEST_TOLD: Final = 120
_WIDEST: Final = 4
"""Bytes of a letter, in whichever encoding."""
_encode: Final = msgspec.json.Encoder().encode


class Some(NamedTuple):
    """Some rows of a file: how many, the events they are, those that cannot be read, and about at
    which of its bytes they end."""

    lines: int
    events: tuple[Sent, ...]
    slips: tuple[Slip, ...]
    position: int = 0


class _Read(NamedTuple):
    """A row that was read: as a mapping sees it, and as it is kept."""

    line: int
    value: dict[str, Any]
    body: bytes
    size: float
    """About so many bytes of the file."""


def ends_open(path: Path, mapping: Mapping) -> bool:
    """Whether the last line of a CSV file has no end: whoever writes it may be in the middle of it.

    Keeps: half a JSON object is none, and half a Parquet file cannot be read; half a number is one.
    """
    try:
        if format_of(path, _as_file(mapping)) != "csv":
            return False
    except Invalid:
        return False
    with path.open("rb") as stream:
        stream.seek(max(0, stream.seek(0, os.SEEK_END) - _WIDEST))
        return not stream.read().rstrip(b"\0").endswith((b"\n", b"\r"))


def rows_of(
    path: Path, mapping: Mapping, passed: int = 0, *, but_last: bool = False
) -> Iterator[Some]:
    """The rows of a file behind the first so many, some at a time; all of them, or all but the last
    line.

    Order: a row is the same event by what it says and by how many before it in this file say the
    same. So a file under another name, one that grew and two that overlap tell each row once, and
    two equal rows of one file are two.
    Faults: Invalid for a file that is empty, of no known format, or that breaks; what stands before
    that was told.
    """
    seen: Counter[bytes] = Counter()
    events: list[Sent] = []
    slips: list[Slip] = []
    count, wrong, position = 0, None, 0.0
    rows = _but_last(_numbered(path, mapping)) if but_last else _numbered(path, mapping)
    while True:
        try:
            row = next(rows, None)
        except Invalid as fault:
            row, wrong = None, fault
        if row is None:
            break
        count += 1
        if isinstance(row, Slip):
            slips += [row] if count > passed else []
        else:
            position += row.size
            event = _event(row, path.name, mapping.type, seen)
            events += [event] if count > passed else []
        if count > passed and (count - passed) % AT_ONCE == 0:
            yield Some(AT_ONCE, tuple(events), tuple(slips), int(position))
            events, slips = [], []
        if count == MOST_ROWS:
            wrong = Invalid(f"{path.name} has more than {MOST_ROWS:,} rows: split it")
            break
    if events or slips:
        yield Some(len(events) + len(slips), tuple(events), tuple(slips), int(position))
    if wrong is not None:
        raise wrong


def _event(row: _Read, name: str, type_at: str, seen: Counter[bytes]) -> Sent:
    said = encoded(row.value)
    content = digest(said, "")
    seen[content.bytes] += 1
    key = digest("row", content.bytes, str(seen[content.bytes]))
    told = row.value.get(type_at)
    type_ = told[:200] if isinstance(told, str) else ""
    where = f"{name[-_LONGEST_TOLD:]}:{row.line} {key.hex}"
    return Sent(key, content, type_, where, "", row.body)


def _but_last(rows: Iterator[_Read | Slip]) -> Iterator[_Read | Slip]:
    """All but the last; where the last one breaks, that is the one before it no more."""
    before = next(rows, None)
    while before is not None:
        try:
            row = next(rows, None)
        except Invalid:
            yield before
            raise
        if row is not None:
            yield before
        before = row


def _as_file(mapping: Mapping) -> FileMap:
    written = mapping.file
    return FileMap(
        {}, format=written.format, delimiter=written.delimiter, encoding=written.encoding
    )


def _numbered(path: Path, mapping: Mapping) -> Iterator[_Read | Slip]:
    file = _as_file(mapping)
    table = open_table(path, file, torn=True)
    format_ = format_of(path, file)
    if format_ == "jsonl":
        return _objects(path)
    each = _each_of(path) if format_ == "parquet" else 0.0
    return (_of_columns(table.columns, row, each) for row in table.rows)


def _each_of(path: Path) -> float:
    """How many bytes of a Parquet file each of its rows is, one like the other."""
    rows = pl.scan_parquet(path).select(pl.len()).collect().item()
    return path.stat().st_size / rows if rows else 0.0


def _of_columns(columns: tuple[str, ...], row: Row, each: float) -> _Read | Slip:
    if isinstance(row.values, Wrong):
        return _slip(row.line, row.values)
    value = dict(zip(columns, row.values, strict=True))
    body = _encode(value)
    if len(body) > LONGEST_ROW:
        return _too_long(row.line)
    # As it is read from what is kept, so that a number is the same one in every format.
    # Of a CSV file as it stands there, but for quotation marks and other encodings.
    size = each or sum(map(len, map(str, row.values))) + len(columns)
    return _Read(row.line, value if _plain(row.values) else object_of(body), body, size)


def _plain(values: Any) -> bool:
    return all(type(value) is str for value in values)


def _objects(path: Path) -> Iterator[_Read | Slip]:
    with path.open("rb") as stream:
        for line, text in enumerate(stream, 1):
            bare = (text.removeprefix(b"\xef\xbb\xbf") if line == 1 else text).strip()
            if not bare:
                continue
            if len(bare) > LONGEST_ROW:
                yield _too_long(line)
                continue
            try:
                scan(bare)
                yield _Read(line, object_of(bare), bare, len(text))
            except Fault as fault:
                yield _slip(line, Wrong("", fault.says, "Write one JSON object in each line"))


def _slip(line: int, wrong: Wrong) -> Slip:
    return Slip(line, wrong.column, wrong.says, wrong.mend)


def _too_long(line: int) -> Slip:
    says = f"this row is longer than {LONGEST_ROW:,} bytes"
    return _slip(line, Wrong("", says, "Leave out what nobody needs"))
