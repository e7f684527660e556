"""A month of points is closed once, by who may, when it has ended and ties to the ledger."""

from __future__ import annotations

from typing import Any

import pytest
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter, coffee, problem

from regulars.flows.membership.office.prepare_rows import prepare_rows

LIABILITY = "/console/reports/liability?from=2026-03-01&to=2026-05-31"
MARCH = {"month": "2026-03-01", "wallet": "points", "from": "2026-03-01", "to": "2026-05-31"}


@pytest.fixture(scope="module")
def sold(counter: Counter) -> Counter:
    """A shop with one sale in March and one in April, some weeks later."""
    counter.joined("7001")
    sell(counter, "2026-03-10", 3)
    sell(counter, "2026-04-10", 2)
    counter.shop.at("2026-05-20 12:00")
    return counter


def sell(counter: Counter, day: str, cups: int) -> None:
    counter.shop.at(f"{day} 12:00")
    answer = counter.post("/v1/activities", coffee("7001", cups), idempotency_key=day)
    assert answer.status_code == 201, answer.text


def prepare(counter: Counter) -> None:
    for _ in range(50):
        if not counter.shop.do(lambda tx, terms: prepare_rows(tx, terms, 100)):
            return


def at(counter: Counter, role: str = "owner") -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter, role).email)
    return browser


def close(browser: Browser, **other: str) -> str:
    answer = browser.post("/console/reports/liability/close", MARCH | other)
    if answer.status_code == 403:
        return "403"
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).split("closed=")[1].partition("#")[0]


def closed(counter: Counter) -> list[tuple[Any, ...]]:
    return counter.shop.rows(
        "select about_id, (after ->> 'closing')::bigint from staff_act"
        " where program_id = $1 and did = 'month.closed'"
    )


def test_a_month_is_closed_once(sold: Counter) -> None:
    owner, auditor = at(sold), at(sold, "auditor")
    assert close(owner) == "rows", "nothing was added up yet"
    page = owner.get(LIABILITY).text
    assert "Everything is being added up anew" in page
    assert "Ties to the ledger" not in page
    prepare(sold)
    assert close(auditor) == "403"
    assert close(owner, month="2026-05-01") == "month"
    assert close(owner, month="2026-03-02") == "month"
    assert close(owner, month="March") == "month"
    assert close(owner, wallet="beans") == "wallet"
    assert closed(sold) == []
    text = owner.get(LIABILITY).text
    assert "Close Mar 2026" in text
    assert "Close May 2026" not in text, "May has not ended"
    assert "Close" not in auditor.get(LIABILITY).text.split('id="months"')[1].split("</ul>")[0]
    assert close(owner) == "yes"
    ((about, closing),) = closed(sold)
    assert about == "2026-03/points"
    assert close(owner) == "month", "it is closed"
    assert len(closed(sold)) == 1
    page = owner.get(LIABILITY).text
    assert "Close Mar 2026" not in page
    assert "Closed with" in page
    assert "Since then" not in page
    # A sale of March that is told only now changes what March comes to, not what was closed.
    told = coffee("7001", 1) | {"occurred_at": "2026-03-15T10:00:00Z"}
    assert sold.post("/v1/activities", told, idempotency_key="late").status_code == 201
    prepare(sold)
    assert "Since then +" in owner.get(LIABILITY).text
    assert closed(sold) == [(about, closing)]
    log = owner.get("/console/audit").text
    assert "Closed a month of points" in log
    for words in ("Opening", "Closing", "Brought, passed on, written off"):
        assert words in log, "what it was closed with is said in words"
    log = owner.get("/console/audit?did=month.closed").text
    assert "Mar 2026" in log.split("<tbody>")[1], "which month it was"
    assert ">Closing</dt>" in log


def test_whoever_closed_a_month_of_some_points_sees_those_again(sold: Counter) -> None:
    """With two kinds of points the page led back to the other kind, whose month stood open."""
    owner, path = at(sold), "/console/reports/liability/close"
    answer = owner.post(path, MARCH | {"wallet": "stamps", "month": "2026-05-01"})
    back = str(answer.headers["location"])
    assert "wallet=stamps" in back
    page = owner.get(back)
    assert page.status_code == 200
    assert '<option value="stamps" selected' in page.text
    unknown = owner.post(path, MARCH | {"wallet": "beans"}).headers["location"]
    assert owner.get(str(unknown)).status_code == 200, "what is said of it can be read"


def test_two_who_close_at_once_close_it_once(sold: Counter) -> None:
    prepare(sold)
    first, second = at(sold), at(sold)
    path, form = "/console/reports/liability/close", MARCH | {"month": "2026-04-01"}
    before = len(closed(sold))
    answers = sold.at_once(
        [
            lambda one=one: one.http.post(
                path,
                data={"_form": one.form} | form,
                headers={"origin": "http://shop.test", "sec-fetch-site": "same-origin"},
            )
            for one in (first, second)
        ]
    )
    told = sorted(str(one.headers["location"]).split("closed=")[1] for one in answers)
    assert told == ["month#months", "yes#months"]
    assert len(closed(sold)) == before + 1


def test_a_month_is_closed_by_the_api_and_asked_again_it_is_as_it_was(sold: Counter) -> None:
    sold.shop.at("2026-06-05 12:00")
    prepare(sold)
    one = {"month": "2026-05", "wallet": "points"}
    assert problem(sold.post("/v1/closed-months", one | {"month": "2026-06"}))[1] == "invalid"
    assert problem(sold.post("/v1/closed-months", one | {"wallet": "miles"}))[2] == "/wallet"
    assert sold.post("/v1/closed-months", one | {"month": "2026-13"}).status_code == 422
    before = sold.get("/v1/closed-months").json()["items"]
    done = sold.post("/v1/closed-months", one)
    assert done.status_code == 200, done.text
    assert done.json()["closing"] == done.json()["opening"] + done.json()["issued"]
    assert done.json()["closed_by"].startswith("key_")
    assert sold.post("/v1/closed-months", one).json() == done.json()
    items = sold.get("/v1/closed-months").json()["items"]
    assert items == [done.json(), *before]
    assert ("2026-05/points", done.json()["closing"]) in closed(sold)
    reads = sold.made_key("books:read")
    answer = sold.post("/v1/closed-months", one, authorization=f"Bearer {reads}")
    assert answer.status_code == 403
