"""The counter of the sources of events, and an account at Square that sends to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.surfaces.connect.inlets.conftest import counter
from tests.surfaces.connect.square_tills.hook import Endpoint
from tests.surfaces.counter import Counter

__all__ = ["counter"]


@pytest.fixture
def hook(counter: Counter) -> Iterator[Endpoint]:
    made = Endpoint(counter)
    yield made
    counter.ask("DELETE", made.place)
