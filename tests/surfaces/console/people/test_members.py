"""Members in the console: found by what they say, corrected within limits, blocked and let go."""

from __future__ import annotations

import re

import httpx
import pytest
from tests.flows.members.staff.people import HOUSE, settles
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.flows.access.commands import ChangeStaff
from regulars.surfaces.api.strict.ids import addressed

_KEY = re.compile(r'name="key" value="([^"]+)"')


def signed_in(counter: Counter, role: str = "owner") -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter, role).email)
    return browser


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    return signed_in(counter)


def joined(counter: Counter, name: str, *known: tuple[str, str]) -> str:
    told = [{"kind": kind, "value": value} for kind, value in known]
    body = {"identifiers": told, "given_name": name, "family_name": "Becker"}
    answer = counter.post("/v1/members", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def wished(browser: Browser, member: str, lang: str = "en", **typed: str) -> httpx.Response:
    """The form, filled in with this and sent once."""
    path = f"/console/members/{member}/adjust"
    found = _KEY.search(browser.get(path).text)
    assert found is not None
    told = {"wallet": "points", "way": "give", "reason": "Goodwill", "note": "", "key": found[1]}
    return browser.post(f"{path}?lang={lang}", told | typed)


def held(counter: Counter, member: str) -> int:
    rows = counter.shop.rows(
        "select available - debt from balance where program_id = $1 and member_id = $2",
        addressed("mem", member),
    )
    return sum(int(one) for (one,) in rows)


def test_somebody_is_found_by_all_they_may_say(counter: Counter, owner: Browser) -> None:
    member = joined(
        counter, "Zora", ("phone", "+4915112345678"), ("email", "zora@beans.example.org"),
        ("card", "77001234"), ("external", "crm-9"),
    )  # fmt: skip
    number = counter.get(f"/v1/members/{member}").json()["number"]
    for typed in (
        "+49 151 12345678", "0151 12345678", "zora@beans.example.org", "77001234", "crm-9", number,
        "Zora", "zora", " Zora ",
    ):  # fmt: skip
        answer = owner.run(owner.http.get("/console/members", params={"q": typed}))
        assert answer.status_code == 303, (typed, answer.text[-1500:])
        assert answer.headers["location"] == f"/console/members/{member}", typed


def test_nobody_is_found_by_what_nobody_said(owner: Browser) -> None:
    for typed in ("Nobody At All", "+49 151 99999999", "no@example.test", "00000"):
        answer = owner.run(owner.http.get("/console/members", params={"q": typed}))
        assert (answer.status_code, "/console/members/mem_" in answer.text) == (200, False)


@pytest.mark.parametrize("amount", ["", "0", "-5", "five", "1e3", "0.5", "1" * 30, "五", "5,5"])
def test_a_wrong_amount_is_said_at_its_field_and_stays(
    counter: Counter, owner: Browser, amount: str
) -> None:
    member = joined(counter, "Amount")
    answer = wished(owner, member, amount=amount, note="kept as it was")
    assert answer.status_code == 422
    assert 'id="amount-wrong"' in answer.text
    assert f'value="{amount}"' in answer.text
    assert "kept as it was" in answer.text
    assert held(counter, member) == 0


@pytest.mark.parametrize(
    ("lang", "amount", "shown"),
    [
        ("en", "1,250", "+1,250"), ("en", "1250", "+1,250"), ("de", "1.250", "+1.250"),
        ("de", "1250,0", "+1.250"), ("de", "1.250,0", "+1.250"), ("en", "1,250.0", "+1,250"),
        ("en", "12.0", "+12"), ("de", "12,0", "+12"), ("de", "1 250", "+1.250"),
        ("tr", "1.250", "+1.250"),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_it_is_written_here(
    counter: Counter, owner: Browser, lang: str, amount: str, shown: str
) -> None:
    member = joined(counter, "Written")
    answer = wished(owner, member, lang, amount=amount)
    assert answer.status_code == 200
    assert shown in answer.text
    assert held(counter, member) == 0


@pytest.mark.parametrize(("lang", "amount"), [("en", "1,2"), ("de", "1.2"), ("de", "1.25")])
def test_a_sign_of_another_language_does_not_change_the_amount(
    counter: Counter, owner: Browser, lang: str, amount: str
) -> None:
    """1.25 typed in German must not become 125 points."""
    member = joined(counter, "Mixed")
    assert wished(owner, member, lang, amount=amount).status_code == 422


def test_before_and_after_are_shown_and_a_form_sent_twice_books_once(
    counter: Counter, owner: Browser
) -> None:
    member = joined(counter, "Twice")
    answer = wished(owner, member, amount="50")
    for part in ("<dd>0</dd>", "+50", "<dd>50</dd>"):
        assert part in answer.text
    key = _KEY.search(answer.text)
    assert key is not None
    told = {"wallet": "points", "way": "give", "amount": "50", "reason": "Goodwill", "note": "",
            "key": key[1], "sure": "yes"}  # fmt: skip
    for _ in range(2):
        sent = owner.post(f"/console/members/{member}/adjust", told)
        assert sent.headers["location"] == f"/console/members/{member}"
    assert held(counter, member) == 50
    other = owner.post(f"/console/members/{member}/adjust", told | {"amount": "60"})
    assert other.status_code == 409
    assert held(counter, member) == 50
    taken = wished(owner, member, amount="20", way="take", sure="yes")
    assert taken.status_code == 303
    assert held(counter, member) == 30
    page = owner.get(f"/console/members/{member}")
    assert "Adjusted by hand" in page.text


def test_a_reason_is_chosen_and_something_else_says_what(counter: Counter, owner: Browser) -> None:
    member = joined(counter, "Reason")
    for typed in ({"reason": ""}, {"reason": "Because"}, {"reason": "Something else"},
                  {"note": "x" * 301}, {"wallet": "gold"}):  # fmt: skip
        assert wished(owner, member, amount="5", sure="yes", **typed).status_code == 422
    assert held(counter, member) == 0
    done = wished(owner, member, amount="5", sure="yes", reason="Something else", note="Rain")
    assert done.status_code == 303
    assert held(counter, member) == 5


def test_above_ones_limit_a_colleague_is_asked_and_agrees(counter: Counter, owner: Browser) -> None:
    support, manager, member = signed_in(counter, "support"), None, joined(counter, "Limit")
    answer = wished(support, member, amount="501", sure="yes")
    assert answer.status_code == 409
    assert "Ask a colleague" in answer.text
    assert held(counter, member) == 0
    assert wished(support, member, amount="501", sure="yes", ask="yes").status_code == 303
    manager = signed_in(counter, "manager")
    page = manager.get("/console/requests")
    (request,) = set(re.findall(r'/console/requests/([0-9a-f]{32})"', page.text))
    assert "+501" in page.text
    assert "waits for a yes" in manager.get("/console").text
    for _ in range(2):
        manager.post(f"/console/requests/{request}", {"yes": "yes"})
    assert held(counter, member) == 501
    assert "Nobody waits" in manager.get("/console/requests").text


def test_a_colleague_says_no_and_nobody_agrees_to_their_own_wish(
    counter: Counter, owner: Browser
) -> None:
    manager, member = signed_in(counter, "manager"), joined(counter, "Own")
    assert wished(manager, member, amount="9000", sure="yes", ask="yes").status_code == 303
    page = manager.get("/console/requests")
    assert "This is your own wish" in page.text
    path = "/console/requests/{}"
    rows = counter.shop.rows(
        "select request_id from adjustment_request where program_id = $1 and state = 'waiting'"
    )
    ((request,),) = rows
    answer = manager.post(path.format(request.hex), {"yes": "yes"})
    assert answer.status_code in (403, 409)
    assert held(counter, member) == 0
    no = owner.post(path.format(request.hex), {"note": "not this time"})
    assert no.headers["location"] == "/console/requests"
    again = owner.post(path.format(request.hex), {"yes": "yes"})
    assert again.status_code == 409
    assert held(counter, member) == 0


def test_a_cashier_may_ask_and_comes_back_to_a_page_they_may_see(counter: Counter) -> None:
    cashier, member = signed_in(counter, "cashier"), joined(counter, "Asked")
    answer = wished(cashier, member, amount="5", sure="yes")
    assert answer.status_code == 303
    assert cashier.get(answer.headers["location"]).status_code == 200
    assert held(counter, member) == 0


def test_nobody_adjusts_their_own_membership(counter: Counter) -> None:
    member = joined(counter, "Myself")
    one, browser = somebody(counter, "manager"), Browser(counter)
    browser.sign_in(one.email)
    settles(counter.shop, ChangeStaff(one.staff_id, HOUSE, member=addressed("mem", member)))
    assert wished(browser, member, amount="5", sure="yes").status_code == 409
    assert held(counter, member) == 0


def test_somebody_is_blocked_with_a_reason_and_let_go(counter: Counter, owner: Browser) -> None:
    member = joined(counter, "Blocked")
    path = f"/console/members/{member}/block"
    assert "Block Blocked" in owner.get(path).text
    for reason in ("", "   ", "x" * 301):
        answer = owner.post(path, {"reason": reason, "blocked": "yes"})
        assert (answer.status_code, 'id="reason-wrong"' in answer.text) == (422, True)
    for _ in range(2):
        assert owner.post(path, {"reason": "A quarrel", "blocked": "yes"}).status_code == 303
    assert counter.get(f"/v1/members/{member}").json()["state"] == "blocked"
    assert "Let Blocked Becker go again" in owner.get(path).text
    assert owner.post(path, {"reason": "Made up", "blocked": "no"}).status_code == 303
    assert counter.get(f"/v1/members/{member}").json()["state"] == "active"
