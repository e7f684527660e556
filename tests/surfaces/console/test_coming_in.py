"""Staff come in by a password: nobody else does, nobody learns who works here, forms are ours."""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from tests.flows.members.staff.people import HOUSE, settles
from tests.surfaces.console.browser import HOST, PASSWORD, Browser, somebody
from tests.surfaces.counter import Counter

from regulars.flows.access.commands import (
    ChangeStaff,
    CloseStaff,
    CountTry,
    MakeLink,
    MayTry,
    SetPin,
)
from regulars.flows.access.keep_sessions import count_tries
from regulars.records.access.staff.passwords import NOBODYS, kept_form
from regulars.records.access.staff.tokens import make_token, token_hash
from regulars.surfaces.console.door.proving import House, Typed, of_address, pin_right, sign_in
from regulars.surfaces.console.routes import console_routes

SESSIONS = "select count(*) from staff_session where program_id = $1 and ended_at is null"


def nothing() -> None:
    """No key is remembered here."""


def opens(browser: Browser) -> bool:
    return browser.get("/console").status_code == 200


def test_every_address_of_the_console_has_a_guard_and_every_form_is_checked(
    counter: Counter,
) -> None:
    handlers = console_routes(counter.given, nothing)
    assert len(handlers) >= 10
    for one in handlers:
        assert one.opt["guard"] in ("signed in", "open"), one.paths
        changes = "POST" in one.http_methods
        assert one.opt["form"] is changes, one.paths
    served = {
        route.path
        for route in Browser(counter).http._transport.app.pages.routes  # type: ignore[attr-defined]
        if route.path.startswith("/console")
    }
    assert served == {path for one in handlers for path in one.paths}


