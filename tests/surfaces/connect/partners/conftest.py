"""An airline that agreed with a travel agency, on a machine that opened folders to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.makers import Shop
from tests.surfaces.connect.partners.agency import Agency
from tests.surfaces.counter import Counter

from regulars.records.program.templates import load_template
from regulars.surfaces.senders.outgoing.guard import Guard, networks_of


@pytest.fixture(scope="module")
def counter(database: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """The API of the airline."""
    shop = Shop.open(database, load_template("airline"))  # type: ignore[arg-type]
    opened = served(shop, tmp_path_factory.mktemp("feeds"), tmp_path_factory.mktemp("extracts"))
    yield opened
    opened.close()


def served(shop: Shop, feeds: Path, extracts: Path) -> Counter:
    """This shop with these two folders."""
    return Counter(
        shop,
        ticks=lambda: shop.now.timestamp(),  # noqa: PLW0108  (of whichever instant it is then)
        feeds=feeds,
        extracts=extracts,
        receivers=Guard(networks_of(["127.0.0.0/8"])),
    )


@pytest.fixture
def agency(counter: Counter) -> Agency:
    """A travel agency nobody dealt with yet."""
    return Agency(counter)
