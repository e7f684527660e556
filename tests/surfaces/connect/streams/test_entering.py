"""Who comes in at a broker: by TLS, with a name and a password, in each way that Kafka has.

Kafka's own broker needs a machine for Java and is in no package we may install by its name, so a
door of ours stands before the library's broker: TLS and SASL are spoken by it, and the client is
the one that is used in earnest. `test_real_kafka.py` is for whoever has a real one.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.surfaces.connect.streams.doors.gate import Gated, certificate, gate
from tests.surfaces.connect.streams.doors.passes import operated
from tests.surfaces.connect.streams.flow import Flow, sale
from tests.surfaces.connect.streams.machines import Kafka, nats_server
from tests.surfaces.counter import Counter, problem

from regulars.surfaces.senders.brokers.addresses import broker_of
from regulars.surfaces.senders.brokers.creds import entered_by
from regulars.surfaces.senders.brokers.kafka import kafka_outlet
from regulars.surfaces.senders.brokers.there import NO_ENTRY, NO_TLS, NotReached, Outgoing, Way
from regulars.surfaces.senders.outgoing.guard import Guard, networks_of

LOGINS = {"plain": "PLAIN", "scram-sha-256": "SCRAM-SHA-256", "scram-sha-512": "SCRAM-SHA-512"}
ACCOUNT, SECRET = "shop, the=first", "tea for two, ¥"
"""What SCRAM writes otherwise than it is."""


@pytest.fixture(scope="module")
def vouched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("vouched"))


@pytest.fixture
def guarded(kafka: Kafka, vouched: tuple[Path, Path]) -> Iterator[Gated]:
    with gate(kafka, {ACCOUNT: SECRET}, vouched) as there:
        yield there


@pytest.mark.in_turns(3)
@pytest.mark.parametrize("login", LOGINS)
def test_kafka_is_read_by_tls_by_who_has_the_password(
    counter: Counter, guarded: Gated, vouched: tuple[Path, Path], login: str
) -> None:
    flow = Flow(counter, guarded)
    flow.put(sale("1", customer=flow.mark))
    entry: dict[str, Any] = {"account": ACCOUNT, "login": login}
    entry["authority"] = vouched[0].read_text()
    flow.from_stream(secret="wrong", **entry)
    assert flow.counter.post(f"{flow.place}/stream/try").json()["problem"] == NO_ENTRY
    assert guarded.came == []
    flow.from_stream(secret=SECRET, **entry)
    assert flow.reads() == (1, 0, 0)
    assert set(guarded.came) == {LOGINS[login]}
    flow.from_stream(**entry | {"authority": None})
    # On a machine that has much else to do its patience may be over before anything is proved.
    tries = (flow.counter.post(f"{flow.place}/stream/try").json() for _ in range(4))
    assert any((one["answers"], one["problem"]) == (False, NO_TLS) for one in tries)
    counter.ask("DELETE", flow.place)


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("login", ["plain", "scram-sha-512"])
def test_kafka_is_written_to_by_tls_by_who_has_the_password(
    guarded: Gated, vouched: tuple[Path, Path], login: Any
) -> None:
    broker = broker_of(guarded.url("out"))

    async def put(secret: str) -> None:
        way = Way(broker, "127.0.0.1", ACCOUNT, secret, login, vouched[0].read_text())
        outlet = await kafka_outlet(way, Guard(networks_of(["127.0.0.0/8"])))
        try:
            await outlet.publish(Outgoing("a-1", "mem_1", "points.earned", [], login.encode()))
        finally:
            await outlet.close()

    with pytest.raises(NotReached, match=NO_ENTRY):
        asyncio.run(put("wrong"))
    asyncio.run(put(SECRET))
    assert ("mem_1", {}, login.encode()) in guarded.there("out")


def test_nats_is_read_by_tls_by_who_has_the_password(
    counter: Counter, vouched: tuple[Path, Path]
) -> None:
    held, key = vouched
    tls = f'tls {{ cert_file: "{held}", key_file: "{key}" }}'
    users = 'authorization { user: "me", password: "tea" }'
    with nats_server(f"{tls}\n{users}") as server:
        trust = ssl.create_default_context(cafile=held)
        flow = Flow(counter, server, entry={"user": "me", "password": "tea", "tls": trust})
        flow.put(sale("1", customer=flow.mark))
        entry = {"account": "me", "authority": held.read_text()}
        address = server.url(flow.topic, "nats+tls")
        for account, secret in (("me", "wrong"), ("somebody", "tea")):
            flow.from_stream(address=address, **entry | {"account": account, "secret": secret})
            assert flow.counter.post(f"{flow.place}/stream/try").json()["problem"] == NO_ENTRY
        flow.from_stream(address=address, secret="tea", **entry)
        assert flow.reads() == (1, 0, 0)
        counter.ask("DELETE", flow.place)


def test_nats_is_read_by_who_has_its_credentials(counter: Counter) -> None:
    """Also where a field of one line took the ends of its lines."""
    operator, creds, strange = operated()
    with nats_server(operator) as server:
        flow = Flow(counter, server, entry=entered_by(creds))
        flow.put(sale("1", customer=flow.mark))
        flow.from_stream(secret=strange)
        assert flow.counter.post(f"{flow.place}/stream/try").json()["problem"] == NO_ENTRY
        flow.from_stream(secret=creds.replace("\n", ""))
        assert flow.reads() == (1, 0, 0)
        wish = {"address": server.url(flow.topic), "secret": creds[:-80]}
        assert problem(counter.ask("PUT", f"{flow.place}/stream", wish)) == (
            422, "invalid", "/secret",
        )  # fmt: skip
        wish |= {"secret": creds, "account": "me"}
        assert problem(counter.ask("PUT", f"{flow.place}/stream", wish))[2] == "/account"
        counter.ask("DELETE", flow.place)
