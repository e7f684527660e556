"""Everybody who was let in once and is not any more, or is let in elsewhere, at every address.

What is expected follows from the tables: an operation that a key's scopes do not open is refused as
`missing_scope`, a till that is not at work as `gone`, a session that is over is asked to sign in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Final

import msgspec
import pytest
from tests.surfaces.api.fuzz.house import House
from tests.surfaces.api.test_access import address, nothing_of
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.console.browser import HOST, Browser, somebody
from tests.surfaces.console.test_pages import UNKNOWN
from tests.surfaces.counter import Counter
from tests.surfaces.guards.test_console_matrix import PAGES, filled
from tests.surfaces.guards.test_matrix import PREFIXES, QUERIES, absent, of, said
from tests.surfaces.tills.device import Device

from regulars.flows.access.commands import CloseStaff
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.tills.opening import AT_REST, AT_WORK
from regulars.records.access.staff.types import By, Session
from regulars.records.access.types import Scope
from regulars.surfaces.api.call import Operation
from regulars.surfaces.api.operations.table import OPERATIONS
from regulars.surfaces.connect.square.table import SQUARE_OPERATIONS
from regulars.surfaces.console.routes import FORMS

KEYED: Final = tuple(one for one in (*OPERATIONS, *SQUARE_OPERATIONS) if one.open is None)
STILL: Final = {"hand_in_records", "release_offline", "unpair_till"}
"""What a till that is suspended may do all the same: give back what it has."""
ENDS: Final = {"unpair_till"}
NO_SCOPE: Final = ("missing_scope", "INSUFFICIENT_SCOPES")
HEARD: Final = dict.fromkeys(("till_record", "deed", "staff_try"), 0)
"""What a till hands in is kept, good or bad; a PIN that is tried is counted."""
_STAFF: Final = """
select distinct column_name from information_schema.columns
 where table_schema = 'public' and table_name like 'staff%' and $1::int > 0 order by 1
"""
_ROLES: Final = """
select staff_id, name, email, role, stores, state, member_id, closed_at from staff
 where program_id = $1 order by 1
