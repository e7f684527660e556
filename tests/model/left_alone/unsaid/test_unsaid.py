"""Versions that are taken back: the engine, the flows and the API against the reference, then
`verify`; the machine of every day draws the rest."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.makers import Shop
from tests.model.in_memory import InMemory
from tests.model.left_alone.unsaid.chosen import GAMES, KEPT, play_chosen, plays_never
from tests.model.on_http import OnHttp
from tests.model.on_postgresql import OnPostgreSQL
from tests.turns import NIGHTLY

from regulars.records.program.templates import load_template

ON_POSTGRESQL = ("goes_on", "said_again", "a_length", "a_ladder", *KEPT)
"""By day; in memory all others are played, and at night here, too."""


@pytest.mark.parametrize("name", [name for name in GAMES if name not in KEPT])
def test_a_chosen_game_agrees_after_every_step(name: str) -> None:
    play_chosen(name, InMemory)


@pytest.fixture(scope="module")
def shop(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, load_template("coffee-shop"))
    yield shop
    shop.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", GAMES if NIGHTLY else ON_POSTGRESQL)
def test_a_chosen_game_agrees_on_postgresql(shop: Shop, name: str) -> None:
    play_chosen(name, lambda source, now: OnPostgreSQL(shop, source, now))


@pytest.mark.slow
def test_nothing_is_asked_of_the_books_for_challenges_that_never_were(shop: Shop) -> None:
    """What the last test here looks at."""
    plays_never(shop)


@pytest.mark.slow
def test_a_chosen_game_agrees_over_http(shop: Shop) -> None:
    play_chosen("on_its_day", lambda source, now: OnHttp(shop, source, now))
    asyncio.run(assert_books_right(shop.made.owner_dsn))
