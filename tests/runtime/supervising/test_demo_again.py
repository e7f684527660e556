"""The demo on another day: what is there already stays as it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import asyncpg
from tests.conftest import Database

from regulars.runtime.examples.demo import prepare_demo
from regulars.runtime.installation.addresses import Addresses
from regulars.runtime.installation.settings import Settings

TOLD = """
select (select count(*) from activity) as visits, (select count(*) from member) as members,
       (select count(*) from redemption) as taken, (select sum(earned) from balance) as earned,
       (select count(*) from program_version) as versions,
       (select count(*) from member where recorded_at > $1::timestamptz) as later
"""


def test_a_start_on_another_day_changes_nothing(
    fresh_database: Database, make_settings: Callable[..., Settings]
) -> None:
    settings, now = make_settings(), datetime(2026, 11, 26, 21, tzinfo=UTC)
    settings.home.mkdir(parents=True)
    where = Addresses(owner=fresh_database.owner_dsn, app=fresh_database.app_dsn)

    async def started(at: datetime) -> tuple[str, tuple[int, ...]]:
        told = await prepare_demo(settings, where, at)
        connection = await asyncpg.connect(fresh_database.owner_dsn)
        try:
            return told["api_key"], tuple(await connection.fetchrow(TOLD, now))
        finally:
            await connection.close()

    first = asyncio.run(started(now))
    assert first[1][0] > 1_000
    assert first[1][2] > 100
    # Whoever is written down after the demo was made is nobody it made up.
    assert first[1][-1] == 0
    assert asyncio.run(started(now + timedelta(days=1))) == first
