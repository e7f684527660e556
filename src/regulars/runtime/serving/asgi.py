"""The web application of a worker: settings, database and gate come to life with it."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, cast

import structlog
from msgspec.structs import replace

from regulars.base.faults import Outage
from regulars.base.keyed import Keyed, key_from
from regulars.runtime.installation.addresses import app_address
from regulars.runtime.installation.secret_files import own_secret
from regulars.runtime.installation.sending import MAILGUN_KEY, SMS_TOKEN
from regulars.runtime.installation.settings import Settings, read_settings
from regulars.runtime.installation.wallets import wallet_keys
from regulars.runtime.observing.traces import TracedDatabase, provider_of, trace_front
from regulars.runtime.observing.watch import gate_and_pool, watched
from regulars.runtime.serving.aside import Aside
from regulars.runtime.serving.gate import LOST, Gate
from regulars.runtime.serving.memory import settle_memory
from regulars.runtime.serving.noting import Noting
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database, Transaction, utc_now
from regulars.runtime.working.senders import USE, channels_of, guard_of, keyed_of, vapid_of
from regulars.surfaces.api.front.asgi import Front
from regulars.surfaces.app import build
from regulars.surfaces.given import Given

ShownProgram = Callable[[], Awaitable[int | None]]

log = structlog.get_logger()

MOST_READERS = 200
"""So many may read or wait to read; each waits milliseconds, so more would only pile up."""
START_S = 30.0
"""How long a worker waits for a database that is not there yet."""
LOOK_FOR_PROGRAM_S = 1.0


@asynccontextmanager
async def given(settings: Settings, provider: Any = None) -> AsyncIterator[Given]:
    """What the surfaces need, alive for as long as the block lasts."""
    where = app_address(settings)
    database = await _connected(where, settings.pool)
    readers = await _connected(where, settings.readers)
    if provider is not None:
        database = TracedDatabase(database, provider)
    # One connection stays free for keys and programs while every other one carries a batch.
    with_gate = given_with(
        database,
        FirstProgram(Readable(readers.pool)),
        width=max(1, settings.pool - 1),
        readers=readers,
        keyed=keyed_of(settings),
        channels=channels_of(settings),
    )
    noting = Noting(cast(Database, with_gate.database))
    with_gate = replace(
        with_gate,
        push_key=vapid_of(settings).public,
        public_url=settings.public_url or settings.base_url,
        wallets=wallet_keys(settings),
        uploads=settings.uploads,
        proxies=settings.proxies,
        receivers=guard_of(settings),
        feeds=settings.feeds_folder,
        extracts=settings.extracts_folder,
        mailgun_key=own_secret(settings, MAILGUN_KEY),
        sms_token=own_secret(settings, SMS_TOKEN),
        noted=noting.note if settings.request_days else None,
    )
    try:
        yield with_gate
    finally:
        await with_gate.gate.drain()
        await noting.stop()
        await readers.close()
        await database.close()


def given_with(
    database: Database,
    shown_program: ShownProgram,
    width: int,
    readers: Database | None = None,
    *,
    keyed: Keyed | None = None,
    channels: frozenset[str] = frozenset(),
) -> Given:
    """The parts of a worker around a database, with its clock.

    Order: who only looks has connections of their own, so that however many look, a till that
    writes finds its key, its program and a connection. Without a key there is one for as long as
    this process lives.
    """
    front = Readable(database.pool, database.clock, database.ids, database.ahead)
    aside = Aside()
    programs = Programs(front, aside)
    return Given(
        gate=Gate(database, programs, width=width),
        front=front,
        database=Readable((readers or database).pool, database.clock, database.ids, database.ahead),
        programs=programs,
        now=database.now,
        ticks=time.monotonic,
        random_bytes=os.urandom,
        report=lambda path, error: log.error("request.failed", path=path, exc_info=error),
        shown_program=shown_program,
        aside=aside,
        keyed=keyed or key_from(os.urandom(32), USE),
        channels=channels,
    )


class Readable(Database):
    """A database that says so when it is away, in the word everybody knows.

    The gate has the plain one: it knows better than to give up at once.
    """

    waiting = 0

    @asynccontextmanager
    async def transaction(self, program_id: int) -> AsyncIterator[Transaction]:
        """One transaction of this program. Faults: Outage when too many wait, or none answers."""
        if self.waiting >= MOST_READERS:
            raise Outage("too many are looking at once; try again in a moment")
        self.waiting += 1
        try:
            async with super().transaction(program_id) as tx:
                yield tx
        except LOST as error:
            raise Outage("the database is away; try again in a moment", 2) from error
        finally:
            self.waiting -= 1


class FirstProgram:
    """The program that was founded first: the one the landing page shows.

    The application sees no programs side by side; the database tells it this one number. It is
    asked again each second, as a demo that starts for real gets another number.
    """

    def __init__(self, database: Readable) -> None:
        self._database = database
        self._found: int | None = None
        self._look_at = 0.0

    async def __call__(self) -> int | None:
        if time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + LOOK_FOR_PROGRAM_S
            async with self._database.transaction(0) as tx:
                self._found = (await tx.fetch("select first_program() as first"))[0]["first"]
        return self._found


async def _connected(dsn: str, size: int) -> Database:
    give_up_at = time.monotonic() + START_S
    while True:
        try:
            return await Database.connect(dsn, size=size, clock=utc_now)
        except LOST:
            if time.monotonic() > give_up_at:
                raise
            await asyncio.sleep(0.2)


class LivingApp:
    """The application, built when the server says that it lives.

    By ASGI; our own server looks at `front` as well and answers the API from there (`wire.py`).
    """

    def __init__(self) -> None:
        self.front: Front | None = None
        self._alive = AsyncExitStack()

    async def start(self) -> None:
        """Come to life: settings, database, gate."""
        settings = read_settings(owner=False)
        provider = provider_of(settings)
        try:
            alive = await self._alive.enter_async_context(given(settings, provider))
            self.front = front = self.house(alive, settings)
            if provider is not None:
                self._alive.callback(provider.shutdown)
                trace_front(front, provider)
            fill = gate_and_pool(cast(Gate, alive.gate), cast(Database, alive.database))
            await self._alive.enter_async_context(watched(settings, front, fill))
        except Exception:
            log.exception("web.could_not_live")
            raise
        settle_memory()

    def house(self, alive: Given, settings: Settings) -> Front:
        """Everything that answers on the port."""
        return build(alive)

    async def stop(self) -> None:
        """Finish what is under way, and let go of the database."""
        await self._alive.aclose()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            assert self.front is not None, "the server asks before it said that it lives"
            await self.front(scope, receive, send)
            return
        await receive()
        try:
            await self.start()
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})


app = LivingApp()
