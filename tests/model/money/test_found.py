"""Games in which drawn ones once found something, as small as they go: every driver, the books, and
a replay."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
from tests.books import assert_books_right
from tests.makers import Shop
from tests.model.events import (
    Adjusts,
    Basket,
    Event,
    Happens,
    Night,
    Publishes,
    Returns,
    Settles,
    Sold,
)  # fmt: skip
from tests.model.in_memory import InMemory
from tests.model.money.chosen import play_rows
from tests.model.on_http import OnHttp
from tests.model.on_postgresql import OnPostgreSQL
from tests.model.programs import source_of
from tests.planted.replay.checks import differences

from regulars.records.program.templates import load_template

DAY: Final = 24


def buys(receipt: str, *amounts: int) -> Happens:
    lines = tuple(Sold(amount, "cake", f"k{place}") for place, amount in enumerate(amounts))
    return Happens("purchase", "m0", receipt, basket=Basket(lines))


def late(kind: str, receipt: str, hours: float) -> Callable[[Any], Event]:
    """So many hours before now."""
    return lambda now: Happens(kind, "m0", receipt, at=now - timedelta(hours=hours))


def lives_two_days(_: Any) -> Event:
    """From now on points live for two days."""
    source = source_of("games", "Europe/Berlin")
    return Publishes(source.replace("after: 10 days", "after: 2 days"))


GAMES: Final[dict[str, tuple[str, tuple[Any, ...]]]] = {
    "who came up to a step by a purchase bought it on that step, whatever came back or late": (
        "clubs", (
            buys("r1", 750, 5999), 1, Returns("r1", ((0, 1),), "b1"), late("review", "d1", 2),
        ),
    ),
    "a return that came before its sale takes no more of a milestone than one that came after": (
        "stones", (
            buys("r1", 500), buys("r2", 500), 20 * DAY, Night(), Returns("e1", (), "b1"), 1,
            buys("e1", 500), buys("r3", 500), Returns("r3", (), "b2"),
        ),
    ),
    "a prize lives by the version that promised it, which may have ended before it was given": (
        "games", (
            buys("r1", 1600), 1, lives_two_days, 5 * DAY, Settles(), 3 * DAY,
            Adjusts("m0", "points", 1), 4 * DAY, Night(),
        ),
    ),
}  # fmt: skip


@pytest.fixture
def shop(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, load_template("coffee-shop"))
    yield shop
    shop.close()


def play(name: str, opens: Callable[..., Any]) -> Any:
    program, rows = GAMES[name]
    return play_rows(program, rows, opens)


@pytest.mark.parametrize("name", GAMES)
def test_engine_and_reference_agree_after_every_step(name: str) -> None:
    assert play(name, InMemory).steps > 2


def replayed(shop: Shop, driver: Any, **named: Any) -> Callable[..., Any]:
    """How a shop is opened whose books are compared with a replay at the end."""

    def close(self: Any) -> None:
        driver.close(self)
        assert differences(self.shop) == []

    own = type("Replayed", (driver,), {"close": close, **named})
    return lambda source, now: own(shop, source, now)


@pytest.mark.slow
@pytest.mark.parametrize("driver", [OnPostgreSQL, OnHttp])
def test_the_books_agree_with_the_reference_and_a_replay_with_the_books(
    shop: Shop, driver: Any
) -> None:
    for name in GAMES:
        play(name, replayed(shop, driver))
    asyncio.run(assert_books_right(shop.made.owner_dsn))
