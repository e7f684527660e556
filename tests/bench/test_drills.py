"""Drills in a row: what is lost is weighed, and by night thirty of them are done."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import asyncpg
import pytest
from bench.field.drills import upgrading
from bench.field.drills.many import Worse, drills, weighed
from bench.field.drills.once import GOAL_LOST_S, Till
from tests.turns import NIGHTLY

WAITING = """
select count(*) from pg_locks where not granted and relation = 'balance'::regclass
"""
DIED = datetime(2026, 3, 2, 12, tzinfo=UTC)


def told(*ages_s: float) -> Till:
    """Receipts 0, 1 … that were acknowledged so many seconds before the kill."""
    return Till([DIED - timedelta(seconds=age) for age in ages_s], [*range(len(ages_s))])


def test_the_oldest_sale_that_is_missing_says_what_was_lost() -> None:
    till = told(90, 70, 20)
    assert weighed(till, {0, 1, 2}, set(), DIED.timestamp())[:3] == (3, 0, 0.0)
    assert weighed(till, {0, 1}, set(), DIED.timestamp())[:3] == (3, 1, 20.0)
    with pytest.raises(Worse, match=r"70\.0 s"):
        weighed(till, {0}, set(), DIED.timestamp())
    with pytest.raises(Worse, match="lives before"):
        weighed(till, {0, 1, 2}, {7}, DIED.timestamp())


@pytest.mark.skipif(not NIGHTLY, reason="takes an hour: REGULARS_TEST_SIZE=nightly")
@pytest.mark.timeout(3 * 3600)
def test_thirty_restore_drills_in_a_row_lose_no_more_than_a_minute(scratch: Path) -> None:
    folder = scratch / "drills"
    folder.mkdir(mode=0o755)
    done = drills(folder, 30, random.Random(), tell=print)
    assert len(done) == 30
    assert max(one.rpo_s for one in done) <= GOAL_LOST_S


def test_a_till_that_waits_during_an_upgrade_is_seen(fresh_database: Any) -> None:
    async def wait() -> tuple[upgrading.Till, float]:
        till = upgrading.Till()
        other = await asyncpg.connect(fresh_database.owner_dsn)
        selling = asyncio.ensure_future(till.sells(fresh_database.owner_dsn))
        while till.served < 2:
            await asyncio.sleep(0.005)
        async with other.transaction():
            await other.execute("lock table balance")
            while not await other.fetchval(WAITING):
                await asyncio.sleep(0.005)
            till.step("before")
            served, since = till.served, perf_counter()
            await asyncio.sleep(0.05)
            assert till.served == served
            held_s = perf_counter() - since
        while till.served == served:
            await asyncio.sleep(0.005)
        till.step("held")
        till.over = True
        await selling
        await other.close()
        return till, held_s

    till, held_s = asyncio.run(wait())
    assert till.by_step["held"] >= held_s, "it was seen to wait before, and served only after"
