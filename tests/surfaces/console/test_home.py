"""The first page of the console: what is to be set up, and whom to win back."""

from __future__ import annotations

from datetime import date

from tests.flows.night.counted.following import goes_on
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter, coffee


def bought(counter: Counter, card: str, *days: str) -> None:
    counter.joined(card)
    for day in days:
        told = coffee(card) | {"occurred_at": f"{day}T10:00:00Z"}
        answer = counter.post("/v1/activities", told, idempotency_key=f"{card}{day}")
        assert answer.status_code == 201, answer.text


def test_an_owner_sees_what_is_to_be_set_up_until_it_is_done(counter: Counter) -> None:
    owner, support = Browser(counter), Browser(counter)
    owner.sign_in(somebody(counter).email)
    page = owner.get("/console").text
    assert "Before the first day" in page
    assert "0 of 8 done" in page
    support.sign_in(somebody(counter, "support").email)
    assert "Before the first day" not in support.get("/console").text
    assert "1 of 8 done" in owner.get("/console").text
    owner.post("/console/stores", {"code": "harbour", "name": "Harbour"})
    counter.joined("1000")
    assert "3 of 8 done" in owner.get("/console").text


def test_whom_to_win_back_are_those_who_came_often_and_stay_away(counter: Counter) -> None:
    now = counter.shop.now
    assert now.year == 2026, now
    year, last = now.year, now.year - 1
    bought(counter, "2001", f"{last}-08-03", f"{last}-08-10", f"{last}-08-17", f"{last}-08-24")
    bought(counter, "2002", f"{last}-08-03", f"{last}-08-10")
    bought(counter, "2003", f"{last}-05-01", f"{last}-08-01", f"{last}-11-01")
    goes_on(counter.shop)
    owner = Browser(counter)
    owner.sign_in(somebody(counter).email)
    text = owner.get("/console/figures").text
    assert "Win them back" in text, (text, year)
    assert text.count("not here for") == 1
    days = (now.date() - date(last, 8, 24)).days
    assert f"not here for {days} days" in text


def test_what_is_loaded_afterwards_speaks_as_the_page_was_asked_to(counter: Counter) -> None:
    owner = Browser(counter)
    owner.sign_in(somebody(counter).email)
    assert "Came back" in owner.get("/console/figures").text
    page = {"HX-Request": "true", "HX-Current-URL": "http://shop.test/console?a=1&lang=de"}
    assert ">Mitglieder<" in owner.get("/console/figures", **page).text
    # What the part itself asks for goes first; an address that is none asks for nothing.
    assert "Came back" in owner.get("/console/figures?lang=en", **page).text
    for none in ("http://[", "?lang=xx", "?" + "a=1&" * 200 + "lang=de"):
        text = owner.get("/console/figures", **{"HX-Current-URL": none}).text
        assert "Came back" in text, none
