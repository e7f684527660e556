"""CloudEvents 1.0 as its own library writes them: structured, in a batch, binary."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent
from tests.makers import NOON
from tests.surfaces.connect.inlets.sender import MAPPING, Sender, paid
from tests.surfaces.counter import Counter, problem

SHOP = "https://shop.example"
BATCH = {"content-type": "application/cloudevents-batch+json"}


@pytest.fixture(scope="module")
def sender(counter: Counter) -> Sender:
    return Sender(counter, MAPPING, "cloudevents")


def event(order: str, card: str, id_: str = "") -> CloudEvent:
    told = {"id": id_ or f"ce-{order}", "source": SHOP, "type": "order.paid", "time": NOON}
    return CloudEvent(attributes=told, data=paid(order, customer=card)["data"])


def sent(sender: Sender, message: Any, id_: str, **more: str) -> Any:
    body = message.body or b""
    above = {name.lower(): value for name, value in message.headers.items()}
    return sender.post(body, sender.signed(id_, body) | above | more)


def structured(order: str, card: str, id_: str = "") -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(to_structured_event(event(order, card, id_)).body)
    return found


def batch(sender: Sender, id_: str, *events: Any) -> Any:
    body = msgspec.json.encode(list(events))
    return sender.post(body, sender.signed(id_, body) | BATCH)


def test_what_the_library_writes_is_taken_in_either_mode(sender: Sender) -> None:
    answers = [
        sent(sender, to_structured_event(event("5001", "ce-1")), "m-1"),
        sent(sender, to_binary_event(event("5002", "ce-1")), "m-2"),
    ]
    assert [one.status_code for one in answers] == [202, 202], answers[-1].text
    sender.book()
    assert sender.states() == [("booked", "", "")] * 2
    assert sender.points("shop-ce-1") == 20


def test_a_batch_is_kept_whole_and_each_event_once(sender: Sender) -> None:
    events = [structured("5101", "ce-2"), structured("5102", "ce-2"), structured("5101", "ce-2")]
    first = batch(sender, "m-10", *events)
    assert first.status_code == 202, first.text
    ids = first.json()["ids"]
    assert (len(ids), ids[0] == ids[2]) == (3, True)
    # Under another id of the sender's, and alone: its own source and id say that it is the same.
    alone = sent(sender, to_structured_event(event("5102", "ce-2")), "m-11")
    assert alone.json()["ids"] == [ids[1]]
    sender.book()
    assert sender.points("shop-ce-2") == 20


def test_of_a_batch_with_one_that_is_none_nothing_is_kept(sender: Sender) -> None:
    before = sender.shop.counts()
    good, other = structured("5201", "ce-3"), structured("5202", "ce-3")
    for id_, wrong, place in (
        ("m-20", other | {"specversion": "0.3"}, "/1/specversion"),
        ("m-21", {k: v for k, v in other.items() if k != "id"}, "/1/id"),
        ("m-22", other | {"source": ""}, "/1/source"),
        ("m-23", 7, "/1"),
    ):
        assert problem(batch(sender, id_, good, wrong)) == (422, "invalid", place)
    known = structured("5101", "ce-2") | {"data": {}}
    assert problem(batch(sender, "m-24", good, known)) == (409, "event_reused", "/1")
    assert sender.shop.counts() == before


def test_another_header_makes_no_second_event_of_a_binary_one(sender: Sender) -> None:
    message = to_binary_event(event("5301", f"ce-{sender.mark}"))
    assert sent(sender, message, "m-30").status_code == 202
    replayed = sent(sender, message, "m-30", **{"ce-id": "another"})
    assert problem(replayed)[:2] == (409, "event_reused")
    sender.book()
    assert sender.points(f"shop-ce-{sender.mark}") == 10


def test_what_is_no_cloudevent_is_refused(sender: Sender) -> None:
    body = b'{"type": "order.paid"}'
    plain = sender.post(body, sender.signed("m-40", body))
    assert problem(plain)[:2] == (415, "unsupported_media_type")
    empty = batch(sender, "m-41")
    assert (empty.status_code, empty.json()) == (202, {"ids": []})


def test_sources_that_each_count_from_one_are_told_apart(counter: Counter) -> None:
    mapping = MAPPING.replace("        external_id: data.id\n        occurred_at: data.paid_at", "")
    sender = Sender(counter, mapping, "cloudevents")
    events = [
        structured("1", "ce-9", "1") | {"source": source}
        for source in ("/shops/berlin", "/shops/rome", "/" + "shops/" * 60)
    ]
    assert batch(sender, "m-90", *events).status_code == 202
    sender.book()
    assert sender.states() == [("booked", "", "")] * 3
    assert sender.points("shop-ce-9") == 30


def test_a_webhook_may_have_a_field_of_any_name(counter: Counter) -> None:
    sender = Sender(counter)
    sender.send("m-91", paid("5901", customer="ce-10") | {"data_base64": "no JSON"})
    sender.book()
    assert sender.states() == [("booked", "", "")]
