"""A session ends in the middle of a form: what was typed is sent by who signs in again."""

from __future__ import annotations

import html
import json
import re

from tests.surfaces.console.browser import HOST, PASSWORD, Browser, somebody
from tests.surfaces.counter import Counter

from regulars.flows.access.commands import EndSessions
from regulars.flows.access.keep_sessions import keep_sessions
from regulars.records.access.staff.types import By, Staff


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def test_what_was_typed_as_a_session_ended_is_sent_after_signing_in(counter: Counter) -> None:
    one, browser = somebody(counter), Browser(counter)
    browser.sign_in(one.email)
    browser.get("/console/stores")
    settles_sessions(counter, one)
    told = {"name": 'The "long" <way> & back', "code": "long-way"}
    page = f"http://{HOST}/console/stores?x=1"
    answer = browser.post("/console/stores", told, referer=page)
    assert (answer.status_code, "what you typed is still here" in answer.text) == (401, True)
    again = browser.post(
        "/console/sign-in", hidden(answer.text) | {"email": one.email, "password": "wrong"}
    )
    assert again.status_code == 401
    inside = browser.post(
        "/console/sign-in", hidden(again.text) | {"email": one.email, "password": PASSWORD}
    )
    assert inside.status_code == 200
    assert 'href="/console/stores?x=1"' in inside.text
    code = "select code from store where program_id = $1 and code = 'long-way'"
    assert counter.shop.rows(code) == []  # nothing is sent by itself
    assert browser.post("/console/stores", hidden(inside.text)).status_code == 303
    assert counter.shop.rows(code) == [("long-way",)]


def test_no_password_waits_in_a_page_and_no_other_site_is_sent_to(counter: Counter) -> None:
    one, browser = somebody(counter), Browser(counter)
    browser.sign_in(one.email)
    browser.get("/console/me")
    settles_sessions(counter, one)
    answer = browser.post("/console/me/pin", {"pin": "4711", "by": PASSWORD})
    assert (answer.status_code, PASSWORD in answer.text) == (303, False)
    for to in ("https://evil.test/", "//evil.test", "/console/\\\\evil", "/card", 7):
        browser.get("/console/sign-in")
        typed = json.dumps({"to": to, "fields": {"a": ["b"]}})
        told = {"email": one.email, "password": PASSWORD, "typed": typed}
        assert browser.post("/console/sign-in", told).status_code == 303
        settles_sessions(counter, one)


def test_a_page_that_is_asked_for_keeps_its_filters(counter: Counter) -> None:
    browser = Browser(counter)
    answer = browser.get("/console/members?q=%C3%B6z+can&tag=a%26b")
    asked = answer.headers["location"]
    browser.get(asked)
    page = browser.run(browser.http.get(asked)).text
    assert hidden(page)["next"] == "/console/members?q=%C3%B6z+can&tag=a%26b"
    told = hidden(page) | {"email": somebody(counter).email, "password": PASSWORD}
    assert browser.post("/console/sign-in", told).headers["location"] == hidden(page)["next"]


def settles_sessions(counter: Counter, one: Staff) -> None:
    """Every session of somebody is over, as after half an hour."""
    wish = EndSessions(one.staff_id, b"", By(one.staff_id), others=True)
    counter.shop.ask(keep_sessions, wish)
