"""Everybody's own page: password, passkeys, sessions, PIN, language and look, own membership."""

from __future__ import annotations

import pytest
from tests.surfaces.console.browser import HOST, PASSWORD, Browser, SoftKey, somebody
from tests.surfaces.console.test_coming_in import opens
from tests.surfaces.counter import Counter

from regulars.records.access.staff.passwords import is_right, wrong_password, wrong_pin
from regulars.surfaces.console.words import SECRETS
from regulars.surfaces.ui.words import LANGUAGES, said_in

OTHER = "eleven brown loud geese"


def signed_in(counter: Counter, role: str = "support") -> tuple[Browser, str]:
    one, browser = somebody(counter, role), Browser(counter)
    browser.sign_in(one.email)
    return browser, one.email


def test_who_knows_their_password_changes_it_and_is_signed_out_elsewhere(counter: Counter) -> None:
    browser, email = signed_in(counter)
    elsewhere = Browser(counter)
    elsewhere.sign_in(email)
    for present, fresh, field in (
        ("not the password", OTHER, "present"), ("", OTHER, "present"),
        (PASSWORD, "short", "password"), (PASSWORD, "x" * 201, "password"),
    ):  # fmt: skip
        answer = browser.post("/console/me/password", {"present": present, "password": fresh})
        assert (answer.status_code, f'id="{field}-wrong"' in answer.text) == (422, True)
        assert fresh not in answer.text
    assert opens(elsewhere)
    told = {"present": PASSWORD, "password": OTHER}
    assert browser.post("/console/me/password", told).status_code == 303
    assert (opens(browser), opens(elsewhere)) == (True, False)
    assert Browser(counter).sign_in(email).status_code == 401
    assert Browser(counter).sign_in(email, OTHER).status_code == 303


def test_a_password_is_not_guessed_from_inside(counter: Counter) -> None:
    browser, _ = signed_in(counter)
    told = {"present": "not the password", "password": OTHER}
    for _ in range(10):
        browser.post("/console/me/password", told)
    answer = browser.post("/console/me/password", told | {"present": PASSWORD})
    assert (answer.status_code, "too often" in answer.text) == (422, True)


def test_a_pin_is_set_and_taken_away(counter: Counter) -> None:
    browser, email = signed_in(counter, "cashier")
    for pin in ("", "123", "1234", "0000", "12a4", "123456789"):
        answer = browser.post("/console/me/pin", {"pin": pin})
        assert (answer.status_code, 'id="pin-wrong"' in answer.text) == (422, True), pin
    kept = "select pin from staff where program_id = $1 and email = $2"
    for by in ("", "not the password"):  # a manager's PIN approves what others may not
        answer = browser.post("/console/me/pin", {"pin": "4711", "by": by})
        assert (answer.status_code, 'id="by-wrong"' in answer.text) == (422, True)
        assert counter.shop.rows(kept, email) == [("",)]
    told = {"pin": "4711", "by": PASSWORD}
    assert browser.post("/console/me/pin", told).status_code == 303
    assert is_right("4711", counter.shop.rows(kept, email)[0][0])
    assert (
        browser.post("/console/me/pin", {"pin": "", "none": "yes", "by": PASSWORD}).status_code
        == 303
    )
    assert counter.shop.rows(kept, email) == [("",)]


def test_a_passkey_is_listed_and_taken_away_by_a_form(counter: Counter) -> None:
    browser, _ = signed_in(counter)
    key = SoftKey()
    options = browser.send("/console/passkey/add/ask", {"present": PASSWORD}).json()
    browser.send("/console/passkey/add", {"credential": key.made(options), "name": "Green phone"})
    assert "Green phone" in browser.get("/console/me").text
    id_ = key.made({"rp": {"id": HOST}, "challenge": ""})["id"]
    stranger, _ = signed_in(counter)
    stranger.post("/console/me/passkeys/end", {"id": id_})
    assert "Green phone" in browser.get("/console/me").text
    for wrong in ("", "%%%", "é"):
        assert browser.post("/console/me/passkeys/end", {"id": wrong}).status_code in (303, 404)
    browser.post("/console/me/passkeys/end", {"id": id_})
    assert "Green phone" not in browser.get("/console/me").text


def test_sessions_are_listed_and_all_others_ended(counter: Counter) -> None:
    browser, email = signed_in(counter)
    assert "Another browser" not in browser.get("/console/me").text
    elsewhere = Browser(counter)
    elsewhere.sign_in(email)
    assert "Another browser" in browser.get("/console/me").text
    browser.post("/console/sign-out", {"others": "yes"})
    assert (opens(browser), opens(elsewhere)) == (True, False)


def test_a_language_and_a_look_are_kept_in_this_browser(counter: Counter) -> None:
    browser, _ = signed_in(counter)
    answer = browser.post("/console/look", {"lang": "ar", "theme": "dark", "back": "/console/me"})
    assert answer.headers["location"] == "/console/me"
    page = browser.get("/console/me").text
    for part in ('lang="ar"', 'dir="rtl"', 'data-theme="dark"'):
        assert part in page
    browser.post("/console/look", {"theme": "system"})
    assert "data-theme" not in browser.get("/console/me").text
    browser.post("/console/look", {"lang": "xx", "theme": "pink"})
    assert 'lang="ar"' in browser.get("/console/me").text
    for back in ("https://evil.test", "//evil.test", "javascript:1", ""):
        assert browser.post("/console/look", {"back": back}).headers["location"] == "/console"


def test_somebody_says_which_member_they_are(counter: Counter) -> None:
    counter.joined("880011")
    browser, email = signed_in(counter, "cashier")
    assert browser.post("/console/me/member", {"member": "nobody"}).status_code == 422
    assert browser.post("/console/me/member", {"member": "880011"}).status_code == 303
    assert "Ada" in browser.get("/console/me").text
    own = "select member_id is not null from staff where program_id = $1 and email = $2"
    assert counter.shop.rows(own, email) == [(True,)]


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_what_is_wrong_with_a_secret_is_said_in_every_language(language: str) -> None:
    said = {wrong_password(one, "Olga", "o@x.org") for one in ("", "x" * 201, "a" * 15)}
    said |= {
        wrong_password("olga's coffee shop", "Olga", "o@x.org"),
        wrong_pin(""),
        wrong_pin("1234"),
    }
    assert said == set(SECRETS)
    assert all(said_in(language).one(one) != one for one in said)
