"""Records that name points which may not pay for their sale take none; each hour's way of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.flows.members.staff.people import HOUSE, hires, settles
from tests.makers import NOON, Made, Shop
from tests.surfaces.counter import Counter, problem
from tests.surfaces.tills.device import STORE, Device
from tests.surfaces.tills.paying.test_paying import PAYS, asks, money, sells, stands, with_points
from tests.surfaces.tills.test_dear_rewards import card_of

from regulars.flows.access.commands import ChangeSetting, SetPin
from regulars.records.access.staff.passwords import kept_form

LATE = [timedelta(0), timedelta(hours=2)]
BASKET = (money(1_000), money(500))
PROVED = PAYS.replace("pays-here", "pays-proved") + 'spending_proof: {card_above: "4.00"}\n'


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


@pytest.fixture(scope="module")
def proves(database: Made) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, PROVED))
    yield opened
    opened.close()


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


@pytest.mark.parametrize("late", LATE)
def test_what_was_proved_when_it_was_reserved_is_proved(proves: Counter, late: timedelta) -> None:
    """Nobody can show their card again when a record comes hours later; without it, nothing."""
    shop = proves
    device, member = Device(shop), with_points(shop, f"proved {late}")
    assert problem(asks(device, member, "without-a-card", basket=money(1_000)))[1] == "card_needed"
    assert stands(shop, member) == (400, 0)
    body = {"member": {"id": member}, "pay": {"basket": money(1_000)}}
    body["card_code"] = card_of(shop, member)
    paid = shop.ask(
        "POST", "/v1/till/payments", body, key=device.token, idempotency_key="with-a-card"
    )
    assert paid.status_code == 201, paid.text
    record = sells(device, member, paid.json(), BASKET)
    shop.shop.now += late
    assert device.outcomes(record) == [("applied", "")]
    assert stands(shop, member) == (355, 0)


def test_above_the_limit_the_way_past_the_screen_needs_the_pin_too(shop: Counter) -> None:
    device, member = Device(shop), with_points(shop, "limited")
    boss = hires(shop.shop, "manager", stores=(STORE,))
    settles(shop.shop, SetPin(boss.staff_id, kept_form("161803", bytes(16)), HOUSE))
    settles(shop.shop, ChangeSetting("redeem_limit", 49, HOUSE))

    def pays(key: str, path: str = "/v1/till/payments", **more: Any) -> Any:
        body = {"member": {"id": member}, "pay": {"basket": money(1_000)}, **more}
        return shop.ask("POST", path, body, key=device.token, idempotency_key=key)

    assert problem(pays("without-a-pin"))[:2] == (409, "manager_needed")
    wrong = pays("with-a-wrong-pin", approved_by=boss.principal, pin="000000")
    assert problem(wrong)[1] == "pin_wrong"
    assert problem(pays("round-the-till", "/v1/redemptions"))[1] == "missing_scope"
    assert stands(shop, member) == (400, 0)
    right = pays("with-their-pin", approved_by=boss.principal, pin="161803")
    assert right.status_code == 201, right.text
    settles(shop.shop, ChangeSetting("redeem_limit", 50, HOUSE))
    assert pays("as-much-as-alone").status_code == 201
    assert stands(shop, member) == (300, 100)
