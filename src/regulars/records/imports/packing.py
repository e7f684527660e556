"""Lines on their way into the database, in the form its COPY takes as it is.

Whoever reads files makes them, so that several programs can read and one takes in.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from struct import Struct as Layout
from typing import Final

from regulars.records.imports.types import StagedLine, StagedName

_NULL: Final = b"\xff\xff\xff\xff"
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
"""PostgreSQL keeps an instant as so many of them since its epoch."""

# Each value behind its length in bytes; before them how many there are.
_LINE: Final = Layout(">hihiqihihi16s").pack
_NAME: Final = Layout(">hihiqihi16s").pack
_ID: Final = Layout(">i16s").pack
_NUMBER: Final = Layout(">iq").pack
_LENGTH: Final = Layout(">i").pack


def packed_lines(lines: Iterable[StagedLine]) -> bytes:
    """Lines as rows of `staged`, in the order of its columns."""
    return b"".join([_line(one) for one in lines])


def packed_names(names: Iterable[StagedName]) -> bytes:
    """Names as rows of `staged_name`, in the order of its columns."""
    return b"".join(
        [
            _NAME(6, 2, one.file, 8, one.line, 2, one.part, 16, one.member_key.bytes)
            + _sized(one.kind.encode())
            + _sized(one.value.encode())
            for one in names
        ]
    )


def _line(one: StagedLine) -> bytes:
    file, line, part, lane, member_key, at, key, sale_key, content, _, units, ends, _, _, packed = (
        one
    )
    label, kind, value = one.label.encode(), one.ref_kind.encode(), one.ref_value.encode()
    return b"".join(
        (
            _LINE(15, 2, file, 8, line, 2, part, 2, lane, 16, member_key.bytes),
            _NULL if at is None else _NUMBER(8, (at - _EPOCH) // _MICROSECOND),
            _NULL if key is None else _ID(16, key.bytes),
            _NULL if sale_key is None else _ID(16, sale_key.bytes),
            _NULL if content is None else _ID(16, content.bytes),
            _LENGTH(len(label)),
            label,
            _NUMBER(8, units),
            _NULL if ends is None else _NUMBER(8, (ends - _EPOCH) // _MICROSECOND),
            _LENGTH(len(kind)),
            kind,
            _LENGTH(len(value)),
            value,
            _LENGTH(len(packed)),
            packed,
        )
    )


def _sized(value: bytes) -> bytes:
    return _LENGTH(len(value)) + value
