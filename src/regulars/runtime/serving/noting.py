"""Writes down what was asked by the API, beside the work: some at a time, once a second."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

import structlog

from regulars.flows.telling.keep_requests import keep_requests
from regulars.records.access.requests.types import Noted
from regulars.runtime.storage.database import Database

EVERY_S: Final = 1.0
MOST_WAITING: Final = 20_000
"""What nobody could write down yet; what comes beyond that is counted and lost."""
AT_ONCE: Final = 2_000

log = structlog.get_logger()


class Noting:
    """What waits to be written down, of this process.

    A request is answered before it is written here, and nothing waits for it: it is what somebody
    looks up afterwards, and no part of the books. Killed, a process loses its last second of it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[int, Noted]] = []
        self._lost = 0
        self._task: asyncio.Task[None] | None = None
        self._over = asyncio.Event()

    def note(self, program_id: int, noted: Noted) -> None:
        """Remember a request until the next round."""
        if len(self._waiting) >= MOST_WAITING:
            self._lost += 1
            return
        self._waiting.append((program_id, noted))
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._soon())

    async def _soon(self) -> None:
        while self._waiting:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), EVERY_S)
            await self.write()

    async def write(self) -> None:
        """Write down what waits; what cannot be is lost with a line in the log."""
        waiting, self._waiting = self._waiting, []
        of_programs: dict[int, list[Noted]] = {}
        for program_id, noted in waiting:
            of_programs.setdefault(program_id, []).append(noted)
        for program_id, asked in of_programs.items():
            try:
                for begin in range(0, len(asked), AT_ONCE):
                    async with self._database.transaction(program_id) as tx:
                        await keep_requests(tx, asked[begin : begin + AT_ONCE])
            except Exception as error:
                # Whoever looks for one of these later does not find it; nobody is told no for it.
                log.warning("requests.not_noted", program_id=program_id, why=type(error).__name__)
        if self._lost:
            log.warning("requests.lost", many=self._lost)
            self._lost = 0

    async def stop(self) -> None:
        """Write down the last of it.

        Order: a page that is being written right now is written to its end, and is not cut off.
        """
        self._over.set()
        if self._task is not None:
            await self._task
        await self.write()
