"""Changes in the middle of a membership: engine and flows against the reference."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.makers import Shop
from tests.model.in_memory import InMemory
from tests.model.money.chosen import GAMES, play_chosen
from tests.model.on_postgresql import OnPostgreSQL

from regulars.records.program.templates import load_template


@pytest.fixture
def shop(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, load_template("coffee-shop"))
    yield shop
    shop.close()


@pytest.mark.parametrize("name", GAMES)
def test_a_chosen_game_agrees_in_memory(name: str) -> None:
    assert play_chosen(name, InMemory).steps > 2


@pytest.mark.in_turns(2)
@pytest.mark.slow
@pytest.mark.parametrize("name", GAMES)
def test_a_chosen_game_agrees_on_postgresql(shop: Shop, name: str) -> None:
    play_chosen(name, lambda source, now: OnPostgreSQL(shop, source, now))
    asyncio.run(assert_books_right(shop.made.owner_dsn))
