"""The duty that wakes telephones whose passes changed, and changes cards in Google Wallet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Final

import asyncpg
import structlog

from regulars.base.faults import StaleTerms
from regulars.flows.telling.tell_passes import (
    PassTold,
    plan_passes,
    settle_passes,
    take_passes,
)
from regulars.records.access.cards.types import GOOGLE, PassDue
from regulars.runtime.installation.settings import Settings
from regulars.runtime.installation.wallets import apple_push, google_push
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.surfaces.card.passes.shown import changed_cards
from regulars.surfaces.senders.push.apple import ApplePusher, Woken
from regulars.surfaces.senders.push.google import GooglePusher

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

    def __init__(
        self,
        database: Database,
        pusher: ApplePusher | None,
        google: GooglePusher | None = None,
    ) -> None:
        self._database, self._programs = database, Programs(database)
        self._pusher, self._google = pusher, google

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
        saved = [one for one in due if one.device == GOOGLE]
        phones = [one for one in due if one.device != GOOGLE]
        woken = [*await self._wake(phones), *await self._change(program_id, saved)]
        due = [*phones, *saved]
        told = [PassTold(one, each.outcome) for one, each in zip(due, woken, strict=True)]
        async with self._database.transaction(program_id) as tx:
            await settle_passes(tx, told)
        reasons = sorted({each.why for each in woken if each.outcome == "later"})
        if reasons:
            log.warning("passes.not_told", program_id=program_id, why=reasons[:5])
        return len(due)

    async def _wake(self, phones: Sequence[PassDue]) -> list[Woken]:
        if self._pusher is None:
            return [Woken("later", "no passes of Apple's are made here")] * len(phones)
        return await self._pusher.wake([(one.push_token, one.member_id.hex) for one in phones])

    async def _change(self, program_id: int, saved: Sequence[PassDue]) -> list[Woken]:
        """Cards in Google Wallet: what they are to show is read now, and sent."""
        if self._google is None or not saved:
            return [Woken("later", "no cards are put into Google Wallet here")] * len(saved)
        terms = await self._programs.terms(program_id)
        try:
            async with self._database.transaction(program_id) as tx:
                shown = await changed_cards(tx, terms, [one.member_id for one in saved])
        except StaleTerms:
            self._programs.forget(program_id)
            return [Woken("later", "the program changes right now")] * len(saved)
        here = [one.member_id for one in saved if one.member_id in shown]
        woken = await self._google.change([(who.hex, shown[who]) for who in here])
        became = dict(zip(here, woken, strict=True))
        return [became.get(one.member_id, Woken("gone")) for one in saved]


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
    apple, saved = apple_push(settings), google_push(settings)
    if apple is None and saved is None:
        yield ()
        return
    pusher = None if apple is None else ApplePusher(apple, database.clock)
    google = None if saved is None else GooglePusher(saved, database.clock)
    duty = Passes(Waker(database, pusher, google), owner_dsn)
    try:
        yield (duty,)
    finally:
        await duty.stop()
        for each in (pusher, google):
            if each is not None:
                await each.close()
