"""The counter of the sources of files: its folder is open, and so is this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.makers import Shop
from tests.surfaces.counter import Counter

from regulars.records.program.templates import load_template
from regulars.surfaces.senders.outgoing.guard import Guard, networks_of


@pytest.fixture(scope="module")
def counter(database: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """The API of the coffee shop, on a machine that opened a folder to it."""
    shop = Shop.open(database, load_template("coffee-shop"))  # type: ignore[arg-type]
    folder: Path = tmp_path_factory.mktemp("feeds")
    opened = Counter(
        shop,
        ticks=lambda: shop.now.timestamp(),  # noqa: PLW0108  (of whichever instant it is then)
        feeds=folder,
        receivers=Guard(networks_of(["127.0.0.0/8"])),
    )
    yield opened
    opened.close()
