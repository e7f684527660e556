"""The duty that asks the usual questions of reports by night, where they take long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from time import perf_counter

import structlog

from regulars.base.faults import StaleTerms
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.office.keep_reports import keep_reports
from regulars.insight.metrics.reading.rows import looked_at
from regulars.insight.metrics.reports.telling import LONG_MS, QUESTIONS, basis_of, said_of, written
from regulars.records.prepared.read import whole
from regulars.records.prepared.told import read
from regulars.records.prepared.told.types import ReportTold
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.surfaces.in_words.reports.asking import REPORTS, question
from regulars.surfaces.in_words.reports.telling import TOLD_BY_NIGHT

log = structlog.get_logger()


class Telling:
    """Tells reports of one installation; whoever holds the worker's lock runs it.

    Keeps: a report whose widest question takes no time is not asked anything else that day, so of
    a café nothing is kept. Each question has a transaction of its own, so none waits for another.
    """

    def __init__(self, database: Database, programs: Programs, long_ms: int = LONG_MS) -> None:
        self._database, self._programs, self._long_ms = database, programs, long_ms

    async def go(self, program_id: int, now: datetime) -> None:
        """Ask what was not asked today by these terms, once the rows have all of yesterday."""
        terms = await self._programs.terms(program_id)
        here = now.astimezone(terms.at(now).zone)
        began = here.replace(hour=0, minute=0, second=0, microsecond=0)
        asked = question(terms, now, {})
        basis = basis_of(asked, len(terms.versions))
        async with self._database.transaction(program_id) as tx:
            if not await whole(tx, began):
                return  # asked again in some minutes
            done = dict(await read.asked_on(tx, asked.today, basis))
        for name in TOLD_BY_NIGHT:
            try:
                await self._tell(program_id, terms, now, name, done)
            except StaleTerms:
                self._programs.forget(program_id)  # somebody publishes; asked again in some minutes
                return
            except Exception:
                # The others are told all the same; this one is counted whenever somebody looks.
                log.exception("reports.not_told", program_id=program_id, report=name)

    async def _tell(
        self,
        program_id: int,
        terms: Terms,
        now: datetime,
        name: str,
        done: Mapping[tuple[str, str], int],
    ) -> None:
        for each in QUESTIONS:
            took = done.get((name, each))
            if took is None:
                async with self._database.transaction(program_id) as tx:
                    told = await self._told(tx, terms, now, name, each)
                    await keep_reports(tx, [told])
                took = told.took_ms
            if each == QUESTIONS[0] and took < self._long_ms:
                return

    async def _told(self, tx: Tx, terms: Terms, now: datetime, name: str, each: str) -> ReportTold:
        asked = question(terms, now, said_of(each, question(terms, now, {}).today))
        up_to = await looked_at(tx)
        begun = perf_counter()
        found = await REPORTS[name](tx, asked)
        took = round((perf_counter() - begun) * 1_000)
        return ReportTold(
            report=name,
            question=each,
            day=asked.today,
            basis=basis_of(asked, len(terms.versions)),
            looked_at=up_to,
            took_ms=took,
            told=written(found) if took >= self._long_ms else None,
        )
