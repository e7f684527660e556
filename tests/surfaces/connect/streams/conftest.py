"""The counter of the sources that read brokers, and the brokers: each once for a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.makers import Shop
from tests.surfaces.connect.streams.machines import Kafka, Nats, kafka_cluster, nats_server
from tests.surfaces.counter import Counter

from regulars.records.program.templates import load_template
from regulars.surfaces.senders.outgoing.guard import Guard, networks_of


@pytest.fixture(scope="module")
def counter(database: object) -> Iterator[Counter]:
    """The API of the coffee shop, on a machine that may talk to itself."""
    shop = Shop.open(database, load_template("coffee-shop"))  # type: ignore[arg-type]
    opened = Counter(
        shop,
        ticks=lambda: shop.now.timestamp(),  # noqa: PLW0108  (of whichever instant it is then)
        receivers=Guard(networks_of(["127.0.0.0/8"])),
    )
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def nats() -> Iterator[Nats]:
    with nats_server() as server:
        yield server


@pytest.fixture(scope="module")
def kafka() -> Iterator[Kafka]:
    with kafka_cluster() as cluster:
        yield cluster