"""


@pytest.fixture(scope="module")
def house(database: Any) -> Iterator[House]:
    """A shop with something of everything, where nothing can be sent."""
    made = House(database)
    made.meet()
    yield made
    made.counter.close()


def asked(counter: Counter, key: str) -> dict[str, tuple[int, str]]:
    """What every operation answers whoever shows this: its status and its code.

    Of all at once; what ends the till itself is asked when the others are answered, as it may be
    quicker than they are, and whoever comes after it is told that the till is gone.
    """
    return _told(counter, key, [one for one in KEYED if one.name not in ENDS]) | _told(
        counter, key, [one for one in KEYED if one.name in ENDS]
    )


def _told(
    counter: Counter, key: str, operations: Sequence[Operation]
) -> dict[str, tuple[int, str]]:
    requests = []
    for one in operations:
        # Of what a till asks a good body is sent, so that it is looked at who asks.
        body = msgspec.to_builtins(one.example) if Scope.TILL in one.scopes else nothing_of(one)
        sent = None if one.sent is None else body
        to = address(one) + (QUERIES.get(one.name, "") if Scope.TILL in one.scopes else "")
        requests.append(partial(counter.send, one.method, to, sent, key=key))
    answers = counter.at_once(requests)
    told = zip(operations, (answer.json() for answer in answers), answers, strict=True)
    return {
        one.name: (a.status_code, said.get("code") or said.get("errors", [{}])[0].get("code", ""))
        for one, said, a in told
    }


def test_a_key_that_was_revoked_opens_nothing(house: House) -> None:
    counter = house.counter
    made = counter.post("/v1/api-keys", {"name": "lost", "scopes": ["all"]}).json()
    assert counter.get("/v1/members", key=made["key"]).status_code == 200, "the control"
    assert counter.ask("DELETE", f"/v1/api-keys/{made['id']}").status_code == 200
    before = counter.shop.counts()
    assert {status for status, _ in asked(counter, made["key"]).values()} == {401}
    assert counter.shop.counts() == before


@pytest.mark.parametrize("state", ["paired", "suspended", "unpaired"])
def test_a_till_opens_what_is_a_tills_and_only_while_it_is_at_work(
    house: House, state: str
) -> None:
    counter = house.counter
    till = Device(counter, f"Counter {state}")
    if state != "paired":
        body = {"state": state, "reason": "lost"}
        assert counter.ask("PATCH", f"/v1/tills/{till.id}", body).status_code == 200
    may = AT_WORK if state == "paired" else AT_REST
    before, asks_for = counter.shop.counts(), set(ENDS)
    answers = {name: told for name, told in asked(counter, till.token).items() if name not in ENDS}
    for one in KEYED:
        if one.name in ENDS:
            continue
        status, code = answers[one.name]
        assert (code not in NO_SCOPE) == bool(may & set(one.scopes)), (one.name, status, code)
        if Scope.TILL in one.scopes:
            asks_for.add(one.name)
            at_rest = state != "paired" and one.name not in STILL
            assert ((status, code) == (410, "gone")) == at_rest, (one.name, status, code)
    assert len(asks_for) >= 10
    assert counter.shop.counts() | HEARD == before | HEARD


def test_a_code_of_pairing_is_good_for_one_device_and_a_while(house: House) -> None:
    counter, now = house.counter, house.counter.shop.now
    Device(counter)
    used = counter.post("/v1/stores/main-street/codes").json()["code"]
    body = {"name": "Two", "public_key": Device(counter).public}
    assert counter.post("/v1/till/pair", body, key=used).status_code == 201
    late = counter.post("/v1/stores/main-street/codes").json()["code"]
    before = counter.shop.counts()
    counter.shop.now += timedelta(days=1)
    for code in (used, late):
        answer = counter.post("/v1/till/pair", body, key=code)
        assert answer.status_code in (401, 409, 410, 422), answer.text
    counter.shop.now = now
    assert counter.shop.counts() == before


@pytest.mark.parametrize("how", ["late", "used"])
def test_a_link_of_a_till_lets_nobody_in_when_it_is_over(house: House, how: str) -> None:
    counter, now = house.counter, house.counter.shop.now
    till = Device(counter)
    wish = {"member": {"id": house.known["member_id"]}, "origin": "http://shop.test"}
    made = counter.post("/v1/till/links", wish, key=till.token)
    assert made.status_code == 201, made.text
    path, link = made.json()["link"].split("?link=")
    if how == "used":
        first = Pocket(counter).send(path, made.json()["link"], link=link)
        assert first.status_code == 303, "the control: it does let them in, once"
    else:
        counter.shop.now += timedelta(minutes=6)
    pocket, before = Pocket(counter), counter.shop.counts()
    assert pocket.send(path, made.json()["link"], link=link).status_code == 422
    assert counter.shop.counts() == before
    assert pocket.get("/card").status_code == 303
    counter.shop.now = now


@pytest.mark.parametrize("how", ["idle", "signed out", "closed", "made up"])
def test_a_session_of_staff_that_is_over_opens_no_page_and_no_form(house: House, how: str) -> None:
    counter, now = house.counter, house.counter.shop.now
    one, browser = somebody(counter), Browser(counter)
    browser.sign_in(one.email)
    assert browser.get("/console/members").status_code == 200, "the control"
    form, cookies = browser.form, dict(browser.http.cookies)
    if how == "idle":
        counter.shop.now += timedelta(days=3)
    elif how == "signed out":
        browser.post("/console/sign-out")
    elif how == "closed":
        wish = CloseStaff(one.staff_id, By(words="the house"))
        counter.shop.do(lambda tx, _: keep_staff(tx, _, [wish]))
    browser.http.cookies.clear()
    for name, value in cookies.items():
        told = value[:-4] + "aaaa" if how == "made up" else value
        browser.http.cookies.set(name, told, domain=HOST, path="/")
    before = counter.shop.counts()
    for path, _ in PAGES:
        answer = browser.get(filled(path, lambda _: UNKNOWN))
        assert (answer.status_code, "/sign-in" in answer.headers["location"]) == (303, True), path
    for done in FORMS:
        answer = browser.post(filled(done.path, lambda _: UNKNOWN), {"_form": form})
        led = answer.status_code == 303 and "/sign-in" in answer.headers["location"]
        assert led or (how == "made up" and answer.status_code == 403), done.path
    assert counter.shop.counts() == before
    counter.shop.now = now


def test_nobody_makes_themselves_more_by_a_form_about_themselves(house: House) -> None:
    """Every column of staff and of settings as one more field of each form without a role."""
    counter, one = house.counter, somebody(house.counter, "cashier", stores=("main-street",))
    browser = Browser(counter)
    browser.sign_in(one.email)
    columns = [name for (name,) in counter.shop.rows(_STAFF)]
    more = dict.fromkeys(columns, "1") | {"role": "owner", "stores": "", "state": "active"}
    was, own = counter.shop.rows(_ROLES), [done.path for done in FORMS if done.may is None]
    for path in own:
        answer = browser.post(path, more | {"_form": browser.form, "member": "", "pin": "1"})
        assert answer.status_code in (200, 303, 400, 404, 422), (path, answer.status_code)
    assert len(own) >= 6
    assert counter.shop.rows(_ROLES) == was


def test_a_cashier_has_no_till_by_their_session(house: House) -> None:
    counter, browser = house.counter, Browser(house.counter)
    browser.sign_in(somebody(counter, "cashier").email)
    cookie = "; ".join(f"{name}={value}" for name, value in browser.http.cookies.items())
    assert browser.get("/till/").status_code == 200, "the page is anybody's; it says nothing"
    tills = [one for one in KEYED if {Scope.TILL, Scope.TILL_PAIR} & set(one.scopes)]
    assert len(tills) >= 11
    for one in tills:
        body = msgspec.to_builtins(one.example)
        answer = counter.ask(one.method, address(one), body, key="", cookie=cookie)
        assert answer.status_code == 401, one.name


def test_a_test_key_and_a_live_key_are_two_programs(house: House) -> None:
    """Everything with an id: the live ones are nothing to the sandbox, its own nothing to live."""
    counter = house.counter
    counter.shop.at("2026-06-02 12:00")
    test = house.post("/v1/sandboxes", name="apart")["key"]
    live, counter.key = counter.key, test
    member = house.member()
    wish = {"member": {"id": member}, "reward": "free-coffee"}
    inside = {"member_id": member, "activity_id": house.buys(member)}
    inside["redemption_id"] = house.post("/v1/redemptions", **wish)["id"]
    counter.key = live
    outside = {name: one for name, one in house.known.items() if name in PREFIXES}
    pairs = {"sandbox": (test, outside), "live": (live, inside)}
    before, wrong, tried = counter.shop.counts(), [], 0
    for name, (key, ids) in pairs.items():
        for one in OPERATIONS:
            if one.open is not None or not _about(one) & ids.keys():
                continue
            theirs = of(one, lambda part, ids=ids: ids.get(part, absent(part)))
            first, second = (
                counter.ask(one.method, *told, key=key) for told in (theirs, of(one, absent))
            )
            tried += 1
            if said(first) != said(second) or first.status_code not in (403, 404, 409, 422):
                wrong.append((name, one.name, first.text[:200], second.text[:200]))
    assert (wrong, tried > 60) == ([], True), tried
    assert counter.shop.counts() == before


def _about(one: Operation) -> set[str]:
    """Which ids an operation is asked with."""
    of_body = isinstance(one.example, dict) and "member" in one.example
    parts = {part for part in PREFIXES if f"{{{part}}}" in one.path}
    return parts | ({"member_id"} if of_body else set())


def scopeless(operations: Sequence[Operation]) -> list[str]:
    """Operations that any key at all, or none, may open."""
    return [one.name for one in operations if not one.scopes and one.open is None]


def test_no_operation_is_without_a_scope() -> None:
    assert scopeless(KEYED) == []
    planted = msgspec.structs.replace(KEYED[0], scopes=())
    assert scopeless([planted]) == [planted.name], "the control"


def test_a_session_that_never_ends_would_be_noticed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the sessions above: where nobody looks at the time, the page is shown."""
    counter, now = house.counter, house.counter.shop.now
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    counter.shop.now += timedelta(days=3)
    for ends, status in ((True, 303), (False, 200)):
        if not ends:
            monkeypatch.setattr(Session, "is_open", lambda *_: True)
        assert browser.get("/console/members").status_code == status
    counter.shop.now = now
