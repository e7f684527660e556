"""The demo on another day: what is there already stays as it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
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


LIVED = """
select (select count(*) from referral where state = 'rewarded') > 9 as friends,
       (select count(*) from household h
         where (select count(*) from household_member m
                 where m.household_id = h.household_id) = 4) = 4 as firms,
       (select count(distinct what) from membership_turn) >= 3 as passes,
       (select count(distinct staff_id) from benefit_associate) > 1 as looked_after,
       (select count(distinct kind) from activity where kind in ('nps', 'csat')) = 2 as asked,
       (select array_agg(state order by name) from hook) =
           array['active', 'paused', 'disabled'] as hooks,
       (select count(*) from hook_sending where state = 'delivered') > 20 as heard,
       (select array_agg(distinct state) from arrival) @>
           array['booked', 'passed', 'unfit', 'refused'] as came_in,
       (select count(*) from delivery where state = 'sent') > 20 as told,
       (select count(*) from delivery where state = 'parked') > 0 as came_back,
       (select count(*) from api_key where revoked_at is not null) = 1 as keys
"""


async def _fetched(dsn: str) -> dict[str, bool]:
    connection = await asyncpg.connect(dsn)
    try:
        return dict(await connection.fetchrow(LIVED))
    finally:
        await connection.close()


@pytest.mark.in_turns(2, 1)
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
    asked = asyncio.run(_fetched(fresh_database.owner_dsn))
    assert {name for name, there in asked.items() if not there} == set()
    assert first[1][2] > 100
    # Whoever is written down after the demo was made is nobody it made up.
    assert first[1][-1] == 0
    assert asyncio.run(started(now + timedelta(days=1))) == first
