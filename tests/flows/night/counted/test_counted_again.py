"""`regulars rebuild` finds what is counted wrongly beforehand, says it, and puts it right."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import asyncpg
import pytest
from tests.flows.night.counted.following import SHOP, follows, kept
from tests.makers import Shop, brings_back, buys

from regulars.flows.commands import Redeem
from regulars.records.activity.types import Line
from regulars.records.members.types import MemberRef
from regulars.records.prepared import read
from regulars.runtime.checking import counting
from regulars.runtime.checking.counting import Recounted, recount
from regulars.runtime.installation.addresses import Addresses

Open = Callable[[str], Shop]
DAMAGE = {
    "a day of a member": ("update member_day set net_minor = 5 where program_id = $1", True),
    "a day is gone": ("delete from points_day where program_id = $1", True),
    "who ordered": ("update member_orders set orders = 9 where program_id = $1", True),
    "a sum of a store": ("update store_day set paid_minor = 1 where program_id = $1", False),
    "a sum of points": ("delete from store_points_day where program_id = $1", False),
    "a gap": ("update order_gap set last = 7 where program_id = $1", False),
    "a cohort": ("update cohort_month set buyers = 7 where program_id = $1", False),
    "the triangle": ("update lot_month set given = given + 3 where program_id = $1", False),
    "categories": ("update category_day set net_minor = 4 where program_id = $1", False),
    "hours": ("delete from hour_month where program_id = $1", False),
}


def again(shop: Shop, *, repair: bool) -> Recounted:
    where = Addresses(owner=shop.made.owner_dsn, app=shop.made.app_dsn)
    all_of = shop.run(recount(where, lambda *_: None, repair=repair))
    return next(one for one in all_of if one.program_id == shop.program_id)


@pytest.fixture
def counted(open_shop: Open) -> Shop:
    return shop_of(open_shop)


def shop_of(open_shop: Open) -> Shop:
    """Two members and somebody unknown, all counted."""
    shop = open_shop(SHOP)
    shop.joined("ada", "ben")
    for n, name in enumerate(("ada", "ben", "ada")):
        line = Line(1_000, quantity=2, category="tea")
        shop.record(buys(MemberRef(external=name), line, receipt=f"r{n}", store="east"))
    shop.record(buys(None, 700, receipt="n"), brings_back("r2", (0, 1), receipt="b"))
    shop.redeem(Redeem(MemberRef(external="ada"), "mug", capture=True))
    follows(shop)
    return shop


def test_what_is_right_is_left_as_it_is(counted: Shop) -> None:
    before = kept(counted)
    assert again(counted, repair=True) == Recounted(counted.program_id, 0, [])
    assert kept(counted) == before


@pytest.mark.in_turns(3)
@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_counted_wrongly_is_found_and_put_right(counted: Shop, damage: str) -> None:
    before = kept(counted)
    sql, of_members = DAMAGE[damage]
    counted.rows(sql)
    spoiled = kept(counted)
    assert spoiled != before
    looked = again(counted, repair=False)
    assert bool(looked.rows) is of_members, looked
    assert looked.rows or looked.sums
    assert kept(counted) == spoiled, "a look changes nothing"
    assert again(counted, repair=True) == looked
    assert kept(counted) == before
    assert again(counted, repair=False) == Recounted(counted.program_id, 0, [])


def test_who_buys_in_between_is_no_difference(counted: Shop) -> None:
    counted.record(buys(MemberRef(external="ada"), 500, receipt="new"))
    assert again(counted, repair=False) == Recounted(counted.program_id, 0, [])


def test_a_shop_that_sells_meanwhile_differs_in_nothing(open_shop: Open) -> None:
    """While anybody's transaction is open rows cannot follow; and a worker follows while hands
    look."""
    shop = shop_of(open_shop)
    right = Recounted(shop.program_id, 0, [])

    async def sells_beside_it() -> None:
        other = await asyncpg.connect(shop.made.owner_dsn)
        try:
            async with other.transaction():
                await other.fetchval("select pg_current_xact_id()::text")
                await asyncio.to_thread(sells)
        finally:
            await other.close()

    def sells() -> None:
        shop.record(buys(MemberRef(external="ben"), 300, receipt="meanwhile"))
        assert again(shop, repair=False) == right

    before = shop.do(lambda tx, _: read.begun(tx))
    asyncio.run(sells_beside_it())
    follows(shop)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read, "begun", lambda _: asyncio.sleep(0, before))
        assert again(shop, repair=False) == right, "hands began before the worker went on"


def test_several_hands_find_in_small_portions_what_one_finds_in_a_large_one(
    open_shop: Open,
) -> None:
    shop = shop_of(open_shop)
    shop.joined("cem", "dia")
    shop.record(*(buys(MemberRef(external=name), 500, receipt=name) for name in ("cem", "dia")))
    follows(shop)
    shop.rows(DAMAGE["a day of a member"][0])
    looked = again(shop, repair=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "EACH", 1)
        assert again(shop, repair=False) == looked
    assert [counting.portion_of(many) for many in (1, 5_000, 1_000_000)] == [2_000, 2_500, 25_000]
