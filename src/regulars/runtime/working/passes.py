"""The duty that wakes telephones whose passes changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Final

import asyncpg
import structlog

from regulars.flows.telling.tell_passes import (
    PassTold,
    plan_passes,
    settle_passes,
    take_passes,
)
from regulars.runtime.installation.settings import Settings
from regulars.runtime.installation.wallets import apple_push
from regulars.runtime.storage.database import Database
from regulars.surfaces.senders.push.apple import ApplePusher

ROUNDS: Final = 20
"""So often in a row, before another program has its turn."""
GRACE_S: Final = 5.0
_PROGRAMS: Final = """
select p.program_id from (select distinct program_id from program_version) p
 where exists (select from pass_device d where d.program_id = p.program_id)
   and not exists (select from sandbox s where s.program_id = p.program_id)
 order by 1
"""

log = structlog.get_logger()


class Waker:
    """Tells the telephones of one program; whoever holds the worker's lock runs it."""

    def __init__(self, database: Database, pusher: ApplePusher) -> None:
        self._database = database
        self._pusher = pusher

    async def wake(self, program_id: int) -> int:
        """Plan what is new and tell whom it concerns, for some time; how many were told."""
        for _ in range(ROUNDS):
            async with self._database.transaction(program_id) as tx:
                more = await plan_passes(tx)
            if not more:
                break
        tried = 0
        for _ in range(ROUNDS):
            told = await self._some(program_id)
            tried += told
            if not told:
                break
        return tried

    async def _some(self, program_id: int) -> int:
        async with self._database.transaction(program_id) as tx:
            due = await take_passes(tx)
        if not due:
            return 0
        woken = await self._pusher.wake([(one.push_token, one.member_id.hex) for one in due])
        told = [PassTold(one, each.outcome) for one, each in zip(due, woken, strict=True)]
        async with self._database.transaction(program_id) as tx:
            await settle_passes(tx, told)
        reasons = sorted({each.why for each in woken if each.outcome == "later"})
        if reasons:
            log.warning("passes.not_told", program_id=program_id, why=reasons[:5])
        return len(due)


class Passes:
    """The duty: a round begins when the last one is over, beside the worker's other duties."""

    name = "passes"
    every = timedelta(seconds=2)

    def __init__(self, waker: Waker, owner_dsn: str) -> None:
        self._waker = waker
        self._owner_dsn = owner_dsn
        self._round: asyncio.Task[None] | None = None

    async def run(self, now: datetime) -> None:
        """Begin a round, unless one goes on."""
        if self._round is None or self._round.done():
            self._round = asyncio.get_running_loop().create_task(self._go())

    async def stop(self) -> None:
        """Let what is being told arrive, for a few seconds."""
        if self._round is not None:
            await asyncio.wait([self._round], timeout=GRACE_S)
            self._round.cancel()
            with suppress(asyncio.CancelledError):
                await self._round

    async def _go(self) -> None:
        try:
            for program_id in await _programs(self._owner_dsn):
                await self._each(program_id)
        except Exception:
            # Nobody waits for a round, so it says itself what kept it; the next one looks anew.
            log.exception("passes.round_failed")

    async def _each(self, program_id: int) -> None:
        try:
            await self._waker.wake(program_id)
        except Exception:
            # One program's trouble does not stop the others; what is left is found next time.
            log.exception("passes.program_failed", program_id=program_id)


async def _programs(owner_dsn: str) -> list[int]:
    """Programs whose passes telephones keep."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        return [row["program_id"] for row in await connection.fetch(_PROGRAMS)]
    finally:
        await connection.close()


@asynccontextmanager
async def passes(
    settings: Settings, owner_dsn: str, database: Database
) -> AsyncIterator[tuple[Passes, ...]]:
    """The duty of this installation for as long as the block lasts; none without passes."""
    push = apple_push(settings)
    if push is None:
        yield ()
        return
    pusher = ApplePusher(push, database.clock)
    duty = Passes(Waker(database, pusher), owner_dsn)
    try:
        yield (duty,)
    finally:
        await duty.stop()
        await pusher.close()
