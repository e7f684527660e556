"""The duty that asks shops for what their webhooks did not tell, beside everything else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Final

import asyncpg
import structlog

from regulars.base.keyed import Keyed
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.inlets.catcher import Catcher
from regulars.runtime.working.inlets.looker import Looker
from regulars.surfaces.connect.catching.asking import PATIENCE_S, ShopClient
from regulars.surfaces.senders.outgoing.guard import Guard

# A sandbox asks by its own clock, which is ahead.
_DUE: Final = """
select distinct c.program_id
  from catch_up c
  join inlet i on i.program_id = c.program_id and i.inlet_id = c.inlet_id and i.state = 'active'
  left join sandbox x on x.program_id = c.program_id
 where c.next_at <= $1::timestamptz + coalesce(x.ahead, '0')
 order by 1
"""

# Hints are few and soon asked for; whose account is not asked keeps them until it is.
_HINTED: Final = """
select distinct c.program_id
  from catch_up c
  join inlet i on i.program_id = c.program_id and i.inlet_id = c.inlet_id and i.state = 'active'
  left join sandbox x on x.program_id = c.program_id
 where (c.failures = 0 or c.next_at <= $1::timestamptz + coalesce(x.ahead, '0'))
   and exists (select from arrival a
                where a.program_id = c.program_id and a.inlet_id = c.inlet_id
                  and a.code = 'asks' and a.state = 'passed')
 order by 1
"""

log = structlog.get_logger()


class Asking:
    """The duty: a round is begun where none goes on, so that a slow shop holds nothing up."""

    name = "catch-up"
    every = timedelta(seconds=1)

    def __init__(
        self, catcher: Catcher, looker: Looker, database: Database, owner_dsn: str
    ) -> None:
        self._catcher, self._looker = catcher, looker
        self._database, self._owner_dsn = database, owner_dsn
        self._going: asyncio.Task[None] | None = None

    async def run(self, now: datetime) -> None:
        """Begin a round, unless one goes on."""
        if self._going is None or self._going.done():
            self._going = asyncio.get_running_loop().create_task(self._round())

    async def stop(self) -> None:
        """What was not asked by now is asked by the next worker."""
        if self._going is not None:
            self._going.cancel()
            with suppress(asyncio.CancelledError):
                await self._going

    async def _round(self) -> None:
        try:
            connection = await asyncpg.connect(self._owner_dsn)
            try:
                now = self._database.clock()
                hinted = await connection.fetch(_HINTED, now)
                due = await connection.fetch(_DUE, now)
            finally:
                await connection.close()
            # A hint that fails moves the turn of its whole account, which would never come.
            for row in due:
                await self._each(self._catcher.catch_up, row["program_id"])
            for row in hinted:
                await self._each(self._looker.look, row["program_id"])
        except Exception:
            log.exception("inlets.round_failed")

    async def _each(self, do: Callable[[int], Awaitable[None]], program_id: int) -> None:
        try:
            await do(program_id)
        except Exception:
            # One program's trouble does not stop the others; its shop is asked again.
            log.exception("inlets.shop_failed", program_id=program_id)


@asynccontextmanager
async def asking(owner_dsn: str, app_dsn: str, keyed: Keyed, guard: Guard) -> AsyncIterator[Asking]:
    """The duty of this installation, for as long as the block lasts."""
    database = await Database.connect(app_dsn, size=1)
    client = ShopClient(guard, patience_s=PATIENCE_S, wide=4)
    programs = Programs(database)
    catcher = Catcher(database, programs, keyed, client.send)
    looker = Looker(database, programs, keyed, client.send)
    duty = Asking(catcher, looker, database, owner_dsn)
    try:
        yield duty
    finally:
        await duty.stop()
        await client.close()
        await database.close()
