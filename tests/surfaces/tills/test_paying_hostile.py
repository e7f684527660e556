"""Records that name points which may not pay for their sale take none; each hour's way of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.makers import NOON, Made, Shop
from tests.surfaces.counter import Counter
from tests.surfaces.tills.device import Device
from tests.surfaces.tills.test_paying import PAYS, asks, money, sells, stands, with_points

LATE = [timedelta(0), timedelta(hours=2)]
BASKET = (money(1_000), money(500))


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


def all_of_it(shop: Counter, member: str) -> int:
    """What a member has when nothing is reserved any more."""
    shop.shop.now += timedelta(hours=3)
    shop.shop.night("lapse_holds")
    available, held = stands(shop, member)
    assert held == 0
    return available


def reserved(device: Device, member: str, **more: Any) -> Any:
    key = f"reserved-for-{member[-12:]}"
    paid = asks(device, member, key, basket=more.get("basket", money(1_000)))
    assert paid.status_code == 201, paid.text
    return paid.json()


@pytest.mark.parametrize("late", LATE)
def test_a_forged_amount_takes_no_points(shop: Counter, late: timedelta) -> None:
    device, member = Device(shop), with_points(shop, f"forged {late}")
    record = sells(device, member, reserved(device, member), (money(1_000), money(900)))
    shop.shop.now += late
    assert device.outcomes(record) == [("quarantined", "invalid")]
    assert all_of_it(shop, member) == 400


@pytest.mark.parametrize("late", LATE)
def test_a_sale_of_somebody_else_takes_no_points(shop: Counter, late: timedelta) -> None:
    device, member = Device(shop), with_points(shop, f"owner {late}")
    other = with_points(shop, f"thief {late}")
    record = sells(device, other, reserved(device, member), BASKET)
    shop.shop.now += late
    assert device.outcomes(record) == [("quarantined", "invalid")]
    assert (all_of_it(shop, member), all_of_it(shop, other)) == (400, 400)


@pytest.mark.parametrize("late", LATE)
def test_a_sale_in_another_currency_takes_no_points(shop: Counter, late: timedelta) -> None:
    device, member = Device(shop), with_points(shop, f"dollars {late}")
    dollars = (money(1_000, "USD"), money(500, "USD"))
    record = sells(device, member, reserved(device, member), dollars)
    shop.shop.now += late
    assert device.outcomes(record) == [("quarantined", "invalid")]
    assert all_of_it(shop, member) == 400


@pytest.mark.parametrize("late", LATE)
def test_a_receipt_that_was_used_takes_no_points(shop: Counter, late: timedelta) -> None:
    device, member = Device(shop), with_points(shop, f"receipt {late}")
    named = {"source": "main-street", "external_id": f"R-{late}"}
    said = {"kind": "purchase", "member": {"id": member}, "amount": money(100), **named}
    assert device.outcomes(device.records("activity", said)) == [("applied", "")]
    record = sells(device, member, reserved(device, member), BASKET, **named)
    shop.shop.now += late
    assert device.outcomes(record)[0][0] == "quarantined"
    assert all_of_it(shop, member) == 401


@pytest.mark.parametrize("late", LATE)
def test_a_member_who_was_blocked_meanwhile_loses_no_points(shop: Counter, late: timedelta) -> None:
    device, member = Device(shop), with_points(shop, f"blocked {late}")
    record = sells(device, member, reserved(device, member), BASKET)
    assert shop.post(f"/v1/members/{member}/block", {"reason": "fraud"}).status_code == 200
    shop.shop.now += late
    assert device.outcomes(record) == [("quarantined", "member_blocked")]
    assert all_of_it(shop, member) == 400


def test_a_member_who_was_erased_meanwhile_is_not_booked(shop: Counter) -> None:
    device, member = Device(shop), with_points(shop, "erased")
    record = sells(device, member, reserved(device, member), BASKET)
    assert shop.ask("DELETE", f"/v1/members/{member}").status_code in (200, 202, 204)
    assert device.outcomes(record)[0] == ("quarantined", "member_erased")


@pytest.mark.parametrize("late", LATE)
def test_one_reservation_pays_for_one_sale(shop: Counter, late: timedelta) -> None:
    device, member = Device(shop), with_points(shop, f"twice {late}")
    paid = reserved(device, member)
    first, second = (sells(device, member, paid, BASKET) for _ in range(2))
    shop.shop.now += late
    assert device.outcomes(first) == [("applied", "")]
    assert device.outcomes(second) == [("quarantined", "invalid")]
    assert all_of_it(shop, member) == 355
