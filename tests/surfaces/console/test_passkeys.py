"""Staff come in by a passkey: once per question, from our page, and no copy of it does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.flows.members.staff.people import HOUSE, settles
from tests.surfaces.console.browser import HOST, KEPT, PASSWORD, Browser, SoftKey, somebody
from tests.surfaces.counter import Counter

from regulars.flows.access.commands import CloseStaff, EndPasskey, MakeLink, UseLink
from regulars.flows.access.keep_passkeys import keep_passkeys
from regulars.records.access.staff.tokens import token_hash
from regulars.records.access.staff.types import By, Staff


def added(counter: Counter, key: SoftKey) -> tuple[Staff, Browser]:
    """Somebody who is signed in and has this passkey."""
    one, browser = somebody(counter), Browser(counter)
    browser.sign_in(one.email)
    options = browser.send("/console/passkey/add/ask", {"present": PASSWORD}).json()
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
    options = browser.send("/console/passkey/add/ask", {"present": PASSWORD}).json()
    other = Browser(counter)
    other.sign_in(somebody(counter).email)
    answer = other.send("/console/passkey/add", {"credential": key.made(options), "name": "Mine"})
    assert answer.json()["code"] == "passkey_not_added"
    wrong = key.made(options, origin=f"http://{HOST}:1")
    assert browser.send("/console/passkey/add", {"credential": wrong}).status_code == 401


def test_a_passkey_is_added_by_who_knows_the_password_alone(counter: Counter) -> None:
    one, browser, key = somebody(counter), Browser(counter), SoftKey()
    browser.sign_in(one.email)
    for present in ({}, {"present": ""}, {"present": "not the password"}):
        answer = browser.send("/console/passkey/add/ask", present)
        assert (answer.status_code, "challenge" in answer.text) == (401, False)
        assert answer.json()["says"] == "This is not your present password"
    # Nor does the question that everybody is asked at the door do.
    door = asked(Browser(counter)) | {"rp": {"id": HOST}}
    answer = browser.send("/console/passkey/add", {"credential": key.made(door)})
    assert (answer.status_code, answer.json()["code"]) == (401, "passkey_not_added")
    for _ in range(7):
        browser.send("/console/passkey/add/ask", {"present": "not the password"})
    assert browser.send("/console/passkey/add/ask", {"present": PASSWORD}).status_code == 429


def test_a_password_that_is_set_anew_by_a_link_ends_every_passkey(counter: Counter) -> None:
    key = SoftKey()
    one, _ = added(counter, key)
    settles(counter.shop, MakeLink(one.staff_id, token_hash("a way back"), HOUSE))
    settles(counter.shop, UseLink(token_hash("a way back"), KEPT))
    browser = Browser(counter)
    assert enters(browser, key.signed(asked(browser))).status_code == 401
    assert browser.sign_in(one.email).status_code == 303
    assert "None yet" in browser.get("/console/me").text
    acts = "select did from staff_act where program_id = $1 and about_id = $2 order by act_id"
    assert [did for (did,) in counter.shop.rows(acts, one.staff_id.hex)][-3:-1] == [
        "staff.password_set", "passkey.ended",
    ]  # fmt: skip


def test_an_owner_ends_a_passkey_of_a_colleague_and_a_cashier_does_not(counter: Counter) -> None:
    key = SoftKey()
    one, inside = added(counter, key)
    owner, cashier = Browser(counter), Browser(counter)
    owner.sign_in(somebody(counter).email)
    cashier.sign_in(somebody(counter, "cashier").email)
    page, id_ = f"/console/team/{one.staff_id.hex}", key.made({"rp": {"id": ""}, "challenge": ""})
    assert "Mine" in owner.get(page).text
    assert cashier.post(page, {"passkey": id_["id"]}).status_code == 403
    helper = somebody(counter, "manager")  # keeps cashiers, and no owner
    told = EndPasskey(one.staff_id, key.id, By(helper.staff_id))
    assert [no.code for no in counter.shop.ask(keep_passkeys, told)] == ["forbidden"]
    assert inside.get("/console/me").status_code == 200
    assert owner.post(page, {"passkey": id_["id"]}).status_code == 303
    assert "Mine" not in owner.get(page).text
    assert inside.get("/console/me").status_code == 303  # whoever came in by it is out, too
    browser = Browser(counter)
    assert enters(browser, key.signed(asked(browser))).status_code == 401


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
