"""How brokers are asked for over the API, and how they are guarded: addresses, passwords, TLS."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.surfaces.connect.streams.doors.gate import certificate
from tests.surfaces.connect.streams.flow import Flow
from tests.surfaces.connect.streams.machines import Kafka, Nats, nats_server
from tests.surfaces.counter import Counter, problem

from regulars.records.inlets.streaming.types import Marks, begun
from regulars.surfaces.senders.brokers.addresses import broker_of
from regulars.surfaces.senders.brokers.kafka import kafka_source
from regulars.surfaces.senders.brokers.there import NotReached, Place, Way
from regulars.surfaces.senders.outgoing.guard import Guard, networks_of

_KEYS = "select keys from stream where program_id = $1 and inlet_id = $2::text::uuid"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"address": "https://example.org/x"}, "/address"),
        ({"address": "nats://127.0.0.1"}, "/address"),
        ({"address": "nats://127.0.0.1/a b"}, "/address"),
        ({"address": "nats://127.0.0.1/$JS.API.>"}, "/address"),
        ({"address": "kafka://127.0.0.1/sales/x"}, "/address"),
        ({"address": "kafka://me:pass@127.0.0.1/sales"}, "/address"),
        ({"address": "nats://10.0.0.7:4222/shop"}, "/address"),
        ({"address": "nats://127.0.0.1:22/shop"}, "/address"),
        ({"address": "nats://127.0.0.1/shop", "login": "scram-sha-256"}, "/login"),
        ({"address": "kafka://127.0.0.1/sales", "secret": "x"}, "/account"),
        ({"address": "nats://127.0.0.1/shop", "authority": "x"}, "/authority"),
        ({"address": "nats+tls://127.0.0.1/shop", "authority": "x"}, "/authority"),
    ],
)
def test_what_is_no_broker_of_ours_is_refused_with_its_field(
    counter: Counter, kafka: Kafka, said: dict[str, Any], field: str
) -> None:
    flow = Flow(counter, kafka)
    answer = counter.ask("PUT", f"{flow.place}/stream", said)
    assert problem(answer) == (422, "invalid", field)
    assert counter.get(f"{flow.place}/stream").status_code == 404
    entry = {name: said[name] for name in said if name != "address"}
    wish = {"url": said["address"], "types": ["points.earned"], "broker": entry}
    if said["address"].startswith(("nats", "kafka")):
        names = {"/address": "/url"}
        wrong = problem(counter.post("/v1/webhooks", wish))
        assert wrong == (422, "invalid", names.get(field, f"/broker{field}"))
    counter.ask("DELETE", flow.place)


def test_only_who_reads_names_many_subjects() -> None:
    assert broker_of("nats://b.example.org/shop.*.>", reads=True).topic == "shop.*.>"
    for address in ("nats://b.example.org/shop.>", "nats://b.example.org/_INBOX.x"):
        with pytest.raises(ValueError, match="nats"):
            broker_of(address)


def test_a_password_goes_with_no_other_broker_or_name(counter: Counter, nats: Nats) -> None:
    flow = Flow(counter, nats)
    inlet = flow.made["id"].removeprefix("inl_")

    def keys() -> bytes:
        return bytes(flow.shop.rows(_KEYS, inlet)[0][0])

    flow.from_stream(account="me", secret="tea-for-two")
    first = keys()
    assert b"tea-for-two" not in first
    assert first
    flow.from_stream(account="me")
    assert keys() == first
    flow.from_stream(account="somebody-else")
    assert keys() == b""
    flow.from_stream(account="me", secret="tea-for-two")
    other = nats.url(f"{flow.topic}.other")
    flow.from_stream(address=other, account="me")
    assert keys() == b""
    counter.ask("DELETE", flow.place)


def test_a_password_of_a_webhook_goes_with_no_other_machine(counter: Counter, nats: Nats) -> None:
    wish = {
        "url": nats.url("regulars"),
        "types": ["points.earned"],
        "broker": {"account": "me", "secret": "tea-for-two"},
    }
    id_ = counter.post("/v1/webhooks", wish).json()["id"]
    place, hook = f"/v1/webhooks/{id_}", id_.removeprefix("hok_")

    def keys() -> bytes:
        found = counter.shop.rows(_HOOK_KEYS, hook)
        return bytes(found[0][0]) if found else b"-"

    first = keys()
    assert (b"tea-for-two" in first, len(first) > 20) == (False, True)
    shown = counter.ask("PATCH", place, {"url": nats.url("other.subject")}).json()
    assert shown["broker"] == {"account": "me", "login": "plain", "authority": ""}
    assert keys() == first
    counter.ask("PATCH", place, {"url": "nats://127.0.0.1:4999/regulars"})
    assert keys() == b""
    counter.ask("PATCH", place, {"url": "https://example.org/hook"})
    assert keys() == b"-"
    assert counter.get(place).json()["broker"] is None
    counter.ask("DELETE", place)


def test_who_has_no_password_is_not_let_in_and_hears_why(counter: Counter) -> None:
    with nats_server('authorization { user: "me", password: "tea" }') as guarded:
        made = Flow(counter, _NoStream(guarded))  # type: ignore[arg-type]
        address = guarded.url("shop")
        for secret, why in (("wrong", "does not let us in"), ("tea", "no stream of JetStream")):
            made.from_stream(address=address, account="me", secret=secret)
            tried = counter.post(f"{made.place}/stream/try").json()
            assert (tried["answers"], why in tried["problem"]) == (False, True), tried
        counter.ask("DELETE", made.place)


def test_by_tls_it_has_to_prove_who_it_is(counter: Counter, tmp_path: Path) -> None:
    held, key = certificate(tmp_path)
    tls = f'tls {{ cert_file: "{held}", key_file: "{key}" }}'
    with nats_server(tls) as server:
        flow = Flow(counter, _NoStream(server))  # type: ignore[arg-type]
        address = server.url("shop", "nats+tls")
        authority = held.read_text()
        for more, why in (({}, "prove by TLS"), ({"authority": authority}, "no stream of Jet")):
            flow.from_stream(address=address, **more)
            tried = counter.post(f"{flow.place}/stream/try").json()
            assert (tried["answers"], why in tried["problem"]) == (False, True), tried
        counter.ask("DELETE", flow.place)


def test_where_one_goes_on_after_what_a_broker_deleted_or_made_anew() -> None:
    marks = {0: Marks(9, 12), 1: Marks(0, 5), 2: Marks(0, 3)}
    assert begun({}, marks, "first") == ({0: 9, 1: 0, 2: 0}, 0)
    assert begun({}, marks, "now") == ({0: 12, 1: 5, 2: 3}, 0)
    assert begun({0: 5, 1: 5}, marks, "now") == ({0: 9, 1: 5, 2: 0}, 4)
    assert begun({1: 7}, {1: Marks(0, 5)}, "first") == ({1: 0}, 0)
    of_a_time = {0: Marks(9, 12, 11), 1: Marks(0, 5, 5)}
    assert begun({}, of_a_time, "now") == begun({}, of_a_time, "first") == ({0: 11, 1: 5}, 0)


def test_machines_that_kafka_names_are_checked(kafka: Kafka) -> None:
    """The one we were told was found good; what it says of the others may be anything."""
    broker = broker_of(kafka.url("sales"))
    kafka.put("sales", b"{}")

    async def read(guard: Guard) -> None:
        place = Place("me", {}, "first")
        async with kafka_source(Way(broker, "127.0.0.1"), guard, place) as source:
            assert source.marks is not None
            assert sum(mark.next for mark in source.marks.values()) == 1

    asyncio.run(read(Guard(networks_of(["127.0.0.1"]))))
    with pytest.raises(NotReached, match="https"):
        asyncio.run(read(Guard()))


class _NoStream:
    """A server on which nothing keeps anything yet."""

    def __init__(self, server: Nats) -> None:
        self._server = server

    def url(self, topic: str) -> str:
        return self._server.url(topic)


_HOOK_KEYS = "select keys from hook_broker where program_id = $1 and hook_id = $2::text::uuid"
