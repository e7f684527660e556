"""A counter of a program with two plans, and an account that sends to it."""

from collections.abc import Iterator

import pytest
from tests.makers import Shop
from tests.surfaces.connect.stripe.hook import Endpoint
from tests.surfaces.counter import Counter

from regulars.records.program.templates import load_template

CLUB = """plans:
  - {id: club, name: Club, fee: "99.00", term: year, grace: 14 days, trial: 30 days}
"""
PRIME = load_template("prime").replace("plans:\n", CLUB, 1)


@pytest.fixture(scope="module")
def counter(database: object) -> Iterator[Counter]:
    """The API of a shop with a paid membership; it remembers for as long as the test says."""
    shop = Shop.open(database, PRIME)  # type: ignore[arg-type]
    opened = Counter(
        shop,
        ticks=lambda: shop.now.timestamp(),  # noqa: PLW0108  (of whichever instant it is then)
    )
    yield opened
    opened.close()


@pytest.fixture
def hook(counter: Counter) -> Iterator[Endpoint]:
    made = Endpoint(counter)
    yield made
    counter.ask("DELETE", made.place)
