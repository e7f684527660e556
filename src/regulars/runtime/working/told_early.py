"""What tills told before its member or its purchase was known is tried again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog

from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.surfaces.till.sync.applying import FIRST, Books, Place, apply_waiting

log = structlog.get_logger()


def told_early(
    database: Database, programs: Programs
) -> Callable[[int, datetime], Awaitable[None]]:
    """The duty: who joined over the API, in the console or on a card wakes what waited for them,
    and so does a purchase that was told after its late credit.

    Keeps: only what names somebody, or a receipt, that is known by now is tried. Where very much
    waits for its purchase, a round looks at some of it and the next one goes on behind.
    """

    places: dict[int, Place] = {}

    async def each(program_id: int, _now: datetime) -> None:
        terms = await programs.terms(program_id)

        async def submit(flow: Any, command: Any) -> Any:
            async with database.transaction(program_id) as tx:
                (outcome,) = await flow(tx, terms, [command])
            return outcome

        def report(place: str, error: BaseException) -> None:
            log.error("till.record_failed", place=place, exc_info=error)

        books = Books(submit, lambda: database.transaction(program_id), terms, report)
        places[program_id] = await apply_waiting(books, places.get(program_id, FIRST))

    return each
