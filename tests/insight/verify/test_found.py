"""Faults of returns that `regulars verify` found; the first ones it was worth writing for."""

import asyncio
from typing import Any

from tests.books import assert_books_right
from tests.insight.verify.scenario import CORNER, Shop, back, beans, bought

from regulars.base.faults import Fault
from regulars.records.activity.types import Line
from regulars.records.members.types import MemberRef

SMALL = """
  - id: small-baskets
    on: purchase
    wallet: drops
    award: {give: per_amount, points: 3, per: "1.00"}
    when: {if: amount, at_most: "20.00"}
"""


async def after_a_return_that_waited(database: Any) -> Any:
    shop = await Shop.open(database.owner_dsn, database.app_dsn, CORNER, "corner")
    ann = MemberRef(card="ANN")
    await shop.tell(back("early", "a1", (0, 1)))
    await shop.tell(bought("a1", ann, beans(2, 2000)))
    (second,) = await shop.tell(back("all", "a1", (0, 2)))
    await shop.close()
    return second


async def after_the_clock_stepped_back(database: Any) -> Any:
    shop = await Shop.open(database.owner_dsn, database.app_dsn, CORNER, "corner")
    await shop.tell(bought("a1", MemberRef(card="ANN"), beans(2, 2000)))
    shop.later(hours=2)
    await shop.tell(back("first", "a1", (0, 1)))
    shop.later(hours=-1)
    await shop.tell(back("second", "a1", (0, 1)))
    (third,) = await shop.tell(back("third", "a1", (0, 1)))
    await shop.close()
    return third


async def after_a_basket_that_became_small(database: Any) -> Any:
    source = CORNER.replace("\ntiers:", SMALL + "\ntiers:")
    shop = await Shop.open(database.owner_dsn, database.app_dsn, source, "corner")
    ann = MemberRef(card="ANN")
    (first,) = await shop.tell(bought("a1", ann, Line(amount_minor=10_000)))
    await shop.tell(bought("a2", ann, Line(amount_minor=1000), Line(amount_minor=1500)))
    await shop.tell(back("r1", "a2", (1, 1)))
    (last,) = await shop.tell(back("r2", "a2", (0, 1)))
    await shop.close()
    return first.balances["drops"], last.balances["drops"]


def test_what_came_back_before_its_sale_cannot_come_back_again(fresh_database: Any) -> None:
    again = asyncio.run(after_a_return_that_waited(fresh_database))
    assert isinstance(again, Fault), again
    asyncio.run(assert_books_right(fresh_database.owner_dsn))


def test_a_clock_that_steps_back_does_not_make_pieces_come_back_twice(fresh_database: Any) -> None:
    third = asyncio.run(after_the_clock_stepped_back(fresh_database))
    assert isinstance(third, Fault), third
    asyncio.run(assert_books_right(fresh_database.owner_dsn))


def test_returns_take_back_what_a_sale_gave_and_not_more(fresh_database: Any) -> None:
    before, after = asyncio.run(after_a_basket_that_became_small(fresh_database))
    assert after == before
    asyncio.run(assert_books_right(fresh_database.owner_dsn))
