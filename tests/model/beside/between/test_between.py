"""Friends, teams, households, partners, draws: the flows against the reference, then `verify`."""

import asyncio
import os
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.makers import Shop
from tests.model.beside.between.chosen import GAMES, play_chosen
from tests.model.beside.between.machine import DRAWN, SOURCES, BetweenOnce, OneByOne
from tests.model.playing import first_seed, play
from tests.telling import Telling
from tests.turns import NIGHTLY

from regulars.records.program.templates import load_template

STEPS = int(os.environ.get("REGULARS_MODEL_STEPS") or 20_000)


@pytest.fixture
def shop(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, load_template("coffee-shop"))
    yield shop
    shop.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", GAMES)
def test_a_chosen_game_agrees_after_every_step(shop: Shop, name: str) -> None:
    for drawn in range(len(DRAWN) if name in ("homes", "paying_at_home") else 1):
        play_chosen(name, lambda source, now: OneByOne(shop, source, now), drawn=drawn)
    asyncio.run(assert_books_right(shop.made.owner_dsn))


@pytest.mark.skipif(not NIGHTLY, reason="takes half an hour: REGULARS_TEST_SIZE=nightly")
@pytest.mark.slow
@pytest.mark.parametrize("program", SOURCES)
def test_shop_and_reference_agree_after_every_step(shop: Shop, program: str, tell: Telling) -> None:
    def opens(source: str, now: datetime) -> OneByOne:
        return OneByOne(shop, source, now)

    machine = type("BetweenOnce", (BetweenOnce,), {"programs": (program,)})
    tally = play(machine, opens, steps=STEPS, start=first_seed(), shops=25, tell=tell)
    asyncio.run(assert_books_right(shop.made.owner_dsn))
    tell(f"between, {program}: {tally}")
