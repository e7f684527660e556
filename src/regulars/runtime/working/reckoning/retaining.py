"""The duty that goes each night through members of whom nothing was heard for long."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

import structlog

from regulars.base.faults import StaleTerms
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.office.forget_inactive import (
    begin_anew,
    end_retention,
    forget_inactive,
    forget_nobody,
    interrupted,
    notice_inactive,
    silence_of,
)
from regulars.records.access.staff.read import chosen
from regulars.records.members.erasure.notices.read import last_night
from regulars.records.members.erasure.notices.types import Night
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

PORTION: Final = 2_000
"""Members looked at in one transaction."""
AT_ONCE: Final = 20
"""Members erased in one transaction: each of them holds tills for some milliseconds."""
_FIRST: Final = UUID(int=0)
_T = TypeVar("_T")

log = structlog.get_logger()


class Retaining:
    """Goes through the members of one installation; whoever holds the worker's lock runs it.

    Keeps: a night is over when its row is there. Cut off before, it is gone through again: who was
    told is not told twice, who is erased is not erased twice. After nights that were missed
    nobody is erased before they were told anew.
    """

    def __init__(self, database: Database, programs: Programs) -> None:
        self._database = database
        self._programs = programs

    async def go(self, program_id: int, now: datetime) -> None:
        """Go through this night, where nobody did yet and the shop forgets anybody at all."""
        terms = await self._programs.terms(program_id)
        day = now.astimezone(terms.at(now).zone).date()
        async with self._database.transaction(program_id) as tx:
            night, settings = await last_night(tx), await chosen(tx)
        if silence_of(terms, now, settings) is None:
            await self._each(program_id, forget_nobody)
            return
        if interrupted(night, day):
            await self._each(program_id, lambda tx, _: begin_anew(tx, day))
            log.warning("retention.began_anew", program_id=program_id, day=str(day))
            return
        if night is not None and night.day >= day:
            return
        erased = stayed = 0
        while True:
            gone = await self._each(program_id, partial(forget_inactive, most=AT_ONCE))
            erased, stayed = erased + gone.erased, stayed + gone.stayed
            if not gone.looked_at:
                break
        told = await self._tell(program_id)
        over = Night(day, told, erased, stayed)
        await self._each(program_id, lambda tx, _: end_retention(tx, over))
        if told or erased:
            log.info("retention.done", program_id=program_id, told=told, erased=erased)

    async def _tell(self, program_id: int) -> int:
        told, after = 0, _FIRST
        while True:
            tells = partial(notice_inactive, after=after, most=PORTION)
            found = await self._each(program_id, tells)
            told += found.told
            if found.last is None:
                return told
            after = found.last

    async def _each(self, program_id: int, does: Callable[[Tx, Terms], Awaitable[_T]]) -> _T:
        """One transaction, by the terms that hold."""
        while True:
            terms = await self._programs.terms(program_id)
            try:
                async with self._database.transaction(program_id) as tx:
                    return await does(tx, terms)
            except StaleTerms:
                self._programs.forget(program_id)
