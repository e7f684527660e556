"""The duty that tells whoever was given a seat, and who has one at what is called off or moved, and
that takes or gives back what seats took."""

from __future__ import annotations

from datetime import datetime

from regulars.flows.community.seats.settle_seats import keep_seats_longer, settle_seats
from regulars.flows.community.seats.tell_moved_up import (
    MOST,
    tell_called_off,
    tell_moved,
    tell_moved_up,
)
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database


class Seats:
    """Tells members of one installation of their seats; told twice by nobody."""

    def __init__(self, database: Database, programs: Programs) -> None:
        self._database = database
        self._programs = programs

    async def go(self, program_id: int, now: datetime) -> None:
        """Rounds until nobody is left."""
        self._programs.forget(program_id)
        terms = await self._programs.terms(program_id)
        duties = (tell_moved_up, tell_called_off, tell_moved, settle_seats, keep_seats_longer)
        for tell in duties:
            told = MOST
            while told == MOST:
                async with self._database.transaction(program_id) as tx:
                    told = await tell(tx, terms)
