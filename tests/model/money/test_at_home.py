"""A household that pays for baskets, and rules for who has a plan: every driver, chosen games."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
from tests.books import assert_books_right
from tests.makers import Shop
from tests.model.beside.between.events import PaysTogether
from tests.model.events import (
    Adjusts,
    Basket,
    Event,
    Happens,
    Night,
    Pools,
    Returns,
    Shares,
    Sold,
    Turns,
)  # fmt: skip
from tests.model.events import Subscribes as Begins
from tests.model.in_memory import InMemory
from tests.model.machine import Driver
from tests.model.money.chosen import play_rows
from tests.model.on_http import OnHttp
from tests.model.on_postgresql import OnPostgreSQL

from regulars.records.program.templates import load_template

DAY: Final = 24


def buys(receipt: str, late: float = 0, who: str = "m0", **more: Any) -> Callable[[Any], Event]:
    """For 10.00, so many hours before now."""

    def told(now: Any) -> Event:
        basket = Basket((Sold(1000, "coffee", "c1", 2),), **more)
        at = now - timedelta(hours=late) if late else None
        return Happens("purchase", who, receipt, at=at, basket=basket)

    return told


GAMES: Final[dict[str, tuple[str, tuple[Any, ...]]]] = {
    "what is bought counts as it stood when it was bought": ("plans", (
        buys("r1"), 1, Begins("m0", "club", "s"), 1, buys("r2"), buys("r3", 1.5), 10 * DAY,
        Turns("s", "cancelled"), buys("r4"), 25 * DAY, Night(), buys("r5"), buys("r6", 20 * DAY),
    )),
    "a trial and a late payment count, a pause and an end do not": ("plans", (
        Begins("m0", "club", "s", True), buys("r1"), 11 * DAY, buys("r2"), Turns("s", "paid"), 1,
        Turns("s", "paused"), 1, buys("r3"), Turns("s", "resumed"), buys("r4"), buys("r5", 0.5), 1,
        Turns("s", "refunded"), buys("r6"), buys("r7", 0.5), Returns("r4", (), "b1"),
    )),
    "what waits for money may be frozen, and another plan is another one": ("plans", (
        Begins("m0", "gold", "s"), buys("r1"), 366 * DAY, buys("r2"), Turns("s", "paid"), 1,
        buys("r3"), Turns("s", "changed", at_once=True, plan="plain"), 1, buys("r4"),
        buys("r5", 0.5), Returns("r3", ((0, 1),), "b1"),
    )),
    "each pays with their own points, in cents that do not divide": ("money", (
        Adjusts("m0", "points", 40), Adjusts("m1", "points", 25), Shares(True),
        PaysTogether("m1", 2500, "p1"), Night(), PaysTogether("m0", 2500, "p2"),
        PaysTogether("m0", 2500, "p3", 5000),
    )),
    "what is reserved and not taken is free again where it was": ("money", (
        Adjusts("m0", "points", 9), Adjusts("m1", "points", 30), Shares(True),
        PaysTogether("m0", 2500, "p1", None, False), PaysTogether("m1", 2500, "p2"), 1, Night(),
        PaysTogether("m1", 2500, "p3"), Shares(False), PaysTogether("m1", 2500, "p4"),
    )),
    "who left shared until then, wherever the clock was set back": ("money", (
        Adjusts("m0", "points", 40), Adjusts("m1", "points", 3), Shares(True), -1,
        Pools("m1", "cup", "h1"), 3, Pools("m1", "cup", "h2"), -3, Shares(False), 1, Night(),
    )),
}  # fmt: skip


@pytest.fixture
def shop(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, load_template("coffee-shop"))
    yield shop
    shop.close()


def play(name: str, opens: Callable[..., Driver]) -> Any:
    program, rows = GAMES[name]
    return play_rows(program, rows, opens)


@pytest.mark.parametrize("name", GAMES)
def test_engine_and_reference_agree_after_every_step(name: str) -> None:
    assert play(name, InMemory).steps > 5


@pytest.mark.slow
@pytest.mark.parametrize("driver", [OnPostgreSQL, OnHttp])
def test_the_books_and_the_api_agree_with_the_reference(shop: Shop, driver: Any) -> None:
    for name in GAMES:
        play(name, lambda source, now: driver(shop, source, now))
    asyncio.run(assert_books_right(shop.made.owner_dsn))
