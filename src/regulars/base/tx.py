"""One transaction as the rooms see it: ask, and write much at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, Protocol
from uuid import UUID

_PLACEHOLDER = re.compile(r"\$([0-9]+)")
_ASIDE = re.compile(
    r"--[^\n]*|'[^']*'|\b(?:do\s+update|for\s+(?:no\s+key\s+)?update)\b", re.IGNORECASE
)
"""Where words of a statement change nothing by themselves: comments, texts, locks, conflicts."""
_CHANGES = re.compile(
    r"\b(insert\s+into|update|delete\s+from)\s+(?:only\s+)?([a-z_][a-z_0-9]*)", re.IGNORECASE
)


class Write(NamedTuple):
    """Rows to be written by one named statement: its SQL and its arguments, columns as arrays.

    `exactly` is how many rows it must find; such a statement ends in `returning 1`, and there is
    one of them in a round at most. `rows` are the keys of the rows it writes: said where another
    write of the same round changes others of that table.
    """

    sql: str
    args: tuple[Any, ...]
    exactly: int | None = None
    rows: Collection[Any] | None = None


class Tx(Protocol):
    """An open transaction of one program; `now` and new ids come from outside."""

    program_id: int
    now: datetime
    ahead: timedelta
    """So far `now` is ahead of the time that new ids begin with; nothing but in a sandbox."""

    def new_id(self) -> UUID: ...

    def new_number(self) -> str: ...

    def secret_bits(self, count: int) -> int:
        """So many bits by chance that nobody can guess."""

    async def fetch(self, sql: str, *args: Any) -> Sequence[Mapping[str, Any]]: ...

    async def write(self, writes: Sequence[Write]) -> None:
        """Write these rows. Raises StaleStanding when one found other than `exactly` its rows."""


class LoadingTx(Tx, Protocol):
    """A transaction that can also take in a great many rows at once."""

    async def load(self, table: str, columns: Sequence[str], rows: Sequence[Any]) -> None: ...

    async def load_packed(self, table: str, columns: Sequence[str], rows: bytes) -> None:
        """The same, of rows that are in the form of a binary COPY, without its begin and end."""


def together(writes: Sequence[Write]) -> tuple[str, list[Any]]:
    """All these writes as one statement, so that they cost one round trip.

    Order: PostgreSQL runs them in no promised order and none sees what another wrote; so each
    must stand alone. Of two that write one row it does only one, and says nothing. So where one
    of a round changes or takes away rows of a table, no other may write to that table, unless
    both name their `rows` and share none. Two that only add rows are told of their conflict.
    """
    args: list[Any] = []
    for table, one, other in _meeting(tuple(write.sql for write in writes)):
        _apart(table, writes[one], writes[other])
    guarded = None
    for place, write in enumerate(writes):
        args.extend(write.args)
        if write.exactly is not None:
            assert guarded is None, writes
            guarded = place
    return _joined(tuple((write.sql, len(write.args)) for write in writes), guarded), args


def exactly(writes: Sequence[Write]) -> int | None:
    """How many rows the guarded statement of this round must find, when there is one."""
    return next((write.exactly for write in writes if write.exactly is not None), None)


def _apart(table: str, one: Write, other: Write) -> None:
    """Two writes of one table in one round write other rows, and say so."""
    assert one.rows is not None, f"two writes of {table} in one round: {one.sql} {other.sql}"
    assert other.rows is not None, f"two writes of {table} in one round: {other.sql} {one.sql}"
    both = set(one.rows).intersection(other.rows)
    assert not both, f"two writes of one row of {table} in one round: {both}"


@lru_cache(maxsize=512)
def _meeting(statements: tuple[str, ...]) -> tuple[tuple[str, int, int], ...]:
    """Pairs of these statements that write to one table where one of them changes what is there:
    the table and the places of both."""
    found = [_tables(sql) for sql in statements]
    return tuple(
        (table, one, other)
        for other, (written, changed) in enumerate(found)
        for one, (written_before, changed_before) in enumerate(found[:other])
        for table in sorted(written & written_before & (changed | changed_before))
    )


@lru_cache(maxsize=2048)
def _tables(sql: str) -> tuple[frozenset[str], frozenset[str]]:
    """The tables a statement writes to, and those of which it changes or takes away rows."""
    words = [
        (verb[0].lower(), table.lower()) for verb, table in _CHANGES.findall(_ASIDE.sub(" ", sql))
    ]
    written = frozenset(table for _, table in words)
    return written, frozenset(table for verb, table in words if verb != "i")


@lru_cache(maxsize=512)
def _joined(statements: tuple[tuple[str, int], ...], guarded: int | None) -> str:
    assert len({sql for sql, _ in statements}) == len(statements), statements
    parts: list[str] = []
    offset = 0
    for sql, count in statements:
        parts.append(f"w{len(parts)} as ({_shifted(sql, offset)})")
        offset += count
    found = "1" if guarded is None else f"(select count(*) from w{guarded})"  # noqa: S608
    return f"with {', '.join(parts)} select {found}"


def _shifted(sql: str, by: int) -> str:
    """The same statement with its placeholders counted on."""
    return _PLACEHOLDER.sub(lambda found: f"${int(found.group(1)) + by}", sql)
