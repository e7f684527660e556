"""The web application of a worker: settings, database and gate come to life with it."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import structlog

from regulars.runtime.addresses import Addresses, addresses
from regulars.runtime.database import Database, utc_now
from regulars.runtime.gate import _LOST, Gate, Outage
from regulars.runtime.programs import Programs
from regulars.runtime.settings import Settings, read_settings
from regulars.surfaces.app import build
from regulars.surfaces.given import Given

log = structlog.get_logger()

START_S = 30.0
"""How long a worker waits for a database that is not there yet."""
LOOK_FOR_PROGRAM_S = 2.0


@asynccontextmanager
async def given(settings: Settings) -> AsyncIterator[Given]:
    """What the surfaces need, alive for as long as the block lasts."""
    where = addresses(settings)
    database = await _connected(where.app, settings.pool)
    programs = Programs(database)
    # One connection stays free for readers while every other one carries a batch.
    gate = Gate(database, programs, width=max(1, settings.pool - 1))
    try:
        yield Given(
            gate=gate,
            database=database,
            programs=programs,
            now=utc_now,
            ticks=time.monotonic,
            random_bytes=os.urandom,
            outages=(Outage, *_LOST),
            shown_program=FirstProgram(where),
        )
    finally:
        await gate.drain()
        await database.close()


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
            connection = await asyncpg.connect(self._where.owner)
            try:
                self._found = await connection.fetchval("select min(program_id) from program")
            finally:
                await connection.close()
        return self._found


async def _connected(dsn: str, size: int) -> Database:
    give_up_at = time.monotonic() + START_S
    while True:
        try:
            return await Database.connect(dsn, size=size)
        except _LOST:
            if time.monotonic() > give_up_at:
                raise
            await asyncio.sleep(0.2)


class LazyApp:
    """The application, built when the server says that it lives."""

    def __init__(self) -> None:
        self._app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        await receive()
        try:
            async with given(read_settings()) as alive:
                self._app = build(alive)
                await send({"type": "lifespan.startup.complete"})
                await receive()
        except Exception as error:
            log.exception("web.could_not_start")
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.shutdown.complete"})


app = LazyApp()
