"""A stream is read from a day on, and gone back in: what is known counts once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from nats.js.api import RetentionPolicy, StreamConfig
from tests.surfaces.connect.streams.doors.gate import gate
from tests.surfaces.connect.streams.flow import Flow, sale
from tests.surfaces.connect.streams.machines import Kafka, Nats
from tests.surfaces.counter import Counter, problem

from regulars.surfaces.senders.brokers.jetstream import NOT_BACK


@pytest.fixture(params=["nats", "kafka"])
def flow(request: pytest.FixtureRequest, counter: Counter) -> Iterator[Flow]:
    counter.shop.now = max(counter.shop.now, datetime.now(UTC) + timedelta(minutes=1))
    machine: Nats | Kafka = request.getfixturevalue(request.param)
    if isinstance(machine, Nats):
        made = Flow(counter, machine)
        yield made
    else:
        with gate(machine) as there:
            made = Flow(counter, there)
            yield made
    made.counter.ask("DELETE", made.place)


def until(flow: Flow, read: int) -> dict[str, Any]:
    """A worker reads until so much was; how the stream is then, and what came is booked."""
    told = flow.look()
    for _ in range(20):
        if told["kept"] + told["known"] >= read:
            break
        told = flow.look()
    assert told["problem"] == "", told
    flow.book()
    return told


@pytest.mark.in_turns(2)
def test_a_stream_is_read_from_a_day_on_and_gone_back_in(flow: Flow) -> None:
    flow.put(sale("old", "1.00", flow.mark))
    now = datetime.now(UTC)
    flow.put(sale("new", "2.00", flow.mark), sale("newer", "4.00", flow.mark))
    told = flow.from_stream(since=now.isoformat())
    assert (told["since"] is not None, told["behind"]) == (True, 0)
    assert flow.counter.post(f"{flow.place}/stream/try").json()["answers"]
    told = until(flow, 2)
    assert (told["kept"], told["known"], told["behind"]) == (2, 0, 0)
    assert flow.points(f"shop-{flow.mark}") == 6
    told = until(flow, 2)
    assert (told["kept"], told["known"]) == (2, 0), "it does not begin there again by itself"
    flow.from_stream(since="2026-01-01T00:00:00Z")
    told = until(flow, 3)
    assert (told["kept"], told["known"], told["behind"]) == (1, 2, 0)
    assert flow.points(f"shop-{flow.mark}") == 7
    told = flow.from_stream()
    assert (told["since"], told["kept"]) == ("2026-01-01T00:00:00Z", 1), "it goes on"
    flow.put(sale("last", "8.00", flow.mark))
    told = until(flow, 4)
    assert (told["kept"], told["known"]) == (2, 2)
    assert flow.points(f"shop-{flow.mark}") == 15


@pytest.mark.in_turns(2)
def test_of_a_time_of_which_nothing_lies_there_it_begins_with_what_comes(flow: Flow) -> None:
    flow.put(sale("old", customer=flow.mark))
    flow.later(minutes=2)
    flow.from_stream(since=(datetime.now(UTC) + timedelta(minutes=1)).isoformat())
    assert flow.look()["kept"] == 0


@pytest.mark.in_turns(2)
def test_how_many_wait_is_known_before_anything_is_read(flow: Flow) -> None:
    flow.put(sale("1"), sale("2"))
    flow.from_stream()
    tried = flow.counter.post(f"{flow.place}/stream/try").json()
    assert tried == {"answers": True, "problem": "", "behind": 2}
    until(flow, 2)
    flow.put(sale("3"))
    assert flow.counter.post(f"{flow.place}/stream/try").json()["behind"] == 1


def test_nobody_goes_back_to_a_day_to_come(counter: Counter, nats: Nats) -> None:
    flow = Flow(counter, nats)
    wish = {"address": nats.url(flow.topic), "since": "2099-01-01T00:00:00Z"}
    answer = counter.ask("PUT", f"{flow.place}/stream", wish)
    assert problem(answer) == (422, "invalid", "/since")
    assert counter.get(f"{flow.place}/stream").status_code == 404
    counter.ask("DELETE", flow.place)


def test_what_a_stream_keeps_for_us_alone_is_not_lost_by_who_was_cut_off(
    counter: Counter, nats: Nats
) -> None:
    """JetStream deletes what nobody waits for, and a consumer that is made anew waits for nothing
    that came before."""
    flow = kept_while_somebody_waits(counter, nats)
    flow.put(sale("1"), sale("2"))
    name = flow.nats("consumers_info", f"S-{flow.mark}")[0].name
    flow.shop.run(_taken(flow, name))
    flow.from_stream(since="2026-01-01T00:00:00Z")
    assert flow.look()["kept"] == 1
    assert flow.nats("stream_info", f"S-{flow.mark}").state.messages == 1, (
        "what was taken still waits"
    )
    counter.ask("DELETE", flow.place)


def test_whoever_goes_back_in_what_was_deleted_is_told_so_and_reads_on_without_a_day(
    counter: Counter, nats: Nats
) -> None:
    flow = kept_while_somebody_waits(counter, nats)
    flow.put(sale("1"))
    assert flow.look()["kept"] == 1
    flow.from_stream(since="2026-01-01T00:00:00Z")
    assert flow.look()["problem"] == NOT_BACK
    flow.put(sale("2"))
    assert counter.ask("DELETE", f"{flow.place}/stream").status_code == 200
    flow.from_stream()
    told = flow.look()
    assert (told["problem"], told["kept"]) == ("", 1)
    counter.ask("DELETE", flow.place)


def kept_while_somebody_waits(counter: Counter, nats: Nats) -> Flow:
    """A stream of JetStream that deletes what everybody read, and it is read."""
    flow = Flow(counter, nats)
    flow.nats("delete_stream", f"S-{flow.mark}")
    made = StreamConfig(
        name=f"S-{flow.mark}", subjects=[f"shop-{flow.mark}.>"], retention=RetentionPolicy.INTEREST
    )
    flow.nats("add_stream", made)
    flow.from_stream()
    flow.look()
    return flow


async def _taken(flow: Flow, name: str) -> None:
    """Somebody who reads by our name takes a message, and is gone without a word."""
    import nats as client

    there = await client.connect(f"nats://127.0.0.1:{flow.machine.port}")  # type: ignore
    reads = await there.jetstream().pull_subscribe_bind(name, stream=f"S-{flow.mark}")
    assert await reads.fetch(1, timeout=5)
    await there.close()
