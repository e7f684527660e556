"""Appointments and guests over HTTP: free times, booked, moved, missed, and who comes along."""

from collections.abc import Iterator

import pytest
from tests.flows.members.benefits.house import HOUSE
from tests.makers import Shop
from tests.surfaces.counter import Counter, buys

DAY = "2026-03-05"


@pytest.fixture(scope="module")
def shop(database: object) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, HOUSE))  # type: ignore[arg-type]
    yield opened
    opened.close()


def gold(shop: Counter, card: str) -> str:
    member = shop.joined(card)
    shop.post("/v1/activities", buys(card, 20_000))
    return member


def free(shop: Counter, store: str) -> list[tuple[str, int]]:
    shown = shop.get(f"/v1/benefits/stylist/slots?on={DAY}&store={store}").json()
    return [(one["from_at"], one["left"]) for one in shown["items"]]


def test_booked_moved_and_missed(shop: Counter) -> None:
    member = gold(shop, "B-1")
    nine, ten = f"{DAY}T09:00:00Z", f"{DAY}T10:00:00Z"
    assert free(shop, "mitte") == [(nine, 2), (ten, 2)]
    wish = {"member": {"card": "B-1"}, "benefit": "stylist", "store": "mitte", "from_at": nine}
    done = shop.post("/v1/benefit-uses", wish | {"guests": [{"name": "Nil"}]}).json()
    assert (done["from_at"], done["until_at"], done["guests"]) == (nine, ten, 1)
    assert free(shop, "mitte") == [(nine, 0), (ten, 2)]
    asked = f"/v1/members/{member}/benefits/stylist?store=mitte&from_at={nine}"
    assert shop.get(asked).json()["why_not"]["code"] == "fully_booked"
    moved = shop.post(f"/v1/benefit-uses/{done['id']}/move", {"from_at": ten}).json()
    assert (moved["state"], moved["from_at"], moved["left"]) == ("used", ten, 2)
    early = shop.post(f"/v1/benefit-uses/{moved['id']}/missed", {})
    assert (early.status_code, early.json()["code"]) == (422, "invalid")
    kept = shop.get(f"/v1/members/{member}/benefit-uses").json()["items"]
    assert [(one["state"], one["from_at"], one["guests"]) for one in kept] == [
        ("used", ten, 1), ("undone", nine, 1),
    ]  # fmt: skip
    assert kept[0]["cancel_until"] == "2026-03-04T10:00:00Z"


def test_a_time_that_is_none_and_a_day_that_is_none(shop: Counter) -> None:
    gold(shop, "N-1")
    wish = {"member": {"card": "N-1"}, "benefit": "stylist"}
    assert shop.post("/v1/benefit-uses", wish).json()["code"] == "invalid"
    no = shop.post("/v1/benefit-uses", wish | {"from_at": f"{DAY}T09:30:00Z"})
    assert (no.status_code, no.json()["code"]) == (409, "no_such_time")
    for day in ("2026-02-30", "yesterday"):
        assert shop.get(f"/v1/benefits/stylist/slots?on={day}").status_code in (400, 422)
    assert shop.get(f"/v1/benefits/lounge/slots?on={DAY}").status_code == 404
    assert shop.get(f"/v1/benefits/nothing/slots?on={DAY}").status_code == 404


def test_guests_are_named_or_members(shop: Counter) -> None:
    gold(shop, "H-1")
    ben = gold(shop, "H-2")
    wish = {"member": {"card": "H-1"}, "benefit": "lounge"}
    for guest in ({}, {"name": " "}, {"name": "Nil", "member": {"card": "H-2"}}):
        no = shop.post("/v1/benefit-uses", wish | {"guests": [guest]})
        assert (no.status_code, no.json()["code"]) == (422, "invalid"), guest
    both = [{"name": "Nil"}, {"member": {"card": "H-2"}}]
    done = shop.post("/v1/benefit-uses", wish | {"guests": both}).json()
    assert (done["times"], done["left"]) == (3, 1)
    member = done["member_id"]
    (kept,) = shop.get(f"/v1/members/{member}/benefit-uses").json()["items"]
    assert (kept["guest_members"], kept["details"]) == ([ben], {"guests": "Nil"})
    asked = shop.get(f"/v1/members/{member}/benefits/lounge?guests=1").json()
    assert (asked["may"], asked["why_not"]["code"], asked["left"]) == (False, "used_up", 1)
    assert asked["ends_at"].endswith("T23:00:00Z")
    assert shop.post("/v1/benefit-uses", wish | {"guests": both * 2}).json()["code"] == "invalid"
