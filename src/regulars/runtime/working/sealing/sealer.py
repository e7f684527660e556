"""Seals what was committed, every few seconds, and tells the places outside."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

import asyncpg
import structlog

from regulars.flows.sealing.anchor_checkpoints import keep_told, newest, untold
from regulars.flows.sealing.seal_entries import MOST, Sealed, seal_round
from regulars.records.seal.types import Checkpoint, Signer
from regulars.runtime.installation.settings import Settings
from regulars.runtime.storage.database import Database
from regulars.runtime.working.sealing import anchors
from regulars.runtime.working.sealing.anchors import Anchor, AnchorAway
from regulars.runtime.working.sealing.keys import open_keyring

STINT_S: Final = 3.0
"""How long a backlog is worked on before the other duties of the worker have their turn."""
ALARM_S: Final = 60.0
"""How often the log says that a chain is broken, as long as it is."""
LONGEST_PAUSE_S: Final = 600.0
_SETTINGS: Final = {
    "application_name": "regulars sealer",
    "timezone": "UTC",
    "enable_seqscan": "off",
    "jit": "off",
    "lock_timeout": "3s",
    "statement_timeout": "15min",
    "idle_in_transaction_session_timeout": "60s",
    "regulars.program_id": "0",
}

log = structlog.get_logger()


class Sealer:
    """The duty: chains grow, checkpoints are signed, places outside are told."""

    name = "seal"

    def __init__(self, database: Database, signer: Callable[[], Signer], every: timedelta) -> None:
        self.every = every
        self.most = MOST
        self._database = database
        self._signer = signer
        self._next_alarm = 0.0
        self.known: dict[int, Checkpoint] = {}
        """What this sealer signed or found outside: no chain may be shorter or other than it."""

    async def run(self, _now: datetime) -> None:
        """Seal until nothing is left, or for a few seconds when there is much."""
        begun = time.monotonic()
        while (await self.round()).more and time.monotonic() - begun < STINT_S:
            pass

    async def round(self) -> Sealed:
        """One transaction of sealing."""
        async with self._database.transaction(0) as tx:
            done = await seal_round(tx, self._signer(), os.urandom, self.known, self.most)
        # Only after COMMIT: what was not committed was never there.
        self.known |= {each.program_id: each for each in done.checkpoints}
        self._alarm(done.broken)
        return done

    def _alarm(self, broken: tuple[int, ...]) -> None:
        now = time.monotonic()
        if not broken or now < self._next_alarm:
            return
        self._next_alarm = now + ALARM_S
        for program_id in broken:
            log.error(
                "seal.broken", program_id=program_id,
                remedy="Somebody changed sealed rows. Run `regulars verify --chain`.",
            )  # fmt: skip


class Telling:
    """The duty: one place outside is told what it does not know yet."""

    def __init__(self, database: Database, anchor: Anchor, every: timedelta) -> None:
        self.name = f"anchor {anchor.name}"
        self.every = every
        self._database = database
        self._anchor = anchor
        self._failures = 0
        self._not_before = 0.0

    async def run(self, now: datetime) -> None:
        """Tell it once; after a failure wait, longer each time, up to ten minutes."""
        if time.monotonic() < self._not_before:
            return
        async with self._database.transaction(0) as tx:
            checkpoints = await untold(tx, self._anchor.name, anchors.MOST)
        if not checkpoints:
            return
        try:
            # Outside of a transaction: nothing leaves the house inside of one.
            await self._anchor.tell(checkpoints)
        except AnchorAway as why:
            self._failures += 1
            pause_s = min(LONGEST_PAUSE_S, self.every.total_seconds() * 2.0**self._failures)
            self._not_before = time.monotonic() + pause_s
            log.warning("seal.anchor_away", why=str(why), failures=self._failures, pause_s=pause_s)
            return
        self._failures, self._not_before = 0, 0.0
        async with self._database.transaction(0) as tx:
            await keep_told(tx, self._anchor.name, checkpoints)


async def newest_checkpoints(owner_dsn: str) -> list[Checkpoint]:
    """Where the chain of each program ends, as it was last signed."""
    async with _database(owner_dsn) as database, database.transaction(0) as tx:
        return await newest(tx)


@asynccontextmanager
async def _database(owner_dsn: str) -> AsyncIterator[Database]:
    pool = await asyncpg.create_pool(
        owner_dsn, min_size=0, max_size=2, server_settings=_SETTINGS, command_timeout=900
    )
    try:
        yield Database(pool)
    finally:
        await pool.close()


@asynccontextmanager
async def sealing(
    settings: Settings, owner_dsn: str
) -> AsyncIterator[tuple[Sealer | Telling, ...]]:
    """The duties that seal and tell, for as long as the block lasts."""
    every = timedelta(seconds=settings.seal_seconds)

    def signer() -> Signer:
        # Read anew each time: a change of keys needs no restart.
        return open_keyring(settings)

    async with _database(owner_dsn) as database:
        sealer = Sealer(database, signer, every)
        if settings.anchor_file is not None:
            sealer.known |= anchors.newest_in(settings.anchor_file, signer())
        places = anchors.anchors(settings.anchor_file, settings.anchor_url, signer)
        yield (sealer, *(Telling(database, place, every) for place in places))
