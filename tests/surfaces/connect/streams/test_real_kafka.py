"""The same against a broker of yours, where there is one: none can be installed by its name here.

`REGULARS_TESTS_KAFKA` is its address, as `kafka+tls://broker.example.org:9093`, with
`REGULARS_TESTS_KAFKA_ACCOUNT`, `_SECRET` and `_LOGIN` as the API has them, and `_AUTHORITY` the
file of its certificate. A topic `regulars-test-…` is made there and deleted again.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from regulars.records.inlets.streaming.types import begun
from regulars.surfaces.senders.brokers.addresses import broker_of
from regulars.surfaces.senders.brokers.kafka import _Heard, _said, kafka_outlet, kafka_source
from regulars.surfaces.senders.brokers.there import Outgoing, Place, Way, checked
from regulars.surfaces.senders.outgoing.guard import Guard, networks_of

ADDRESS = os.environ.get("REGULARS_TESTS_KAFKA", "")
GUARD = Guard(networks_of(["0.0.0.0/0", "::/0"]))
pytestmark = pytest.mark.skipif(not ADDRESS, reason="REGULARS_TESTS_KAFKA names no broker of Kafka")


def _told(name: str, usual: str = "") -> str:
    return os.environ.get(f"REGULARS_TESTS_KAFKA_{name}", usual)


@pytest.fixture
def way() -> Iterator[Way]:
    """How to come in, to a topic that is there for this test."""
    broker = broker_of(f"{ADDRESS}/regulars-test-{os.urandom(4).hex()}")
    authority = Path(_told("AUTHORITY")).read_text() if _told("AUTHORITY") else ""
    login: Any = _told("LOGIN", "plain")
    address = asyncio.run(checked(GUARD, broker))
    made = Way(broker, address, _told("ACCOUNT"), _told("SECRET"), login, authority)
    admin = AdminClient(_said(made, _Heard()))
    admin.create_topics([NewTopic(broker.topic, 2, 1)])[broker.topic].result(20)
    yield made
    admin.delete_topics([broker.topic])[broker.topic].result(20)


def _read(way: Way, place: Place, many: int) -> list[bytes]:
    async def all_of_it() -> list[bytes]:
        found: list[bytes] = []
        async with kafka_source(way, GUARD, place) as source:
            assert source.marks is not None
            await source.begin(begun(place.parts, source.marks, place.begins)[0])
            ends = time.monotonic() + 20
            while len(found) < many and time.monotonic() < ends:
                found += [one.body for one in (await source.pull(10, 1.0)).messages]
        return found

    return asyncio.run(all_of_it())


def test_what_is_put_is_read(way: Way) -> None:
    async def put() -> None:
        outlet = await kafka_outlet(way, GUARD)
        for number in range(5):
            body = b"%d" % number
            await outlet.publish(Outgoing(f"a-{number}", "mem_1", "points.earned", [], body))
        await outlet.close()

    asyncio.run(put())
    assert _read(way, Place("t", {}, "first"), 5) == [b"%d" % number for number in range(5)]


def test_it_begins_where_a_time_does(way: Way) -> None:
    puts = Producer(_said(way, _Heard()))
    for number in range(5):
        at = 1_700_000_000_000 + number * 60_000
        puts.produce(way.broker.topic, b"%d" % number, b"k", timestamp=at)
    assert puts.flush(20) == 0
    since = datetime.fromtimestamp(1_700_000_000 + 150, UTC)
    assert _read(way, Place("t", {}, "first", since), 2) == [b"3", b"4"]
