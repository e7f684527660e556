"""A counter for each file: the API of a coffee shop on a database of its own."""

from collections.abc import Iterator

import pytest
from tests.surfaces.counter import Counter


@pytest.fixture(scope="module")
def counter(database: object) -> Iterator[Counter]:
    """The API of the coffee shop of the template."""
    opened = Counter.open(database)  # type: ignore[arg-type]
    yield opened
    opened.close()
