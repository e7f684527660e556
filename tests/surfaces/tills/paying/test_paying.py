"""A basket is paid with points at a till: reserved there, and taken with the record of the sale."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.makers import NOON, Made, Shop
from tests.surfaces.counter import Counter, problem
from tests.surfaces.tills.device import Device

PAYS = """
regulars: 1
program: pays-here
name: Pays
currency: EUR
zone: Europe/Berlin
currencies:
  USD: [{counts: "0.50"}]
wallets: {points: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
paying:
  {wallet: points, points: 10, per: "1.00", step: 10, at_most_percent: 50, in_currency: {USD: {}}}
"""


@pytest.fixture(scope="module")
def pays(database: Made) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, PAYS))
    yield opened
    opened.close()


@pytest.fixture
def shop(pays: Counter) -> Iterator[Counter]:
    pays.shop.now = NOON
    yield pays
    pays.shop.now = NOON


def with_points(shop: Counter, name: str, minor: int = 40_000) -> str:
    member = str(shop.joined(name))
    said = {
        "kind": "purchase", "member": {"id": member}, "source": "web", "external_id": name,
        "amount": {"minor": minor, "currency": "EUR"},
    }  # fmt: skip
    assert shop.post("/v1/activities", said).status_code == 201
    return member


def money(minor: int, currency: str = "EUR") -> dict[str, Any]:
    return {"minor": minor, "currency": currency}


def asks(device: Device, member: str, key: str, *, basket: Any, want: Any = None) -> Any:
    pay = {"basket": basket} | ({} if want is None else {"want": want})
    body = {"member": {"id": member}, "pay": pay}
    path = "/v1/till/payments"
    return device.counter.ask("POST", path, body, key=device.token, idempotency_key=key)


def quoted(device: Device, member: str, basket: Any) -> Any:
    body = {"member": {"id": member}, "pay": {"basket": basket}}
    return device.counter.post("/v1/till/payment-quotes", body, key=device.token)


def sells(device: Device, member: str, paid: Any, amounts: tuple[Any, Any], **more: Any) -> Any:
    basket, value = amounts
    payments = [{"kind": "points", "amount": value, "redemption": paid["id"]}]
    said = {"kind": "purchase", "member": {"id": member}, "amount": basket, "payments": payments}
    return device.records("activity", said | more)


def stands(shop: Counter, member: str) -> tuple[int, int]:
    (row,) = shop.shop.rows(
        "select available, held from balance where program_id = $1 and member_id = $2::uuid",
        member.removeprefix("mem_"),
    )
    return row[0], row[1]


def test_reserved_taken_with_the_sale_and_given_back_with_it(shop: Counter) -> None:
    device, member = Device(shop), with_points(shop, "ada")
    told = quoted(device, member, money(1_050)).json()
    assert (told["points"], told["value"]["minor"], told["left"]["minor"]) == (50, 500, 550)
    assert stands(shop, member) == (400, 0)
    no = asks(device, member, "too-much-of-it", basket=money(1_050), want=money(600))
    assert problem(no)[1] == "share_exceeded"
    paid = asks(device, member, "some-of-it-1", basket=money(1_050), want=money(300))
    assert paid.status_code == 201, paid.text
    assert stands(shop, member) == (370, 30)
    again = asks(device, member, "some-of-it-1", basket=money(1_050), want=money(300))
    assert again.json()["id"] == paid.json()["id"]
    record = sells(device, member, paid.json(), (money(1_050), money(300)))
    assert device.outcomes(record) == [("applied", "")]
    assert stands(shop, member) == (377, 0)  # what is paid with points earns nothing
    assert device.hands_in(record)[0]["again"]
    assert stands(shop, member) == (377, 0)
    key = f"key-{device.id[-6:]}-0001"
    back = device.records("void", {"sale": {"source": device.id, "external_id": key}})
    assert device.outcomes(back) == [("applied", "")]
    assert stands(shop, member) == (400, 0)


def test_nothing_is_taken_where_no_sale_comes_or_it_cannot_be_booked(shop: Counter) -> None:
    device, member = Device(shop), with_points(shop, "ben")
    asks(device, member, "never-recorded", basket=money(1_000))
    shop.shop.now += timedelta(minutes=16)
    shop.shop.night("lapse_holds")
    assert stands(shop, member) == (400, 0)
    named = {"source": "main-street", "external_id": "R-7"}
    said = {"kind": "purchase", "member": {"id": member}, "amount": money(100), **named}
    assert device.outcomes(device.records("activity", said)) == [("applied", "")]
    paid = asks(device, member, "a-receipt-twice", basket=money(1_000)).json()
    record = sells(device, member, paid, (money(1_000), money(500)), **named)
    assert device.outcomes(record)[0][0] == "quarantined"
    assert stands(shop, member) == (351, 50)  # it lapses as any reservation


def test_a_record_that_comes_late_takes_them_anew_or_is_set_aside(shop: Counter) -> None:
    device, member = Device(shop), with_points(shop, "cem", 10_000)
    paid = asks(device, member, "cut-off-then-1", basket=money(2_000)).json()
    record = sells(device, member, paid, (money(2_000), money(1_000)))
    shop.shop.now += timedelta(hours=2)
    assert device.outcomes(record) == [("applied", "")]
    assert device.hands_in(record)[0]["again"]
    assert stands(shop, member) == (10, 0)
    late = asks(device, member, "cut-off-then-2", basket=money(200)).json()
    record = sells(device, member, late, (money(200), money(100)))
    shop.shop.now += timedelta(hours=2)
    other = Device(shop, "Counter 2")
    gone = asks(other, member, "elsewhere-then", basket=money(200)).json()
    assert other.outcomes(sells(other, member, gone, (money(200), money(100)))) == [("applied", "")]
    assert device.outcomes(record) == [("quarantined", "not_enough_points")]
    assert min(stands(shop, member)) >= 0


def test_what_another_till_reserved_is_not_taken(shop: Counter) -> None:
    device, member = Device(shop), with_points(shop, "dora")
    other = Device(shop, "Counter 2")
    paid = asks(other, member, "of-another-till", basket=money(1_000)).json()
    record = sells(device, member, paid, (money(1_000), money(500)))
    assert device.outcomes(record) == [("quarantined", "invalid")]
    assert stands(shop, member) == (350, 50)


def test_in_another_currency_it_counts_at_its_rate(shop: Counter) -> None:
    device, member = Device(shop), with_points(shop, "eva")
    told = quoted(device, member, money(1_000, "USD")).json()
    assert (told["points"], told["value"]["minor"], told["left"]["minor"]) == (20, 400, 600)
    paid = asks(device, member, "paid-in-dollars", basket=money(1_000, "USD")).json()
    record = sells(device, member, paid, (money(1_000, "USD"), money(400, "USD")))
    assert device.outcomes(record) == [("applied", "")]
    assert stands(shop, member)[1] == 0
