"""Damage to what is kept beside the books is found, shown and mended, and nothing else is."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
import structlog
from tests.books import assert_books_right, look_at_books
from tests.insight.verify.planting import one

from regulars.insight.rebuild import CACHES
from regulars.insight.rebuild.compare import BUDGETS, COUNTERS
from regulars.runtime.checking.rebuild import rebuild
from regulars.runtime.embedded import Cluster
from regulars.runtime.problems import SetupProblem

DAMAGE = {
    "a balance is raised": (
        f"update balance set available = available + 7 where {one('balance', 'available > 0')}",
        "balances",
    ),
    "balances are deleted": ("delete from balance where wallet = 1", "balances", "earned"),
    "held points are forgotten": ("update balance set held = 0 where held > 0", "balances"),
    "a debt is forgiven quietly": ("update balance set debt = 0 where debt > 0", "balances"),
    "lifetime figures are lost": ("update balance set earned = 0 where earned > 0", "earned"),
    "more remains of lots": ("update lot set remaining = amount where state = 'open'", "lots"),
    "pins are forgotten": ("update lot set pinned = 0 where pinned > 0", "lots"),
    "lots are pinned that nobody holds": (
        "update lot set pinned = remaining where remaining > 0 and pinned = 0 and state = 'open'",
        "lots",
    ),
    "lots that are spent come back, pinned": (
        "update lot set remaining = amount, pinned = amount where remaining = 0 and state = 'open'",
        "lots",
    ),
    "what waits can be spent": (
        "update lot set state = 'open' where state = 'pending' and remaining > 0",
        "lot states",
    ),
    "what was cancelled waits": (
        "update lot set state = 'pending' where state = 'cancelled'",
        "lot states",
    ),
    "budgets are emptied": ("update budget set used = 0 where used > 0", BUDGETS),
    "budgets are gone": ("delete from budget", BUDGETS),
    "nobody knows what a milestone gave": (
        """update counter c set value = value + 7 from program_code k
            where k.program_id = c.program_id and k.kind = 'counter' and k.code = c.counter
              and k.name like 'milestone-given:%'""",
        COUNTERS,
    ),
    "nobody is listed who climbs by waiting": ("delete from tier_clock", "tier clocks"),
    "who climbs by waiting is looked at too late": (
        "update tier_clock set look_at = look_at + interval '1 day'",
        "tier clocks",
    ),
    "a tier is taken away": (
        "update standing set tier = null, tier_until = null where tier is not null",
        "tiers",
    ),
    "a tier is given": (
        "update standing set tier = 'gold' where tier <> 'gold'",
        "tiers",
    ),
    "a tier has no end": (
        "update standing set tier_until = '2999-01-01' where tier is not null",
        "tiers",
    ),
    "standings are lost": (f"delete from standing where {one('standing')}", "standings"),
    "an order begins anew": ("update standing set version = 0", "standings"),
    "counters are emptied": (
        """update counter c set value = 0 from program_code k
            where k.program_id = c.program_id and k.kind = 'counter' and k.code = c.counter
              and k.name not like 'remainder:%' and k.name not like 'transfer:%'
              and value <> 0""",
        COUNTERS,
        "reward counters",
        "benefit counters",
    ),
    "counters are deleted": (
        """delete from counter c using program_code k
            where k.program_id = c.program_id and k.kind = 'counter' and k.code = c.counter
              and k.name not like 'remainder:%'""",
        COUNTERS,
        "reward counters",
        "benefit counters",
    ),
    "the shelf is miscounted": ("update reward_stock set remaining = remaining + 3", "stock"),
    "the shelf is gone": ("delete from reward_stock", "stock"),
    "a last activity is forgotten": (
        "update balance set last_qualifying_at = null where last_qualifying_at is not null",
        "activity",
    ),
    "what members did is forgotten": (
        """delete from deed where activity_id in (select deed_id from prize
                                                   where undone_at is null)""",
        "deeds",
    ),
    "nobody is listed who left points alone": ("delete from idle_clock", "idle clocks"),
    "a number leads nowhere": ("delete from identifier where kind = 'number'", "numbers"),
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(year: Any) -> Any:
    """A database in which two programs lived through a year."""
    return year


@pytest.fixture(scope="module")
def plant(shop: Any, cluster: Cluster) -> Any:
    """Runs damage past everything that would prevent it."""

    async def run(sql: str) -> str:
        connection = await asyncpg.connect(cluster.dsn("postgres", shop.name))
        try:
            async with connection.transaction():
                await connection.execute("set local session_replication_role = replica")
                return str(await connection.execute(sql))
        finally:
            await connection.close()

    return lambda sql: asyncio.run(run(sql))


async def everything(dsn: str) -> dict[str, Any]:
    """All rows of all caches."""
    connection = await asyncpg.connect(dsn)
    try:
        asked = {
            table: f"select md5(string_agg(t::text, '|' order by t::text)) from {table} t"
            for table in sorted({cache.table for cache in CACHES} - {"identifier"})
        }
        return {table: await connection.fetchval(sql) for table, sql in asked.items()}
    finally:
        await connection.close()


@pytest.fixture
def healthy(shop: Any) -> Iterator[dict[str, Any]]:
    """The caches as the flows wrote them, and right again after the test."""
    before = asyncio.run(everything(shop.owner_dsn))
    yield before
    asyncio.run(assert_books_right(shop.owner_dsn))


def test_in_right_books_nothing_differs(shop: Any, healthy: dict[str, Any]) -> None:
    rebuilt = asyncio.run(rebuild(shop.owner_dsn, repair=True))
    assert (rebuilt.differences, rebuilt.mended) == ([], 0)
    assert asyncio.run(everything(shop.owner_dsn)) == healthy


@pytest.mark.in_turns(3)
@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found_and_mended_to_what_it_was(
    damage: str, shop: Any, plant: Any, healthy: dict[str, Any]
) -> None:
    sql, *caches = DAMAGE[damage]
    assert not plant(sql).endswith(" 0"), "the damage must hit something"
    assert not asyncio.run(look_at_books(shop.owner_dsn)).right
    damaged = asyncio.run(everything(shop.owner_dsn))
    looked = asyncio.run(rebuild(shop.owner_dsn, repair=False))
    assert {one.cache for one in looked.differences} == set(caches)
    assert asyncio.run(everything(shop.owner_dsn)) == damaged, "a look changes nothing"
    mended = asyncio.run(rebuild(shop.owner_dsn, repair=True))
    assert mended.mended >= len(looked.differences)
    if damage not in EQUIVALENT:
        assert asyncio.run(everything(shop.owner_dsn)) == healthy


EQUIVALENT = {
    "an order begins anew",
    "standings are lost",
    "a tier is given",
    "counters are deleted",
    "balances are deleted",
    "nobody is listed who left points alone",
}
"""Mended to something as good: a version not behind its events, a counter or balance of
nothing left out, a look at the next night that finds nothing yet."""


def test_every_cache_has_damage_that_it_mends() -> None:
    mended = {cache for _, *caches in DAMAGE.values() for cache in caches}
    assert mended == {COUNTERS, BUDGETS, *(cache.name for cache in CACHES)}


def test_each_mended_row_is_on_record(shop: Any, plant: Any, healthy: dict[str, Any]) -> None:
    plant("insert into richness_reach select program_id, 1, 1, 1 from program")
    plant("update balance set available = available + 1 where available > 0")
    asyncio.run(rebuild(shop.owner_dsn, repair=True))
    assert plant("delete from richness_reach") == "DELETE 0", "all are listed anew"
    plant("update balance set earned = earned + 1 where earned > 0")
    with structlog.testing.capture_logs() as lines:
        mended = asyncio.run(rebuild(shop.owner_dsn, repair=True)).mended
    assert mended > 3
    assert len(lines) == mended
    assert {line["event"] for line in lines} == {"rebuild.mended"}
    assert all(line["by"] and line["row"]["member_id"] for line in lines)


def test_books_that_are_wrong_themselves_are_left_alone(
    shop: Any, plant: Any, healthy: dict[str, Any]
) -> None:
    spoilt = one("posting", "account = 1 and amount > 0")
    plant(f"update posting set amount = amount - 1000000 where {spoilt}")
    try:
        with pytest.raises(SetupProblem, match="The books themselves are wrong"):
            asyncio.run(rebuild(shop.owner_dsn, repair=True))
        assert asyncio.run(everything(shop.owner_dsn)) == healthy
    finally:
        plant("update posting set amount = amount + 1000000 where amount < -900000")


def test_a_till_in_the_middle_of_a_sale_is_waited_for(
    shop: Any, plant: Any, healthy: dict[str, Any]
) -> None:
    plant("update balance set available = available + 5 where wallet = 1")

    async def race() -> int:
        till = await asyncpg.connect(shop.owner_dsn)
        sale = till.transaction()
        await sale.start()
        await till.execute("select from standing order by program_id, member_id for update")
        mending = asyncio.ensure_future(rebuild(shop.owner_dsn, repair=True))
        await asyncio.sleep(0.5)
        waited = not mending.done()
        await sale.rollback()
        await till.close()
        assert waited
        return (await mending).mended

    assert asyncio.run(race()) > 0


def typed(shop: Any, home: Any, *words: str) -> subprocess.CompletedProcess[str]:
    """The verb in a process of its own, since it decides where log lines go."""
    environment = os.environ | {
        "REGULARS_HOME": str(home),
        "REGULARS_DATABASE_URL": shop.app_dsn,
        "REGULARS_OWNER_DATABASE_URL": shop.owner_dsn,
    }
    return subprocess.run(
        [sys.executable, "-m", "regulars", "rebuild", *words],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_verb_shows_and_mends(
    shop: Any, plant: Any, healthy: dict[str, Any], tmp_path: Any
) -> None:
    plant("update reward_stock set remaining = remaining + 3")
    looked = typed(shop, tmp_path)
    assert looked.returncode == 1
    assert "remaining_should=" in looked.stdout
    assert "--repair" in looked.stdout
    mended = typed(shop, tmp_path, "--repair")
    assert (mended.returncode, "mended" in mended.stdout) == (0, True)
    assert '"event": "rebuild.mended"' in mended.stderr
    assert "Everything is what the books come to." in typed(shop, tmp_path).stdout
