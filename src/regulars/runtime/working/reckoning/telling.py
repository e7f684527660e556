"""The duty that asks the usual questions of reports by night, where they take long."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from time import perf_counter
from typing import Final

import structlog

from regulars.base.faults import StaleTerms
from regulars.engine.terms import Terms
from regulars.flows.membership.office.keep_reports import keep_reports
from regulars.insight.metrics.asked import Asked
from regulars.insight.metrics.reading.rows import looked_at
from regulars.insight.metrics.reports.telling import (
    LONG_MS,
    QUESTIONS,
    basis_of,
    look_once,
    said_of,
    written,
)
from regulars.records.prepared.read import whole
from regulars.records.prepared.told import read
from regulars.records.prepared.told.types import ReportTold
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.duties import Beside, Turn
from regulars.surfaces.in_words.reports.asking import REPORTS, question
from regulars.surfaces.in_words.reports.telling import TOLD_BY_NIGHT

PATIENCE_S: Final = 900
"""So long a question may take by night; by day nobody waits for more than a minute."""
There = Callable[[], Awaitable[list[tuple[int, timedelta]]]]
"""The programs of an installation, each with how far its clock is ahead."""

log = structlog.get_logger()


class Telling:
    """Tells reports of one installation; whoever holds the worker's lock runs it.

    Keeps: a report whose widest question takes no time is not asked anything else that day, so of
    a café nothing is kept. Each question has a transaction of its own, so none waits for another.
    """

    def __init__(self, database: Database, programs: Programs, long_ms: int = LONG_MS) -> None:
        self._database, self._programs, self._long_ms = database, programs, long_ms

    async def go(self, program_id: int, now: datetime) -> None:
        """Ask what was not asked today by these terms, once the rows have all of yesterday.

        Order: of a sandbox nothing is told, as whoever asks there holds up its clock.
        """
        if await self._database.is_sandbox(program_id):
            return
        terms = await self._programs.terms(program_id)
        here = now.astimezone(terms.at(now).zone)
        began = here.replace(hour=0, minute=0, second=0, microsecond=0)
        asked = question(terms, now, {})
        await look_once()
        basis = basis_of(asked, terms.latest)
        async with self._database.transaction(program_id) as tx:
            if not await whole(tx, began):
                return  # asked again in some minutes
            done = dict(await read.asked_on(tx, asked.today, basis))
        try:
            for name in TOLD_BY_NIGHT:
                await self._tell(program_id, terms, now, name, done)
        except StaleTerms:
            self._programs.forget(program_id)  # somebody publishes; asked again in some minutes

    async def _tell(
        self,
        program_id: int,
        terms: Terms,
        now: datetime,
        name: str,
        done: Mapping[tuple[str, str], int],
    ) -> None:
        today = question(terms, now, {}).today
        for each in QUESTIONS:
            took = done.get((name, each))
            if took is None:
                asked = question(terms, now, said_of(each, today))
                told = await self._told(program_id, terms.latest, name, asked, each)
                async with self._database.transaction(program_id) as tx:
                    await keep_reports(tx, [told])
                took = told.took_ms
            if each == QUESTIONS[0] and took < self._long_ms:
                return

    async def _told(
        self, program_id: int, versions: int, name: str, asked: Asked, each: str
    ) -> ReportTold:
        """What came of a question; one that cannot be counted is not asked again today, and the
        others are told all the same."""
        up_to, text, begun = None, None, perf_counter()
        try:
            async with self._database.transaction(program_id) as tx:
                up_to, begun = await looked_at(tx), perf_counter()
                text = written(await REPORTS[name](tx, asked))
        except StaleTerms:
            raise
        except Exception:
            log.exception("reports.not_told", program_id=program_id, report=name, question=each)
        took = round((perf_counter() - begun) * 1_000)
        return ReportTold(
            report=name,
            question=each,
            day=asked.today,
            basis=basis_of(asked, versions),
            looked_at=up_to,
            took_ms=took,
            told=text if took >= self._long_ms else None,
        )


@asynccontextmanager
async def told_by_night(app_dsn: str, there: There) -> AsyncIterator[Beside]:
    """The duty, with a connection of its own that waits long."""
    database = await Database.connect(app_dsn, size=1, patience_s=PATIENCE_S)
    telling = Telling(database, Programs(database))

    async def turns() -> list[Turn]:
        return [
            Turn(id_, partial(telling.go, id_, database.clock() + ahead))
            for id_, ahead in await there()
        ]

    duty = Beside("reports", timedelta(minutes=10), turns)
    try:
        yield duty
    finally:
        await duty.stop()
        await database.close()
