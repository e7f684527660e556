"""Cases and references as somebody of the shop works on them, in the console."""

from __future__ import annotations

import re

from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter


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
