"""The flows on PostgreSQL against the reference: 2,000 steps in every run, then `verify`."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.makers import Shop
from tests.model.machine import LedgerOnce
from tests.model.on_postgresql import OnPostgreSQL
from tests.model.playing import first_seed, play, play_again, size

from regulars.records.program.templates import load_template


@pytest.fixture
def shop(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, load_template("coffee-shop"))
    yield shop
    shop.close()


@pytest.mark.slow
def test_the_flows_and_the_reference_agree_after_every_step(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    def opens(source: str, now: datetime) -> OnPostgreSQL:
        return OnPostgreSQL(shop, source, now)

    play_again(LedgerOnce, opens, shops=25)
    seed, steps, played = first_seed(), size("postgresql"), 0
    while played < steps:
        tally = play(LedgerOnce, opens, steps=1, start=seed, shops=25, keep=True)
        asyncio.run(assert_books_right(shop.made.owner_dsn))
        with capsys.disabled():
            print(f"\nmodel on PostgreSQL, seed {seed}: {tally}")
        played, seed = played + tally.steps, seed + 1
