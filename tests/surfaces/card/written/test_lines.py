"""The direct line on all its screens: whoever looks after a member sees it, the member does, the
API does, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.flows.members.benefits.test_associates import SALON
from tests.makers import Shop
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.card.test_showing import words
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter, problem


@pytest.fixture(scope="module")
def counter(database: object) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, SALON))  # type: ignore[arg-type]
    yield opened
    opened.close()


def cared_for(counter: Counter, card: str) -> tuple[str, Any, Browser]:
    """A member with somebody who looks after them, and that one's browser."""
    member, staff = counter.joined(card), somebody(counter, "manager")
    wish = {"member": {"id": member}, "benefit": "stylist", "reason": "kind"}
    granted = counter.post("/v1/benefit-grants", wish)
    assert granted.status_code == 201, granted.text
    wish = {"benefit": "stylist", "staff_id": staff.principal}
    done = counter.post(f"/v1/members/{member}/associates", wish)
    assert done.status_code == 200, done.text
    browser = Browser(counter)
    browser.sign_in(staff.email)
    return member, staff, browser


def test_both_write_and_read(counter: Counter) -> None:
    member, staff, desk = cared_for(counter, "A-1")
    card, path = Pocket(counter, member), f"/console/my-members/{member}"
    assert "They did not agree to be written to" in desk.get(path).text
    assert "Your direct line" in card.get("/card/me").text
    assert f"{staff.name} looks after you" in words(card.get("/card/me/line").text)
    page = card.get("/card/me/line").text
    once = page.split('name="once" value="')[1].split('"')[0]
    for _ in range(2):
        said = card.send("/card/me/line", says="Do you have <b>blue</b> ones?", once=once)
        assert said.status_code == 303
    seen = desk.get("/console/my-members").text
    assert "Waits for an answer" in seen
    assert "Do you have &lt;b&gt;blue&lt;/b&gt; ones?" in seen
    assert desk.get(path).text.count("Do you have &lt;b&gt;") == 1
    card.send("/card/me/messages", inbox="yes")
    once = desk.get(path).text.split('name="once" value="')[1].split('"')[0]
    done = desk.post(path, {"says": "Two of them.", "way": "inbox", "once": once})
    assert (done.status_code, done.headers["location"]) == (303, path)
    assert "Two of them." in words(card.get("/card/me/line").text)
    assert "Waits for an answer" not in desk.get("/console/my-members").text
    line = counter.get(f"/v1/members/{member}/line?limit=1").json()
    assert (line["items"][0]["says"], line["items"][0]["by"]) == ("Two of them.", "associate")
    before = counter.get(f"/v1/members/{member}/line?cursor={line['next_cursor']}").json()
    assert [one["by"] for one in before["items"]] == ["member"]


def test_what_is_to_be_done_is_noted_and_done(counter: Counter) -> None:
    member, _, desk = cared_for(counter, "B-1")
    path = f"/console/my-members/{member}"
    assert desk.post(f"{path}/tasks", {"task": "Call", "due_on": "soon"}).status_code == 422
    assert desk.post(f"{path}/tasks", {"task": " ", "due_on": "2026-03-09"}).status_code == 422
    assert desk.post(f"{path}/tasks", {"task": "Call", "due_on": "2026-03-09"}).status_code == 303
    page = desk.get(path).text
    where = page.split(f"{path}/tasks/")[1].split('"')[0]
    assert desk.post(f"{path}/tasks/{where}", {}).status_code == 303
    assert "Done: Call" not in desk.get(path).text


def test_nobody_else_sees_it(counter: Counter) -> None:
    member, _, desk = cared_for(counter, "C-1")
    _, _, other = cared_for(counter, "C-2")
    assert desk.get(f"/console/my-members/{member}").status_code == 200
    assert other.get(f"/console/my-members/{member}").status_code == 404
    alone = counter.joined("C-3")
    assert Pocket(counter, alone).get("/card/me/line").status_code == 404
    assert "direct line" not in Pocket(counter, alone).get("/card/me").text


def test_over_the_api_it_is_refused_at_its_place(counter: Counter) -> None:
    member, staff, _ = cared_for(counter, "D-1")
    other = somebody(counter, "manager")
    path, says = f"/v1/members/{member}/line", {"says": "Hello", "staff_id": staff.principal}
    assert problem(counter.post(path, says))[:2] == (409, "no_consent")
    stranger = {**says, "staff_id": other.principal}
    assert problem(counter.post(path, stranger))[:2] == (403, "forbidden")
    nobody = {**says, "staff_id": "mia"}
    assert problem(counter.post(path, nobody))[::2] == (422, "/staff_id")
    Pocket(counter, member).send("/card/me/messages", inbox="yes")
    first = counter.post(path, says, idempotency_key="one")
    again = counter.post(path, says, idempotency_key="one")
    assert (first.status_code, first.json()["id"]) == (201, again.json()["id"])
    reused = counter.post(path, {**says, "says": "Bye"}, idempotency_key="one")
    assert reused.status_code in (409, 422)
    assert problem(counter.post(f"{path}/heard", {"says": ""}))[0] == 422
    heard = counter.post(f"{path}/heard", {"says": "I come by"}, idempotency_key="two")
    assert (heard.status_code, heard.json()["by"]) == (201, "member")
    assert len(counter.get(path).json()["items"]) == 2


def test_whoever_looks_after_them_hears_that_they_want_no_more(counter: Counter) -> None:
    member, staff, desk = cared_for(counter, "N-9")
    path = f"/console/my-members/{member}"
    Pocket(counter, member).send("/card/me/messages", inbox="yes")
    counter.shop.now += timedelta(minutes=1)
    assert "Write no more" in desk.get(path).text
    done = desk.post(f"{path}/no-more", {"channel": "inbox", "why": ""})
    assert (done.status_code, done.headers["location"]) == (303, path)
    assert "Write no more" not in desk.get(path).text
    told = counter.get(f"/v1/members/{member}/consents").json()["standing"]
    assert [(one["state"], one["source"]) for one in told] == [("withdrawn", staff.name)]
