"""What the worker does by the clock, and how the parts it needs come to life."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

import asyncpg
import structlog

from regulars.runtime.installation.settings import Settings

STOP_S: Final = 5.0

log = structlog.get_logger()


class Duty(Protocol):
    """Something that must be done again and again; doing it twice does no harm."""

    @property
    def name(self) -> str:
        """What the log calls it."""

    @property
    def every(self) -> timedelta:
        """How long after one round the next is due."""

    async def run(self, now: datetime) -> None:
        """Do what is due at this instant; what is left undone is found the next time."""


class Turn(NamedTuple):
    """What is to be done for a program now."""

    program_id: int
    do: Callable[[], Awaitable[object]]


class Alone:
    """What may take hours of a program, one piece of work at a time of each: whoever comes while
    another is at it lets it be, and comes again."""

    def __init__(self) -> None:
        self._at_it: set[int] = set()

    async def do(self, program_id: int, work: Callable[[], Awaitable[object]]) -> None:
        """Do this, unless something is done of this program already."""
        if program_id in self._at_it:
            return
        self._at_it.add(program_id)
        try:
            await work()
        finally:
            self._at_it.discard(program_id)


class Beside:
    """A duty whose round goes on beside the others: it begins where none goes on, so that whoever
    is slow holds nothing up.

    Shape: `turns` says what is to be done, in its order.
    Keeps: one program's trouble does not stop the others; it has its turn again.
    """

    def __init__(
        self,
        name: str,
        every: timedelta,
        turns: Callable[[], Awaitable[Sequence[Turn]]],
        grace_s: float = 0,
    ) -> None:
        """`grace_s`: so long what goes on may end by itself when the worker stops."""
        self.name, self.every, self._turns, self._grace_s = name, every, turns, grace_s
        self._going: asyncio.Task[None] | None = None
        self.told: Callable[[bool, float], None] = lambda well, seconds: None
        """Who counts is told of each round that ended: whether well, and after how long; of one
        that hangs, or was left off, nothing."""

    async def run(self, now: datetime) -> None:
        """Begin a round, unless one goes on."""
        if self._going is None or self._going.done():
            self._going = asyncio.create_task(self._round())

    async def ended(self) -> None:
        """Wait for the round that goes on."""
        if self._going is not None:
            await self._going

    async def stop(self) -> None:
        """Leave off; what was not done is done by the next worker."""
        if self._going is None:
            return
        if self._grace_s:
            await asyncio.wait([self._going], timeout=self._grace_s)
        self._going.cancel()
        with suppress(asyncio.CancelledError):
            await self._going

    async def _round(self) -> None:
        begun = time.perf_counter()
        try:
            turns = await self._turns()
        except Exception:
            log.exception("worker.round_failed", duty=self.name)
            self.told(False, time.perf_counter() - begun)
            return
        for turn in turns:
            await _taken(self.name, turn)
        self.told(True, time.perf_counter() - begun)


class EachBeside:
    """A duty of many things that each go on by themselves: begun wherever one is due and does not
    go on yet, so many at once at most.

    Shape: `turns` says what is due by its id, who waits longest first.
    """

    def __init__(
        self,
        name: str,
        every: timedelta,
        at_once: int,
        turns: Callable[[], Awaitable[Sequence[tuple[UUID, Turn]]]],
    ) -> None:
        self.name, self.every, self._at_once, self._turns = name, every, at_once, turns
        self._going: dict[UUID, asyncio.Task[None]] = {}

    async def run(self, now: datetime) -> None:
        """Begin what is due."""
        self._going = {id_: task for id_, task in self._going.items() if not task.done()}
        for id_, turn in await self._turns():
            if id_ not in self._going and len(self._going) < self._at_once:
                self._going[id_] = asyncio.create_task(_taken(self.name, turn))

    async def ended(self) -> None:
        """Wait for what goes on."""
        await asyncio.gather(*self._going.values())

    async def stop(self) -> None:
        """Leave off; what was not done is done by the next worker."""
        for task in self._going.values():
            task.cancel()
        if self._going:
            await asyncio.wait(self._going.values(), timeout=STOP_S)


async def _taken(duty: str, turn: Turn) -> None:
    try:
        await turn.do()
    except Exception:
        # One program's trouble does not stop the others; it has its turn again.
        log.exception("worker.program_failed", duty=duty, program_id=turn.program_id)


async def programs_in(owner_dsn: str, sql: str, *args: Any) -> list[int]:
    """The programs that a statement finds in all of the installation, in its order."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        return [row["program_id"] for row in await connection.fetch(sql, *args)]
    finally:
        await connection.close()


@asynccontextmanager
async def duties(settings: Settings) -> AsyncIterator[Sequence[Duty]]:
    """The duties of this installation, alive for as long as the block lasts."""
    yield ()
