"""The duty that asks Klaviyo and tells it of everybody, beside everything else."""

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
from regulars.runtime.working.hooks.klaviyo.marketer import Marketer
from regulars.surfaces.connect.catching.asking import PATIENCE_S, ShopClient
from regulars.surfaces.senders.outgoing.guard import Guard

# A sandbox asks by its own clock, which is ahead. Of who is paused nobody asks.
_DUE: Final = """
select k.program_id
  from klaviyo k
  join hook h on h.program_id = k.program_id and h.hook_id = k.hook_id and h.state <> 'paused'
  left join sandbox x on x.program_id = k.program_id
 where least(k.next_at, k.walk_at) <= $1::timestamptz + coalesce(x.ahead, '0')
 order by 1
"""

log = structlog.get_logger()


class Marketing:
    """The duty: a round is begun where none goes on, so that a slow answer holds nothing up."""

    name = "klaviyo"
    every = timedelta(seconds=2)

    def __init__(self, marketer: Marketer, database: Database, owner_dsn: str) -> None:
        self._marketer, self._database, self._owner_dsn = marketer, database, owner_dsn
        self._going: asyncio.Task[None] | None = None

    async def run(self, now: datetime) -> None:
        """Begin a round, unless one goes on."""
        if self._going is None or self._going.done():
            self._going = asyncio.get_running_loop().create_task(self._round())

    async def stop(self) -> None:
        """What was not asked or told by now is so by the next worker."""
        if self._going is not None:
            self._going.cancel()
            with suppress(asyncio.CancelledError):
                await self._going

    async def _round(self) -> None:
        try:
            connection = await asyncpg.connect(self._owner_dsn)
            try:
                due = await connection.fetch(_DUE, self._database.clock())
            finally:
                await connection.close()
            for row in due:
                await self._each(row["program_id"])
        except Exception:
            log.exception("klaviyo.round_failed")

    async def _each(self, program_id: int) -> None:
        try:
            await self._marketer.go(program_id)
        except Exception:
            # One program's trouble does not stop the others; it is asked again.
            log.exception("klaviyo.program_failed", program_id=program_id)


@asynccontextmanager
async def klaviyo(
    owner_dsn: str, app_dsn: str, keyed: Keyed, guard: Guard
) -> AsyncIterator[Marketing]:
    """The duty of this installation, for as long as the block lasts."""
    database = await Database.connect(app_dsn, size=1)
    client = ShopClient(guard, patience_s=PATIENCE_S, wide=8)
    marketer = Marketer(database, Programs(database), keyed, client.send)
    duty = Marketing(marketer, database, owner_dsn)
    try:
        yield duty
    finally:
        await duty.stop()
        await client.close()
        await database.close()
