"""A reward at the till where somebody pays in another currency: promised in it, or refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.browser.till.apart.test_other_currencies import QUAY
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


def test_what_comes_back_is_told_as_it_was_paid(quay: Counter) -> None:
    """A sale of 40.00 USD counts 20.00 EUR: its pieces are cents of a dollar, and no euros."""
    member, device = str(quay.joined("ben")), Device(quay)
    dollars = {"minor": 4_000, "currency": "USD"}
    whole = {"kind": "purchase", "member": {"id": member}, "amount": dollars}
    line = {"sku": "cap", "quantity": 2, "amount": dollars, "discount": {**dollars, "minor": 400}}
    parts = {"kind": "purchase", "member": {"id": member}, "lines": [line]}
    records = [device.records("activity", one) for one in (whole, parts)]
    assert device.outcomes(*records) == [("applied", "")] * 2
    found = quay.get(f"/v1/till/sales?member={member}", key=device.token).json()["items"]
    by_lines, by_amount = sorted(found, key=lambda one: not one["lines"])
    assert (by_amount["amount"], by_amount["paid"]) == (
        {"minor": 2_000, "currency": "EUR"},
        dollars,
    )
    assert by_amount["left"] == 4_000
    (cap,) = by_lines["lines"]
    assert (cap["amount"]["minor"], cap["paid"]) == (1_800, {"minor": 3_600, "currency": "USD"})
    home = {"kind": "purchase", "member": {"id": member}, "amount": {**dollars, "currency": "EUR"}}
    assert device.outcomes(device.records("activity", home)) == [("applied", "")]
    found = quay.get(f"/v1/till/sales?member={member}", key=device.token).json()["items"]
    assert sum("paid" in one for one in found) == 2
