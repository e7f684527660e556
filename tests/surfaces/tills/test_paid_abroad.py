"""A reward at the till where somebody pays in another currency: promised in it, or refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.browser.till.test_other_currencies import QUAY
from tests.makers import Made, Shop
from tests.surfaces.counter import Counter
from tests.surfaces.tills.device import Device


@pytest.fixture(scope="module")
def quay(database: Made) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, QUAY.replace("program: quay", "program: quay-till")))
    yield opened
    opened.close()


def taken(device: Device, member: str, reward: str, **more: Any) -> Any:
    body = {"member": {"id": member}, "reward": reward, **more}
    key = f"{reward}-{more['currency']}"
    path = "/v1/till/redemptions"
    return device.counter.ask("POST", path, body, key=device.token, idempotency_key=key)


def test_promised_where_it_is_worth_something_and_refused_elsewhere(quay: Counter) -> None:
    member, device = str(quay.joined("ada")), Device(quay)
    said = {
        "kind": "purchase", "member": {"id": member}, "source": "web", "external_id": "a",
        "amount": {"minor": 9_000, "currency": "EUR"},
    }  # fmt: skip
    assert quay.post("/v1/activities", said).status_code == 201
    done = taken(device, member, "mug", currency="USD")
    assert done.status_code == 201, done.text
    assert (done.json()["money_minor"], done.json()["currency"]) == (200, "USD")
    assert taken(device, member, "mug", currency="EUR").status_code == 201
    before = quay.shop.counts()["redemption"]
    for reward, currency in (("pin", "USD"), ("mug", "JPY"), ("mug", "XXX"), ("mug", "usd")):
        no = taken(device, member, reward, currency=currency)
        assert (no.status_code, no.json()["code"]) == (422, "invalid"), (reward, currency, no.text)
    assert quay.shop.counts()["redemption"] == before
