"""The duty that tells whoever waited for a seat and was given one."""

from __future__ import annotations

from datetime import datetime

from regulars.flows.community.tell_moved_up import MOST, tell_moved_up
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database


class Seats:
    """Tells members of one installation that they moved up; told twice by nobody."""

    def __init__(self, database: Database, programs: Programs) -> None:
        self._database = database
        self._programs = programs

    async def go(self, program_id: int, now: datetime) -> None:
        """Rounds until nobody is left."""
        told = MOST
        self._programs.forget(program_id)
        terms = await self._programs.terms(program_id)
        while told == MOST:
            async with self._database.transaction(program_id) as tx:
                told = await tell_moved_up(tx, terms)
