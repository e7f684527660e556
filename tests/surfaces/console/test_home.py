"""The first page of the console: what is to be set up, and whom to win back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tests.flows.night.counted.following import goes_on
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter, coffee

from regulars.base.tx import Tx
from regulars.surfaces.console.first.todo import months_open, soon


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


def test_what_ends_soon_is_told_of_until_it_is_over() -> None:
    ends = date(2026, 3, 15)
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 14), ends]
    assert [soon(ends, day) for day in days] == [False, True, True, False]
    assert not soon(None, ends)
    today, has = date(2026, 12, 3), ["points"]
    assert months_open(["2026-09/points", "2026-10/points"], today, has) == 1
    assert months_open(["2026-11/points"], today, has) == 0
    assert months_open([], today, has) == 0, "who never closes one waits for none"
    assert months_open(["2026-01/gone"], today, has) == 0, "nobody closes what is no more"


def test_a_receiver_that_does_not_answer_and_an_unusual_member_want_attention(
    counter: Counter,
) -> None:
    owner, support = Browser(counter), Browser(counter)
    owner.sign_in(somebody(counter).email)
    support.sign_in(somebody(counter, "support").email)
    assert "does not answer" not in owner.get("/console").text
    url = {"name": "Till", "url": "https://hook.example/a", "types": ["points.earned"]}
    assert counter.post("/v1/webhooks", url).status_code == 201
    member = UUID(counter.joined("9001")[4:])

    async def rows(tx: Tx, _: Any) -> None:
        await tx.fetch("update hook set failures = 9, failing_since = $2 where program_id = $1",
            tx.program_id, tx.now - timedelta(hours=2))  # fmt: skip
        alert = (tx.program_id, tx.new_id(), member, tx.now.date(), tx.now)
        await tx.fetch(
            "insert into member_alert (program_id, alert_id, member_id, kind, shown, as_of,"
            " raised_at, sorts, reasons) values ($1, $2, $3, 'unusual', true, $4, $5,"
            " '{earned_much}', '[]')",
            *alert,
        )

    counter.shop.do(rows)
    text = owner.get("/console").text
    assert "1 receiver of events does not answer" in text
    assert 'href="/console/win-back?show=unusual"' in text
    assert "1 member did something unusual" in support.get("/console").text
    assert "receiver of events" not in support.get("/console").text, "it is not theirs to mend"
    counter.shop.now = counter.shop.now.replace(hour=23, minute=30)
    today = counter.shop.now.astimezone(counter.shop.zone).date()
    assert today > counter.shop.now.date(), "the day of the shop has begun already"
    counter.shop.rows("update member_alert set snoozed_until = $2 where program_id = $1", today)
    support.sign_in(somebody(counter, "support").email)
    assert "1 member did something unusual" in support.get("/console").text
