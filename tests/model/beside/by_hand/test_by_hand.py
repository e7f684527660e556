"""What is handed out by hand: the engine and the flows against the reference, then `verify`."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.makers import Shop
from tests.model.beside.by_hand.chosen import GAMES, in_memory, play_chosen
from tests.model.beside.by_hand.machine import HandedLedger, HandedOnce
from tests.model.in_memory import InMemory
from tests.model.on_http import HandedOnHttp
from tests.model.on_postgresql import OnPostgreSQL
from tests.model.playing import first_seed, play, size
from tests.telling import Telling
from tests.turns import NIGHTLY

from regulars.records.program.templates import load_template


@pytest.fixture
def shop(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, load_template("coffee-shop"))
    yield shop
    shop.close()


@pytest.mark.parametrize("name", in_memory())
def test_a_chosen_game_agrees_after_every_step(name: str) -> None:
    play_chosen(name, InMemory)


def test_they_agree_over_a_short_game() -> None:
    tally = play(HandedLedger, InMemory, steps=800, start=first_seed(), shops=40)
    assert tally.answers["used"] > 5


@pytest.mark.slow
@pytest.mark.skipif(not NIGHTLY, reason="takes an hour: REGULARS_TEST_SIZE=nightly")
def test_the_engine_and_the_reference_agree_after_every_step(
    tell: Telling,
) -> None:
    tally = play(
        HandedLedger, InMemory, steps=size("memory") // 4, start=first_seed() + 1, tell=tell
    )
    tell(f"by hand, in memory: {tally}")


@pytest.mark.in_turns(2)
@pytest.mark.slow
@pytest.mark.parametrize("name", GAMES)
def test_a_chosen_game_agrees_on_postgresql(shop: Shop, name: str) -> None:
    play_chosen(name, lambda source, now: OnPostgreSQL(shop, source, now))
    asyncio.run(assert_books_right(shop.made.owner_dsn))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["benefits", "company"])
def test_a_chosen_game_agrees_over_http(shop: Shop, name: str) -> None:
    play_chosen(name, lambda source, now: HandedOnHttp(shop, source, now))
    asyncio.run(assert_books_right(shop.made.owner_dsn))


@pytest.mark.slow
@pytest.mark.skipif(not NIGHTLY, reason="takes half an hour: REGULARS_TEST_SIZE=nightly")
def test_shop_and_reference_agree_after_every_step(shop: Shop, tell: Telling) -> None:
    def opens(source: str, now: datetime) -> OnPostgreSQL:
        return OnPostgreSQL(shop, source, now)

    number, played = first_seed(), 0
    while played < size("postgresql") // 2:
        tally = play(HandedOnce, opens, steps=1, start=number, shops=25)
        asyncio.run(assert_books_right(shop.made.owner_dsn))
        tell(f"by hand, seed {number}: {tally}")
        played, number = played + tally.steps, number + 1
