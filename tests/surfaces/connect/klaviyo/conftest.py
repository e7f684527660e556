"""A counter whose events may go to loopback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.makers import Shop
from tests.surfaces.counter import Counter, load_template

from regulars.surfaces.senders.outgoing.guard import Guard, networks_of


@pytest.fixture(scope="module")
def counter(database: Any) -> Iterator[Counter]:
    shop = Shop.open(database, load_template("coffee-shop"))
    made = Counter(shop, receivers=Guard(networks_of(["127.0.0.1"])))
    yield made
    made.close()
