"""A database whose n-th statement fails, in one of the ways in which statements fail."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Literal

import asyncpg

from regulars.runtime.storage.database import Database

Way = Literal["refused", "cut before", "cut after"]
"""An error instead of the statement (a full disk); the connection gone before it arrived; the
connection gone after it was done, so that nobody learns that it was."""


class Faults:
    """Which statement fails and how; counts those that were asked for."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._fail_at = 0
        self._way: Way = "refused"
        self.statements: list[str] = []
        self.struck = False

    def arm(self, fail_at: int, way: Way) -> None:
        """From now on count anew; the statement with this number fails. 0 is none."""
        self._fail_at, self._way = fail_at, way
        self.statements, self.struck = [], False

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Any]:
        """A connection, as the pool of the real database gives it."""
        async with self._pool.acquire() as connection:
            yield _Faulty(self, connection)

    async def ask(self, connection: Any, sql: str, asking: Callable[[], Any]) -> Any:
        """Do one statement, or fail as armed."""
        self.statements.append(sql)
        if len(self.statements) != self._fail_at:
            return await asking()
        self.struck = True
        if self._way == "refused":
            raise asyncpg.DiskFullError("planted: no space left on device")
        if self._way == "cut after":
            await asking()
        connection.terminate()
        raise asyncpg.ConnectionDoesNotExistError("planted: the connection was cut")


class _Faulty:
    def __init__(self, faults: Faults, connection: Any) -> None:
        self._faults, self._connection = faults, connection

    async def execute(self, sql: str) -> Any:
        return await self._faults.ask(self._connection, sql, lambda: self._connection.execute(sql))

    async def fetch(self, sql: str, *args: Any) -> Any:
        return await self._faults.ask(
            self._connection, sql, lambda: self._connection.fetch(sql, *args)
        )

    async def fetchval(self, sql: str, *args: Any) -> Any:
        """What is asked once of a program is no statement of a flow."""
        return await self._connection.fetchval(sql, *args)

    async def fetchrow(self, sql: str, *args: Any) -> Any:
        """Nor is this."""
        return await self._connection.fetchrow(sql, *args)

    def terminate(self) -> None:
        self._connection.terminate()


def faulty(database: Database, clock: Callable[[], datetime]) -> tuple[Database, Faults]:
    """The same database with faults to be armed."""
    faults = Faults(database.pool)
    return Database(faults, clock, database.ids), faults  # type: ignore[arg-type]
