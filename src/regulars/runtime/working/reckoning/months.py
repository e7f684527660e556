"""The duty that keeps each month on one page, and sends it to whoever of the staff asks."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
import structlog

from regulars.base.faults import StaleTerms
from regulars.base.keyed import Keyed
from regulars.flows.telling.send_months import (
    Handed,
    MonthParcel,
    keep_month,
    settle_month_letter,
    take_month_letter,
)
from regulars.insight.metrics.monthly.reading import months as ended
from regulars.insight.metrics.spans import begins, months_on
from regulars.records.outbox.months.read import is_kept
from regulars.records.outbox.months.types import Page
from regulars.records.prepared.read import whole
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.surfaces.in_words.monthly.asking import told_in
from regulars.surfaces.in_words.monthly.letter import letter_with
from regulars.surfaces.in_words.monthly.told import Told
from regulars.surfaces.senders.types import Said, Sender
from regulars.surfaces.ui.reader import Reader
from regulars.surfaces.ui.words import LANGUAGES

MOST: Final = 200
"""Letters of one round, before another program has its turn."""

log = structlog.get_logger()


class Months:
    """Keeps and sends months of one installation; whoever holds the worker's lock runs it.

    Keeps: a month is told once the prepared rows have all of it, and only the one that ended last:
    who begins with ten years of history gets one letter and not a hundred and twenty.
    """

    def __init__(
        self, database: Database, programs: Programs, sender: Sender | None, keyed: Keyed, url: str
    ) -> None:
        self._database, self._programs = database, programs
        self._sender, self._keyed, self._url = sender, keyed, url

    async def go(self, program_id: int, now: datetime) -> None:
        """Keep the month that ended last, where nobody did yet, and send what is due."""
        sender = None if await self._database.is_sandbox(program_id) else self._sender
        await self._keep(program_id, now, sends=sender is not None)
        for _ in range(MOST if sender else 0):
            async with self._database.transaction(program_id) as tx:
                parcel = await take_month_letter(tx, self._keyed)
            if parcel is None:
                return
            said = await self._hand_over(sender, parcel)  # type: ignore[arg-type]
            handed = Handed(said.outcome, said.reason, said.back == "hard", said.unsure)
            async with self._database.transaction(program_id) as tx:
                await settle_month_letter(tx, parcel, handed)
            if said.outcome != "sent":
                log.warning("months.not_sent", program_id=program_id, outcome=said.outcome,
                            letter_id=str(parcel.letter.letter_id))  # fmt: skip
            if said.away:
                return

    async def _keep(self, program_id: int, now: datetime, *, sends: bool) -> None:
        terms = await self._programs.terms(program_id)
        here = now.astimezone(terms.at(now).zone)
        this = begins(here.date(), "month")
        month = months_on(this, -1)
        began = here.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        readers = [Reader(language, terms.at(now).program.zone) for language in LANGUAGES]
        try:
            async with self._database.transaction(program_id) as tx:
                if await is_kept(tx, month) or not await whole(tx, began):
                    return
                if month not in await ended(tx, here.date()):
                    return  # nobody had bought anything by then
                told = await told_in(tx, terms, now, month.isoformat()[:7], readers)
                pages = [
                    Page(month, one.language, msgspec.to_builtins(one), tx.now) for one in told
                ]
                await keep_month(tx, month, pages, sends=sends)
        except StaleTerms:
            self._programs.forget(program_id)  # somebody publishes; asked again in some minutes

    async def _hand_over(self, sender: Sender, parcel: MonthParcel) -> Said:
        try:
            told = msgspec.convert(parcel.page.told, Told)
            whom = parcel.letter.letter_id.hex, parcel.to
            letter = await letter_with(told, parcel.page.made_at, whom, self._url)
            (said,) = await sender.send([letter])
        except Exception as bug:
            # Its own mistake stops no other letter; it is tried as often as any, then shown.
            log.exception("months.not_written", letter_id=str(parcel.letter.letter_id))
            return Said("later", f"it could not be written: {type(bug).__name__}")
        return said
