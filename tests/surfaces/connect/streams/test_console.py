"""Brokers in the console: a source reads one, a webhook writes to one, both are tried there."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from tests.surfaces.connect.streams.flow import Flow, sale
from tests.surfaces.connect.streams.machines import Nats
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.base.tx import Tx
from regulars.records.inlets.streaming import read, write

SOURCES = "/console/sources"
HOOKS = "/console/webhooks"


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


def test_a_stream_is_kept_tried_and_shown(owner: Browser, counter: Counter, nats: Nats) -> None:
    flow = Flow(counter, nats)
    place = f"{SOURCES}/{flow.made['id']}"
    page = owner.get(place).text
    assert ("Address of the broker" in page, "/v1/in/" in page) == (True, False)
    wrong = owner.post(f"{place}/stream", {"turn": "keep", "address": "nats://10.0.0.7/x"})
    assert (wrong.status_code, "as in the example" in wrong.text) == (422, True)
    said = {"turn": "keep", "address": nats.url(flow.topic), "account": "", "secret": "tea-token"}
    assert owner.post(f"{place}/stream", said).status_code == 303
    flow.put(sale("1"), b"no json")
    assert "Messages that wait there: 2" in owner.post(f"{place}/stream", {"turn": "test"}).text
    assert flow.reads() == (2, 0, 0)
    said["since"] = "2099-01-01"
    wrong = owner.post(f"{place}/stream", said)
    assert (wrong.status_code, "Say a day that is over" in wrong.text) == (422, True)
    said["since"] = "2026-01-01"
    assert owner.post(f"{place}/stream", said).status_code == 303
    counter.shop.do(_half_way)
    page = owner.get(place).text
    assert ("Read everything since" in page, 'value="1" max="4"' in page) == (True, True)
    flow.look()
    page = owner.get(f"{place}?lang=de").text
    assert ("tea-token" in page, "Warten dort" in page) == (False, True)
    assert "das ist kein JSON" in page
    said["address"] = "nats://127.0.0.1:4999/none"
    owner.post(f"{place}/stream", said)
    flow.look()
    assert "Broker nicht erreicht" in owner.get(f"{SOURCES}?lang=de").text
    assert owner.post(f"{place}/stream", {"turn": "end"}).status_code == 303
    assert "Read it no more" not in owner.get(place).text
    counter.ask("DELETE", flow.place)


def test_a_webhook_goes_to_a_broker_and_is_tried(
    owner: Browser, counter: Counter, nats: Nats
) -> None:
    said = {"name": "Stream", "url": nats.url("nobody.hears"), "type": "points.earned"}
    made = owner.post(HOOKS, said | {"secret": "tea-token", "key": "k1", "form": "standard"})
    assert made.status_code == 303, made.text
    place = made.headers["location"]
    tried = owner.post(f"{place}?lang=de", {"turn": "test"}).text
    assert "kein Strom von JetStream behält dieses Thema" in tried
    assert "tea-token" not in tried
    flow = Flow(counter, nats)
    said["url"] = nats.url(flow.topic)
    assert owner.post(place, said | {"turn": "keep", "form": "standard"}).status_code == 303
    assert "keeps what is put there" in owner.post(place, {"turn": "test"}).text
    wrong = owner.post(place, said | {"url": "kafka://127.0.0.1:9092/x", "secret": "x"})
    assert (wrong.status_code, "by which the broker knows us" in wrong.text) == (422, True)
    counter.ask("DELETE", f"/v1/webhooks/{place.rpartition('/')[2]}")


async def _half_way(tx: Tx, _: Any) -> None:
    """As a worker keeps it that read one message and has three to go."""
    for one in (await read.all_of_them(tx)).values():
        if one.since is not None:
            await tx.write(write.keep(tx, replace(one, known=1, behind=3)))
