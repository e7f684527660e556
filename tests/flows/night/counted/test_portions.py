"""Everybody is folded anew by several hands, and however it ends nothing is counted twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.flows.night.counted.following import SHOP, follows, kept
from tests.flows.night.counted.test_any_history import Year
from tests.makers import Shop

from regulars.base.alone import Alone
from regulars.flows.membership.office.prepare_rows import count_anew, prepare_rows
from regulars.records.prepared import read
from regulars.records.prepared.types import ALL_OF_NOBODY, EVERYBODY, Portion
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.reckoning.portions import Portions, Watch, size_of

Open = Callable[[str], Shop]


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    """Some months of a shop, counted; the next round folds everybody anew."""
    shop = open_shop(SHOP)
    year = Year(shop, 3)
    for _ in range(50):
        year.one()
    for _ in range(3):
        year.nobody()
        shop.now += timedelta(hours=1)
    follows(shop)
    return shop


async def by_hands(shop: Shop, watch: Watch, hands: int = 3) -> bool:
    database = await Database.connect(shop.made.app_dsn, size=hands + 2)
    try:
        async with shop.transaction() as tx:
            terms = await Programs(database).terms(shop.program_id)
            await prepare_rows(tx, terms, 1)
        return await Portions(database, shop.program_id, terms).fold(watch, hands, members=1)
    finally:
        await database.close()


def begins_anew(shop: Shop) -> None:
    async def anew(tx: Any, _terms: Any) -> int:
        await count_anew(tx)
        return 0

    shop.do(anew)


@pytest.mark.parametrize(
    ("everybody", "each"),
    [
        (0, 10_000),
        (400_000, 10_000),
        (400_001, 10_001),
        (1_000_000, 25_000),
        (10_000_000, 50_000),
    ],
)
def test_of_very_many_portions_are_larger(everybody: int, each: int) -> None:
    assert size_of(everybody) == each


def test_the_size_of_a_portion_is_that_for_all_members(shop: Shop) -> None:
    async def asked() -> int:
        database = await Database.connect(shop.made.app_dsn, size=1)
        try:
            terms = await Programs(database).terms(shop.program_id)
            return await Portions(database, shop.program_id, terms).size()
        finally:
            await database.close()

    assert shop.run(asked()) == 10_000


@pytest.mark.parametrize("empty", [False, True])
def test_many_hands_come_to_the_same(shop: Shop, empty: bool) -> None:
    before = kept(shop)
    begins_anew(shop)
    if empty:
        for table in ("member_day", "points_day", "member_orders", "store_day", "store_points_day",
                      "cohort_month", "order_gap"):  # fmt: skip
            shop.rows(f"delete from {table} where program_id = $1")
    done: list[Portion] = []
    assert shop.run(by_hands(shop, done.append))
    assert kept(shop) == before
    assert [one.after_id for one in done] == sorted(one.after_id for one in done)
    assert done[-1].upto_id == EVERYBODY
    assert sum(one.after_id < ALL_OF_NOBODY for one in done) >= 1
    assert follows(shop) == before


def test_who_is_stopped_midway_leaves_whole_portions(shop: Shop) -> None:
    before = kept(shop)
    begins_anew(shop)
    seen: list[Portion] = []

    def stops(some: Portion) -> None:
        seen.append(some)
        if len(seen) == 4:
            raise KeyError("stopped")

    with pytest.raises(ExceptionGroup):
        shop.run(by_hands(shop, stops))
    (reached,) = shop.rows("select after_id from prepared_reach where program_id = $1")[0]
    assert reached is not None
    assert reached >= seen[-1].upto_id
    assert follows(shop, most=1) == before


def test_whoever_follows_leaves_it_to_the_hands(shop: Shop) -> None:
    begins_anew(shop)

    async def meanwhile() -> tuple[int, bool]:
        database = await Database.connect(shop.made.app_dsn, size=4)
        terms = await Programs(database).terms(shop.program_id)
        async with database.transaction(shop.program_id) as tx:
            await prepare_rows(tx, terms, 1)
        async with database.pool.acquire() as other:
            lock = f"select pg_advisory_lock({Alone.PREPARING.value}, $1::int)"
            await other.fetchval(lock, shop.program_id)
            async with database.transaction(shop.program_id) as tx:
                more = await prepare_rows(tx, terms, 1)
                there = await read.begun(tx)
            hands = await Portions(database, shop.program_id, terms).fold(lambda _: None)
            await other.fetchval(lock.replace("_lock", "_unlock"), shop.program_id)
        await database.close()
        assert there is not None
        assert there.after_id is not None
        return more, hands

    assert shop.run(meanwhile()) == (0, False)
    follows(shop)
