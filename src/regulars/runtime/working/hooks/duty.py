"""The duty that sends events to hooks: one lane for each, so that none waits for another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg
import structlog

from regulars.records.outbox.hooks.types import SQUARE
from regulars.runtime.installation.settings import Settings
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.duties import Beside
from regulars.runtime.working.hooks.dispatcher import Dispatcher, Way, opens
from regulars.runtime.working.hooks.klaviyo.duty import klaviyo
from regulars.runtime.working.hooks.tidying import Tidies
from regulars.runtime.working.senders import guard_of, keyed_of
from regulars.surfaces.connect.square.hooks.retelling import Retelling

LOOK_EVERY_S: Final = 0.25
MOST_LANES: Final = 200
"""Hooks that are sent to at the same time; each holds some hundred events at most."""
KEEP_OPEN_S: Final = 30.0
GRACE_S: Final = 5.0
_LOOK: Final = """
select h.program_id, h.hook_id, h.form,
       (h.rest_until is null or h.rest_until <= c.shows) and (
           exists (select from hook_line l
                    where l.program_id = h.program_id and l.hook_id = h.hook_id
                      and l.done < l.planned and l.try_at <= c.shows)
           or exists (select from hook_sending s
                    where s.program_id = h.program_id and s.hook_id = h.hook_id
                      and s.again_at <= c.shows)) as due
  from hook h
  left join sandbox x on x.program_id = h.program_id
 cross join lateral (select $1::timestamptz + coalesce(x.ahead, '0') as shows) c
 where h.state = 'active' order by 1, 2
"""
_ANEW: Final = "select program_id, hook_id from hook_replay order by asked_at"

log = structlog.get_logger()


class Hooks:
    """The duty: it is started once and goes on beside the worker's other duties.

    A receiver that takes its time holds its own lane and nothing else.
    """

    name = "hooks"
    every = timedelta(seconds=1)

    def __init__(self, dispatcher: Dispatcher, database: Database, owner_dsn: str) -> None:
        self._dispatcher = dispatcher
        self._database = database
        self._owner_dsn = owner_dsn
        self._going: asyncio.Task[None] | None = None
        self._planning: asyncio.Task[None] | None = None
        self._lanes: dict[Way, asyncio.Task[None]] = {}
        self._sent_at: dict[Way, float] = {}
        self._moving: asyncio.Task[None] | None = None

    async def run(self, now: datetime) -> None:
        """Begin to look, unless we do."""
        if self._going is None or self._going.done():
            self._going = asyncio.get_running_loop().create_task(self._go())

    async def stop(self) -> None:
        """Let what is being sent arrive, for a few seconds."""
        if self._going is not None:
            self._going.cancel()
        if self._lanes:
            await asyncio.wait(self._lanes.values(), timeout=GRACE_S)
        others = [one for one in (self._going, self._planning, self._moving) if one is not None]
        for task in [*self._lanes.values(), *others]:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self._dispatcher.close()

    async def _go(self) -> None:
        connection = await asyncpg.connect(self._owner_dsn)
        try:
            while True:
                await self._look(connection)
                await asyncio.sleep(LOOK_EVERY_S)
        except Exception:
            # Begun anew by the next round; what is due then is found in the tables.
            log.exception("hooks.look_failed")
        finally:
            await connection.close()

    async def _look(self, connection: asyncpg.Connection) -> None:
        now = self._database.clock()
        rows = await connection.fetch(_LOOK, now)
        if self._planning is None or self._planning.done():
            retold = {row["program_id"] for row in rows if row["form"] == SQUARE}
            programs = {row["program_id"]: row["program_id"] in retold for row in rows}
            self._planning = asyncio.get_running_loop().create_task(self._plan(programs))
        anew = [_way(row) for row in await connection.fetch(_ANEW)]
        if anew and (self._moving is None or self._moving.done()):
            self._moving = asyncio.get_running_loop().create_task(self._move_back(anew))
        for row in rows:
            if row["due"]:
                self._begin(_way(row))
        await self._tidy()

    async def _plan(self, programs: Mapping[int, bool]) -> None:
        """Beside the lanes, so that no receiver waits while another one catches up; of each program
        it is known whether somebody wants its events in other words."""
        for program_id, is_retold in programs.items():
            try:
                await self._dispatcher.plan(program_id, is_retold=is_retold)
            except Exception:
                # One program's trouble does not stop the others; what is left is found next time.
                log.exception("hooks.program_failed", program_id=program_id)

    async def _move_back(self, ways: Sequence[Way]) -> None:
        """Beside both, so that nobody waits for who wants to hear of everything once more."""
        for way in ways:
            try:
                await self._dispatcher.move_back(way)
            except Exception:
                log.exception("hooks.not_moved", program_id=way.program_id)

    def _begin(self, way: Way) -> None:
        """Send to this hook, unless somebody does or all lanes are taken."""
        if way not in self._lanes and len(self._lanes) < MOST_LANES:
            self._lanes[way] = asyncio.get_running_loop().create_task(self._lane(way))

    async def _lane(self, way: Way) -> None:
        try:
            await self._dispatcher.send(way)
        except Exception:
            log.exception("hooks.lane_failed", program_id=way.program_id, hook_id=str(way.hook_id))
        finally:
            del self._lanes[way]
            self._sent_at[way] = asyncio.get_running_loop().time()

    async def _tidy(self) -> None:
        """Close connections nobody has used for a while."""
        since = asyncio.get_running_loop().time() - KEEP_OPEN_S
        self._sent_at = {way: at for way, at in self._sent_at.items() if at >= since}
        await self._dispatcher.close(but=frozenset(self._lanes) | frozenset(self._sent_at))


def _way(row: Mapping[str, Any]) -> Way:
    return Way(row["program_id"], UUID(bytes=row["hook_id"].bytes))


@asynccontextmanager
async def hooks(
    settings: Settings, owner_dsn: str, app_dsn: str
) -> AsyncIterator[tuple[Hooks, Tidies, Beside]]:
    """The duties of this installation, for as long as the block lasts; they have connections of
    their own, as a night must not wait for them, nor they for a night."""
    keyed, guard = keyed_of(settings), guard_of(settings)
    database = await Database.connect(app_dsn, size=6)
    retelling = Retelling(Programs(database))
    dispatcher = Dispatcher(database, keyed, opens(guard), retelling, guard)
    duty, tidies = Hooks(dispatcher, database, owner_dsn), Tidies(database, owner_dsn)
    try:
        async with klaviyo(owner_dsn, app_dsn, keyed, guard) as marketing:
            yield duty, tidies, marketing
    finally:
        await tidies.stop()
        await duty.stop()
        await database.close()
