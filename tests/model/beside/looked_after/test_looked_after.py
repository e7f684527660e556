"""Who looks after whom: the flows on PostgreSQL against the reference, then `verify`."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.makers import Shop
from tests.model.beside.looked_after.chosen import GAMES, play_chosen
from tests.model.beside.looked_after.machine import LookedAfter
from tests.model.on_postgresql import OnPostgreSQL
from tests.model.playing import first_seed, play, size
from tests.telling import Telling
from tests.turns import NIGHTLY

from regulars.records.program.templates import load_template

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shop(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, load_template("coffee-shop"))
    yield shop
    shop.close()


@pytest.mark.parametrize("name", GAMES)
def test_a_chosen_game_agrees_after_every_step(shop: Shop, name: str) -> None:
    play_chosen(name, lambda source, now: OnPostgreSQL(shop, source, now))


def test_shop_and_reference_agree_after_every_step(shop: Shop, tell: Telling) -> None:
    def opens(source: str, now: datetime) -> OnPostgreSQL:
        return OnPostgreSQL(shop, source, now)

    number, played = first_seed(), 0
    while played < size("postgresql") // (4 if NIGHTLY else 20):
        tally = play(LookedAfter, opens, steps=1, start=number, shops=3, keep=True)
        tell(f"looked after, seed {number}: {tally}")
        played, number = played + tally.steps, number + 1
    asyncio.run(assert_books_right(shop.made.owner_dsn))