def test_without_a_session_every_guarded_address_leads_to_signing_in(counter: Counter) -> None:
    stranger = Browser(counter)
    stranger.get("/console/sign-in")
    for one in console_routes(counter.given, nothing):
        (path,) = one.paths
        if one.opt["guard"] == "open":
            continue
        answer = stranger.post(path) if one.opt["form"] else stranger.get(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/console/sign-in?next="), path


def test_every_form_is_refused_without_its_token_or_from_elsewhere(counter: Counter) -> None:
    one, browser = somebody(counter), Browser(counter)
    browser.sign_in(one.email)
    assert opens(browser)
    elsewhere = [
        {"_form": ""},
        {"_form": browser.form[:-1] + ("A" if browser.form[-1] != "A" else "B")},
    ]
    foreign = [
        {"origin": "https://evil.test"}, {"origin": "null"}, {"origin": f"http://{HOST}:81"},
        {"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"},
    ]  # fmt: skip
    paths = [
        path for h in console_routes(counter.given, nothing) if h.opt["form"] for path in h.paths
    ]
    for path in [one.replace("{link:str}", "1.x") for one in paths]:
        for form in elsewhere:
            assert browser.post(path, form).status_code == 403, (path, form)
        for headers in foreign:
            assert browser.post(path, **headers).status_code == 403, (path, headers)
    assert opens(browser)


def test_pages_of_the_console_are_hardened(counter: Counter) -> None:
    one = somebody(counter)
    for scheme, name in (("http", "regulars_staff"), ("https", "__Host-regulars_staff")):
        browser = Browser(counter, scheme=scheme)
        answer = browser.sign_in(one.email)
        said = answer.headers["set-cookie"]
        assert said.startswith(f"{name}=")
        assert "HttpOnly" in said
        assert "SameSite=strict" in said
        assert "Path=/" in said
        assert "Domain" not in said
        assert ("Secure" in said) is (scheme == "https")
        page = browser.get("/console")
        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-store"
        policy = page.headers["content-security-policy"]
        for rule in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert rule in policy
        assert "unsafe" not in policy
        assert ("strict-transport-security" in page.headers) is (scheme == "https")


def test_a_cookie_without_the_safe_name_opens_nothing_over_tls(counter: Counter) -> None:
    one, browser = somebody(counter), Browser(counter)
    browser.sign_in(one.email)
    safe = Browser(counter, scheme="https")
    safe.http.cookies.set("regulars_staff", browser.token)
    assert safe.get("/console").status_code == 303


def test_a_token_that_was_planted_before_opens_nothing_afterwards(counter: Counter) -> None:
    one, browser = somebody(counter), Browser(counter)
    planted = make_token(counter.shop.program_id, b"p" * 32)
    browser.http.cookies.set("regulars_staff", planted, domain=HOST)
    answer = browser.sign_in(one.email)
    assert answer.status_code == 303
    assert planted not in answer.headers["set-cookie"]
    thief = Browser(counter)
    thief.http.cookies.set("regulars_staff", planted, domain=HOST)
    assert not opens(thief)
    assert counter.shop.rows(
        "select 1 from staff_session where program_id = $1 and token_hash = $2", token_hash(planted)
    ) == []  # fmt: skip


def test_signing_in_again_ends_the_session_this_browser_had(counter: Counter) -> None:
    one, browser = somebody(counter), Browser(counter)
    browser.sign_in(one.email)
    had, form = browser.token, browser.form
    told = {"email": one.email, "password": PASSWORD, "_form": form}
    assert browser.post("/console/sign-in", told).status_code == 303
    thief = Browser(counter)
    thief.http.cookies.set("regulars_staff", had, domain=HOST)
    assert not opens(thief)


def test_signing_out_ends_one_session_or_all_others(counter: Counter) -> None:
    one = somebody(counter)
    first, second, third = (Browser(counter) for _ in range(3))
    for browser in (first, second, third):
        browser.sign_in(one.email)
        assert opens(browser)
    token = first.token
    assert first.post("/console/sign-out").headers["location"] == "/console/sign-in"
    first.http.cookies.set("regulars_staff", token, domain=HOST)
    assert not opens(first)
    second.post("/console/sign-out", {"others": "yes"})
    assert opens(second)
    assert not opens(third)


def test_a_session_ends_by_itself(counter: Counter) -> None:
    one, idle, busy = somebody(counter), Browser(counter), Browser(counter)
    began = counter.shop.now
    try:
        for browser in (idle, busy):
            browser.sign_in(one.email)
        counter.shop.now = began + timedelta(minutes=29, seconds=59)
        assert opens(busy)
        counter.shop.now = began + timedelta(minutes=30)
        assert not opens(idle)
        for step in range(2, 25):
            counter.shop.now = began + timedelta(minutes=29 * step)
            assert opens(busy), step
        counter.shop.now = began + timedelta(hours=12) - timedelta(seconds=1)
        assert opens(busy)
        counter.shop.now = began + timedelta(hours=12)
        assert not opens(busy)
    finally:
        counter.shop.now = began


def test_who_is_closed_or_changes_role_is_out_at_once(counter: Counter) -> None:
    one, browser = somebody(counter, "support"), Browser(counter)
    browser.sign_in(one.email)
    settles(counter.shop, ChangeStaff(one.staff_id, HOUSE, role="cashier"))
    assert not opens(browser)
    browser.sign_in(one.email)
    assert opens(browser)
    settles(counter.shop, CloseStaff(one.staff_id, HOUSE))
    assert not opens(browser)
    assert browser.sign_in(one.email).status_code == 401


def test_everybody_who_does_not_come_in_is_told_the_same(counter: Counter) -> None:
    known, gone = somebody(counter), somebody(counter)
    settles(counter.shop, CloseStaff(gone.staff_id, HOUSE))
    said = set()
    for email, password in (
        (known.email, "not the password"), ("nobody@shop.test", PASSWORD), (gone.email, PASSWORD),
        (known.email, ""), ("", PASSWORD), (known.email, "x" * 5_000),
    ):  # fmt: skip
        browser = Browser(counter)
        answer = browser.sign_in(email, password)
        text = answer.text.replace(browser.form, "").replace(email, "") if email else answer.text
        said.add((answer.status_code, "do not fit" in text, len(text.split())))
    assert len({one[:2] for one in said}) == 1
    assert next(iter(said))[:2] == (401, True)


def test_an_unknown_address_takes_as_long_as_a_wrong_password(counter: Counter) -> None:
    one, house = somebody(counter), House.of(counter.given)
    took: dict[str, list[float]] = {"known": [], "unknown": []}
    for turn in range(6):
        emails = (("known", one.email), ("unknown", f"nobody{turn}@shop.test"))
        for kind, email in emails if turn % 2 else reversed(emails):
            counter.shop.rows("delete from staff_try where program_id = $1")
            began = perf_counter()
            counter.shop.run(sign_in(house, counter.shop.program_id, Typed(email, "wrong", "")))
            took[kind].append(perf_counter() - began)
    known, unknown = median(took["known"]), median(took["unknown"])
    # Comparing takes ten times what is between them; were it left out, this would be a tenth.
    assert unknown > known / 2, (known, unknown)


@pytest.mark.parametrize("there", [True, False])
def test_after_ten_tries_nobody_is_compared_any_more(counter: Counter, there: bool) -> None:
    email = somebody(counter).email if there else "nobody-here@shop.test"
    for _ in range(10):
        assert Browser(counter).sign_in(email, "wrong, but long enough").status_code == 401
    answer = Browser(counter).sign_in(email)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 900
    assert "too often" in answer.text
    began = counter.shop.now
    counter.shop.now = began + timedelta(minutes=15)
    try:
        assert Browser(counter).sign_in(email).status_code == (303 if there else 401)
    finally:
        counter.shop.now = began


def test_one_address_tries_no_more_than_fifty_accounts(counter: Counter) -> None:
    one = somebody(counter)
    tried = CountTry((of_address("198.51.100.7"),))
    assert counter.shop.ask(count_tries, *[tried] * 50) == [MayTry()] * 50
    typed = Typed(one.email, PASSWORD, "198.51.100.7")
    house = House.of(counter.given)
    no = counter.shop.run(sign_in(house, counter.shop.program_id, typed))
    assert getattr(no, "code", "") == "too_many_tries"
    elsewhere = typed._replace(address="198.51.100.8")
    assert hasattr(counter.shop.run(sign_in(house, counter.shop.program_id, elsewhere)), "token")


def test_a_pin_takes_over_a_till_of_ones_own_store_and_is_tried_six_times(counter: Counter) -> None:
    house, here = House.of(counter.given), counter.shop.program_id
    one = somebody(counter, "cashier", stores=("main",))
    settles(counter.shop, SetPin(one.staff_id, kept_form("4711", b"p" * 16), HOUSE))

    def typed(pin: str, store: str = "main", till: str = "t1") -> str:
        told = counter.shop.run(pin_right(house, here, one.staff_id, (store, pin), till))
        return str(getattr(told, "code", "right"))

    assert [typed("4711"), typed("4712"), typed("4711", "other")] == ["right", *["pin_wrong"] * 2]
    assert [typed("1") for _ in range(5)] == ["pin_wrong"] * 4 + ["too_many_tries"]
    assert (typed("4711"), typed("4711", till="t2")) == ("too_many_tries", "right")


def test_a_password_kept_by_older_parameters_is_kept_anew(counter: Counter) -> None:
    from argon2.low_level import Type, hash_secret

    old = hash_secret(PASSWORD.encode(), b"o" * 16, 1, 8_192, 1, 32, Type.ID).decode()
    from tests.flows.members.staff.people import hires

    one = hires(counter.shop, "support", kept=old)
    assert Browser(counter).sign_in(one.email).status_code == 303
    kept = "select password from staff where program_id = $1 and staff_id = $2"
    ((now,),) = counter.shop.rows(kept, one.staff_id)
    assert now.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert Browser(counter).sign_in(one.email).status_code == 303


def test_a_link_sets_a_password_once_and_ends_every_session(counter: Counter) -> None:
    one, browser, fresh = somebody(counter), Browser(counter), Browser(counter)
    browser.sign_in(one.email)
    link = make_token(counter.shop.program_id, one.staff_id.bytes * 2)
    settles(counter.shop, MakeLink(one.staff_id, token_hash(link), HOUSE))
    path = f"/console/welcome/{link}"
    assert fresh.get(path).status_code == 200
    for wrong in ("short", "aaaaaaaaaaaaaaaaaaa", f"my name is {one.name}"):
        assert fresh.post(path, {"password": wrong}).status_code == 400
    assert fresh.post(path, {"password": "eleven brown loud geese"}).status_code == 303
    assert fresh.post(path, {"password": "again another password"}).status_code == 410
    assert fresh.get(path).status_code == 410
    assert not opens(browser)
    assert Browser(counter).sign_in(one.email).status_code == 401
    assert Browser(counter).sign_in(one.email, "eleven brown loud geese").status_code == 303


def test_signing_in_leads_nowhere_else(counter: Counter) -> None:
    one = somebody(counter)
    for told, led in (
        ("/console/members", "/console/members"), ("//evil.test/console", "/console"),
        ("https://evil.test", "/console"), ("/console\\@evil.test", "/console"), ("", "/console"),
    ):  # fmt: skip
        answer = Browser(counter).sign_in(one.email, next=told)
        assert answer.headers["location"] == led


def test_a_form_that_is_too_large_or_none_is_refused(counter: Counter) -> None:
    browser = Browser(counter)
    browser.get("/console/sign-in")
    assert browser.post("/console/sign-in", {"email": "x" * 300_000}).status_code == 400
    raw: Any = browser.http.post("/console/sign-in", content=b"\xff\xfe", headers={})
    assert browser.run(raw).status_code == 400


def test_nobodys_password_opens_nothing() -> None:
    from regulars.records.access.staff.passwords import is_right

    assert not is_right("x", "")
    assert is_right("x", NOBODYS)  # it is a password's kept form, and still lets nobody in
    assert is_right("ñ", kept_form("ñ", b"1" * 16))
