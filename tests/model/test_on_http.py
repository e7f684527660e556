"""The API against the reference: what a till is told over HTTP, then `verify`."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.makers import Shop
from tests.model.machine import LedgerOnce
from tests.model.on_http import OnHttp
from tests.model.playing import first_seed, play, size

from regulars.records.program.templates import load_template


@pytest.fixture
def shop(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, load_template("coffee-shop"))
    yield shop
    shop.close()


@pytest.mark.slow
def test_the_api_and_the_reference_agree_after_every_step(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    def opens(source: str, now: datetime) -> OnHttp:
        return OnHttp(shop, source, now)

    seed, steps, played = first_seed(), size("http"), 0
    while played < steps:
        tally = play(LedgerOnce, opens, steps=1, start=seed, shops=10, keep=True)
        asyncio.run(assert_books_right(shop.made.owner_dsn))
        with capsys.disabled():
            print(f"\nmodel over HTTP, seed {seed}: {tally}")
        played, seed = played + tally.steps, seed + 1
