"""The duty that writes extracts, beside everything else: one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import asyncpg
import structlog

from regulars.base.keyed import Keyed
from regulars.runtime.installation.addresses import Addresses
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.errands.extracting import Extractor, writing
from regulars.surfaces.connect.extracts.shelves.opening import Outside

# A sandbox writes none: it is for trying out, and its clock is ahead.
_DUE: Final = """
select p.program_id from extract_plan p
 where p.state = 'active' and p.next_at <= $1::timestamptz
   and not exists (select from sandbox x where x.program_id = p.program_id)
 order by p.next_at, p.program_id
"""
# Of whom a copy here is still put somewhere: one was begun, its plan neither paused nor over.
_WAITED_FOR: Final = """
select r.program_id from extract_run r join extract_plan p using (program_id)
 where r.state = 'begun' and p.state = 'active'
"""

log = structlog.get_logger()


class Extracts:
    """The duty: begins to write what is due, unless it writes; what nobody waits for goes.

    Order: only while nothing is written, so that a copy is not taken from whoever puts it.
    """

    name = "extracts"
    every = timedelta(seconds=5)

    def __init__(self, extractor: Extractor, database: Database, owner_dsn: str) -> None:
        self._extractor, self._database, self._owner_dsn = extractor, database, owner_dsn
        self._going: asyncio.Task[None] | None = None

    async def run(self, now: datetime) -> None:
        """Begin, unless we do."""
        if self._going is not None and not self._going.done():
            return
        connection = await asyncpg.connect(self._owner_dsn)
        try:
            await self._tidy(connection)
            due = [row[0] for row in await connection.fetch(_DUE, self._database.clock())]
        finally:
            await connection.close()
        if due:
            self._going = asyncio.get_running_loop().create_task(self._go(due))

    async def _tidy(self, connection: asyncpg.Connection) -> None:
        lying = self._extractor.lying()
        if not lying:
            return
        gone = lying - {row[0] for row in await connection.fetch(_WAITED_FOR)}
        for program_id in gone:
            await asyncio.to_thread(self._extractor.forget, program_id)
        if gone:
            log.info("extracts.copies_gone", programs=len(gone))

    async def stop(self) -> None:
        """What is not there by now is carried on by the next worker."""
        if self._going is not None:
            self._going.cancel()
            with suppress(asyncio.CancelledError):
                await self._going

    async def _go(self, due: list[int]) -> None:
        for program_id in due:
            try:
                await self._extractor.go(program_id)
            except Exception:
                # One program's trouble does not stop the others; it is begun again.
                log.exception("extracts.failed", program_id=program_id)


@asynccontextmanager
async def extracting(
    where: Addresses, keyed: Keyed, outside: Outside, home: Path
) -> AsyncIterator[Extracts]:
    """The duty of this installation, for as long as the block lasts."""
    database = await Database.connect(where.app, size=2)
    root = home / "extracts"
    extractor = Extractor(database, Programs(database), keyed, outside, root, writing(where))
    duty = Extracts(extractor, database, where.owner)
    try:
        yield duty
    finally:
        await duty.stop()
        await database.close()
