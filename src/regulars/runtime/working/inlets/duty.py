"""The duty that books what came in: looks four times a second, program by program."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Final

import asyncpg
import structlog

from regulars.base.keyed import Keyed
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.inlets.booker import Booker

LOOK_EVERY_S: Final = 0.25
SWEEP_EVERY: Final = timedelta(hours=6)
# Each inlet that goes on is asked for the first that waits, so it takes as long with a million that
# wait in paused ones. What comes to a sandbox waits by its own clock, which is ahead.
_DUE: Final = """
select distinct i.program_id
  from inlet i
  left join sandbox x on x.program_id = i.program_id
 cross join lateral (
       select try_at from arrival a
        where a.program_id = i.program_id and a.inlet_id = i.inlet_id and a.state = 'waiting'
        order by a.try_at, a.arrival_id limit 1) w
 where i.state <> 'paused' and w.try_at <= $1::timestamptz + coalesce(x.ahead, '0')
 order by 1
"""
_HAVE: Final = "select distinct program_id from inlet order by 1"

log = structlog.get_logger()


class Inlets:
    """The duty: it is started once and goes on beside the worker's other duties."""

    name = "inlets"
    every = timedelta(seconds=1)

    def __init__(self, booker: Booker, database: Database, owner_dsn: str) -> None:
        self._booker, self._database, self._owner_dsn = booker, database, owner_dsn
        self._going: asyncio.Task[None] | None = None
        self._sweep_at: datetime | None = None

    async def run(self, now: datetime) -> None:
        """Begin to look, unless we do."""
        if self._going is None or self._going.done():
            self._going = asyncio.get_running_loop().create_task(self._go())

    async def stop(self) -> None:
        """What is not booked by now is found again by the next worker."""
        if self._going is not None:
            self._going.cancel()
            with suppress(asyncio.CancelledError):
                await self._going

    async def _go(self) -> None:
        connection = await asyncpg.connect(self._owner_dsn)
        try:
            while True:
                if not await self._look(connection):
                    await asyncio.sleep(LOOK_EVERY_S)
        except Exception:
            # Begun anew by the next round; what is due then is found in the tables.
            log.exception("inlets.look_failed")
        finally:
            await connection.close()

    async def _look(self, connection: asyncpg.Connection) -> bool:
        """One round over all programs; whether some have more."""
        now = self._database.clock()
        more = False
        for row in await connection.fetch(_DUE, now):
            more |= await self._each(row["program_id"])
        if self._sweep_at is None or now >= self._sweep_at:
            self._sweep_at = now + SWEEP_EVERY
            for row in await connection.fetch(_HAVE):
                await self._sweep(row["program_id"])
        return more

    async def _each(self, program_id: int) -> bool:
        try:
            return await self._booker.book(program_id)
        except Exception:
            # One program's trouble does not stop the others; what is left is found next time.
            log.exception("inlets.program_failed", program_id=program_id)
            return False

    async def _sweep(self, program_id: int) -> None:
        try:
            await self._booker.sweep(program_id)
        except Exception:
            log.exception("inlets.sweep_failed", program_id=program_id)


@asynccontextmanager
async def inlets(owner_dsn: str, app_dsn: str, keyed: Keyed) -> AsyncIterator[Inlets]:
    """The duty of this installation, for as long as the block lasts; with connections of its own,
    as a night must not wait for it, nor it for a night."""
    database = await Database.connect(app_dsn, size=2)
    duty = Inlets(Booker(database, Programs(database), keyed), database, owner_dsn)
    try:
        yield duty
    finally:
        await duty.stop()
        await database.close()
