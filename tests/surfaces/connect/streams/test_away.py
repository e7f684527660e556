"""Brokers that are away for three days, whose passwords change meanwhile, and messages of any size:
nothing is lost, nothing counts twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
import pytest
from confluent_kafka import Producer
from tests.surfaces.connect.streams.doors.gate import gate
from tests.surfaces.connect.streams.flow import Flow, sale
from tests.surfaces.connect.streams.machines import Kafka, nats_server
from tests.surfaces.counter import Counter

from regulars.surfaces.senders.brokers.addresses import broker_of
from regulars.surfaces.senders.brokers.kafka import kafka_source
from regulars.surfaces.senders.brokers.there import NO_ENTRY, NotReached, Place, Way
from regulars.surfaces.senders.outgoing.guard import Guard, networks_of

LARGE = 3_000_000
"""Three times what a webhook may have."""


class Away(NamedTuple):
    """A broker that asks for a password: it goes, and comes back with another one."""

    flow: Flow
    goes: Callable[[], Any]
    comes: Callable[[str], Any]


def of_nats(counter: Counter) -> Iterator[Away]:
    def users(secret: str) -> str:
        return f'max_payload: 8MB\nauthorization {{ user: "me", password: "{secret}" }}\n'

    with nats_server(users("first")) as server:
        flow = Flow(counter, server, entry={"user": "me", "password": "first"})

        def comes(secret: str) -> None:
            server.settled(users(secret))
            server.start()
            flow.enters({"user": "me", "password": secret})

        yield Away(flow, server.kill, comes)


def of_kafka(counter: Counter, kafka: Kafka) -> Iterator[Away]:
    with gate(kafka, {"me": "first"}) as there:
        large = {"message.max.bytes": 2 * LARGE, "linger.ms": 0, "log_level": 0}
        there._puts = Producer({"bootstrap.servers": kafka.address} | large)

        def comes(secret: str) -> None:
            there.users["me"], there.down = secret, False

        yield Away(Flow(counter, there), there.shut, comes)


@pytest.fixture(params=["nats", "kafka"])
def away(request: pytest.FixtureRequest, counter: Counter, kafka: Kafka) -> Iterator[Away]:
    yield from of_nats(counter) if request.param == "nats" else of_kafka(counter, kafka)


def until(flow: Flow, kept: int) -> dict[str, Any]:
    told = next((one for _ in range(20) if (one := flow.look())["kept"] >= kept), flow.shown())
    flow.book()
    return told


@pytest.mark.in_turns(2)
def test_three_days_away_and_another_password_lose_nothing(away: Away) -> None:
    flow = away.flow
    flow.put(sale("1", "1.00", flow.mark))
    flow.from_stream(account="me", secret="first")
    assert until(flow, 1)["kept"] == 1
    large = msgspec.json.encode(sale("3", "4.00", flow.mark) | {"note": "x" * LARGE})
    flow.put(sale("2", "2.00", flow.mark), large)
    away.goes()
    for _ in range(3):
        flow.later(days=1)
        told = flow.look(0.1)
        assert told["problem"], "it is said for as long as it lasts"
        pause = datetime.fromisoformat(told["next_at"]) - flow.shop.now
        assert pause <= timedelta(minutes=5), "it is asked again soon, however long it is away"
    away.comes("second")
    assert flow.look()["problem"] == NO_ENTRY
    flow.put(sale("4", "8.00", flow.mark))
    flow.from_stream(account="me", secret="second")
    told = until(flow, 4)
    assert (told["kept"], told["known"], told["lost"], told["problem"]) == (4, 0, 0, "")
    assert flow.points(f"shop-{flow.mark}") == 15
    assert {state for state, *_ in flow.states()} == {"booked"}
    flow.counter.ask("DELETE", flow.place)


def test_a_kafka_that_goes_while_it_is_read_is_noticed(kafka: Kafka) -> None:
    """It was as still as one in which nothing happens."""
    kafka.put("going", b"{}")
    with gate(kafka) as there:
        way = Way(broker_of(there.url("going")), "127.0.0.1")

        async def read() -> None:
            guard = Guard(networks_of(["127.0.0.0/8"]))
            async with kafka_source(way, guard, Place("me", {}, "first")) as source:
                await source.begin({0: 0})
                there.shut()
                ends = time.monotonic() + 20
                while time.monotonic() < ends:
                    await source.pull(10, 0.2)

        with pytest.raises(NotReached, match="connected to"):
            asyncio.run(read())
