"""Cases and references as somebody of the shop works on them, in the console."""

from __future__ import annotations

import re

import pytest
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.surfaces.console.offers.caring import cases


def test_cases_are_worked_on_and_prospects_hear_from_members(counter: Counter) -> None:
    mia, member = Browser(counter), counter.joined("4711-care")
    mia.sign_in(somebody(counter, "manager").email)
    number = counter.get(f"/v1/members/{member}").json()["number"]
    told = {"member": number, "subject": "It came <open>", "text": "Two bags", "priority": "high"}
    assert mia.post("/console/cases", told | {"subject": ""}).status_code == 422
    assert mia.post("/console/cases", told).status_code == 303
    page = mia.get("/console/cases").text
    assert "It came &lt;open&gt;" in page
    (case,) = set(re.findall(r"cas_\w{32}", page))
    at = f"/console/cases/{case}"
    assert mia.post(at, {"does": "note", "text": ""}).status_code == 422
    assert mia.post(at, {"does": "note", "text": "On their way"}).status_code == 303
    assert "On their way" in mia.get("/console/cases").text
    assert mia.post(at, {"does": "close", "outcome": "solved"}).status_code == 303
    assert "Closed last" in mia.get("/console/cases").text
    assert mia.post("/console/references", {"prospect": "Bakery"}).status_code == 303
    (asked,) = set(re.findall(r"rfr_\w{32}", mia.get("/console/references").text))
    says = {"member": number, "agrees": "yes"}
    assert mia.post("/console/references/members", says).status_code == 303
    assert "never asked before" in mia.get("/console/references").text
    at = f"/console/references/{asked}"
    assert mia.post(at, {"does": "ask", "member": number}).status_code == 303
    assert "They helped" in mia.get("/console/references").text
    assert mia.post(at, {"does": "given"}).status_code == 303
    assert counter.get(f"/v1/reference-requests/{asked}").json()["request"]["state"] == "given"


def test_the_case_beyond_a_page_is_reached_and_a_double_click_opens_one(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "MOST", 1)
    mia, member = Browser(counter), counter.joined("4712-care")
    mia.sign_in(somebody(counter, "manager").email)
    number = counter.get(f"/v1/members/{member}").json()["number"]
    for subject in ("The first", "The second"):
        (key,) = re.findall(r'name="key" value="( [0-9a-f]{32})"', mia.get("/console/cases").text)
        for _ in "ab":
            told = {"member": number, "subject": subject, "key": key}
            assert mia.post("/console/cases", told).status_code == 303
    ids, at = [], "/console/cases"
    for subject in ("The first", "The second"):
        page = mia.get(at).text
        assert subject in page
        ids += re.findall(r"/console/cases/(cas_\w{32})", page)
        at = next(iter(re.findall(r'href="([^"]+)" rel="next"', page)), "")
    assert (len(set(ids)), len(ids), at) == (2, 2, "")
    note, case = re.findall(r'name="key" value="( \w{44})"', page)[0], f"/console/cases/{ids[1]}"
    for _ in "ab":
        sent = mia.post(case, {"does": "note", "text": "On their way", "key": note})
        assert sent.status_code == 303
    assert len(counter.get(f"/v1/cases/{ids[1]}").json()["notes"]) == 1
