"""The counter of the extracts: a folder is open to them, and so is this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.makers import Shop
from tests.surfaces.connect.extracts.daily import PLAN, Daily
from tests.surfaces.counter import Counter

from regulars.records.program.templates import load_template
from regulars.surfaces.senders.outgoing.guard import Guard, networks_of


@pytest.fixture(scope="module")
def counter(database: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """The API of the coffee shop, on a machine that opened a folder to extracts."""
    shop = Shop.open(database, load_template("coffee-shop"))  # type: ignore[arg-type]
    opened = Counter(
        shop,
        ticks=lambda: shop.now.timestamp(),  # noqa: PLW0108  (of whichever instant it is then)
        extracts=tmp_path_factory.mktemp("extracts"),
        receivers=Guard(networks_of(["127.0.0.0/8"])),
    )
    shop.joined("ada")
    yield opened
    opened.close()


@pytest.fixture
def daily(counter: Counter) -> Iterator[Daily]:
    made = Daily(counter)
    yield made
    counter.ask("DELETE", PLAN)
