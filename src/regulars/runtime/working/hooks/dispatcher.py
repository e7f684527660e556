"""Sends what one program's hooks want: planned together, sent hook by hook."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, NamedTuple
from uuid import UUID

import structlog

from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.flows.telling.hooks.move_back import move_back
from regulars.flows.telling.hooks.plan_sendings import plan_sendings
from regulars.flows.telling.hooks.retell import Retells, retell_events
from regulars.flows.telling.hooks.settle_sendings import settle_sendings
from regulars.flows.telling.hooks.take_sendings import Taken, take_sendings
from regulars.records.night.sandbox import read as sandbox
from regulars.records.night.sandbox.types import APART
from regulars.records.outbox.hooks.types import SALESFORCE, VENDORS, Hook, Went, secrets_of
from regulars.records.program import read as program
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.hooks.names import Names
from regulars.surfaces.connect.klaviyo.telling import teller
from regulars.surfaces.connect.outlets.salesforce.journals import journal_teller
from regulars.surfaces.senders.brokers.opening import Kept
from regulars.surfaces.senders.brokers.posting import Posts, kept_of
from regulars.surfaces.senders.hooks.courier import AT_ONCE, PATIENCE_S, Asks, Bag, Sends, carry
from regulars.surfaces.senders.outgoing.client import Client
from regulars.surfaces.senders.outgoing.guard import Guard

PLANS_S: Final = 2.0
"""So long one program's events are planned in a row, or moved back for one hook, before another
one has its turn."""
ROUNDS: Final = 50
"""So many rounds to one hook in a row, before it has to queue again."""

log = structlog.get_logger()

Opens = Callable[[], Client]


class Way(NamedTuple):
    """One hook of one program."""

    program_id: int
    hook_id: UUID


class Dispatcher:
    """Plans and sends for one installation; whoever holds the worker's lock runs it."""

    def __init__(
        self,
        database: Database,
        keyed: Keyed,
        opens: Opens,
        retells: Retells | None = None,
        guard: Guard | None = None,
    ) -> None:
        self._database = database
        self._retells = retells
        self._keyed = keyed
        self._opens = opens
        self._clients: dict[Way, Client] = {}
        self._brokers: dict[Way, tuple[Kept, Posts]] = {}
        self._guard = guard or Guard()
        self._slugs: dict[int, str] = {}
        self._programs = Programs(database)

    async def plan(self, program_id: int, *, is_retold: bool = True) -> None:
        """Put what is new on its way; where nobody wants it in other words, that is not asked."""
        until = time.monotonic() + PLANS_S
        if is_retold and self._retells is not None:
            await self._retell(program_id, self._retells, until)
        more = True
        while more and time.monotonic() < until:
            async with self._database.transaction(program_id) as tx:
                more = await plan_sendings(tx)

    async def _retell(self, program_id: int, retells: Retells, until: float) -> None:
        """Have what is new retold; a mistake in it holds up no webhook of our own form."""
        more = True
        try:
            while more and time.monotonic() < until:
                async with self._database.transaction(program_id) as tx:
                    more = await retell_events(tx, retells)
        except Exception:
            log.exception("hooks.not_retold", program_id=program_id)

    async def send(self, way: Way) -> int:
        """Send what is due to one hook, until nothing is or others have waited long enough; how
        many were tried."""
        tried = 0
        for _ in range(ROUNDS):
            taken, sends = await self._take(way)
            if taken is None:
                break
            went = await self._carry(way, taken, sends)
            await self._settle(way, went)
            tried += sum(len(one.tries) for one in went)
            _log(way, went)
        return tried

    async def _settle(self, way: Way, went: list[Went]) -> None:
        """Keep what became of all of it; what cannot be kept costs no other line its outcome."""
        try:
            async with self._database.transaction(way.program_id) as tx:
                await settle_sendings(tx, way.hook_id, went)
        except Exception:
            log.exception("hooks.not_settled", program_id=way.program_id, lines=len(went))
            if len(went) == 1:
                return  # it is sent once more when its lease is over
            for one in went:
                await self._settle(way, [one])

    async def move_back(self, way: Way) -> None:
        """Move back what is to be sent to one hook once more, for some time."""
        until = time.monotonic() + PLANS_S
        more = True
        while more and time.monotonic() < until:
            async with self._database.transaction(way.program_id) as tx:
                more = await move_back(tx, way.hook_id)

    async def close(self, but: frozenset[Way] = frozenset()) -> None:
        """Close connections to receivers, but those of these hooks."""
        for way in [way for way in self._clients if way not in but]:
            await self._clients.pop(way).close()
        for way in [way for way in self._brokers if way not in but]:
            await self._brokers.pop(way)[1].close()

    async def _take(self, way: Way) -> tuple[Taken | None, Sends | None]:
        """What is to be sent, and how, where it is not our own event that is sent."""
        async with self._database.transaction(way.program_id) as tx:
            if way.program_id not in self._slugs:
                self._slugs[way.program_id] = await _source(tx)
            taken = await take_sendings(tx, way.hook_id)
        if taken is None or taken.hook.form not in VENDORS:
            return taken, None
        terms = await self._programs.terms(way.program_id)
        program = terms.versions[-1].program
        async with self._database.transaction(way.program_id) as tx:
            if taken.hook.form == SALESFORCE:
                place = (way.hook_id, taken.lines)
                at = self._database.clock()
                return taken, await journal_teller(tx, self._keyed, program, place, at)
            return taken, await teller(tx, self._keyed, program.currency, taken.lines)

    async def _carry(self, way: Way, taken: Taken, sends: Sends | None) -> list[Went]:
        """Send these, outside of any transaction."""
        client = await self._client(way, taken.hook)
        now = self._database.now(way.program_id)
        bag = Bag(
            taken.hook,
            secrets_of(self._keyed, way.program_id, taken.hook, now),
            self._slugs[way.program_id],
            self._database.clock,
            time.monotonic,
            taken.before,
            sends,
        )
        return await carry(client, bag, taken.lines)

    async def _client(self, way: Way, hook: Hook) -> Asks:
        """What sends to this hook: by HTTP, or to a broker as it is known by now."""
        if hook.entry is None:
            if way not in self._clients:
                self._clients[way] = self._opens()
            return self._clients[way]
        kept = kept_of(way.program_id, hook.url, hook.entry)
        before = self._brokers.get(way)
        if before is not None and before[0] == kept:
            return before[1]
        if before is not None:
            await before[1].close()
        self._brokers[way] = (kept, Posts(self._guard, self._keyed, kept))
        return self._brokers[way][1]


async def _source(tx: Tx) -> str:
    """The name of this program; that of a sandbox stands behind the name of its program."""
    slug, there = await program.slug(tx) or "", await sandbox.own(tx)
    return slug if there is None else f"{slug}{APART}{there.name}"


def opens(guard: Guard) -> Opens:
    """What makes a client for one receiver."""
    return lambda: Client(guard, patience_s=PATIENCE_S, wide=AT_ONCE, resolve=Names())


def _log(way: Way, went: list[Went]) -> None:
    failed = [one.tries[-1] for one in went if one.tries and not one.tries[-1].arrived]
    if failed:
        log.warning(
            "hooks.not_delivered", program_id=way.program_id, hook_id=str(way.hook_id),
            events=len(failed), why=failed[-1].reason,
        )  # fmt: skip
