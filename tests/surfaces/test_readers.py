"""Who only looks takes nothing from the tills, and a web worker knows no owner's address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from msgspec.structs import replace
from tests.surfaces.counter import Counter, buys

from regulars.base.faults import Outage
from regulars.runtime.installation.settings import Settings, read_settings
from regulars.runtime.serving.asgi import MOST_READERS, Readable, given, given_with
from regulars.runtime.storage.database import Database
from regulars.surfaces.app import build
from regulars.surfaces.given import Given
from regulars.surfaces.pages.landing import Landing

APART, TOGETHER = True, False


async def a_till_while_many_look(counter: Counter, apart: bool) -> int | None:
    """The status a till is answered while every connection for looking is held; none: it waits."""
    dsn = counter.shop.made.app_dsn
    clock = counter.shop.database.clock
    database = await Database.connect(dsn, size=2, clock=clock)
    readers = await Database.connect(dsn, size=2, clock=clock)

    async def shown() -> int | None:
        return counter.shop.program_id

    alive = given_with(database, shown, width=1, readers=readers if apart else None)
    try:
        async with AsyncExitStack() as held:
            for _ in range(2):
                await held.enter_async_context(alive.database.transaction(0))
            transport = httpx.ASGITransport(build(alive, later=True))  # type: ignore[arg-type]
            async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
                asked = client.post(
                    "/v1/activities",
                    json=buys("C-apart", 500),
                    headers={"authorization": f"Bearer {counter.key}"},
                )
                try:
                    return (await asyncio.wait_for(asked, 20 if apart else 1)).status_code
                except TimeoutError:
                    return None
    finally:
        await readers.close()
        database.pool.terminate()


def test_a_till_is_answered_while_every_reader_is_busy(counter: Counter) -> None:
    assert counter.shop.run(a_till_while_many_look(counter, APART)) == 201


def test_control_with_one_pool_for_all_the_till_waits(counter: Counter) -> None:
    assert counter.shop.run(a_till_while_many_look(counter, TOGETHER)) is None


def test_too_many_readers_are_told_to_come_again(counter: Counter) -> None:
    readable = Readable(counter.shop.database.pool)
    readable.waiting = MOST_READERS

    async def look() -> None:
        async with readable.transaction(0):
            pass

    with pytest.raises(Outage, match="too many"):
        counter.shop.run(look())
    assert readable.waiting == MOST_READERS


class Counting:
    """A database that counts who looks."""

    def __init__(self, real: Any) -> None:
        self.real, self.looked = real, 0

    @asynccontextmanager
    async def transaction(self, program_id: int) -> AsyncIterator[Any]:
        self.looked += 1
        async with self.real.transaction(program_id) as tx:
            yield tx


def test_of_many_visitors_one_adds_up_the_totals(counter: Counter) -> None:
    counting = Counting(counter.given.database)
    landing = Landing(replace(counter.given, database=counting))

    async def all_at_once() -> list[Any]:
        return await asyncio.gather(*(landing.shown() for _ in range(20)))

    shown = counter.shop.run(all_at_once())
    assert counting.looked == 1
    assert all(one is shown[0] for one in shown)


def test_a_worker_without_the_owner_s_address_shows_the_first_program(
    counter: Counter, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path, database_url=counter.shop.made.app_dsn)
    assert settings.owner_database_url is None

    async def first() -> int | None:
        async with given(settings) as alive:
            return await seen(alive)

    async def seen(alive: Given) -> int | None:
        return await alive.shown_program()

    assert counter.shop.run(first()) == counter.shop.program_id


def test_control_the_application_itself_sees_no_program(counter: Counter) -> None:
    async def ask() -> Any:
        connection = await asyncpg.connect(
            counter.shop.made.app_dsn, server_settings={"regulars.program_id": "0"}
        )
        try:
            return await connection.fetchval("select min(program_id) from program")
        finally:
            await connection.close()

    assert counter.shop.run(ask()) is None


def test_a_web_process_is_not_told_the_owner_s_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_SECRET_DATABASE_OWNER_PASSWORD", "owner-password")
    monkeypatch.setenv("REGULARS_SECRET_DATABASE_APP_PASSWORD", "app-password")
    settings = read_settings(
        {
            "REGULARS_HOME": "/srv/shop",
            "REGULARS_DATABASE_URL": "postgresql://app@db/regulars",
            "REGULARS_OWNER_DATABASE_URL": "postgresql://owner@db/regulars",
        }
    )
    told = settings.as_environment(owner=False)
    for secret in ("owner@db", "owner-password"):
        assert not any(secret in value for value in told.values())
    assert told["REGULARS_SECRET_DATABASE_APP_PASSWORD"] == "app-password"
    web = read_settings(told, owner=False)
    assert (web.database_url, web.owner_database_url) == (settings.database_url, None)
    worker = settings.as_environment()
    assert worker["REGULARS_OWNER_DATABASE_URL"] == settings.owner_database_url
