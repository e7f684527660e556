"""A shop for each file of guards, where letters and text messages can be sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.makers import Shop
from tests.surfaces.counter import Counter

from regulars.records.program.templates import load_template


@pytest.fixture(scope="module")
def counter(database: Any) -> Iterator[Counter]:
    """The API and the pages of a coffee shop."""
    shop = Shop.open(database, load_template("coffee-shop"))
    opened = Counter(shop, channels=frozenset({"email", "sms"}))
    yield opened
    opened.close()
