"""The duty that forgets what was sent to hooks long ago, and what deleted ones have left."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from regulars.flows.telling.hooks.forget import clear_deleted_hooks, forget_settled_sendings
from regulars.records.outbox.following.read import FIRST
from regulars.records.outbox.hooks import read
from regulars.runtime.storage.database import Database

SWEEP_EVERY: Final = timedelta(hours=6)
BREATH_S: Final = 0.05
"""So long the others have the database to themselves after each portion."""
_PROGRAMS: Final = "select distinct program_id from hook order by 1"

log = structlog.get_logger()


class Tidies:
    """The duty: a round begins when the last one is over, beside the worker's other duties."""

    name = "hooks_tidy"
    every = timedelta(minutes=1)

    def __init__(self, database: Database, owner_dsn: str) -> None:
        self._database = database
        self._owner_dsn = owner_dsn
        self._round: asyncio.Task[None] | None = None
        self._sweep_at: datetime | None = None

    async def run(self, now: datetime) -> None:
        """Begin a round, unless one goes on."""
        if self._round is None or self._round.done():
            self._round = asyncio.get_running_loop().create_task(self._go(now))

    async def stop(self) -> None:
        """Leave it where it is: what is left is found next time."""
        if self._round is not None:
            self._round.cancel()
            with suppress(asyncio.CancelledError):
                await self._round

    async def clear(self, program_id: int) -> None:
        """Delete what deleted hooks have left."""
        more = True
        while more:
            async with self._database.transaction(program_id) as tx:
                more = await clear_deleted_hooks(tx)
            await asyncio.sleep(BREATH_S)

    async def sweep(self, program_id: int) -> None:
        """Forget what is long over."""
        async with self._database.transaction(program_id) as tx:
            hooks = [one.hook_id for one in await read.hooks(tx)]
        for hook_id in hooks:
            after: UUID | None = FIRST
            while after is not None:
                async with self._database.transaction(program_id) as tx:
                    after = await forget_settled_sendings(tx, hook_id, after)
                await asyncio.sleep(BREATH_S)

    async def _go(self, now: datetime) -> None:
        programs = await _programs(self._owner_dsn)
        await self._each(programs, self.clear)
        if self._sweep_at is None or now >= self._sweep_at:
            self._sweep_at = now + SWEEP_EVERY
            await self._each(programs, self.sweep)

    async def _each(self, programs: Sequence[int], deed: Callable[[int], Awaitable[None]]) -> None:
        for program_id in programs:
            try:
                await deed(program_id)
            except Exception:
                # One program's trouble does not stop the others; what is left is found next time.
                log.exception("hooks.not_tidied", program_id=program_id)


async def _programs(owner_dsn: str) -> list[int]:
    connection = await asyncpg.connect(owner_dsn)
    try:
        return [row["program_id"] for row in await connection.fetch(_PROGRAMS)]
    finally:
        await connection.close()
