"""The counter of the sources of events, and a shop that sends to it and is asked by it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from tests.surfaces.connect.inlets.conftest import counter
from tests.surfaces.connect.shopify.shop import Hook, Store
from tests.surfaces.counter import Counter

__all__ = ["counter"]
_NUMBERS = count(1)


@pytest.fixture
def hook(counter: Counter) -> Iterator[Hook]:
    made = Hook(counter, Store(next(_NUMBERS)))
    yield made
    counter.ask("DELETE", made.place)
