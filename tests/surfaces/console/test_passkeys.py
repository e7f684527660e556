"""Staff come in by a passkey: once per question, from our page, and no copy of it does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.flows.members.staff.people import HOUSE, settles
from tests.surfaces.console.browser import HOST, Browser, SoftKey, somebody
from tests.surfaces.counter import Counter

from regulars.flows.access.commands import CloseStaff
from regulars.records.access.staff.types import Staff


def added(counter: Counter, key: SoftKey) -> tuple[Staff, Browser]:
    """Somebody who is signed in and has this passkey."""
    one, browser = somebody(counter), Browser(counter)
    browser.sign_in(one.email)
    options = browser.send("/console/passkey/add/ask").json()
    answer = browser.send("/console/passkey/add", {"credential": key.made(options), "name": "Mine"})
    assert answer.json() == {"added": True}, answer.text
    return one, browser


def asked(browser: Browser) -> dict[str, Any]:
    browser.get("/console/sign-in")
    told: dict[str, Any] = browser.send("/console/passkey/ask").json()
    return told


def enters(browser: Browser, credential: dict[str, Any]) -> httpx.Response:
    return browser.send("/console/passkey/enter", {"credential": credential})


@pytest.mark.parametrize("counts", [True, False])
def test_who_has_a_passkey_comes_in_without_a_password(counter: Counter, counts: bool) -> None:
    key = SoftKey(counts=counts)
    one, _ = added(counter, key)
    for _ in range(2):
        browser = Browser(counter)
        answer = enters(browser, key.signed(asked(browser)))
        assert (answer.status_code, answer.json()) == (200, {"to": "/console"})
        assert one.name in browser.get("/console").text


def test_an_answer_is_taken_once(counter: Counter) -> None:
    key = SoftKey()
    added(counter, key)
    browser, thief = Browser(counter), Browser(counter)
    credential = key.signed(asked(browser))
    assert enters(browser, credential).status_code == 200
    thief.get("/console/sign-in")
    again = enters(thief, credential)
    assert (again.status_code, again.json()["code"]) == (401, "sign_in_failed")
    browser = Browser(counter)  # and nobody is shut out by it
    assert enters(browser, key.signed(asked(browser))).status_code == 200


def test_a_copied_passkey_opens_nothing_any_more(counter: Counter) -> None:
    key = SoftKey()
    one, _ = added(counter, key)
    browser = Browser(counter)
    assert enters(browser, key.signed(asked(browser))).status_code == 200
    key.uses -= 1  # the copy has not counted what the other one did
    copied = Browser(counter)
    assert enters(copied, key.signed(asked(copied))).status_code == 401
    key.uses += 5
    assert enters(copied, key.signed(asked(copied))).status_code == 401
    acts = (
        "select did from staff_act where program_id = $1 and about_id = $2 and did like 'passkey%'"
    )
    found = [did for (did,) in counter.shop.rows(acts, one.staff_id.hex)]
    assert found == ["passkey.added", "passkey.copied"]


def test_an_answer_from_another_site_or_to_no_question_is_refused(counter: Counter) -> None:
    key = SoftKey()
    added(counter, key)
    browser = Browser(counter)
    options = asked(browser)
    for wrong in (
        key.signed(options, origin="https://evil.test"),
        key.signed(options | {"rpId": "evil.test"}),
        key.signed(options | {"challenge": "bm9ib2R5IGFza2VkIHRoaXM"}),
        SoftKey().signed(options),
        {"id": "x"},
    ):
        assert enters(browser, wrong).status_code == 401
    for nothing in ({"credential": "{"}, {"credential": []}, {}):
        assert browser.send("/console/passkey/enter", nothing).status_code == 401


def test_a_question_is_over_after_five_minutes(counter: Counter) -> None:
    key, began = SoftKey(), counter.shop.now
    added(counter, key)
    browser = Browser(counter)
    credential = key.signed(asked(browser))
    counter.shop.now = began + timedelta(minutes=5)
    try:
        assert enters(browser, credential).status_code == 401
    finally:
        counter.shop.now = began


def test_somebody_elses_question_adds_no_passkey(counter: Counter) -> None:
    key = SoftKey()
    one, browser = somebody(counter), Browser(counter)
    browser.sign_in(one.email)
    options = browser.send("/console/passkey/add/ask").json()
    other = Browser(counter)
    other.sign_in(somebody(counter).email)
    answer = other.send("/console/passkey/add", {"credential": key.made(options), "name": "Mine"})
    assert answer.json()["code"] == "passkey_not_added"
    wrong = key.made(options, origin=f"http://{HOST}:1")
    assert browser.send("/console/passkey/add", {"credential": wrong}).status_code == 401


def test_a_passkey_of_who_left_or_that_was_taken_away_opens_nothing(counter: Counter) -> None:
    key, second = SoftKey(), SoftKey()
    one, _ = added(counter, key)
    settles(counter.shop, CloseStaff(one.staff_id, HOUSE))
    browser = Browser(counter)
    assert enters(browser, key.signed(asked(browser))).status_code == 401
    _, mine = added(counter, second)
    mine.send(
        "/console/passkey/end", {"id": second.made({"rp": {"id": ""}, "challenge": ""})["id"]}
    )
    assert enters(browser, second.signed(asked(browser))).status_code == 401
