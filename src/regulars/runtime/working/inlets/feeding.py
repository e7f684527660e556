"""The duty that looks for files, beside everything else: some places at a time."""

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
from regulars.records.inlets.feeding.types import Feed
from regulars.records.inlets.types import Inlet
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.inlets.feeder import Feeder
from regulars.surfaces.connect.feeds.places.there import Reach

AT_ONCE: Final = 4
"""Places that are looked at together; one that is slow holds up no more than its own."""
# A sandbox looks by its own clock, which is ahead.
_DUE: Final = """
select distinct f.program_id
  from feed f
  join inlet i on i.program_id = f.program_id and i.inlet_id = f.inlet_id and i.state = 'active'
  left join sandbox x on x.program_id = f.program_id
 where f.next_at <= $1::timestamptz + coalesce(x.ahead, '0')
 order by 1
"""

log = structlog.get_logger()


class Feeding:
    """The duty: begins to look wherever it is due and nobody looks yet."""

    name = "feeds"
    every = timedelta(seconds=1)

    def __init__(self, feeder: Feeder, database: Database, owner_dsn: str) -> None:
        self._feeder, self._database, self._owner_dsn = feeder, database, owner_dsn
        self._going: dict[UUID, asyncio.Task[None]] = {}

    async def run(self, now: datetime) -> None:
        """Begin to look where it is due."""
        self._going = {id_: task for id_, task in self._going.items() if not task.done()}
        connection = await asyncpg.connect(self._owner_dsn)
        try:
            due = await connection.fetch(_DUE, self._database.clock())
        finally:
            await connection.close()
        for row in due:
            for feed, inlet in await self._feeder.due(row["program_id"]):
                if feed.inlet_id not in self._going and len(self._going) < AT_ONCE:
                    looking = asyncio.get_running_loop().create_task(self._one(feed, inlet))
                    self._going[feed.inlet_id] = looking

    async def stop(self) -> None:
        """What was not read by now is read on by the next worker."""
        for task in self._going.values():
            task.cancel()
        await asyncio.gather(*self._going.values(), return_exceptions=True)

    async def _one(self, feed: Feed, inlet: Inlet) -> None:
        try:
            await self._feeder.one(feed, inlet)
        except Exception:
            # One place's trouble does not stop the others; it is looked at again.
            log.exception("inlets.feed_failed", program_id=inlet.program_id)


@asynccontextmanager
async def feeding(
    owner_dsn: str, app_dsn: str, keyed: Keyed, reach: Reach
) -> AsyncIterator[Feeding]:
    """The duty of this installation, for as long as the block lasts."""
    database = await Database.connect(app_dsn, size=2)
    feeder = Feeder(database, Programs(database), keyed, reach)
    duty = Feeding(feeder, database, owner_dsn)
    try:
        yield duty
    finally:
        await duty.stop()
        await database.close()
