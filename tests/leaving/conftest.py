"""A corner shop in a fresh database for each test: what leaves must leave nothing behind."""

from collections.abc import Iterator

import pytest
from tests.leaving.planting import CORNER
from tests.makers import Shop


@pytest.fixture
def corner(fresh_database: object) -> Iterator[Shop]:
    shop = Shop.open(fresh_database, CORNER)  # type: ignore[arg-type]
    yield shop
    shop.close()
