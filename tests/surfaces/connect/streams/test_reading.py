"""Messages of both brokers: each counts once, whatever happens to who reads them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.surfaces.connect.streams.flow import Flow, sale
from tests.surfaces.connect.streams.machines import Kafka, Nats
from tests.surfaces.counter import Counter

from regulars.runtime.working.inlets import streamer


@pytest.fixture(params=["nats", "kafka"])
def flow(request: pytest.FixtureRequest, counter: Counter) -> Iterator[Flow]:
    machine: Nats | Kafka = request.getfixturevalue(request.param)
    made = Flow(counter, machine)
    yield made
    made.counter.ask("DELETE", made.place)


@pytest.mark.in_turns(2)
def test_each_message_is_booked_once(flow: Flow) -> None:
    flow.put(sale("1", "10.00", flow.mark), sale("2", "5.00", flow.mark))
    flow.from_stream()
    assert flow.reads() == (2, 0, 0)
    assert flow.points(f"shop-{flow.mark}") == 15
    flow.put(sale("3", "1.00", flow.mark))
    assert flow.reads() == (3, 0, 0)
    assert flow.reads() == (3, 0, 0)
    assert flow.points(f"shop-{flow.mark}") == 16


def test_what_was_not_acknowledged_comes_again_and_is_known(
    flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow.put(*(sale(str(number), customer=flow.mark) for number in range(20)))
    flow.from_stream()
    monkeypatch.setattr(streamer, "AT_ONCE", 8)
    kept = streamer.keep_arrivals
    left = [1]

    async def breaks(*said: object) -> object:
        if not left:
            raise ConnectionResetError
        left.pop()
        return await kept(*said)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(streamer, "keep_arrivals", breaks)
        # What was put may take more than one look to arrive, on a busy machine.
        said = next((one for _ in range(20) if (one := flow.look()["problem"])), "")
        assert said == streamer.OURS
    flow.streamer = flow.new_streamer()
    assert flow.shown()["kept"] == 8
    assert flow.reads() == (20, 0, 0)
    assert flow.points(f"shop-{flow.mark}") == 200


def test_what_is_kept_and_was_not_acknowledged_counts_once(
    flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow.put(sale("1", customer=flow.mark), sale("2", customer=flow.mark))
    flow.from_stream()

    class Cut(BaseException):
        """As a process that is killed, which nothing is caught of."""

    async def cut(_: object) -> None:
        raise Cut

    if isinstance(flow.machine, Nats):
        from regulars.surfaces.senders.brokers.jetstream import JetSource

        with monkeypatch.context() as broken:
            broken.setattr(JetSource, "kept", cut)
            with pytest.raises(Cut):
                flow.look()
        assert flow.shown()["kept"] == 2
    assert flow.reads() == (2, 0, 0)
    flow.counter.ask("DELETE", f"{flow.place}/stream")
    flow.from_stream(begins="first")
    if isinstance(flow.machine, Nats):  # whom it told all of it before
        name = flow.nats("consumers_info", f"S-{flow.mark}")[0].name
        flow.nats("delete_consumer", f"S-{flow.mark}", name)
    assert flow.reads() == (0, 2, 0)
    assert flow.points(f"shop-{flow.mark}") == 20


@pytest.mark.in_turns(2)
def test_a_poisoned_message_is_kept_whole_and_run_again(flow: Flow) -> None:
    flow.put(sale("1", customer=flow.mark))
    flow.put(b"\xff no json \x00", b"[1]", {"type": "order.bad"}, sale("2", "much", flow.mark))
    flow.put(sale("3", customer=flow.mark))
    flow.from_stream()
    assert flow.reads() == (6, 0, 0)
    assert [state for state, *_ in flow.states()] == ["booked", *["unfit"] * 4, "booked"]
    assert [field for *_, field in flow.states()][4] == "data.total"
    shown = flow.counter.get(f"{flow.place}/events?state=unfit").json()["items"]
    first = flow.counter.get(f"{flow.place}/events/{shown[-1]['id']}").json()
    assert first["payload"] == "\ufffd no json \x00"
    assert flow.shop.rows(_BODY, shown[-1]["id"].removeprefix("arr_")) == [(b"\xff no json \x00",)]
    mapping = flow.mapping.replace("amount: data.total", "amount: {constant: '4.00'}")
    assert flow.counter.ask("PATCH", flow.place, {"mapping": mapping}).status_code == 200
    flow.counter.post(f"{flow.place}/again")
    flow.book()
    states = [state for state, *_ in flow.states()]
    assert states == ["booked", "unfit", "unfit", "unfit", "booked", "booked"]
    assert flow.points(f"shop-{flow.mark}") == 24


@pytest.mark.in_turns(2)
def test_a_message_that_says_nothing_is_passed_and_a_paused_source_leaves_them_there(
    flow: Flow,
) -> None:
    flow.put(b"")
    flow.from_stream()
    assert flow.reads() == (1, 0, 0)
    assert flow.states() == [("passed", "empty", "")]
    flow.counter.ask("PATCH", flow.place, {"state": "paused"})
    flow.put(sale("1", customer=flow.mark))
    flow.later(minutes=6)
    assert all(
        inlet.name != flow.made["inlet"]["name"] or inlet.inlet_id.hex not in flow.made["id"]
        for _, inlet in flow.shop.run(flow.streamer.due(flow.shop.program_id))
    )
    flow.counter.ask("PATCH", flow.place, {"state": "active"})
    assert flow.reads() == (2, 0, 0)


@pytest.mark.in_turns(2)
def test_a_message_is_known_by_its_id_and_what_it_says(flow: Flow) -> None:
    flow.from_stream()
    flow.put(sale("1", customer=flow.mark), id="a-1")
    flow.put(sale("1", customer=flow.mark), id="a-1")
    flow.put(sale("1", "99.00", flow.mark), id="a-1")
    told = flow.reads()
    assert told == (2, 1, 0)
    assert [state for state, *_ in flow.states()] == ["booked", "refused"]
    assert flow.points(f"shop-{flow.mark}") == 10


@pytest.mark.in_turns(2)
def test_a_stream_begins_with_what_comes_from_now_on(flow: Flow) -> None:
    flow.put(sale("old", customer=flow.mark))
    flow.from_stream(begins="now")
    assert flow.look()["kept"] == 0
    flow.put(sale("new", customer=flow.mark))
    assert flow.reads() == (1, 0, 0)


@pytest.mark.in_turns(2)
def test_what_is_no_json_goes_with_whom_it_names(flow: Flow) -> None:
    eve, bo = (f"{who}-{flow.mark}@x.org" for who in ("eve", "bo"))
    said = [{"kind": "email", "value": eve}]
    id_ = flow.counter.post("/v1/members", {"identifiers": said}).json()["id"]
    flow.put(f"\ufffd call {eve}, please".encode(), f"<{bo}>".encode(), b"\xff " + eve.encode())
    flow.from_stream()
    assert flow.reads() == (3, 0, 0)
    assert flow.counter.ask("DELETE", f"/v1/members/{id_}").status_code == 200
    kept = flow.shop.rows(_KEPT, flow.made["id"].removeprefix("inl_"))
    assert kept == [(False,), (True,), (False,)]


@pytest.mark.in_turns(2)
def test_it_is_tried_without_reading(flow: Flow) -> None:
    flow.put(sale("1"), sale("2"))
    flow.from_stream()
    tried = flow.counter.post(f"{flow.place}/stream/try").json()
    assert (tried["answers"], tried["problem"]) == (True, "")
    assert flow.reads()[0] == 2


_BODY = "select body from arrival where program_id = $1 and arrival_id = $2::text::uuid"
_KEPT = """
select body is not null from arrival
 where program_id = $1 and inlet_id = $2::text::uuid order by arrival_id
"""
