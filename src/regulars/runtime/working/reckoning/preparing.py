"""The duty that brings prepared rows up to the books."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Final

from regulars.base.faults import StaleTerms
from regulars.flows.membership.office.prepare_goods import prepare_goods
from regulars.flows.membership.office.prepare_rows import prepare_rows
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

STINT_S: Final = 3.0
"""How long a backlog is worked on before the other duties of the worker have their turn."""
EACH: Final = 1_000
"""Members of one round while all are folded anew: about a second."""


class Preparing:
    """Follows the books of one installation; whoever holds the worker's lock runs it."""

    def __init__(self, database: Database, programs: Programs) -> None:
        self._database = database
        self._programs = programs

    async def go(self, program_id: int, _now: datetime) -> None:
        """Rounds until nothing is left, or for a few seconds when there is much."""
        begun = time.monotonic()
        while await self._round(program_id) and time.monotonic() - begun < STINT_S:
            pass

    async def _round(self, program_id: int) -> int:
        terms = await self._programs.terms(program_id)
        try:
            async with self._database.transaction(program_id) as tx:
                more = await prepare_rows(tx, terms, EACH)
            if more:
                return more
            async with self._database.transaction(program_id) as tx:
                return int(await prepare_goods(tx, terms))
        except StaleTerms:
            # Somebody published since this worker last looked; the next round knows.
            self._programs.forget(program_id)
            return 1
