"""The duty that tells shops of codes, beside everything else."""

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
from regulars.runtime.working.inlets.asking import Asking, asking
from regulars.runtime.working.inlets.code_teller import CodeTeller
from regulars.runtime.working.inlets.relaying import Relaying, relaying
from regulars.surfaces.connect.catching.asking import PATIENCE_S, ShopClient
from regulars.surfaces.senders.outgoing.guard import Guard

# A program whose codes go nowhere by now may still have some to end.
_DUE: Final = """
select program_id from code_shop
 union
select distinct program_id from shop_code where try_at is not null or state = 'made'
 order by 1
"""

log = structlog.get_logger()


class TellingShops:
    """The duty: a round is begun where none goes on, so that a slow shop holds nothing up."""

    name = "shop-codes"
    every = timedelta(seconds=5)

    def __init__(self, teller: CodeTeller, owner_dsn: str) -> None:
        self._teller, self._owner_dsn = teller, owner_dsn
        self._going: asyncio.Task[None] | None = None

    async def run(self, now: datetime) -> None:
        """Begin a round, unless one goes on."""
        if self._going is None or self._going.done():
            self._going = asyncio.get_running_loop().create_task(self._round())

    async def stop(self) -> None:
        """What was not told by now is told by the next worker."""
        if self._going is not None:
            self._going.cancel()
            with suppress(asyncio.CancelledError):
                await self._going

    async def _round(self) -> None:
        try:
            connection = await asyncpg.connect(self._owner_dsn)
            try:
                due = await connection.fetch(_DUE)
            finally:
                await connection.close()
            for row in due:
                await self._each(row["program_id"])
        except Exception:
            log.exception("shop_codes.round_failed")

    async def _each(self, program_id: int) -> None:
        try:
            while await self._teller.tell(program_id):
                pass
        except Exception:
            # One program's trouble does not stop the others; its shop is told again.
            log.exception("shop_codes.program_failed", program_id=program_id)


@asynccontextmanager
async def telling_shops(
    owner_dsn: str, app_dsn: str, keyed: Keyed, guard: Guard
) -> AsyncIterator[TellingShops]:
    """The duty of this installation, for as long as the block lasts."""
    database = await Database.connect(app_dsn, size=1)
    client = ShopClient(guard, patience_s=PATIENCE_S, wide=4)
    duty = TellingShops(CodeTeller(database, Programs(database), keyed, client.send), owner_dsn)
    try:
        yield duty
    finally:
        await duty.stop()
        await client.close()
        await database.close()


@asynccontextmanager
async def shops(
    owner_dsn: str, app_dsn: str, keyed: Keyed, guard: Guard
) -> AsyncIterator[tuple[Asking, TellingShops, Relaying]]:
    """The duties about other systems: what they are asked for, and what they are told."""
    where = (owner_dsn, app_dsn, keyed, guard)
    async with (
        asking(*where) as asks,
        telling_shops(*where) as tells,
        relaying(*where) as relays,
    ):
        yield asks, tells, relays
