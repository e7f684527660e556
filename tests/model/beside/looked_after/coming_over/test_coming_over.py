"""People who come over by a plan: the engine and the flows against the reference, then `verify`."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.makers import Shop
from tests.model.beside.looked_after.coming_over.chosen import GAMES, play_chosen
from tests.model.beside.looked_after.coming_over.machine import ComingOverLedger, ComingOverOnce
from tests.model.in_memory import InMemory
from tests.model.on_http import OnHttp
from tests.model.on_postgresql import OnPostgreSQL
from tests.model.playing import first_seed, play, play_again, size
from tests.telling import Telling
from tests.turns import NIGHTLY

from regulars.records.program.templates import load_template

ON_POSTGRESQL = ("full", "removed", "late", "one_and_two")
"""By day; in memory all are played, and at night here, too."""


@pytest.fixture(scope="module")
def shop(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, load_template("coffee-shop"))
    yield shop
    shop.close()


@pytest.mark.parametrize("name", GAMES)
def test_a_chosen_game_agrees_after_every_step(name: str) -> None:
    play_chosen(name, InMemory)


def test_they_agree_over_a_short_game() -> None:
    tally = play(ComingOverLedger, InMemory, steps=300, start=first_seed(), shops=16)
    assert tally.answers["published"] > 5


@pytest.mark.slow
def test_the_engine_and_the_reference_agree_after_every_step(tell: Telling) -> None:
    play_again(ComingOverLedger, InMemory)
    steps = size("memory") // (4 if NIGHTLY else 40)
    start = first_seed() + 1
    tally = play(ComingOverLedger, InMemory, steps=steps, start=start, keep=True, tell=tell)
    tell(f"coming over, in memory: {tally}")


@pytest.mark.slow
@pytest.mark.parametrize("name", GAMES if NIGHTLY else ON_POSTGRESQL)
def test_a_chosen_game_agrees_on_postgresql(shop: Shop, name: str) -> None:
    play_chosen(name, lambda source, now: OnPostgreSQL(shop, source, now))


@pytest.mark.slow
def test_a_chosen_game_agrees_over_http(shop: Shop) -> None:
    play_chosen("step_by_step", lambda source, now: OnHttp(shop, source, now))


@pytest.mark.slow
def test_shop_and_reference_agree_after_every_step(shop: Shop, tell: Telling) -> None:
    def opens(source: str, now: datetime) -> OnPostgreSQL:
        return OnPostgreSQL(shop, source, now)

    play_again(ComingOverOnce, opens, shops=3)
    number, played = first_seed(), 0
    while played < size("postgresql") // (4 if NIGHTLY else 40):
        tally = play(ComingOverOnce, opens, steps=1, start=number, shops=3, keep=True)
        tell(f"coming over, seed {number}: {tally}")
        played, number = played + tally.steps, number + 1
    asyncio.run(assert_books_right(shop.made.owner_dsn))
