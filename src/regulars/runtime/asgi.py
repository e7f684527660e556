"""The web application of a worker: settings, database and gate come to life with it."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import asyncpg
import structlog

from regulars.base.faults import Outage
from regulars.runtime.addresses import Addresses, addresses
from regulars.runtime.database import Database, Transaction, utc_now
from regulars.runtime.gate import LOST, Gate
from regulars.runtime.memory import settle_memory
from regulars.runtime.programs import Programs
from regulars.runtime.settings import Settings, read_settings
from regulars.surfaces.api.front.native import Native
from regulars.surfaces.app import build
from regulars.surfaces.given import Given

ShownProgram = Callable[[], Awaitable[int | None]]

log = structlog.get_logger()

START_S = 30.0
"""How long a worker waits for a database that is not there yet."""
LOOK_FOR_PROGRAM_S = 1.0


@asynccontextmanager
async def given(settings: Settings) -> AsyncIterator[Given]:
    """What the surfaces need, alive for as long as the block lasts."""
    where = addresses(settings)
    database = await _connected(where.app, settings.pool)
    shown = FirstProgram(where)
    # One connection stays free for readers while every other one carries a batch.
    with_gate = given_with(database, shown, width=max(1, settings.pool - 1))
    try:
        yield with_gate
    finally:
        await with_gate.gate.drain()
        await database.close()


def given_with(database: Database, shown_program: ShownProgram, width: int) -> Given:
    """The parts of a worker around a database, with its clock."""
    readable = Readable(database.pool, database.clock, database.ids)
    programs = Programs(readable)
    return Given(
        gate=Gate(database, programs, width=width),
        database=readable,
        programs=programs,
        now=database.clock,
        ticks=time.monotonic,
        random_bytes=os.urandom,
        report=lambda path, error: log.error("request.failed", path=path, exc_info=error),
        shown_program=shown_program,
    )


class Readable(Database):
    """A database that says so when it is away, in the word everybody knows.

    The gate has the plain one: it knows better than to give up at once.
    """

    @asynccontextmanager
    async def transaction(self, program_id: int) -> AsyncIterator[Transaction]:
        try:
            async with super().transaction(program_id) as tx:
                yield tx
        except LOST as error:
            raise Outage("the database is away; try again in a moment", 2) from error


class FirstProgram:
    """The program that was founded first: the one the landing page shows.

    Only the owner of the database sees programs side by side; it is asked until there is one.
    """

    def __init__(self, where: Addresses) -> None:
        self._where = where
        self._found: int | None = None
        self._look_at = 0.0

    async def __call__(self) -> int | None:
        if self._found is None and time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + LOOK_FOR_PROGRAM_S
            try:
                self._found = await self._look()
            except LOST as error:
                raise Outage("the database is away; try again in a moment", 2) from error
        return self._found

    async def _look(self) -> int | None:
        connection = await asyncpg.connect(self._where.owner)
        try:
            found: int | None = await connection.fetchval("select min(program_id) from program")
        finally:
            await connection.close()
        return found


async def _connected(dsn: str, size: int) -> Database:
    give_up_at = time.monotonic() + START_S
    while True:
        try:
            return await Database.connect(dsn, size=size, clock=utc_now)
        except LOST:
            if time.monotonic() > give_up_at:
                raise
            await asyncio.sleep(0.2)


class LivingApp:
    """The application, built when the server says that it lives.

    By granian's own interface (`__rsgi__`), which is what we serve; by ASGI for any other server.
    """

    def __init__(self) -> None:
        self._app: Any = None
        self._native: Any = None
        self._alive = AsyncExitStack()

    async def start(self) -> None:
        """Come to life: settings, database, gate."""
        try:
            alive = await self._alive.enter_async_context(given(read_settings()))
        except Exception:
            log.exception("web.could_not_live")
            raise
        self._app = build(alive)
        self._native = Native(self._app)
        settle_memory()

    async def stop(self) -> None:
        """Finish what is under way, and let go of the database."""
        await self._alive.aclose()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            loop.run_until_complete(self.start())
        except Exception:  # logged already; the supervisor tells what to do
            sys.exit(1)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.run_until_complete(self.stop())

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        await self._native(scope, protocol)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        await receive()
        try:
            await self.start()
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})


app = LivingApp()
