"""A till that looks for too many whom nobody knows hears no more (proof T18, ADR 0635)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.makers import NOON
from tests.surfaces.counter import Counter, problem
from tests.surfaces.tills.device import STORE, Device, sale

from regulars.flows.tills.look_up import MOST, LookedUp, LookUp, look_up
from regulars.records.access.watching.read import alerts
from regulars.records.members.types import MemberRef
from regulars.records.tills import read as tills
from regulars.surfaces.till.typed import meanings

TEN = timedelta(minutes=10)


@pytest.fixture
def shop(counter: Counter) -> Iterator[Counter]:
    counter.shop.now = NOON
    yield counter
    counter.shop.now = NOON


def finds(shop: Counter, device: Device, typed: str) -> Any:
    return shop.get(f"/v1/till/members?typed={typed}", key=device.token)


def raised(shop: Counter) -> list[tuple[str, str, int]]:
    found = shop.shop.do(lambda tx, _: alerts(tx, limit=99))
    return [(one.subject, one.place, one.count) for one in found if one.kind == "lookups"]


def strangers(shop: Counter, device: Device, many: int) -> list[Any]:
    return [finds(shop, device, f"+49301110{n:04}") for n in range(many)]


def test_thirty_strangers_in_ten_minutes_are_answered_and_then_nobody(shop: Counter) -> None:
    device, other = Device(shop, "Thirty"), Device(shop, "Other")
    ada = shop.joined("look-ada")
    told = strangers(shop, device, 30)
    assert [(one.status_code, one.json()["items"]) for one in told] == [(200, [])] * 30
    no = [finds(shop, device, typed) for typed in ("+493011109999", "look-ada")]
    # Alike, whether somebody is a member or not.
    assert [problem(one)[:2] for one in no] == [(429, "too_many_lookups")] * 2
    assert no[0].json() == no[1].json()
    assert no[0].json()["facts"]["retry_after_seconds"] == 600
    # Another device goes on, and so does the office.
    assert finds(shop, other, "look-ada").json()["items"][0]["id"] == ada
    assert shop.get("/v1/members?card=nobody-at-all").json()["items"] == []
    assert raised(shop) == [("Thirty", STORE, 30)]
    # What was sold is handed in as always: nothing is lost by looking for too many.
    assert device.outcomes(device.records("activity", sale("look-ada"))) == [("applied", "")]
    shop.shop.now += TEN - timedelta(seconds=1)
    assert finds(shop, device, "look-ada").status_code == 429
    shop.shop.now += timedelta(seconds=1)
    assert finds(shop, device, "look-ada").json()["items"][0]["id"] == ada


def test_a_rush_of_members_is_never_stopped(shop: Counter) -> None:
    device = Device(shop, "Rush")
    shop.joined("rush-ada")
    strangers(shop, device, 29)
    assert {finds(shop, device, "rush-ada").status_code for _ in range(80)} == {200}
    assert finds(shop, device, "one-stranger-more").status_code == 200
    assert finds(shop, device, "rush-ada").status_code == 429


def test_three_hundred_strangers_are_answered_in_a_day(shop: Counter) -> None:
    device = Device(shop, "Day")
    for _ in range(10):
        assert {one.status_code for one in strangers(shop, device, 30)} == {200}
        shop.shop.now += TEN
    no = finds(shop, device, "nobody")
    assert problem(no)[:2] == (429, "too_many_lookups")
    assert no.json()["facts"]["retry_after_seconds"] == 86_400 - 6_000
    assert sorted(n for name, _, n in raised(shop) if name == "Day") == [30] * 9 + [300]
    shop.shop.now = NOON + timedelta(days=1)
    assert finds(shop, device, "nobody").status_code == 200


def test_asked_all_at_once_they_are_as_many_as_one_by_one(shop: Counter) -> None:
    device = Device(shop, "At once")
    ask = [
        lambda n=n: shop.send("GET", f"/v1/till/members?typed=at-once-{n}", key=device.token)
        for n in range(50)
    ]
    told = sorted(one.status_code for one in shop.at_once(ask))
    assert told == [200] * 30 + [429] * 20


def test_in_two_transactions_at_once_none_is_missed(shop: Counter) -> None:
    device = Device(shop, "Two")
    strangers(shop, device, 29)
    till = next(one for one in shop.shop.do(lambda tx, _: tills.tills(tx)) if one.name == "Two")
    wish = LookUp(till.key_id, (MemberRef(card="nobody-here"),))

    told, waited = shop.shop.at_once(*[lambda tx, terms: look_up(tx, terms, [wish])] * 2)
    assert [isinstance(one, LookedUp) for (one,) in told] == [True, False]
    assert waited == {1}


def test_whichever_operation_a_till_asks_a_name_is_counted(shop: Counter) -> None:
    device = Device(shop, "Roundabout")
    ada = shop.joined("round-ada")
    amount = {"minor": 500, "currency": "EUR"}

    def previews(**whom: str) -> Any:
        body = {"kind": "purchase", "member": whom, "amount": amount, "store": STORE}
        return shop.post("/v1/activities/preview", body, key=device.token)

    for n in range(10):
        assert previews(phone=f"+4930333{n:04}").status_code == 404
        assert shop.get(f"/v1/members?card=r-{n}", key=device.token).json()["items"] == []
        one = {"kind": "purchase", "member": {"phone": f"+4930222{n:04}"}, "amount": amount}
        shop.post("/v1/activities", one | {"external_id": f"r{n}"}, key=device.token)
    assert previews(card="round-ada").status_code == 429
    assert shop.get("/v1/members?card=round-ada", key=device.token).status_code == 429
    # By an id nothing is guessed: whoever was found before is served.
    assert previews(id=ada).status_code == 200


def test_a_name_shows_a_till_first_names_and_four_digits(shop: Counter) -> None:
    device = Device(shop, "Names")
    names = [{"kind": "phone", "value": "+493033445566"}, {"kind": "email", "value": "z@x.org"}]
    body = {"identifiers": names, "given_name": "Zora", "family_name": "Quill"}
    shop.post("/v1/members", body | {"attributes": {"milk": "oat"}})
    (one,) = shop.get("/v1/members?name=Zor", key=device.token).json()["items"]
    assert one["identifiers"] == [{"kind": "phone", "value": "…5566"}]
    assert (one["given_name"], one["family_name"], one["attributes"]) == ("Zora", "", {})
    assert len(one["number"]) == 5
    # Nobody reads the list of members at a till, page by page.
    for query in ("", "?limit=200", "?name=%20", "?name=Zo&cursor=abc"):
        assert shop.get(f"/v1/members{query}", key=device.token).status_code == 400, query
    (full,) = shop.get("/v1/members?name=Zor").json()["items"]
    assert full["family_name"] == "Quill"


def test_what_is_typed_is_taken_for_what_it_can_be() -> None:
    def said(typed: str) -> list[dict[str, str]]:
        return [
            {k: v for k in MemberRef.__struct_fields__ if (v := getattr(one, k)) is not None}
            for one in meanings(typed)
        ]

    assert said(" Ada@Example.org ") == [{"email": "ada@example.org"}]
    assert [next(iter(one)) for one in said("030 123-456")] == [
        "phone",
        "number",
        "card",
        "external",
    ]
    assert said("030 123-456")[0] == {"phone": "030123456"}
    assert [next(iter(one)) for one in said("123456789012")][:2] == ["number", "phone"]
    assert said("A-1") == [{"number": "A1"}, {"card": "A-1"}, {"external": "A-1"}]


def test_who_is_found_by_their_telephone_as_it_is_typed(shop: Counter) -> None:
    device = Device(shop, "Typed")
    names = [{"kind": "phone", "value": "+493077889900"}]
    ada = shop.post("/v1/members", {"identifiers": names, "given_name": "Ada"}).json()
    for typed in ("%2B49 30 77889900", "030 7788-9900", "0049 30 77889900", ada["number"]):
        (one,) = finds(shop, device, typed).json()["items"]
        assert (one["id"], one["given_name"]) == (ada["id"], "Ada"), typed
        assert names[0] in one["identifiers"]
    for typed in ("", "x" * 201, "%00"):
        assert finds(shop, device, typed).status_code == 400


def test_the_numbers_are_those_of_the_proof() -> None:
    assert MOST == {"lookup": 30, "lookup_day": 300}
