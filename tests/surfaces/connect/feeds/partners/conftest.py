"""An airline that agreed with a travel agency, on a machine that opened folders to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.makers import Shop
from tests.surfaces.connect.feeds.partners.agency import Agency
from tests.surfaces.connect.feeds.partners.served import served
from tests.surfaces.counter import Counter

from regulars.records.program.templates import load_template


@pytest.fixture(scope="module")
def counter(database: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """The API of the airline."""
    shop = Shop.open(database, load_template("airline"))  # type: ignore[arg-type]
    opened = served(shop, tmp_path_factory.mktemp("feeds"), tmp_path_factory.mktemp("extracts"))
    yield opened
    opened.close()


@pytest.fixture
def agency(counter: Counter) -> Agency:
    """A travel agency nobody dealt with yet."""
    return Agency(counter)
