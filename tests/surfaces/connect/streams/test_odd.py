"""One odd message, or a mistake of ours, stops no stream for ever, and is seen."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from confluent_kafka import TIMESTAMP_CREATE_TIME
from nats.js.api import StreamConfig
from tests.makers import Shop
from tests.surfaces.connect.streams.flow import Flow, sale
from tests.surfaces.connect.streams.machines import Kafka, Nats
from tests.surfaces.counter import Counter

from regulars.records.inlets.streaming.types import Stream
from regulars.records.program.templates import load_template
from regulars.runtime.working.inlets import streamer, streaming
from regulars.surfaces.senders.brokers.kafka import _message
from regulars.surfaces.senders.outgoing.guard import Guard, networks_of


class _Came:
    """A message as the library hands it over, put there at this time by its sender's own word."""

    def __init__(self, told: int) -> None:
        self._told = told

    def timestamp(self) -> tuple[int, int]:
        return TIMESTAMP_CREATE_TIME, self._told

    def headers(self) -> None:
        return None

    def partition(self) -> int:
        return 0

    def offset(self) -> int:
        return 7

    def value(self) -> bytes:
        return b"{}"


@pytest.mark.parametrize(
    ("told", "at"),
    [
        (1_700_000_000_000, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        (1_700_000_000_000_000, None),  # in microseconds
        (1_700_000_000_000_000_000, None),  # in nanoseconds
        (2**63 - 1, None),
        (-(2**63), None),
    ],
)
def test_a_time_that_is_none_is_no_time(told: int, at: datetime | None) -> None:
    message = _message(_Came(told))
    assert (message.told_at, message.at, message.body) == (at, 7, b"{}")


def deep(many: int, who: str) -> bytes:
    """JSON that is nested so many times, and names somebody at its bottom."""
    return b'{"type": ' + b"[" * many + f'"{who}"'.encode() + b"]" * many + b"}"


def test_a_message_of_endless_depth_is_kept_whole_and_the_next_is_booked(
    counter: Counter, kafka: Kafka
) -> None:
    flow = Flow(counter, kafka)
    who = f"deep-{flow.mark}@x.org"
    flow.put(*(deep(many, who) for many in (500, 950, 5_000)), sale("1", "4.00", flow.mark))
    flow.from_stream()
    assert flow.reads() == (4, 0, 0)
    assert [state for state, *_ in flow.states()] == [*["unfit"] * 3, "booked"]
    items = counter.get(f"{flow.place}/events?state=unfit").json()["items"]
    for shown in items:
        assert counter.get(f"{flow.place}/events/{shown['id']}").status_code == 200
    said = [{"kind": "email", "value": who}]
    id_ = counter.post("/v1/members", {"identifiers": said}).json()["id"]
    assert counter.ask("DELETE", f"/v1/members/{id_}").status_code == 200
    kept = [flow.shop.rows(_KEPT, one["id"].removeprefix("arr_")) for one in items]
    assert kept == [[(False,)]] * 3, "an erasure finds whom they name, however deep"
    counter.ask("DELETE", flow.place)


def test_a_mistake_of_ours_is_said_and_tried_again_ever_later(
    counter: Counter, kafka: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = Flow(counter, kafka)
    flow.put(sale("1", customer=flow.mark))
    flow.from_stream()

    def breaks(*_: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(streamer, "event_of", breaks)
        # What was put may take more than one look to arrive, on a busy machine.
        said = next((one for _ in range(20) if (one := flow.look()["problem"])), "")
        assert said.startswith("a mistake of ours")
        due = flow.shop.run(flow.streamer.due(flow.shop.program_id))
        assert flow.made["id"] not in {f"inl_{inlet.inlet_id.hex}" for _, inlet in due}
    assert flow.reads() == (1, 0, 0)
    counter.ask("DELETE", flow.place)


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("begins", ["first", "now"])
def test_a_stream_of_jetstream_that_was_made_anew_is_read_from_its_first_message(
    counter: Counter, nats: Nats, begins: str
) -> None:
    flow = Flow(counter, nats)
    flow.from_stream(begins=begins)
    assert flow.reads() == (0, 0, 0)
    flow.put(*(sale(str(number), "1.00", flow.mark) for number in range(4)))
    assert flow.reads() == (4, 0, 0)
    made = StreamConfig(name=f"S-{flow.mark}", subjects=[f"shop-{flow.mark}.>"])
    flow.nats("delete_stream", made.name)
    flow.nats("add_stream", made)
    flow.put(sale("5", "1.00", flow.mark), sale("6", "1.00", flow.mark))
    assert flow.reads() == (6, 0, 0)
    flow.put(sale("7", "1.00", flow.mark))
    assert flow.reads() == (7, 0, 0)
    assert flow.points(f"shop-{flow.mark}") == 7
    counter.ask("DELETE", flow.place)


def test_of_more_streams_than_are_read_at_once_the_longest_waiting_is_read(
    counter: Counter, kafka: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Across programs, too: those with small numbers leave a turn to the others."""
    first = Flow(counter, kafka)
    source = re.sub(r"(?m)^program: .*$", "program: later", load_template("coffee-shop"))
    shop = Shop.open(first.shop.made, source)
    guard = Guard(networks_of(["127.0.0.0/8"]))
    with_later = Counter(shop, ticks=lambda: shop.now.timestamp(), receivers=guard)  # noqa: PLW0108
    second = Flow(with_later, kafka)
    by_number = sorted((first, second), key=lambda flow: -flow.shop.program_id)
    for flow in by_number:
        flow.from_stream()
        shop.now = first.shop.now = max(shop.now, first.shop.now) + timedelta(seconds=5)
    first.later(minutes=1)
    monkeypatch.setattr(streaming, "AT_ONCE", 1)
    read: list[str] = []

    async def one(stream: Stream, *_: Any) -> None:
        read.append(f"inl_{stream.inlet_id.hex}")

    monkeypatch.setattr(first.streamer, "one", one)
    duty = streaming.streams_of(first.streamer, first.shop.database, first.shop.made.owner_dsn)

    async def round_() -> None:
        await duty.run(first.shop.now)
        await duty.ended()

    first.shop.run(round_())
    assert read == [by_number[0].made["id"]]
    for flow in (first, second):
        flow.counter.ask("DELETE", flow.place)
    with_later.close()


_KEPT = "select body is not null from arrival where program_id = $1 and arrival_id = $2::text::uuid"
