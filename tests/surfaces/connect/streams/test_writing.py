"""Events that are put into brokers: in each member's order, nothing lost, and nothing twice where
the broker knows ids."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import nats as client
import pytest
from nats.js.api import StreamConfig
from standardwebhooks import Webhook
from tests.makers import NOON, Shop
from tests.runtime.working.hooks.town import Town
from tests.runtime.working.senders.test_messages import SOURCE
from tests.surfaces.connect.streams.machines import Kafka, Nats

from regulars.records.outbox.hooks.types import Entry, Hook
from regulars.runtime.working.hooks.dispatcher import Dispatcher
from regulars.surfaces.senders.brokers.jetstream import JetOutlet
from regulars.surfaces.senders.brokers.there import SILENT, NotReached

POINTS = ("points.earned",)


@pytest.fixture(scope="module")
def opened(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, SOURCE)
    yield shop
    shop.close()


@pytest.fixture
def town(opened: Shop) -> Iterator[Town]:
    opened.begin(SOURCE, slug=f"h{os.urandom(4).hex()}", now=NOON)
    opened.joined("ada", "ben")
    made = Town(opened)
    yield made
    made.close()


class Heard:
    """A stream of JetStream, and all that it has."""

    def __init__(self, shop: Shop, machine: Nats, window_s: float = 120) -> None:
        self.shop, self.machine = shop, machine
        self.mark = f"out-{os.urandom(3).hex()}"
        made = StreamConfig(name=self.mark, subjects=[f"{self.mark}.>"], duplicate_window=window_s)
        shop.run(self._asked(lambda jet: jet.add_stream(made)))

    @property
    def url(self) -> str:
        return self.machine.url(self.mark)

    def all(self) -> list[Any]:
        async def every(jet: Any) -> list[Any]:
            last = (await jet.stream_info(self.mark)).state.last_seq
            return [await jet.get_msg(self.mark, number) for number in range(1, last + 1)]

        return self.shop.run(self._asked(every))  # type: ignore[no-any-return]

    def sequences(self) -> dict[str, list[int]]:
        """By member, the positions that came, in their order."""
        found: dict[str, list[int]] = {}
        for one in self.all():
            told = json.loads(one.data)["data"]
            found.setdefault(told["member_id"], []).append(told["position"])
        return found

    async def _asked(self, what: Any) -> Any:
        there = await client.connect(f"nats://127.0.0.1:{self.machine.port}")
        try:
            return await what(there.jetstream())
        finally:
            await there.close()


def broker_hook(town: Town, url: str) -> Hook:
    return town.hook(url, POINTS, entry=Entry())


def judged(secret: str, one: Any) -> bool:
    """Whether the library of Standard Webhooks takes a message for what it is signed as."""
    above = one.headers
    at = datetime.fromtimestamp(int(above["webhook-timestamp"]), UTC)
    made = Webhook(secret).sign(above["webhook-id"], at, one.data.decode())
    return bool(made in above["webhook-signature"].split())


def test_events_arrive_by_member_signed_and_with_their_id(town: Town, nats: Nats) -> None:
    heard = Heard(town.shop, nats)
    hook = broker_hook(town, heard.url)
    for number in range(4):
        town.buys("ada", f"a{number}")
        town.buys("ben", f"b{number}")
    town.go(hook)
    assert list(heard.sequences().values()) == [[1, 2, 3, 4]] * 2
    one = heard.all()[0]
    assert one.headers["Nats-Msg-Id"] == one.headers["webhook-id"]
    member = json.loads(one.data)["data"]["member_id"]
    assert one.subject == f"{heard.mark}.points.earned.{member}"
    assert one.headers["regulars-member"] == member
    assert judged(town.secret(hook), one)
    assert {state for _, _, state, _ in town.sendings()} == {"delivered"}


def test_a_topic_has_each_members_events_in_one_part_in_order(town: Town, kafka: Kafka) -> None:
    topic = f"out-{os.urandom(3).hex()}"
    kafka.put(topic, b"{}", key="first")  # as an operator makes it
    hook = broker_hook(town, kafka.url(topic))
    for number in range(4):
        town.buys("ada", f"a{number}")
        town.buys("ben", f"b{number}")
    town.go(hook)
    came: dict[str, list[int]] = {}
    for key, headers, body in kafka.there(topic):
        if key != "first":
            told = json.loads(body)
            assert (key, headers["regulars-type"]) == (told["data"]["member_id"], told["type"])
            assert headers["webhook-id"].startswith("evt_")
            came.setdefault(key, []).append(told["data"]["position"])
    assert list(came.values()) == [[1, 2, 3, 4]] * 2


def test_a_broker_that_is_down_for_three_days_has_everything_once_and_in_order(
    town: Town, nats: Nats
) -> None:
    heard = Heard(town.shop, nats)
    hook = broker_hook(town, heard.url)
    town.buys("ada", "a0")
    town.go(hook)
    nats.kill()
    number = 0
    try:
        for _ in range(36):  # three days, two hours each
            number += 1
            town.buys("ada", f"x{number}")
            town.buys("ben", f"y{number}")
            town.go(hook)
            town.later(hours=2)
    finally:
        nats.start()
    assert any("cannot be connected" in reason for _, reason in town.tries())
    for _ in range(10):
        town.later(hours=7)
        town.go(hook)
    assert {state for _, _, state, _ in town.sendings()} == {"delivered"}
    came = heard.sequences()
    assert sorted(map(len, came.values())) == [number, number + 1]
    assert all(one == list(range(1, len(one) + 1)) for one in came.values())


def test_what_was_kept_and_whose_answer_was_lost_is_there_once_however_late(
    town: Town, nats: Nats, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = Heard(town.shop, nats, window_s=0.1)
    hook = broker_hook(town, heard.url)
    town.buys("ada", "a1")
    whole = JetOutlet.publish

    async def unanswered(self: JetOutlet, one: Any) -> None:
        await whole(self, one)
        raise NotReached(SILENT)

    with monkeypatch.context() as lost:
        lost.setattr(JetOutlet, "publish", unanswered)
        town.go(hook)
    assert town.tries() == [(None, SILENT)]
    time.sleep(0.3)  # it knows no id any more
    town.later(days=1)
    town.buys("ada", "a2")
    town.go(hook)
    assert list(heard.sequences().values()) == [[1, 2]]
    assert {state for _, _, state, _ in town.sendings()} == {"delivered"}


def test_another_process_that_goes_on_puts_nothing_twice(town: Town, nats: Nats) -> None:
    heard = Heard(town.shop, nats, window_s=0.1)
    hook = broker_hook(town, heard.url)
    for number in range(3):
        town.buys("ada", f"a{number}")

    async def killed(*_: Any) -> None:
        """It was put there, and nobody wrote that down."""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Dispatcher, "_settle", killed)
        town.go(hook)
    town.close()
    time.sleep(0.3)
    first = len(heard.all())
    next_one = Town(town.shop)
    next_one.shop.now += timedelta(minutes=5)
    next_one.go(hook)
    next_one.close()
    assert (first, list(heard.sequences().values())) == (1, [[1, 2, 3]])


def test_a_subject_nobody_keeps_is_said(town: Town, nats: Nats) -> None:
    hook = broker_hook(town, nats.url("nobody.hears"))
    town.buys("ada", "a1")
    town.go(hook)
    ((status, reason),) = town.tries()
    assert (status, "no stream of JetStream keeps this subject" in reason) == (None, True)
