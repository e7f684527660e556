"""A household pays for a basket at a till: reserved with each, and taken with the one sale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.makers import NOON, Made, Shop
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter, problem
from tests.surfaces.tills.device import Device
from tests.surfaces.tills.paying.test_paying import PAYS, money, stands, with_points

HOME = (
    PAYS.replace("program: pays-here", "program: pays-at-home")
    + "household: {most_members: 4, draws: proportional,"
    " minors: {points: {points: 60}, per: day}}\n"
)


@pytest.fixture(scope="module")
def shop(database: Made) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, HOME))
    yield opened
    opened.close()


@pytest.fixture
def home(shop: Counter) -> tuple[str, list[str]]:
    """A household of two with 100 points each, and somebody of no household."""
    shop.shop.now = NOON
    stem = len(shop.shop.rows("select 1 from household where program_id = $1"))
    people = [with_points(shop, f"{name}-{stem}", 10_000) for name in ("ada", "ben", "cem")]
    made = shop.post("/v1/households", {"head": {"id": people[0]}}).json()["id"]
    assert shop.post(f"/v1/households/{made}/members", {"member": {"id": people[1]}}).is_success
    return made, people


def asks(device: Device, member: str, key: str, basket: int, **more: Any) -> Any:
    body = {"member": {"id": member}, "pay": {"basket": money(basket)}, "together": True} | more
    return device.counter.ask(
        "POST", "/v1/till/payments", body, key=device.token, idempotency_key=key
    )


def sells(device: Device, member: str, paid: Any, basket: int) -> Any:
    payments = [
        {"kind": "points", "amount": money(one["value_minor"]), "redemption": one["redemption"]}
        for one in paid["payments"]
    ]
    return device.records(
        "activity",
        {"kind": "purchase", "member": {"id": member}, "amount": money(basket),
         "payments": payments},
    )  # fmt: skip


def test_quoted_reserved_with_each_and_taken_with_the_sale(shop: Counter, home: Any) -> None:
    (_, (ada, ben, cem)), device = home, Device(shop)
    body = {"member": {"id": ada}, "pay": {"basket": money(3_000)}, "together": True}
    told = shop.post("/v1/till/payment-quotes", body, key=device.token).json()
    assert (told["points"], told["value"]["minor"]) == (150, 1_500)
    assert [(one["member_id"], one["name"], one["points"], one["value"]["minor"])
            for one in told["parts"]] == [(ada, "Ada", 75, 750),
                                          (ben, "Ada", 75, 750)]  # fmt: skip
    alone = shop.post("/v1/till/payment-quotes", body | {"together": False}, key=device.token)
    assert "parts" not in alone.json()
    for one in told["parts"]:
        del one["name"]  # names are for the counter
    assert shop.post("/v1/redemption-quotes", body).json() == told
    no = asks(device, ada, "other-points-1", 3_000, points=149)
    assert problem(no)[1] == "payment_changed"
    paid = asks(device, ada, "together-ada-1", 3_000, points=150)
    assert paid.status_code == 201, paid.text
    assert [one["price"] for one in paid.json()["payments"]] == [{"points": 75}] * 2
    assert asks(device, ada, "together-ada-1", 3_000, points=150).json() == paid.json()
    assert [stands(shop, one) for one in (ada, ben, cem)] == [(25, 75), (25, 75), (100, 0)]
    record = sells(device, ada, paid.json(), 3_000)
    assert device.outcomes(record) == [("applied", "")]
    assert [stands(shop, one) for one in (ada, ben)] == [(40, 0), (25, 0)]
    key = f"key-{device.id[-6:]}-0001"
    back = device.records("void", {"sale": {"source": device.id, "external_id": key}})
    assert device.outcomes(back) == [("applied", "")]
    assert [stands(shop, one) for one in (ada, ben)] == [(100, 0), (100, 0)]


def test_what_lapsed_before_the_record_came_is_taken_of_each_all_the_same(
    shop: Counter, home: Any
) -> None:
    (made, (ada, ben, _)), device = home, Device(shop)
    body = {"member": {"id": ben}, "role": "minor"}
    assert shop.post(f"/v1/households/{made}/members", body).is_success
    assert problem(asks(device, ben, "too-much-minor", 3_000, pay={
        "basket": money(3_000), "want": money(700)}))[1] == "minor_limit"  # fmt: skip
    paid = asks(device, ben, "lapses-then-ben", 1_200).json()
    record = sells(device, ben, paid, 1_200)
    shop.shop.now += timedelta(hours=2)
    shop.shop.night("lapse_holds")
    assert [stands(shop, one) for one in (ada, ben)] == [(100, 0), (100, 0)]
    assert device.outcomes(record) == [("applied", "")]
    assert [stands(shop, one) for one in (ada, ben)] == [(70, 0), (76, 0)]
    # The 60 points of the day are spent, whosever they were; what was reserved and lapsed is not.
    assert problem(asks(device, ben, "no-more-today-1", 1_200))[1] == "minor_limit"


def test_who_belongs_to_no_household_pays_alone(shop: Counter, home: Any) -> None:
    (_, (*_, cem)), device = home, Device(shop)
    no = asks(device, cem, "alone-by-herself", 1_000)
    assert (no.status_code, problem(no)[1]) == (404, "not_found")


def test_over_the_api_it_is_taken_at_once(shop: Counter, home: Any) -> None:
    made, (ada, ben, _) = home
    body = {"member": {"id": ada}, "pay": {"basket": money(1_000)}}
    no = shop.post(f"/v1/households/{made}/redemptions", body | {"points": 49})
    assert problem(no)[1] == "payment_changed"
    done = shop.post(f"/v1/households/{made}/redemptions", body)
    assert (done.status_code, done.json()["state"]) == (201, "captured")
    assert [stands(shop, one) for one in (ada, ben)] == [(75, 0), (75, 0)]
    both = body | {"reward": "a-mug"}
    assert problem(shop.post(f"/v1/households/{made}/redemptions", both))[1] == "invalid"
    none = {"member": {"id": ada}}
    assert problem(shop.post(f"/v1/households/{made}/redemptions", none))[1] == "invalid"


def test_the_console_says_whose_basket_was_paid(shop: Counter, home: Any) -> None:
    """Ben's page said "a payment with points: 75" and not that it was Ada's basket."""
    (_, (ada, ben, _)), device = home, Device(shop)
    paid = asks(device, ada, "whose-basket-01", 3_000).json()
    assert device.outcomes(sells(device, ada, paid, 3_000)) == [("applied", "")]
    browser = Browser(shop)
    browser.sign_in(somebody(shop, "owner").email)
    says = {}
    for member in (ada, ben):
        page = browser.get(f"/console/members/{member}?kind=redeemed").text
        first = re.findall(rf"/console/members/{member}/entries/ent_\w+", page)[0]
        says[member] = browser.get(first).text
    assert "a payment with points: 75" in says[ben]
    assert f'For the basket of: <a href="/console/members/{ada}">' in says[ben]
    assert "For the basket of" not in says[ada]
