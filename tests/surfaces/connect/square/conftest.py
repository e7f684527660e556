"""A coffee shop on a real port, asked by clients that were built for Square.

Whoever asks for the port stands in one file, `test_clients.py`: files are dealt out to workers,
and each would start a server of its own.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from square import Square
from tests.makers import Made, Shop
from tests.surfaces.connect.square.published import WHERE, Published
from tests.surfaces.connect.square.till import SPEND, Till
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
    return counter.made_key("square:read", "square:write", "square:promote")


@pytest.fixture(scope="session")
def published() -> Published | None:
    """The published document, where it is there."""
    return Published() if WHERE.exists() else None


@pytest.fixture(scope="module")
def wire(published: Published | None) -> Iterator[httpx.Client]:
    """What carries requests of the client; each answer is held against the document."""
    hooks = [] if published is None else [_read_and(published)]
    with httpx.Client(event_hooks={"response": hooks}, timeout=60) as client:
        yield client


def _read_and(published: Published):  # type: ignore[no-untyped-def]
    def look(answer: httpx.Response) -> None:
        answer.read()
        published.hold(answer)

    return look


@pytest.fixture(scope="module")
def square(address: str, token: str, wire: httpx.Client) -> Square:
    """The vendor's own client, as it comes."""
    return Square(base_url=address, token=token, httpx_client=wire)


@pytest.fixture(scope="module")
def till(database: Made, published: Published | None) -> Iterator[Till]:
    """A till without a port, at a shop whose numbers are those of the vendor's examples."""
    counter = Counter(Shop.open(database, SPEND))
    yield Till(counter, published)
    counter.close()
