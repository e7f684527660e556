"""The duty that reads streams, beside everything else: each by a task of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from regulars.base.keyed import Keyed
from regulars.records.inlets.streaming.types import Stream
from regulars.records.inlets.types import Inlet
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.inlets.streamer import Streamer
from regulars.surfaces.senders.outgoing.guard import Guard

AT_ONCE: Final = 50
"""Streams that are read together."""
STOP_S: Final = 5.0
# A sandbox reads by its own clock, which is ahead. Whose stream waits longest comes first: where
# more are due than are read at once, none is left out for ever.
_DUE: Final = """
select s.program_id
  from stream s
  join inlet i on i.program_id = s.program_id and i.inlet_id = s.inlet_id and i.state = 'active'
  left join sandbox x on x.program_id = s.program_id
 where s.next_at <= $1::timestamptz + coalesce(x.ahead, '0')
 group by s.program_id
 order by min(s.next_at - coalesce(x.ahead, '0')), s.program_id
"""

log = structlog.get_logger()


class Streaming:
    """The duty: begins to read wherever it is due and nobody reads yet."""

    name = "streams"
    every = timedelta(seconds=1)

    def __init__(self, streamer: Streamer, database: Database, owner_dsn: str) -> None:
        self._streamer, self._database, self._owner_dsn = streamer, database, owner_dsn
        self._going: dict[UUID, asyncio.Task[None]] = {}

    async def run(self, now: datetime) -> None:
        """Begin to read where it is due."""
        self._going = {id_: task for id_, task in self._going.items() if not task.done()}
        connection = await asyncpg.connect(self._owner_dsn)
        try:
            due = await connection.fetch(_DUE, self._database.clock())
        finally:
            await connection.close()
        for row in due:
            for stream, inlet in await self._streamer.due(row["program_id"]):
                if stream.inlet_id not in self._going and len(self._going) < AT_ONCE:
                    reading = asyncio.get_running_loop().create_task(self._one(stream, inlet))
                    self._going[stream.inlet_id] = reading

    async def stop(self) -> None:
        """What was not read by now is read on by the next worker."""
        for task in self._going.values():
            task.cancel()
        if self._going:
            await asyncio.wait(self._going.values(), timeout=STOP_S)

    async def _one(self, stream: Stream, inlet: Inlet) -> None:
        try:
            await self._streamer.one(stream, inlet)
        except Exception:
            # One stream's trouble does not stop the others; it is read again.
            log.exception("inlets.stream_failed", program_id=inlet.program_id)


@asynccontextmanager
async def streaming(
    owner_dsn: str, app_dsn: str, keyed: Keyed, guard: Guard
) -> AsyncIterator[Streaming]:
    """The duty of this installation, for as long as the block lasts."""
    database = await Database.connect(app_dsn, size=4)
    streamer = Streamer(database, Programs(database), keyed, guard)
    duty = Streaming(streamer, database, owner_dsn)
    try:
        yield duty
    finally:
        await duty.stop()
        await database.close()
