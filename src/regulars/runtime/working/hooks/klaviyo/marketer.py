"""Asks Klaviyo what changed there, and tells it of everybody, for one program after the other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from msgspec.structs import replace

from regulars.base.keyed import Keyed
from regulars.flows.telling.hooks.klaviyo.move_on import keep_link, keep_page, walk_failed, walked
from regulars.records.members.erasure import read as erasures
from regulars.records.outbox.klaviyo import read
from regulars.records.outbox.klaviyo.bulk import as_kept, bulk_of, done
from regulars.records.outbox.klaviyo.types import Klaviyo, failed
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.surfaces.connect.catching.asking import NotTold, Send
from regulars.surfaces.connect.klaviyo.asking import account_of
from regulars.surfaces.connect.klaviyo.hearing import heard
from regulars.surfaces.connect.klaviyo.jobs import BULK, BULK_FROM, begin_job, not_taken, stands
from regulars.surfaces.connect.klaviyo.telling import People, people
from regulars.surfaces.connect.klaviyo.walking import (
    MOST,
    forget_erased,
    tell_everybody,
    tell_singly,
    tell_words,
)

UNKNOWN_PAGE: Final = "it answers 400"
TURN_S: Final = 20.0
"""So long one program is asked or told page after page, before another one has its turn."""
PORTION_S: Final = 60.0
"""So long one portion of everybody may take; then the account is left alone for a while."""

ASKS_EVERY: Final = timedelta(seconds=5)
LONGEST_JOB: Final = timedelta(hours=6)
"""A job that is not over by then is begun anew, and said not to be there."""
"""How often it is asked whether a job is done."""
_SLOW: Final = "it takes too long to answer"
_GONE: Final = "its job is not there any more, and is begun anew"

log = structlog.get_logger()


class Marketer:
    """Asks and tells for one installation. Of two that do so at once, one moves on."""

    def __init__(self, database: Database, programs: Programs, keyed: Keyed, send: Send) -> None:
        self._database, self._programs = database, programs
        self._keyed, self._send = keyed, send

    async def go(self, program_id: int) -> None:
        """Ask what changed there first: so nobody is told of who said no meanwhile."""
        await self._hear(program_id)
        await self._walk(program_id)

    async def _hear(self, program_id: int) -> None:
        until = time.monotonic() + TURN_S
        link = await self._link(program_id)
        while link is not None and link.next_at <= self._database.now(program_id):
            try:
                account = account_of(self._keyed, program_id, link)
                page = await heard(self._send, account, link)
            except NotTold as why:
                await self._not_heard(program_id, link, why)
                return
            terms = await self._programs.terms(program_id)
            async with self._database.transaction(program_id) as tx:
                link = await keep_page(tx, terms, link, page)
            if link is None or not link.page or time.monotonic() >= until:
                return

    async def _walk(self, program_id: int) -> None:
        until = time.monotonic() + TURN_S
        link = await self._link(program_id)
        while link is not None and self._walks(program_id, link):
            terms = await self._programs.terms(program_id)
            currency = terms.versions[-1].program.currency
            try:
                after = await self._portion(program_id, link, currency)
            except NotTold as why:
                log.warning("klaviyo.not_told", program_id=program_id, why=why.why)
                now = self._database.now(program_id)
                after = walk_failed(link, why.why, now, why.wait_s)
            async with self._database.transaction(program_id) as tx:
                link = await keep_link(tx, after)
            if time.monotonic() >= until:
                return

    async def _portion(self, program_id: int, link: Klaviyo, currency: str) -> Klaviyo:
        """Tell of some more, by a job where they are many; how far it is after that.

        Raises: NotTold.
        """
        now = self._database.now(program_id)
        bulk = bulk_of(link.bulk)
        account = account_of(self._keyed, program_id, link)
        how = await stands(self._send, account, bulk.job) if bulk.job else "done"
        if how == "going" and bulk.since is not None and now - bulk.since > LONGEST_JOB:
            how = "gone"
        if how == "going":
            return replace(link, walk_at=now + ASKS_EVERY, version=link.version + 1)
        if how == "gone":
            link = replace(link, bulk=as_kept(replace(bulk, job="", to=None, of=0)))
            return walk_failed(link, _GONE, now, 0)
        async with self._database.transaction(program_id) as tx:
            most = BULK if bulk.to is None else 2 * BULK  # who came under these ids meanwhile
            some = await read.next_members(tx, link.walked_past, most)
            if bulk.to is not None:
                some = [who for who in some if who <= bulk.to]
            known = await people(tx, self._keyed, link, currency, some)
        if bulk.job:
            return await self._ended(program_id, link, known, some)
        many = [known.members[who] for who in some if who in known.members]
        many = [one for one in many if one.reachable]
        if len(many) >= BULK_FROM:
            job, told = await begin_job(self._send, known, many)
            to = some[-1] if told == len(many) else many[told - 1].member_id
            begun = replace(bulk, job=job, to=to, of=told, since=now)
            at = now + ASKS_EVERY
            return replace(link, bulk=as_kept(begun), walk_at=at, version=link.version + 1)
        some = some[:MOST]
        near = {who: known.members[who] for who in some if who in known.members}
        known = replace(known, members=near)
        await self._tell(program_id, link, known, some)
        return walked(link, some, MOST, now)

    async def _ended(
        self, program_id: int, link: Klaviyo, known: People, some: Sequence[UUID]
    ) -> Klaviyo:
        """A job is done: what it did not take is told singly, then what each agreed to.

        Keeps: cut off anywhere, all of it is done once more without harm. Raises: NotTold.
        """
        bulk = bulk_of(link.bulk)
        try:
            async with asyncio.timeout(PORTION_S):
                refused = await not_taken(self._send, known.account, bulk.job)
                missed = await tell_singly(self._send, known, refused)
                if link.walk_yes:
                    await tell_words(self._send, known)
                async with self._database.transaction(program_id) as tx:
                    gone = await erasures.erased(tx, some)
                await forget_erased(self._send, known.account, gone)
        except TimeoutError:
            raise NotTold(_SLOW) from None
        after = walked(link, some, len(some), self._database.now(program_id))
        return replace(after, walked_past=bulk.to, bulk=as_kept(done(bulk, missed)))

    async def _tell(
        self, program_id: int, link: Klaviyo, known: People, some: Sequence[UUID]
    ) -> None:
        """A portion is told of; whoever was erased before its end is to be forgotten after it.

        Keeps: a portion that breaks off is begun anew with the same members, erased or not.
        Raises: NotTold.
        """
        try:
            async with asyncio.timeout(PORTION_S):
                await tell_everybody(self._send, known, with_consents=link.walk_yes)
                async with self._database.transaction(program_id) as tx:
                    gone = await erasures.erased(tx, some)
                await forget_erased(self._send, known.account, gone)
        except TimeoutError:
            raise NotTold(_SLOW) from None

    def _walks(self, program_id: int, link: Klaviyo) -> bool:
        return link.walk_at is not None and link.walk_at <= self._database.now(program_id)

    async def _link(self, program_id: int) -> Klaviyo | None:
        async with self._database.transaction(program_id) as tx:
            return await read.link(tx)

    async def _not_heard(self, program_id: int, link: Klaviyo, why: NotTold) -> None:
        if not why.wait_s:
            log.warning("klaviyo.not_asked", program_id=program_id, why=why.why)
        now = self._database.now(program_id)
        async with self._database.transaction(program_id) as tx:
            anew = why.why == UNKNOWN_PAGE
            await keep_link(tx, failed(link, why.why, now, why.wait_s, anew=anew))
