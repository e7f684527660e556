"""A counter of the office supplies' program, and a shop on Adobe Commerce that sends to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.makers import Shop
from tests.surfaces.connect.magento.hook import Endpoint
from tests.surfaces.connect.magento.shop import MagentoShop
from tests.surfaces.counter import Counter

from regulars.records.program.templates import load_template


@pytest.fixture(scope="module")
def counter(database: object) -> Iterator[Counter]:
    shop = Shop.open(database, load_template("office-supplies"))  # type: ignore[arg-type]
    opened = opened_counter(shop)
    yield opened
    opened.close()


def opened_counter(shop: Shop) -> Counter:
    """It remembers for as long as the test says, and fetches Adobe's keys from the shop beside."""
    fetched = MagentoShop().fetched
    return Counter(shop, ticks=lambda: shop.now.timestamp(), fetch=fetched)  # noqa: PLW0108


@pytest.fixture
def hook(counter: Counter) -> Iterator[Endpoint]:
    made = Endpoint(counter, MagentoShop())
    yield made
    counter.ask("DELETE", made.place)
