"""Appointments of a member in the console: booked, cancelled, and nobody came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

import pytest
from tests.flows.members.benefits.house import HOUSE
from tests.makers import Shop
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter, buys

_KEY = re.compile(r'name="key" value="([^"]+)"')
_TIME = re.compile(r'name="time" value="([^"]+)"')
_USE = re.compile(r"/appointments/(use_[0-9a-f]+)\"")
_houses = count(1)
STATES = "select state, from_at::text, details::text from benefit_use where program_id = $1"


@pytest.fixture
def counter(database: object) -> Iterator[Counter]:
    source = HOUSE.replace("program: house", f"program: booked-{next(_houses)}")
    opened = Counter(Shop.open(database, source))  # type: ignore[arg-type]
    yield opened
    opened.close()


def signed_in(counter: Counter, at: str) -> Browser:
    """Somebody of the shop, at an instant."""
    counter.shop.at(at)
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


def gold(counter: Counter, card: str) -> tuple[str, str]:
    member = counter.joined(card)
    counter.post("/v1/activities", buys(card, 20_000))
    return member, f"/console/members/{member}/appointments"


def test_booked_for_somebody_once_and_cancelled(counter: Counter) -> None:
    owner = signed_in(counter, "2026-03-02T12:00")
    member, path = gold(counter, "B-1")
    assert "Nothing is booked." in owner.get(f"/console/members/{member}").text
    seen = owner.get(f"{path}?benefit=stylist&on=2026-03-04").text
    times = _TIME.findall(seen)
    # From Wednesday on for seven days: Thursday and Tuesday, twice each.
    assert [one[:16] for one in times] == [
        "2026-03-05T09:00", "2026-03-05T10:00", "2026-03-10T09:00", "2026-03-10T10:00",
    ]  # fmt: skip
    (key,) = _KEY.findall(seen)
    told = {"benefit": "stylist", "store": "", "time": times[0], "guests": "Nil, ", "key": key}
    for _ in range(2):
        done = owner.post(path, told)
        assert (done.status_code, done.headers["location"]) == (303, path), done.text
    rows = counter.shop.rows(STATES)
    assert rows == [("used", "2026-03-05 09:00:00+00", '{"guests": "Nil"}')]
    assert "An hour with a stylist" in owner.get(f"/console/members/{member}").text
    full = owner.get(f"{path}?benefit=stylist&on=2026-03-04").text
    assert re.search(r'value="2026-03-05T09:00[^>]*disabled', full)
    (use,) = _USE.findall(full)
    # A day before is the last moment for members; the shop cancels later, too.
    owner = signed_in(counter, "2026-03-04T12:00")
    assert "The time to cancel is over" in owner.get(path).text
    assert owner.post(f"{path}/{use}", {"do": "cancel"}).status_code == 303
    assert [state for state, *_ in counter.shop.rows(STATES)] == ["undone"]


def test_moved_to_another_time_and_not_when_it_is_late(counter: Counter) -> None:
    owner = signed_in(counter, "2026-03-02T12:00")
    _, path = gold(counter, "V-1")
    told = {"benefit": "stylist", "time": "2026-03-05T09:00:00+00:00", "key": "k-1"}
    assert owner.post(path, told).status_code == 303
    (use,) = _USE.findall(owner.get(path).text)
    seen = owner.get(f"{path}?move={use}&on=2026-03-04").text
    assert "Move it to another time" in seen
    assert f'action="{path}/{use}"' in seen
    assert 'name="benefit"' not in seen
    assert 'name="guests"' not in seen
    (key,) = _KEY.findall(seen)
    wish = {"do": "move", "move": use, "on": "2026-03-04", "key": key}
    no = owner.post(f"{path}/{use}", wish | {"time": "soon"})
    assert (no.status_code, 'id="wrong"' in no.text) == (422, True)
    assert "Move it to another time" in no.text, "what was wanted is still wanted"
    for _ in range(2):
        done = owner.post(f"{path}/{use}", wish | {"time": "2026-03-10T10:00:00+00:00"})
        assert (done.status_code, done.headers["location"]) == (303, path), done.text
    rows = counter.shop.rows("select state, from_at::text from benefit_use where program_id = $1"
                             " order by from_at")  # fmt: skip
    assert rows == [("undone", "2026-03-05 09:00:00+00"), ("used", "2026-03-10 10:00:00+00")]
    # A day before is the last moment: then it can be cancelled here, and no more be moved.
    owner = signed_in(counter, "2026-03-09T12:00")
    (other,) = _USE.findall(owner.get(path).text)
    assert "?move=" not in owner.get(path).text
    late = owner.get(f"{path}?move={other}").text
    assert "Move it to another time" not in late
    no = owner.post(f"{path}/{other}", wish | {"time": "2026-03-12T09:00:00+00:00", "key": "k"})
    assert (no.status_code, 'id="wrong"' in no.text) == (422, True)
    assert [row[0] for row in counter.shop.rows(STATES)].count("used") == 1


def test_who_came_is_said_on_the_day(counter: Counter) -> None:
    owner = signed_in(counter, "2026-03-02T12:00")
    _, path = gold(counter, "C-1")
    told = {"benefit": "stylist", "time": "2026-03-05T09:00:00+00:00", "key": "k-1"}
    assert owner.post(path, told).status_code == 303
    assert "They came" not in owner.get(path).text
    owner = signed_in(counter, "2026-03-05T08:40")
    seen = owner.get(path).text
    (use,) = _USE.findall(seen)
    assert 'value="came"' in seen
    assert owner.post(f"{path}/{use}", {"do": "came"}).status_code == 303
    seen = owner.get(path).text
    assert 'value="came"' not in seen
    assert "They came" in seen
    came = counter.shop.rows("select came_at::text from benefit_use where program_id = $1")
    assert came == [("2026-03-05 07:40:00+00",)]


def test_nobody_came(counter: Counter) -> None:
    owner = signed_in(counter, "2026-03-02T12:00")
    _, path = gold(counter, "M-1")
    told = {"benefit": "stylist", "time": "2026-03-05T09:00:00+00:00", "key": "k-1"}
    assert owner.post(path, told).status_code == 303
    (use,) = _USE.findall(owner.get(path).text)
    early = owner.post(f"{path}/{use}", {"do": "missed"})
    assert (early.status_code, 'id="wrong"' in early.text) == (422, True)
    owner = signed_in(counter, "2026-03-05T10:20")
    assert "Nobody came" in owner.get(path).text
    assert owner.post(f"{path}/{use}", {"do": "missed"}).status_code == 303
    assert [state for state, *_ in counter.shop.rows(STATES)] == ["missed"]
    assert "Nothing is booked." in owner.get(path).text


def test_what_cannot_be_is_said_and_nothing_is_booked(counter: Counter) -> None:
    owner = signed_in(counter, "2026-03-02T12:00")
    member = counter.joined("N-1")
    path = f"/console/members/{member}/appointments"
    owner.get(path)
    for told in (
        {"benefit": "stylist", "time": "2026-03-05T09:00:00+00:00"},  # a tier too low
        {"benefit": "fitting", "time": "2026-03-05T08:15:00+00:00"},
        {"benefit": "fitting", "time": "soon"},
        {"benefit": "fitting", "time": "2026-03-05T08:00:00"},
        {"benefit": "nothing", "time": "2026-03-05T08:00:00+00:00"},
    ):
        no = owner.post(path, told | {"key": "k-2"})
        assert (no.status_code, 'id="wrong"' in no.text) == (422, True), told
    assert counter.shop.rows(STATES) == []
    assert owner.get(f"{path}?on=99999-01-01&benefit=x&store=y").status_code == 200


def test_only_who_may_use_benefits_sees_it(counter: Counter) -> None:
    member, path = gold(counter, "A-1")
    for role, may in (("support", True), ("auditor", False)):
        browser = Browser(counter)
        browser.sign_in(somebody(counter, role, email=f"{role}@shop.example").email)
        assert (browser.get(path).status_code == 200) is may, role
        assert ("Book or cancel" in browser.get(f"/console/members/{member}").text) is may
