"""One shop for all that is told of its forum; what it asks may go to loopback."""

from collections.abc import Iterator

import pytest
from tests.makers import Shop
from tests.surfaces.counter import Counter

from regulars.records.program.templates import load_template
from regulars.surfaces.senders.outgoing.guard import Guard, networks_of


@pytest.fixture(scope="module")
def counter(database: object) -> Iterator[Counter]:
    """The API of the coffee shop; it remembers for as long as the test says."""
    shop = Shop.open(database, load_template("coffee-shop"))  # type: ignore[arg-type]
    opened = Counter(
        shop,
        ticks=lambda: shop.now.timestamp(),  # noqa: PLW0108  (of whichever instant it is then)
        public_url="http://shop.test",
        receivers=Guard(networks_of(["127.0.0.1"])),
    )
    yield opened
    opened.close()
