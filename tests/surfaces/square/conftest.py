"""A coffee shop on a real port, asked by clients that were built for Square."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from square import Square
from tests.makers import Made
from tests.surfaces.counter import Counter
from tests.surfaces.port import serving


@pytest.fixture(scope="module")
def address(
    database: Made, counter: Counter, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Where the Square API of the shop is."""
    home: Path = tmp_path_factory.mktemp("home")
    with serving(database, home) as root:
        yield f"{root}/compat/square"


@pytest.fixture(scope="module")
def token(counter: Counter) -> str:
    """An access token of a connection."""
    return counter.made_key("square:read", "square:write")


@pytest.fixture(scope="module")
def square(address: str, token: str) -> Square:
    """The vendor's own client, as it comes."""
    return Square(base_url=address, token=token)
