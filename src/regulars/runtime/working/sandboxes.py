"""The duty that moves the clocks of sandboxes: night by night, with everything due on the way."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol

import asyncpg
import structlog

from regulars.base.faults import StaleTerms
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.midnight import STEPS, Step
from regulars.flows.recording.catch_up import catch_up_returns
from regulars.flows.terms.sandboxes.move_clock import go_on
from regulars.records.night.sandbox.read import own
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.duties import Alone

STINT_S: Final = 0.5
"""So long one clock is moved in a row, before real programs and other sandboxes have their turn."""
ROUND_S: Final = 1.0
"""So long all of them are moved in a round, in turn: however many move, a hold of a real program
lapses in time."""
CHUNK: Final = 200
MOST_BATCHES: Final = 10
"""So many batches are one transaction at most, as whoever is held in it waits for its end."""
ALL: Final = (*STEPS.values(), catch_up_returns)
"""A night, and the sales that returns wait for."""
_MOVING: Final = "select program_id from sandbox where to_at is not null order by program_id"

log = structlog.get_logger()

Tell = Callable[[int], Awaitable[object]]


class Nights(Protocol):
    """Does what time alone brings about."""

    @property
    def alone(self) -> Alone: ...

    async def midnight(self, program_id: int, now: datetime) -> None: ...

    async def until_done(self, program_id: int, step: Step) -> None: ...


class SandboxClocks:
    """Moves clocks for one installation; whoever holds the worker's lock runs it.

    Keeps: how far a clock came is in its row, so whoever is killed on the way goes on from there;
    what was done of a night is done once.
    """

    name = "sandboxes"
    every = timedelta(milliseconds=200)

    def __init__(
        self, nights: Nights, programs: Programs, database: Database, owner_dsn: str, tell: Tell
    ) -> None:
        self._nights = nights
        self._programs = programs
        self._database = database
        self._owner_dsn = owner_dsn
        self._tell = tell
        self._last = 0

    async def run(self, now: datetime) -> None:
        """Move the clocks that are to move, each for a moment; the next round goes on behind."""
        connection = await asyncpg.connect(self._owner_dsn)
        try:
            rows = await connection.fetch(_MOVING)
        finally:
            await connection.close()
        until = time.monotonic() + ROUND_S
        for program_id in in_turn([row["program_id"] for row in rows], self._last):
            if time.monotonic() >= until:
                break
            self._last = program_id
            try:
                # Not while its night goes on beside us, which would meet us member by member.
                await self._nights.alone.do(program_id, partial(self.move, program_id))
            except Exception:
                # One sandbox's trouble stops no other; this one goes on at the next round.
                log.exception("sandbox.not_moved", program_id=program_id)

    async def move(self, program_id: int, stint_s: float = STINT_S) -> None:
        """Move one clock for some time, or until it is there.

        Order: what is due where the clock stands is done before it goes on.
        """
        until = time.monotonic() + stint_s
        while time.monotonic() < until:
            terms = await self._programs.terms(program_id)
            async with self._database.transaction(program_id) as tx:
                there, now = await own(tx), tx.now
            if there is None or there.to_at is None:
                return
            if not await self._due(program_id, terms, now):
                continue
            await self._tell(program_id)
            async with self._database.transaction(program_id) as tx:
                await go_on(tx, terms.at(tx.now).zone)

    async def _due(self, program_id: int, terms: Terms, now: datetime) -> bool:
        """What time brought about until now, in one transaction: on most days of a sandbox nothing
        is, and a year has many. Whether that was all of it; a busy day takes several.
        """
        try:
            async with self._database.transaction(program_id) as tx:
                return await _all_of(tx, terms)
        except StaleTerms:
            # Somebody published since this worker last looked.
            self._programs.forget(program_id)
            return False
        except Exception:
            # A member stops a step: the night knows what to do then.
            self._programs.forget(program_id)
            await self._nights.midnight(program_id, now)
            for step in ALL:
                await self._nights.until_done(program_id, step)
        return True


async def _all_of(tx: Tx, terms: Terms) -> bool:
    """Do what is due, so many batches of it at most; whether nothing is left."""
    batches = 0
    for step in ALL:
        while await step(tx, terms, CHUNK):
            batches += 1
            if batches >= MOST_BATCHES:
                return False
    return True


def in_turn(numbers: Sequence[int], last: int) -> list[int]:
    """These, beginning behind the one that was the last to have its turn.

    Example: of 3, 5 and 8 after 5 comes 8, then 3, then 5.
    """
    return sorted(numbers, key=lambda one: (one <= last, one))
