"""The same against a broker of yours, where there is one: none can be installed by its name here.
A nightly run that names one plays source and webhook against it: killed, told twice, grown.

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

import msgspec
import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic
from tests.surfaces.connect.streams.flow import Flow, sale
from tests.surfaces.connect.streams.machines import Kafka
from tests.surfaces.connect.streams.test_killed import dies_in_the_midst
from tests.surfaces.counter import Counter

from regulars.records.inlets.streaming.types import begun
from regulars.surfaces.api.strict.ids import addressed
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
    made = Way(broker, asyncio.run(checked(GUARD, broker)), *_entry())
    admin = AdminClient(_said(made, _Heard()))
    admin.create_topics([NewTopic(broker.topic, 2, 1)])[broker.topic].result(20)
    yield made
    admin.delete_topics([broker.topic])[broker.topic].result(20)


class Real(Kafka):
    """That broker as the others are: a topic that is named is made there, in two parts."""

    def __init__(self) -> None:
        broker = broker_of(f"{ADDRESS}/regulars-test-x")
        way = Way(broker, asyncio.run(checked(GUARD, broker)), *_entry())
        said = {name: one for name, one in _said(way, _Heard()).items() if name != "error_cb"}
        super().__init__(None, str(said["bootstrap.servers"]), said)
        self.admin, self.made = AdminClient(said), set[str]()

    def url(self, topic: str) -> str:
        if topic not in self.made:
            self.made.add(topic)
            self.admin.create_topics([NewTopic(topic, 2, 1)])[topic].result(20)
        return f"{ADDRESS}/{topic}"

    def put(self, topic: str, *bodies: bytes | None, **more: Any) -> None:
        self.url(topic)
        super().put(topic, *bodies, **more)

    @property
    def entry(self) -> dict[str, Any]:
        """How a source of ours comes in."""
        account, secret, login, authority = _entry()
        known = {"account": account, "secret": secret, "login": login} if account else {}
        return known | ({"authority": authority} if authority else {})


def _entry() -> tuple[str, str, Any, str]:
    authority = Path(_told("AUTHORITY")).read_text() if _told("AUTHORITY") else ""
    return _told("ACCOUNT"), _told("SECRET"), _told("LOGIN", "plain"), authority


@pytest.fixture(scope="module")
def real() -> Iterator[Real]:
    made = Real()
    yield made
    for one in made.admin.delete_topics(list(made.made)).values():
        one.result(20)


def test_who_reads_it_is_killed_and_nothing_is_missing_or_twice(
    counter: Counter, real: Real
) -> None:
    dies_in_the_midst(Flow(counter, real), **real.entry)


def test_told_twice_or_read_by_two_at_once_it_counts_once(counter: Counter, real: Real) -> None:
    flow = Flow(counter, real)
    flow.from_stream(**real.entry)
    for _ in range(2):
        flow.put(sale("1", "7.00", flow.mark), id="a-1")
    assert flow.reads() == (1, 1, 0)
    others = [flow.new_streamer(), flow.new_streamer()]
    flow.put(*(sale(f"c{number}", "1.00", flow.mark) for number in range(40)))
    both_read(flow, others)
    assert flow.points(f"shop-{flow.mark}") == 47
    flow.counter.ask("DELETE", flow.place)


def test_a_part_that_came_later_is_read_from_its_first(counter: Counter, real: Real) -> None:
    flow = Flow(counter, real)
    flow.put(sale("1", "7.00", flow.mark))
    flow.from_stream(begins="now", **real.entry)
    assert flow.reads() == (0, 0, 0)
    real.admin.create_partitions([NewPartitions(flow.topic, 5)])[flow.topic].result(20)
    for number in range(12):  # by their keys into any of the five
        said = msgspec.json.encode(sale(f"b{number}", "1.00", flow.mark))
        real.put(flow.topic, said, key=f"k{number}")
    assert flow.reads() == (12, 0, 0)
    assert flow.points(f"shop-{flow.mark}") == 12
    flow.counter.ask("DELETE", flow.place)


def both_read(flow: Flow, streamers: list[Any]) -> None:
    """Two processes of ours read one topic at a time, as no group of theirs keeps them apart."""
    flow.later(minutes=6)
    (mine,) = [
        each
        for each in flow.shop.run(streamers[0].due(flow.shop.program_id))
        if each[0].inlet_id == addressed("inl", flow.made["id"])
    ]

    async def at_once() -> None:
        await asyncio.gather(*(one.one(*mine, 1.0) for one in streamers))

    flow.shop.run(at_once())
    assert flow.reads()[2] == 0


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
