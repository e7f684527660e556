"""What the checks need of a connection; runtime opens it as the owner, who sees every program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

PAGE: Final = 2_000
"""Rows of a stream that are in memory at a time."""


class Cursor(Protocol):
    """An open stream of rows."""

    async def fetch(self, n: int) -> Sequence[Any]: ...


class Connection(Protocol):
    """A connection of asyncpg, as far as it is used here."""

    async def fetch(self, query: str, *args: Any) -> Sequence[Mapping[str, Any]]: ...

    async def fetchval(self, query: str, *args: Any) -> Any: ...

    async def execute(self, query: str) -> str: ...

    def cursor(self, query: str, *args: Any) -> Any: ...

    def transaction(self, *, isolation: str, readonly: bool) -> Any: ...


class Rows:
    """The rows of one query in its order, a page at a time, however many there are."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._page: Sequence[Any] = ()
        self._at = 0
        self.seen = 0

    @classmethod
    async def of(cls, connection: Connection, sql: str) -> Rows:
        """Open a stream; it lives as long as the transaction."""
        return cls(await connection.cursor(sql))

    async def peek(self) -> Any | None:
        """The next row, still to be taken; nothing at the end."""
        if self._at == len(self._page):
            self._page, self._at = await self._cursor.fetch(PAGE), 0
            if not self._page:
                return None
        return self._page[self._at]

    def step(self) -> None:
        """Take the row that was peeked at."""
        self._at += 1
        self.seen += 1
