"""A reward takes the price that was shown, or nothing: by API, at the till and for a household."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.makers import Made, Shop, named
from tests.surfaces.counter import Counter, problem
from tests.surfaces.tills.device import Device
from tests.surfaces.tills.test_dear_rewards import member_with_points

PROGRAM = """
regulars: 1
program: as-shown
name: As shown
currency: EUR
zone: Europe/Berlin
wallets: {points: {}, drops: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cake, name: A cake, price: {points: 100}, worth: "5.00"}
household: {most_members: 3}
"""
DEARER = PROGRAM.replace("price: {points: 100}", "price: {points: 150}")


@pytest.fixture(scope="module")
def opened(database: Made) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, PROGRAM))
    yield opened
    opened.close()


@pytest.fixture
def shop(opened: Counter) -> Counter:
    """The shop, in which the cake costs 100 points again."""
    change(opened, PROGRAM)
    return opened


def change(shop: Counter, program: str) -> None:
    number = shop.shop.terms.latest
    said = program.replace("name: As shown", f"name: As shown {number}")
    shop.shop.publish(named(said, shop.shop.terms.slug))


def has(shop: Counter, member: str) -> tuple[int, int]:
    kept = shop.get(f"/v1/members/{member}/standing").json()["wallets"]["points"]
    return kept["available"], kept["held"]


def at_till(device: Device, member: str, key: str, **more: Any) -> Any:
    body = {"member": {"id": member}, "reward": "cake", **more}
    return device.counter.ask(
        "POST", "/v1/till/redemptions", body, key=device.token, idempotency_key=key
    )


def by_api(shop: Counter, member: str, **more: Any) -> Any:
    return shop.post("/v1/redemptions", {"member": {"id": member}, "reward": "cake", **more})


def test_what_was_shown_is_taken_and_after_a_change_it_is_refused_with_what_it_takes(
    shop: Counter,
) -> None:
    member = member_with_points(shop, "ada")
    seen = shop.get(f"/v1/members/{member}/standing").json()["rewards"][0]["price"]
    assert by_api(shop, member, price=seen, capture=True).json()["price"] == {"points": 100}
    change(shop, DEARER)
    no = by_api(shop, member, price=seen)
    assert problem(no)[:2] == (409, "price_changed")
    assert no.json()["facts"] == {"price": {"points": 150}}
    assert has(shop, member) == (890, 0)
    yes = by_api(shop, member, price=no.json()["facts"]["price"])
    assert (yes.status_code, has(shop, member)) == (201, (740, 150))


def test_at_the_till_too_and_what_is_asked_again_is_answered_as_it_was(shop: Counter) -> None:
    device, member = Device(shop), member_with_points(shop, "bea")
    wish = {"price": {"points": 100}}
    first = at_till(device, member, "price-before-it", **wish)
    assert first.status_code == 201, first.text
    change(shop, DEARER)
    assert at_till(device, member, "price-before-it", **wish).json()["id"] == first.json()["id"]
    no = at_till(device, member, "price-after-it", **wish)
    assert problem(no)[:2] == (409, "price_changed")
    assert has(shop, member) == (890, 0)
    # A till of before says nothing of what it showed, and takes what it takes.
    assert at_till(device, member, "price-not-said").status_code == 201
    assert has(shop, member) == (740, 0)


def test_a_cheaper_price_is_told_before_it_is_taken_too(shop: Counter) -> None:
    member = member_with_points(shop, "cem")
    change(shop, PROGRAM.replace("{points: 100}", "{points: 60}"))
    no = by_api(shop, member, price={"points": 100})
    assert no.json()["facts"] == {"price": {"points": 60}}


def test_so_many_points_of_another_wallet_are_another_price(shop: Counter) -> None:
    member = member_with_points(shop, "dan")
    for price in ({"drops": 100}, {"points": 100, "drops": 1}, {}, {"nothing": 100}):
        assert problem(by_api(shop, member, price=price))[:2] == (409, "price_changed"), price
    yes = by_api(shop, member, price={"points": 100, "drops": 0})
    assert yes.status_code == 201, yes.text


def test_who_cannot_pay_what_it_takes_by_now_hears_what_is_missing(shop: Counter) -> None:
    member = member_with_points(shop, "eva")
    change(shop, PROGRAM.replace("{points: 100}", "{points: 1000}"))
    no = by_api(shop, member, price={"points": 100})
    assert problem(no)[:2] == (409, "not_enough_points")
    assert no.json()["facts"] == {"wallet": "points", "price": 1000, "available": 990}


def test_a_household_takes_what_was_shown_or_nothing(shop: Counter) -> None:
    member = member_with_points(shop, "fay")
    home = shop.post("/v1/households", {"head": {"id": member}}).json()["id"]
    change(shop, DEARER)
    path, wish = f"/v1/households/{home}/redemptions", {"member": {"id": member}, "reward": "cake"}
    no = shop.post(path, wish | {"price": {"points": 100}})
    assert problem(no)[:2] == (409, "price_changed")
    assert has(shop, member) == (990, 0)
    assert shop.post(path, wish | {"price": {"points": 150}}).status_code == 201


def test_a_basket_that_points_pay_has_no_price_that_was_shown(shop: Counter) -> None:
    pay = {"pay": {"basket": {"minor": 100, "currency": "EUR"}}, "price": {"points": 1}}
    no = shop.post("/v1/redemptions", {"member": {"id": member_with_points(shop, "gil")}, **pay})
    assert problem(no)[:2] == (422, "invalid")
    assert no.json()["errors"][0]["pointer"] == "/price"
