"""Somebody's day at the till: their birthday, what is booked, booked anew, moved, and who came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

import httpx
import pytest
from tests.flows.members.benefits.house import HOUSE
from tests.makers import Made, Shop
from tests.surfaces.counter import Counter, problem
from tests.surfaces.tills.device import Device

from regulars.flows.tills.commands import KeepStore
from regulars.flows.tills.keep_stores import keep_stores
from regulars.surfaces.till.counter import doors
from regulars.surfaces.till.counter.greeting import is_birthday

WEEK = """
  - id: birthday-week
    on: purchase
    wallet: points
    award: {give: multiply, by: 2}
    when: {if: anniversary, attribute: birthday, days_before: 3, days_after: 3}
  - id: never-then
    on: purchase
    wallet: points
    award: {give: multiply, by: 3}
    when: {if: not, that: {if: anniversary, attribute: birthday}}
tiers:"""
GIFTS = """benefits:
  - {id: birthday-cake, name: A cake, allowance: {times: 1, per: year}}
  - {id: lips, name: Lips, choose_one: birthday-gift, allowance: {times: 1, per: year}}
  - {id: free-delivery, name: Free delivery}
  - {id: web-only, name: Web only, channels: [web], allowance: {times: 1, per: year}}
"""
_shops = count(1)
ROWS = "select state, store, channel, came_at::text from benefit_use where program_id = $1"


def source(slug: str) -> str:
    """The house, with more around birthdays."""
    named = HOUSE.replace("program: house", f"program: {slug}")
    return named.replace("\ntiers:", WEEK, 1).replace("benefits:\n", GIFTS, 1)


@pytest.fixture
def counter(database: Made) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, source(f"day-{next(_shops)}")))
    opened.shop.at("2026-07-06T12:00")
    yield opened
    opened.close()


@pytest.fixture
def till(counter: Counter) -> Device:
    return Device(counter)


def joined(counter: Counter, name: str, born: str) -> str:
    body = {"identifiers": [{"kind": "card", "value": name}], "given_name": name}
    if born:
        body["birthday" if len(born) == 10 else "attributes"] = (
            born if len(born) == 10 else {"birthday": born}
        )
    answer = counter.post("/v1/members", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def day(till: Device, member: str) -> dict[str, Any]:
    answer = till.counter.get(f"/v1/till/members/{member}/day", key=till.token)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def asks(till: Device, path: str, body: dict[str, Any], key: str) -> httpx.Response:
    return till.counter.post(f"/v1/till/{path}", body, key=till.token, idempotency_key=key)


def books(till: Device, member: str, at: str, key: str = "b-1") -> httpx.Response:
    wish = {"member": {"id": member}, "benefit": "fitting", "from_at": at}
    return asks(till, "uses", wish, key)


def test_the_day_is_told_and_neither_date_nor_year(counter: Counter, till: Device) -> None:
    ada = joined(counter, "ada", "1990-07-06")
    answer = counter.get(f"/v1/till/members/{ada}/day", key=till.token)
    assert "1990" not in answer.text
    said = answer.json()
    assert (said["birthday"], said["birthday_rules"]) == (True, ["birthday-week"])
    mine = {one["benefit"]: one["for_birthday"] for one in said["included"]}
    # What is never counted is used without being told, and the web's is not for the till.
    assert mine == {
        "birthday-cake": True, "lips": True, "fitting": False, "welcome": False, "family": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("born", "is_it", "rules"),
    [
        ("1990-07-08", False, ["birthday-week"]),
        ("1990-07-10", False, []),
        ("07-06", True, ["birthday-week"]),
        ("", False, []),
    ],
)
def test_around_it_more_is_earned_and_nobody_is_greeted_too_early(
    counter: Counter, till: Device, born: str, is_it: bool, rules: list[str]
) -> None:
    said = day(till, joined(counter, "bo", born))
    assert (said["birthday"], said["birthday_rules"]) == (is_it, rules)


def test_what_waits_for_a_birthday_is_told_without_a_date(counter: Counter, till: Device) -> None:
    bound = source(counter.shop.terms.slug).replace(
        "birthday-cake, name: A cake,", "cake, name: A cake, birthday: {days_after: 2},"
    )
    counter.shop.publish(bound)
    on_it, later, unknown = (
        joined(counter, *one) for one in (("ada", "1990-07-05"), ("bo", "1990-07-07"), ("cy", ""))
    )
    assert [one["benefit"] for one in day(till, on_it)["included"] if one["around"]] == ["cake"]
    wait = {"benefit": "cake", "name": "A cake"}
    assert day(till, later)["waits"] == [wait | {"why": "not_birthday"}]
    assert day(till, unknown)["waits"] == [wait | {"why": "birthday_unknown"}]
    no = asks(till, "uses", {"member": {"id": later}, "benefit": "cake"}, "w-1")
    assert problem(no)[:2] == (409, "not_birthday")
    assert "07-07" not in no.text


def test_born_on_a_day_that_most_years_do_not_have() -> None:
    assert is_birthday("1992-02-29", date(2026, 2, 28))
    assert not is_birthday("1992-02-29", date(2026, 3, 1))
    assert not is_birthday("1992-02-29", date(2028, 2, 28))
    assert is_birthday("1992-02-29", date(2028, 2, 29))


def test_a_gift_is_handed_over_once(counter: Counter, till: Device) -> None:
    ada = joined(counter, "ada", "1990-07-06")
    wish = {"member": {"id": ada}, "benefit": "birthday-cake"}
    for _ in range(2):
        assert asks(till, "uses", wish, "g-1").status_code == 201
    assert problem(asks(till, "uses", wish, "g-2"))[1] == "used_up"
    assert "birthday-cake" not in {one["benefit"] for one in day(till, ada)["included"]}
    assert counter.shop.rows(ROWS) == [("used", "main-street", "till", None)]


def test_booked_moved_and_cancelled_at_the_till(counter: Counter, till: Device) -> None:
    ada = joined(counter, "ada", "")
    found = counter.get("/v1/till/times?benefit=fitting&on=2026-07-07", key=till.token).json()
    assert (found["from_on"], found["until_on"]) == ("2026-07-07", "2026-07-14")
    assert [(one["from_at"][:16], one["left"]) for one in found["items"][:2]] == [
        ("2026-07-07T07:00", 1), ("2026-07-07T07:30", 1),
    ]  # fmt: skip
    done = books(till, ada, "2026-07-07T07:00:00Z")
    assert done.status_code == 201, done.text
    (booked,) = day(till, ada)["appointments"]
    assert (booked["today"], booked["may"]) == (False, ["move", "cancel"])
    wish = {"do": "move", "from_at": "2026-07-08T07:30:00Z"}
    other = asks(till, f"uses/{booked['id']}", wish, "m-1").json()
    assert other["from_at"] == "2026-07-08T07:30:00Z"
    gone = asks(till, f"uses/{other['id']}", {"do": "cancel"}, "c-1")
    assert gone.json()["state"] == "undone"
    assert day(till, ada)["appointments"] == []


def test_who_came_is_said_on_the_day_and_taken_back_by_nobody_came(
    counter: Counter, till: Device
) -> None:
    ada = joined(counter, "ada", "")
    use = books(till, ada, "2026-07-07T07:00:00Z").json()["id"]
    early = asks(till, f"uses/{use}", {"do": "came"}, "k-1")
    assert problem(early)[:2] == (422, "invalid")
    counter.shop.at("2026-07-07T08:30")
    assert day(till, ada)["appointments"][0]["may"] == ["came", "move", "cancel"]
    came = asks(till, f"uses/{use}", {"do": "came"}, "k-2").json()
    counter.shop.at("2026-07-07T09:10")
    again = asks(till, f"uses/{use}", {"do": "came"}, "k-3").json()
    assert came["came_at"] == again["came_at"] == "2026-07-07T06:30:00Z"
    assert day(till, ada)["appointments"][0]["may"] == []
    assert [row[3] is not None for row in counter.shop.rows(ROWS)] == [True]
    # It was a slip: nobody came, and this one is given back then.
    missed = asks(till, f"uses/{use}", {"do": "missed"}, "k-4").json()
    assert (missed["state"], missed["came_at"]) == ("undone", None)
    assert counter.shop.rows(ROWS) == [("undone", "main-street", "till", None)]
    assert problem(asks(till, f"uses/{use}", {"do": "came"}, "k-5"))[:2] == (422, "invalid")


def test_too_late_it_is_neither_cancelled_nor_moved(counter: Counter, till: Device) -> None:
    ada = joined(counter, "ada", "")
    counter.post("/v1/activities", {
        "kind": "purchase", "member": {"id": ada}, "amount": {"minor": 20_000, "currency": "EUR"},
    })  # fmt: skip
    wish = {"member": {"id": ada}, "benefit": "stylist", "from_at": "2026-07-07T08:00:00Z"}
    use = asks(till, "uses", wish, "b-2").json()["id"]
    assert day(till, ada)["appointments"][0]["may"] == []
    for wanted in ({"do": "cancel"}, {"do": "move", "from_at": "2026-07-09T08:00:00Z"}):
        no = asks(till, f"uses/{use}", wanted, f"l-{wanted['do']}")
        assert problem(no)[1] == "too_late_to_cancel"
    assert [row[0] for row in counter.shop.rows(ROWS)] == ["used"]


def test_what_is_booked_elsewhere_is_seen_and_left_alone(counter: Counter, till: Device) -> None:
    ada = joined(counter, "ada", "")
    wish = {"member": {"id": ada}, "benefit": "fitting", "store": "harbour",
            "from_at": "2026-07-07T07:00:00Z"}  # fmt: skip
    use = counter.post("/v1/benefit-uses", wish).json()["id"]
    (seen,) = day(till, ada)["appointments"]
    assert (seen["store"], seen["may"]) == ("harbour", [])
    no = asks(till, f"uses/{use}", {"do": "cancel"}, "e-1")
    assert problem(no)[:2] == (404, "not_found")
    assert [row[0] for row in counter.shop.rows(ROWS)] == ["used"]


def test_bad_wishes_are_named_and_nothing_is_booked(counter: Counter, till: Device) -> None:
    ada = joined(counter, "ada", "")
    assert problem(asks(till, "uses", {"member": {"id": ada}, "benefit": "fitting"}, "w-1")) == (
        422, "invalid", "/from_at",
    )  # fmt: skip
    assert problem(books(till, ada, "2026-07-07T07:05:00Z", "w-2"))[1] == "no_such_time"
    asked = counter.get("/v1/till/times?benefit=fitting&on=soon", key=till.token)
    assert problem(asked)[0] == 422
    far = counter.get("/v1/till/times?benefit=fitting&on=9999-12-31", key=till.token)
    assert (far.status_code, far.json()["items"]) == (200, [])
    none = counter.get("/v1/till/times?benefit=cake&on=", key=till.token)
    assert problem(none)[0] == 404
    use = books(till, ada, "2026-07-07T07:00:00Z", "w-3").json()["id"]
    assert problem(asks(till, f"uses/{use}", {"do": "move"}, "w-4")) == (422, "invalid", "/from_at")
    wrong = books(till, ada, "2026-07-08T07:00:00Z", "w-5")
    assert problem(wrong)[1] == "used_up"
    stranger = {"member": {"id": ada}, "benefit": "birthday-cake",
                "cashier": "staff_019e0000000070008000000000000051"}  # fmt: skip
    assert problem(asks(till, "uses", stranger, "w-6"))[1] == "pin_wrong"
    assert [row[0] for row in counter.shop.rows(ROWS)] == ["used"]


def test_whoever_is_here_for_an_event_is_let_in_once_and_nobody_beyond_its_seats(
    counter: Counter, till: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "MOST", 1)
    ada, bo, cem = (joined(counter, name, "") for name in ("ada", "bo", "cem"))
    begins = counter.shop.now + timedelta(hours=2)
    told = {
        "name": "Tasting", "says": {"en": "We taste."}, "begins_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=2)).isoformat(), "capacity": 2,
    }  # fmt: skip
    counter.shop.ask(keep_stores, KeepStore("east", "mia", name="East"))
    # Of another store so many are before it that a page of all would end before its own.
    east = {"store": "east", "begins_at": (begins - timedelta(hours=1)).isoformat()}
    others = [(f"elsewhere{n or ''}", east) for n in range(5)]
    for code, more in (("tasting", {}), *others):
        assert counter.ask("PUT", f"/v1/gatherings/{code}", told | more).status_code == 200
    counter.post("/v1/gatherings/tasting/seats", {"member": {"id": ada}}, idempotency_key="a")

    def events(member: str) -> list[tuple[Any, ...]]:
        answer = counter.get(f"/v1/till/members/{member}/gatherings", key=till.token)
        said = answer.json()["items"]
        return [(one["gathering"], one["state"], one["free"], bool(one["came_at"])) for one in said]

    def arrives(member: str, key: str, code: str = "tasting") -> httpx.Response:
        return asks(till, f"members/{member}/gatherings/{code}/arrive", {}, key)

    assert events(ada) == [("tasting", "held", 1, False)]
    assert events(bo) == [("tasting", "none", 1, False)]
    assert [arrives(ada, key).status_code for key in ("1", "1", "2")] == [200, 200, 200]
    assert arrives(bo, "3").json()["state"] == "held"
    assert problem(arrives(cem, "4"))[:2] == (409, "no_seat")
    assert problem(arrives(cem, "5", "elsewhere"))[:2] == (404, "not_found")
    assert events(ada) == [("tasting", "held", 0, True)]
    assert counter.get("/v1/gatherings/tasting").json()["came"] == 2
    counter.shop.now += timedelta(days=2)
    assert events(ada) == []
    assert problem(arrives(cem, "6"))[:2] == (409, "gathering_not_now")
