"""One server process as a schedule sees it: a real gate whose statements wait for their turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Literal, NamedTuple

import asyncpg

from regulars.runtime.serving.gate import Gate
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

Kind = Literal["begin", "read", "lock", "write", "commit"]


class Step(NamedTuple):
    """One statement on its way to the database."""

    kind: Kind
    sql: str


def kind_of(sql: str) -> Kind:
    """What a statement does as far as another session can notice it."""
    text = " ".join(sql.split()).lower()
    if text.startswith("begin"):
        return "begin"
    if text in ("commit", "rollback"):
        return "commit"
    if "for update" in text or "pg_advisory_xact_lock" in text:
        return "lock"
    if any(f"{word} " in text for word in ("insert into", "update", "delete from")):
        return "write"
    return "read"


def depend(one: Step, other: Step) -> bool:
    """Whether the order of two steps of different sessions can make a difference.

    In READ COMMITTED a statement sees what was committed before it began: so every statement
    depends on the other's COMMIT, and what locks or writes on what locks or writes. A read does
    not notice a write that is not committed, and BEGIN takes no snapshot.
    """
    if "begin" in (one.kind, other.kind):
        return False
    if "commit" in (one.kind, other.kind):
        return True
    return "read" not in (one.kind, other.kind)


class Session:
    """A gate with one connection; each statement stops at the turnstile until it is let through."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pid = self.deadlocks = 0
        self.next: Step | None = None
        self.done = True
        self.outcomes: list[Any] = []
        self.moved = asyncio.Event()
        self._go: asyncio.Future[None] | None = None
        self._opened: list[Database] = []

    async def open(self, dsn: str, clock: Callable[[], datetime]) -> None:
        """Connect. What is read about programs has a connection of its own, outside of turns."""
        ours = await Database.connect(dsn, size=1, clock=clock)
        beside = await Database.connect(dsn, size=1, clock=clock)
        self._opened = [ours, beside]
        async with ours.pool.acquire() as connection:
            self.pid = connection.get_server_pid()
        self.programs = Programs(beside)
        pool: Any = _PacedPool(self, ours.pool)
        self.gate = Gate(Database(pool, clock, ours.ids), self.programs, width=1)

    async def close(self) -> None:
        """Disconnect at once: who still waits for a turn after a failure would be waited for."""
        for database in self._opened:
            database.pool.terminate()

    def begin(self, program_id: int, flow: Any, commands: Sequence[Any]) -> asyncio.Task[None]:
        """Ask for these commands, as one batch; nothing happens before the first turn."""
        self.next, self.done, self.outcomes = None, False, []
        self.moved.clear()
        return asyncio.get_running_loop().create_task(self._ask(program_id, flow, commands))

    async def _ask(self, program_id: int, flow: Any, commands: Sequence[Any]) -> None:
        asked = [self.gate.submit(program_id, flow, command) for command in commands]
        self.outcomes = await asyncio.gather(*asked, return_exceptions=True)
        self.done = True
        self.moved.set()

    async def turn(self, sql: str) -> None:
        """Wait until the schedule lets this statement through."""
        self._go = asyncio.get_running_loop().create_future()
        self.next = Step(kind_of(sql), sql)
        self.moved.set()
        await self._go

    def let_through(self) -> None:
        """Let the waiting statement go to the database."""
        assert self._go is not None, self.name
        self.next = None
        self.moved.clear()
        self._go.set_result(None)


class _PacedPool:
    def __init__(self, session: Session, pool: asyncpg.Pool) -> None:
        self._session, self._pool = session, pool

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Any]:
        async with self._pool.acquire() as connection:
            yield _PacedConnection(self._session, connection)


class _PacedConnection:
    def __init__(self, session: Session, connection: Any) -> None:
        self._session, self._connection = session, connection

    async def execute(self, sql: str) -> Any:
        return await self._take(sql, self._connection.execute(sql))

    async def fetch(self, sql: str, *args: Any) -> Any:
        return await self._take(sql, self._connection.fetch(sql, *args))

    async def fetchrow(self, sql: str, *args: Any) -> Any:
        """What is asked once of a program is no step of a flow."""
        return await self._connection.fetchrow(sql, *args)

    async def _take(self, sql: str, asking: Awaitable[Any]) -> Any:
        await self._session.turn(sql)
        try:
            return await asking
        except asyncpg.DeadlockDetectedError:
            self._session.deadlocks += 1
            raise

    def terminate(self) -> None:
        self._connection.terminate()
