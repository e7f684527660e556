"""What is pending waits on when two become one, and goes back when they part."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import BOSS, member_id, merge, unmerge
from tests.flows.test_pending import JOURNEYS
from tests.makers import Shop, buys, by

from regulars.base.faults import Refused
from regulars.flows.commands import Confirm
from regulars.flows.points.commands import ExtendLot
from regulars.flows.points.show_courtesy import extend_lots
from regulars.flows.recording.confirm_activities import confirm_activities
from regulars.records.activity.types import SaleRef


@pytest.fixture
def shop(open_shop: Callable[[str], Shop]) -> Shop:
    """Ada bought for 40, Ben for nothing."""
    shop = open_shop(JOURNEYS)
    shop.joined("ada", "ben")
    shop.record(buys(by(external="ada"), 4000, receipt="r1"))
    return shop


def says(shop: Shop, outcome: str) -> Any:
    sale = SaleRef(source="till", external_id="r1")
    (done,) = shop.ask(confirm_activities, Confirm(sale, outcome))
    return done


def held(shop: Shop) -> list[tuple[Any, ...]]:
    return shop.rows(
        "select case wallet when 1 then 'points' else 'days' end, available, pending, earned "
        "from balance where program_id = $1 "
        "and (available, pending, debt, earned) <> (0, 0, 0, 0) order by 1"
    )


def right(shop: Shop) -> None:
    asyncio.run(assert_books_right(shop.made.owner_dsn))


def test_pending_points_come_along_and_are_confirmed_where_they_are(shop: Shop) -> None:
    ben = member_id(shop, "ben")
    merge(shop, by(external="ada"), by(external="ben"))
    assert held(shop) == [("days", 0, 4, 4), ("points", 0, 40, 40)]
    done = says(shop, "confirmed")
    assert (done.member_id, done.points, done.balances["points"]) == (ben, {"points": 40}, 40)
    assert says(shop, "confirmed").points == {}
    refused = says(shop, "cancelled")
    assert isinstance(refused, Refused)
    assert refused.code == "already_confirmed"
    shop.now += timedelta(days=3)
    shop.night()
    assert held(shop) == [("days", 4, 0, 4), ("points", 40, 0, 40)]
    right(shop)


def test_they_go_back_when_the_two_part(shop: Shop) -> None:
    ada, before = member_id(shop, "ada"), held(shop)
    merge(shop, by(external="ada"), by(external="ben"))
    assert unmerge(shop, ada).state == "active"
    assert held(shop) == before
    assert says(shop, "confirmed").member_id == ada
    right(shop)


def test_what_was_cancelled_while_they_were_one_counts_with_nobody(shop: Shop) -> None:
    ada = member_id(shop, "ada")
    merge(shop, by(external="ada"), by(external="ben"))
    assert says(shop, "cancelled").points == {"points": 40}
    assert unmerge(shop, ada).state == "active"
    assert held(shop) == [("days", 0, 4, 4)]
    assert says(shop, "confirmed").code == "already_cancelled"
    right(shop)


def test_a_pending_lot_is_not_made_to_live_longer(shop: Shop) -> None:
    lots = shop.rows("select lot_id from lot where program_id = $1 order by lot_id")
    until = shop.now + timedelta(days=900)
    for (lot_id,) in lots:
        wanted = ExtendLot(by(external="ada"), lot_id, until, **BOSS)
        (refused,) = shop.ask(extend_lots, wanted)
        assert refused.code == "points_pending"
    right(shop)
