"""Connections to PostgreSQL, and transactions fenced to one program."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg
import structlog

from regulars.base.faults import NotFound, StaleStanding
from regulars.base.tx import Write, exactly, together
from regulars.runtime.storage.ids import Ids
from regulars.runtime.storage.rows import quicken_rows

log = structlog.get_logger()

Clock = Callable[[], datetime]
COPY_BEGIN: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
COPY_END: Final = b"\xff\xff"
"""Around the rows of a binary COPY: its signature, no flags, no extension; and no further row."""

# Plans are cached when tables are young and small; an index plan is right at every size.
_SETTINGS = {
    "application_name": "regulars",
    "timezone": "UTC",
    "enable_seqscan": "off",
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "60s",
    "regulars.program_id": "0",
}


_NOTHING: Final = timedelta()
# Held until this transaction is over: the clock may move, but no sandbox ends under anybody.
_AHEAD: Final = """
select (select ahead from sandbox where program_id = $1::int for key share) as ahead,
       exists (select from program where program_id = $1::int) as there
"""


def utc_now() -> datetime:
    """The clock of this machine; the only place that reads it."""
    return datetime.now(UTC)


class Ahead:
    """How far the clock of each sandbox is ahead of this machine's, as this process last saw it.

    Keeps: that a program is none is remembered for ever, so a real program pays nothing; of a
    number that no program has yet, nothing is. Of a sandbox each transaction asks anew, since
    another process moves its clock.
    """

    __slots__ = ("_of", "real")

    def __init__(self) -> None:
        self.real: set[int] = {0}
        self._of: dict[int, timedelta] = {}

    def knows(self, program_id: int) -> bool:
        """Whether this is a sandbox for certain."""
        return program_id in self._of

    def of(self, program_id: int) -> timedelta:
        """As it was last seen; nothing for a real program."""
        return self._of.get(program_id, _NOTHING)

    async def look(self, connection: asyncpg.Connection, program_id: int) -> timedelta:
        """As it is now, for this transaction. Faults: NotFound where the sandbox is over."""
        found, there = await connection.fetchrow(_AHEAD, program_id)
        if found is not None:
            self._of[program_id] = found
            return found  # type: ignore[no-any-return]
        if program_id in self._of:
            raise NotFound("this sandbox is gone; whoever made it has begun it anew or ended it")
        if there:
            self.real.add(program_id)
        return _NOTHING


async def _in_turn(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


class Transaction:
    """The `Tx` of base/tx.py on a real connection."""

    __slots__ = ("_connection", "ahead", "new_id", "new_number", "now", "program_id", "secret_bits")

    def __init__(
        self,
        connection: asyncpg.Connection,
        program_id: int,
        now: datetime,
        ids: Ids,
        ahead: timedelta = _NOTHING,
    ) -> None:
        self._connection = connection
        self.new_id = ids.new_id
        self.new_number = ids.new_number
        self.secret_bits = ids.secret_bits
        self.program_id = program_id
        self.now = now
        self.ahead = ahead

    async def fetch(self, sql: str, *args: Any) -> Sequence[Mapping[str, Any]]:
        rows: Sequence[Mapping[str, Any]] = await self._connection.fetch(sql, *args)
        return rows

    async def load(self, table: str, columns: Sequence[str], rows: Sequence[Any]) -> None:
        """Copy many rows into a table of this transaction's own."""
        await self._connection.copy_records_to_table(table, records=rows, columns=columns)

    async def load_packed(self, table: str, columns: Sequence[str], rows: bytes) -> None:
        """Copy rows that are packed already into a table of this transaction's own."""
        if rows:
            copied = _in_turn(COPY_BEGIN, rows, COPY_END)
            await self._connection.copy_to_table(
                table, source=copied, columns=columns, format="binary"
            )

    async def write(self, writes: Sequence[Write]) -> None:
        if writes:
            sql, args = together(writes)
            rows = await self._connection.fetch(sql, *args)
            wanted = exactly(writes)
            if wanted is not None and rows[0][0] != wanted:
                raise StaleStanding(f"{rows[0][0]} of {wanted} standings were as they were read")


class HotConnection(asyncpg.Connection):  # type: ignore[misc]
    """A connection that is not reset between uses, which would cost a round trip each time.

    Nothing needs it: all we set is local to a transaction, and none outlives its `transaction`.
    """

    __slots__ = ()

    def get_reset_query(self) -> str:
        return ""


async def _undo(connection: asyncpg.Connection) -> None:
    """Undo what this connection began; one on which that fails is ended and never lent again.

    Why it came to this is what whoever asked is told, so nothing that goes wrong here is raised.
    A connection that broke has been taken back by the driver, and answers every question, even
    whether it is closed, by saying so.
    """
    undone = False
    try:
        await connection.execute("rollback")
        undone = True
    except Exception as trouble:
        log.debug("not_undone", why=repr(trouble))  # PostgreSQL undoes what nobody holds on to
    finally:
        if not undone:
            with suppress(asyncpg.InterfaceError):  # it is back in the pool's hands already
                connection.terminate()


class Database:
    """A pool of connections of the application role."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        clock: Clock = utc_now,
        ids: Ids | None = None,
        ahead: Ahead | None = None,
    ) -> None:
        self.pool = pool
        self.clock = clock
        """The real one: for what leaves the house, and for programs that are none of ours yet."""
        self.ids = ids or Ids()
        self.ahead = ahead or Ahead()

    def now(self, program_id: int) -> datetime:
        """What the clock of this program shows; of a sandbox as this process last saw it."""
        return self.clock() + self.ahead.of(program_id)

    @classmethod
    async def connect(
        cls, dsn: str, *, size: int = 8, clock: Clock = utc_now, patience_s: int | None = 60
    ) -> Database:
        """Open a pool of `size` connections to this address; no statement runs for longer.

        No patience waits for ever.
        """
        quicken_rows()
        longest = {"statement_timeout": f"{patience_s or 0}s"}  # 0 is for ever
        pool = await asyncpg.create_pool(
            dsn,
            min_size=min(2, size),
            max_size=size,
            server_settings=_SETTINGS | longest,
            max_inactive_connection_lifetime=0,
            statement_cache_size=512,
            command_timeout=patience_s,
            connection_class=HotConnection,
        )
        return cls(pool, clock)

    async def is_sandbox(self, program_id: int) -> bool:
        """Whether this program is one to try things in, out of which nothing is sent to people."""
        if program_id not in self.ahead.real and not self.ahead.knows(program_id):
            async with self.transaction(program_id):
                pass  # whoever opens one looks
        return self.ahead.knows(program_id)

    async def close(self) -> None:
        await self.pool.close()

    @asynccontextmanager
    async def transaction(self, program_id: int) -> AsyncIterator[Transaction]:
        """One transaction that sees and writes rows of this program only; commits at the end.

        BEGIN and the fence cost one round trip together. Its `now` is the program's: here, and
        nowhere else, a sandbox gets the time it was moved to.
        """
        async with self.pool.acquire() as connection:
            begun = f"begin; set local regulars.program_id = '{int(program_id)}'"
            await connection.execute(begun)
            try:
                ahead = _NOTHING
                if program_id not in self.ahead.real:
                    ahead = await self.ahead.look(connection, program_id)
                now = self.clock() + ahead
                yield Transaction(connection, program_id, now, self.ids, ahead)
            except BaseException:
                await _undo(connection)
                raise
            ended = await connection.execute("commit")
            # PostgreSQL answers ROLLBACK to the commit of a transaction that failed inside.
            assert ended == "COMMIT", ended
