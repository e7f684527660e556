"""A seat that takes points from all sides: planned in the console, taken on the card, by staff and
over the API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from tests.flows.members.staff.people import HOUSE, hires, settles
from tests.surfaces.card.community.test_clubs_and_events import clock, planned
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter, buys, problem
from tests.surfaces.tills.device import STORE, Device

from regulars.flows.access.commands import ChangeSetting, SetPin
from regulars.records.access.staff.passwords import kept_form
from regulars.records.program.templates import load_template

_SEAT = "  - {id: evening, name: An evening with us, price: {points: 20}, gives: {kind: seat}}\n"


@pytest.fixture(scope="module")
def counter(database: object) -> Iterator[Counter]:
    source = load_template("coffee-shop").replace("\nrewards:\n", f"\nrewards:\n{_SEAT}")
    opened = Counter.open(database, source=source)  # type: ignore[arg-type]
    yield opened
    opened.close()


def gives(mia: Browser, card: str, member: str) -> None:
    """Mia gives a seat to whoever she typed, and agrees with them to the price she is told."""
    seats = "/console/gatherings/night/seats"
    given = mia.post(seats, {"who": card, "key": "k", "does": "take"})
    assert given.status_code == 422, "nobody agreed to a price that nobody said"
    assert 'name="price" value="points=20"' in given.text
    assert f'name="member" value="{member}"' in given.text
    again = {"member": member, "key": "k2", "does": "take", "price": "points=20"}
    given = mia.post(seats, again)
    assert given.status_code == 303, given.text


def test_a_seat_for_points_is_planned_taken_given_up_and_spent(counter: Counter) -> None:
    mia = Browser(counter)
    mia.sign_in(somebody(counter, "manager").email)
    assert "An evening with us" in mia.get("/console/gatherings").text
    begins = {"begins_at": clock(counter, hours=30), "ends_at": clock(counter, hours=32)}
    until = clock(counter, hours=6)
    planned(counter, mia, "night", reward="evening", back_until=until, capacity="2", **begins)
    people = [counter.joined(card) for card in ("N-1", "N-2", "N-3")]
    one, poor = Pocket(counter, people[0]), Pocket(counter, people[2])
    for card in ("N-1", "N-2"):
        counter.post("/v1/activities", buys(card, 3_000), idempotency_key=f"{card}-b")
    page = poor.get("/card/me/events/night").text
    assert "Take a seat" not in page, "who has too few points is told so before they ask"
    unseen = one.send("/card/me/events/night", do="take")
    assert unseen.status_code == 422, "a page from before it took anything says no price"
    page = one.get("/card/me/events/night").text
    assert "A seat takes" in page
    assert 'name="price" value="points=20"' in page
    assert "it is yours again" in page
    dear = one.send("/card/me/events/night", do="take", price="points=10")
    assert dear.status_code == 422, "nobody agreed to that price"
    one.send("/card/me/events/night", do="take", price="points=20")
    page = one.get("/card/me/events/night").text
    assert "You have a seat." in page
    assert "what it takes is yours again" in page
    shown = mia.get("/console/gatherings/night").text
    assert "Points reserved" in shown
    assert "A seat takes: An evening with us." in shown
    gives(mia, "N-2", people[1])
    told = counter.get("/v1/gatherings/night").json()
    assert (told["reward"], told["held"]) == ("evening", 2)
    seats = counter.get("/v1/gatherings/night/seats").json()["items"]
    assert [each["points"] for each in seats] == ["reserved", "reserved"]
    void = counter.post(f"/v1/redemptions/{seats[0]['redemption_id']}/void")
    assert problem(void)[:2] == (409, "keeps_its_seat")
    took = counter.post("/v1/redemptions", {"member": {"card": "N-1"}, "reward": "evening"})
    assert problem(took)[:2] == (409, "with_a_seat")
    who = {"member": {"card": "N-1"}}
    gone = counter.post("/v1/gatherings/night/departures", who).json()
    assert (gone["state"], gone["points"]) == ("given_up", "given_back")
    keeps = counter.made_key("members:read", "members:write")
    no = counter.post("/v1/gatherings/night/seats", who, key=keeps)
    assert problem(no)[:2] == (403, "missing_scope"), "who keeps members takes no points"
    assert counter.get("/v1/gatherings/night").json()["held"] == 1
    none = counter.post("/v1/gatherings/night/seats", {"member": {"card": "N-3"}})
    assert problem(none)[:2] == (409, "not_enough_points")
    counter.shop.now += timedelta(hours=7)
    mia.sign_in(somebody(counter, "manager").email)
    late = mia.post(
        "/console/gatherings/night/seats", {"member": people[1], "key": "l", "does": "give_up"}
    )
    assert late.headers["location"].endswith("came=spent#seats")
    assert (
        "too late to have their points back" in mia.get("/console/gatherings/night?came=spent").text
    )
    wrong = counter.ask("PUT", "/v1/gatherings/night", {
        "name": "Night", "says": {"en": "x"}, "begins_at": told["begins_at"], "capacity": 2,
        "ends_at": told["ends_at"], "opens_at": told["opens_at"], "reward": "no-such",
    })  # fmt: skip
    assert problem(wrong) == (422, "invalid", "/reward")


def test_above_the_limit_a_manager_agrees_to_what_is_taken_at_the_door(counter: Counter) -> None:
    till, who = Device(counter), counter.joined("T-1")
    counter.post("/v1/activities", buys("T-1", 3_000), idempotency_key="T-b")
    boss, tom = (hires(counter.shop, role, stores=(STORE,)) for role in ("manager", "cashier"))
    settles(counter.shop, SetPin(boss.staff_id, kept_form("161803", bytes(16)), HOUSE))
    settles(counter.shop, ChangeSetting("redeem_limit", 19, HOUSE))
    begins = counter.shop.now + timedelta(hours=2)
    made = counter.ask("PUT", "/v1/gatherings/door", {
        "name": "Door", "says": {"en": "x"}, "begins_at": begins.isoformat(), "capacity": 2,
        "ends_at": (begins + timedelta(hours=2)).isoformat(), "reward": "evening",
    })  # fmt: skip
    assert made.status_code == 200, made.text
    path = f"/v1/till/members/{who}/gatherings"
    here = {one["gathering"]: one for one in counter.get(path, key=till.token).json()["items"]}
    assert here["door"]["price"] == {"points": 20}

    def arrives(key: str, **more: object) -> httpx.Response:
        body = {"cashier": tom.principal, **more}
        return counter.post(f"{path}/door/arrive", body, key=till.token, idempotency_key=key)

    assert problem(arrives("1"))[:2] == (409, "price_changed"), "nobody agreed to a price"
    assert problem(arrives("2", price={"points": 20}))[:2] == (409, "manager_needed")
    assert counter.get("/v1/gatherings/door").json()["held"] == 0
    yes = {"approved_by": boss.principal, "pin": "161803"}
    let_in = arrives("3", price={"points": 20}, **yes).json()
    assert (let_in["state"], let_in["points"]) == ("held", "reserved"), let_in
    (item,) = (one for one in counter.get(path, key=till.token).json()["items"] if one["came_at"])
    assert item["price"] == {}, "who has a seat pays nothing more"


def test_an_offer_is_counted_in_wherever_a_seat_is_taken(counter: Counter) -> None:
    """On the card, over the API and at a till, and said before."""
    begins = counter.shop.now + timedelta(hours=2)
    at = {"begins_at": begins.isoformat(), "ends_at": (begins + timedelta(hours=2)).isoformat()}
    plan = {"name": "Wine", "says": {"en": "x"}, "capacity": 3, "reward": "evening", **at}
    assert counter.ask("PUT", "/v1/gatherings/wine", plan).status_code == 200
    people = [counter.joined(f"W-{n}") for n in (1, 2)]
    for n in (1, 2):
        counter.post("/v1/activities", buys(f"W-{n}", 3_000), idempotency_key=f"W-{n}")
    gives = {"give": "reward", "reward": "evening", "price": {"points": "7"}, "times": 2}
    until = (counter.shop.now + timedelta(days=9)).date().isoformat()
    offer = {"name": "Wine", "gives": gives, "says": {"en": "A seat for 7"}, "ends_on": until}
    assert counter.ask("PUT", "/v1/offers/wine", offer).status_code == 200
    opened = counter.post("/v1/offers/wine/open", {"version": 1})
    assert opened.status_code == 200, opened.text
    given = counter.post("/v1/offers/wine/members", {"member": {"card": "W-1"}})
    assert given.status_code == 201, given.text
    one, till = Pocket(counter, people[0]), Device(counter)
    page = one.get("/card/me/events/wine").text
    assert 'name="price" value="points=7"' in page
    assert "with your offer" in page
    path = "/v1/till/members/{}/gatherings"
    price = [
        each["price"]
        for who in people
        for each in counter.get(path.format(who), key=till.token).json()["items"]
        if each["gathering"] == "wine"
    ]
    assert price == [{"points": 7}, {"points": 20}]
    dear = {"member": {"card": "W-1"}, "price": {"points": 20}}
    no = counter.post("/v1/gatherings/wine/seats", dear)
    assert problem(no)[:2] == (409, "price_changed")
    one.send("/card/me/events/wine", do="take", price="points=7")
    (seat,) = counter.get("/v1/gatherings/wine/seats").json()["items"]
    took = counter.get(f"/v1/redemptions/{seat['redemption_id']}").json()
    assert (took["reward"], took["price"]) == ("offer-wine", {"points": 7})
