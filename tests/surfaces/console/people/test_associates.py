"""Who looks after members, in the console, on the card, at the till and by API."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from tests.flows.members.benefits.test_associates import SALON
from tests.flows.members.staff.people import HOUSE, hires, settles
from tests.makers import Shop
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter, buys

from regulars.flows.access.commands import CloseStaff

_houses = count(1)


@pytest.fixture
def counter(database: object) -> Iterator[Counter]:
    source = SALON.replace("program: salon", f"program: salon-{next(_houses)}")
    opened = Counter(Shop.open(database, source))  # type: ignore[arg-type]
    yield opened
    opened.close()


def gold(counter: Counter, card: str) -> str:
    member = counter.joined(card)
    counter.post("/v1/activities", buys(card, 20_000))
    counter.shop.night("follow_associates")
    return member


def test_chosen_and_ended_on_the_members_page(counter: Counter) -> None:
    owner = Browser(counter)
    owner.sign_in(somebody(counter).email)
    mia = hires(counter.shop, "cashier")
    member = gold(counter, "A-1")
    path = f"/console/members/{member}"
    assert mia.name in owner.get(path).text

    leo = hires(counter.shop, "cashier")
    seen = owner.get(f"{path}/associates").text
    assert f"{mia.name} (1)" in seen
    assert f"{leo.name} (0)" in seen
    done = owner.post(f"{path}/associates", {"benefit": "shopper", "staff": leo.principal})
    assert (done.status_code, done.headers["location"]) == (303, f"{path}/associates")
    assert leo.name in owner.get(path).text
    nobody = "staff_" + "0" * 31 + "1"
    no = owner.post(f"{path}/associates", {"benefit": "shopper", "staff": nobody})
    assert no.status_code == 422
    owner.post(f"{path}/associates", {"benefit": "shopper", "do": "end"})
    assert f"{leo.name} (0)" in owner.get(f"{path}/associates").text
    log = owner.get("/console/audit").text
    assert "Said who looks after a member" in log
    assert leo.name in log


def test_who_left_is_listed_and_their_members_passed_on(counter: Counter) -> None:
    owner = Browser(counter)
    owner.sign_in(somebody(counter).email)
    mia = hires(counter.shop, "cashier")
    member = gold(counter, "A-2")
    assert "They left" not in owner.get("/console/associates").text
    settles(counter.shop, CloseStaff(mia.staff_id, HOUSE))
    leo = hires(counter.shop, "cashier")
    seen = owner.get(f"/console/associates?of={mia.principal}").text
    assert "They left" in seen
    assert f"/console/members/{member}/associates" in seen
    assert "Works here no more" in owner.get(f"/console/members/{member}").text
    done = owner.post(f"/console/associates/{mia.staff_id.hex}", {"staff": leo.principal})
    assert done.status_code == 303, done.text
    assert leo.name in owner.get(f"/console/members/{member}").text
    assert "They left" not in owner.get("/console/associates").text


def test_the_same_by_api(counter: Counter) -> None:
    mia = hires(counter.shop, "cashier")
    member = gold(counter, "A-3")
    path = f"/v1/members/{member}/associates"
    (one,) = counter.get(path).json()["items"]
    assert (one["benefit"], one["staff_id"], one["name"], one["here"], one["until"]) == (
        "shopper", mia.principal, mia.name, True, None,
    )  # fmt: skip
    leo = hires(counter.shop, "cashier")
    sent = {"benefit": "shopper", "staff_id": leo.principal}
    assert counter.post(path, sent).json()["changed"] is True
    assert counter.post(path, sent).json()["changed"] is False
    assert counter.post(path, {"benefit": "stylist"}).json()["code"] == "not_granted"
    assert counter.post(path, {"benefit": "shopper", "staff_id": "mia"}).status_code == 422
    counts = {one["name"]: one["members"] for one in counter.get("/v1/associates").json()["items"]}
    assert (counts[mia.name], counts[leo.name]) == (0, 1)
    passed = counter.post(f"/v1/associates/{leo.principal}/pass-on", {"staff_id": mia.principal})
    assert passed.json() == {"members": 1, "left": 0}
    ended = counter.post(f"{path}/end", {"benefit": "shopper"}).json()
    assert (ended["staff_id"], ended["changed"]) == (None, True)
    assert counter.get(path).json()["items"] == []
