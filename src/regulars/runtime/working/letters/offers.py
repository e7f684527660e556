"""The duty that gives offers to whoever is in their segments."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Final

from regulars.flows.terms.promised.choose_offers import walk_choices
from regulars.flows.terms.promised.give_offers import walk_offers
from regulars.records.program.changes.choices import read as choices
from regulars.records.program.changes.offers import read
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

STINT_S: Final = 3.0
"""How long one program's offers are worked on before another has its turn."""


class Offers:
    """Walks the offers of one installation, and the choices among them; whoever holds the worker's
    lock runs it."""

    def __init__(self, database: Database, programs: Programs) -> None:
        self._database = database
        self._programs = programs

    async def go(self, program_id: int, now: datetime) -> None:
        """Portions until nobody is left, or for a few seconds when there are many."""
        async with self._database.transaction(program_id) as tx:
            if not (await read.opened(tx) or await choices.opened(tx)):
                return
        begun, more = time.monotonic(), True
        self._programs.forget(program_id)
        terms = await self._programs.terms(program_id)
        while more and time.monotonic() - begun < STINT_S:
            async with self._database.transaction(program_id) as tx:
                more = await walk_offers(tx, terms)
            if not more:
                async with self._database.transaction(program_id) as tx:
                    more = await walk_choices(tx, terms)
