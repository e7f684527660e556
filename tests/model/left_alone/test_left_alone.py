"""Points that are left alone: the engine and the flows against the reference, then `verify`."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.makers import Shop
from tests.model.in_memory import InMemory
from tests.model.left_alone.machine import QuietLedger, QuietOnce
from tests.model.on_postgresql import OnPostgreSQL
from tests.model.playing import first_seed, play, size
from tests.telling import Telling
from tests.turns import NIGHTLY

from regulars.records.program.templates import load_template


def test_they_agree_over_a_short_game() -> None:
    tally = play(QuietLedger, InMemory, steps=1_000, start=first_seed(), shops=50)
    assert tally.answers["shown"] > 5


@pytest.mark.slow
def test_the_engine_and_the_reference_agree_after_every_step(
    tell: Telling,
) -> None:
    tally = play(
        QuietLedger, InMemory, steps=size("memory") // 2, start=first_seed() + 1, tell=tell
    )
    tell(f"left alone, in memory: {tally}")


@pytest.fixture
def shop(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, load_template("coffee-shop"))
    yield shop
    shop.close()


@pytest.mark.slow
def test_shop_and_reference_agree_after_every_step(shop: Shop, tell: Telling) -> None:
    def opens(source: str, now: datetime) -> OnPostgreSQL:
        return OnPostgreSQL(shop, source, now)

    number, played = first_seed(), 0
    while played < size("postgresql") // 2:
        tally = play(QuietOnce, opens, steps=1, start=number, shops=25 if NIGHTLY else 10)
        asyncio.run(assert_books_right(shop.made.owner_dsn))
        tell(f"left alone, seed {number}: {tally}")
        played, number = played + tally.steps, number + 1
