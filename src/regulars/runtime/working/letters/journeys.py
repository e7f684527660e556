"""The duty that lets members begin journeys and go on through them."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Final

from regulars.flows.telling.campaigns.journeys.walk_journeys import begin_journeys, walk_journeys
from regulars.records.outbox.campaigns.journeys.read import any_begun
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

STINT_S: Final = 3.0
"""How long a backlog is worked on before the other duties of the worker have their turn."""


class Journeys:
    """Walks members of one installation through their journeys; whoever holds the worker's lock
    runs it.

    Order: first whoever begins, so that a welcome without a wait goes out in the same round.
    """

    def __init__(self, database: Database, programs: Programs) -> None:
        self._database = database
        self._programs = programs

    async def go(self, program_id: int, now: datetime) -> None:
        """Rounds until nothing is left, or for a few seconds when there is much."""
        async with self._database.transaction(program_id) as tx:
            if not await any_begun(tx):
                return
        begun = time.monotonic()
        self._programs.forget(program_id)
        terms = await self._programs.terms(program_id)
        more, walked = True, 1
        while (more or walked) and time.monotonic() - begun < STINT_S:
            if more:
                async with self._database.transaction(program_id) as tx:
                    more = await begin_journeys(tx, terms)
            async with self._database.transaction(program_id) as tx:
                walked = await walk_journeys(tx, terms)
