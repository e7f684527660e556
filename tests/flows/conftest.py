"""A shop for each test: its program in the file's own database, its clock at noon."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from tests.makers import Shop

from regulars.records.program.templates import load_template

_numbers = count(1)


@pytest.fixture(scope="module")
def mall(database: object) -> Iterator[Shop]:
    """One set of connections for all shops of a file."""
    shop = Shop.open(database, load_template("coffee-shop"))  # type: ignore[arg-type]
    yield shop
    shop.close()


@pytest.fixture
def open_shop(mall: Shop) -> Callable[[str], Shop]:
    """Opens a shop under a program file; members and books of its own."""

    def opened(source: str) -> Shop:
        mall.begin(source, slug=f"shop-{next(_numbers)}")
        return mall

    return opened


@pytest.fixture
def cafe(open_shop: Callable[[str], Shop]) -> Shop:
    """The coffee shop of the template."""
    return open_shop(load_template("coffee-shop"))
