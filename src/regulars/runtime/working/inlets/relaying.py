"""The duty that tells other systems of members, beside everything else."""

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
from regulars.runtime.working.inlets.relayer import Relayer
from regulars.surfaces.connect.catching.asking import PATIENCE_S, ShopClient
from regulars.surfaces.senders.outgoing.guard import Guard

_HAVE: Final = """
select distinct o.program_id
  from outlet o
  join inlet i on i.program_id = o.program_id and i.inlet_id = o.inlet_id and i.state = 'active'
 order by 1
"""

log = structlog.get_logger()


class Relaying:
    """The duty: a round is begun where none goes on, so that a slow system holds nothing up."""

    name = "outlets"
    every = timedelta(seconds=2)

    def __init__(self, relayer: Relayer, owner_dsn: str) -> None:
        self._relayer, self._owner_dsn = relayer, owner_dsn
        self._going: asyncio.Task[None] | None = None

    async def run(self, now: datetime) -> None:
        """Begin a round, unless one goes on."""
        if self._going is None or self._going.done():
            self._going = asyncio.get_running_loop().create_task(self._round())

    async def stop(self) -> None:
        """Who was not told by now is told by the next worker."""
        if self._going is not None:
            self._going.cancel()
            with suppress(asyncio.CancelledError):
                await self._going

    async def _round(self) -> None:
        try:
            connection = await asyncpg.connect(self._owner_dsn)
            try:
                have = await connection.fetch(_HAVE)
            finally:
                await connection.close()
            for row in have:
                await self._each(row["program_id"])
        except Exception:
            log.exception("outlets.round_failed")

    async def _each(self, program_id: int) -> None:
        try:
            await self._relayer.relay(program_id)
        except Exception:
            # One program's trouble does not stop the others; its system is told again.
            log.exception("outlets.program_failed", program_id=program_id)


@asynccontextmanager
async def relaying(
    owner_dsn: str, app_dsn: str, keyed: Keyed, guard: Guard
) -> AsyncIterator[Relaying]:
    """The duty of this installation, for as long as the block lasts."""
    database = await Database.connect(app_dsn, size=1)
    client = ShopClient(guard, patience_s=PATIENCE_S, wide=4)
    duty = Relaying(Relayer(database, Programs(database), keyed, client.send), owner_dsn)
    try:
        yield duty
    finally:
        await duty.stop()
        await client.close()
        await database.close()
