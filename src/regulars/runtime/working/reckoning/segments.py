"""The duty that keeps members of segments up to what they do."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Final

from regulars.flows.membership.office.segments.follow_segments import follow_segments
from regulars.flows.membership.office.segments.tell_segments import tell_segments
from regulars.records.program.changes.segments.read import any_saved, tally_long
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.reckoning.preparing import Preparing

STINT_S: Final = 3.0
"""How long a backlog is worked on before the other duties of the worker have their turn."""


class Segments:
    """Follows the members of one installation; whoever holds the worker's lock runs it.

    Order: after prepared rows, which are brought up first where there is a segment to follow: so
    somebody is in it seconds after what brought them there.
    """

    def __init__(self, database: Database, programs: Programs) -> None:
        self._database = database
        self._programs = programs
        self._preparing = Preparing(database, programs)

    async def go(self, program_id: int, now: datetime) -> None:
        """Rounds until nothing is left, or for a few seconds when there is much."""
        async with self._database.transaction(program_id) as tx:
            if not (await any_saved(tx) or await tally_long(tx)):
                return
        await self._preparing.go(program_id, now)
        begun = time.monotonic()
        while await self._round(program_id) and time.monotonic() - begun < STINT_S:
            pass
        terms = await self._programs.terms(program_id)
        async with self._database.transaction(program_id) as tx:
            await tell_segments(tx, terms)

    async def _round(self, program_id: int) -> bool:
        terms = await self._programs.terms(program_id)
        async with self._database.transaction(program_id) as tx:
            return await follow_segments(tx, terms)
