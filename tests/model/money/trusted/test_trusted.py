"""Reviews, cards, allowances of members' own, prizes of milestones and imports that are taken back:
the flows against the reference, then `verify`."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.makers import Shop
from tests.model.money.trusted.chosen import GAMES, play_chosen
from tests.model.money.trusted.machine import Trusting
from tests.model.on_postgresql import OnPostgreSQL
from tests.model.playing import first_seed, play, size
from tests.telling import Telling
from tests.turns import NIGHTLY

from regulars.records.program.templates import load_template


class OneByOne(OnPostgreSQL):
    """The night takes one after the other, as the reference does."""

    at_once = 1


@pytest.fixture
def shop(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, load_template("coffee-shop"))
    yield shop
    shop.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", GAMES)
def test_a_chosen_game_agrees_after_every_step(shop: Shop, name: str) -> None:
    play_chosen(name, lambda source, now: OneByOne(shop, source, now))
    asyncio.run(assert_books_right(shop.made.owner_dsn))


@pytest.mark.slow
def test_shop_and_reference_agree_after_every_step(shop: Shop, tell: Telling) -> None:
    def opens(source: str, now: datetime) -> OneByOne:
        return OneByOne(shop, source, now)

    number, played = first_seed(), 0
    while played < size("postgresql") // (2 if NIGHTLY else 10):
        tally = play(Trusting, opens, steps=1, start=number, shops=10 if NIGHTLY else 4, keep=True)
        asyncio.run(assert_books_right(shop.made.owner_dsn))
        tell(f"trusted, seed {number}: {tally}")
        played, number = played + tally.steps, number + 1
