"""Members to win back in the console and over the API: listed, and looked after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.flows.membership.office.alerts.raise_alerts import end_day, raise_alerts
from regulars.records.standing.alerts.accounts.read import Tried
from regulars.records.standing.alerts.types import Raised, Reason

PATH = "/console/win-back"
WHY = (Reason("days_away", 61, 19), Reason("fewer_orders", 1, 4), Reason("spends_less", 450, 2_000))
_VALUE = """
insert into member_value values ($1, $2, '2026-03-01', 310, 42, 8450, 61, 19, 'slipping', 'upper')
"""
_COARSE = """
update value_run set found = '{"judged": {"off": 0.04}}' where program_id = $1
"""
_DAY = "insert into member_day values ($1, $2, $3, '', 1, $4, $5, $5, 1, 0, 0)"
_SET = "insert into staff_setting values ($1, 'margin_percent', '', 30, now(), 'owner')"
_RUN = """
insert into value_run values ($1, '2026-03-01', now(), 9, 'MBG/NBD',
                              '{"judged": {"picked": 310, "right": 236}}')
"""


@pytest.fixture
def counter(fresh_database: Any) -> Iterator[Counter]:
    opened = Counter.open(fresh_database)
    yield opened
    opened.close()


def told(counter: Counter, *cards: str) -> list[UUID]:
    """These are told of, the first being worth most."""
    ids = [UUID(hex=counter.joined(card)[4:]) for card in cards]
    these = [
        Raised(id_, "slipping", date(2026, 3, 1), WHY, chance=310, worth_minor=9_000 - at)
        for at, id_ in enumerate(ids)
    ]
    counter.shop.do(lambda tx, _: raise_alerts(tx, these))
    return ids


def signed_in(counter: Counter, role: Any = "owner") -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter, role).email)
    return browser


def test_somebody_reads_why_and_says_what_they_did(counter: Counter) -> None:
    told(counter, "5001")
    counter.shop.rows(_RUN)
    owner = signed_in(counter)
    page = owner.get(PATH).text
    assert "61 days since the last order; 19 are usual between orders" in page
    assert "Orders in 90 days: 1, after 4 in those before" in page
    assert "of 310 members it would have named, 236 did not come (76%, surely from 71% to" in page
    (alert,) = counter.get("/v1/member-alerts?state=open").json()["items"]
    note = {f"note-{alert['id']}": "Wrote a card", "does": "handle"}
    assert owner.post(f"{PATH}/{alert['id']}", note).status_code == 303
    assert "Nobody here" in owner.get(PATH).text
    assert "Wrote a card" in owner.get(f"{PATH}?show=handled").text
    (same,) = counter.get("/v1/member-alerts?state=handled").json()["items"]
    assert (same["note"], same["state"]) == ("Wrote a card", "handled")
    assert counter.get("/v1/member-alerts?kind=unusual").json()["items"] == []
    assert owner.post(f"{PATH}/{alert['id']}", {"does": "reopen"}).status_code == 303
    assert counter.get("/v1/member-alerts?state=open").json()["items"][0]["note"] == ""


_OVER = """
update member_alert set outcome = $3, over_on = '2026-03-20',
       handled_at = case when $4 then now() end, handled_by = case when $4 then 'owner' else '' end
 where program_id = $1 and member_id = $2
"""


def test_what_became_of_whom_somebody_looked_after_is_a_sentence(counter: Counter) -> None:
    one, two, three = told(counter, "5004", "5005", "5006")
    counter.shop.rows(_OVER, one, "came", False)
    owner = signed_in(counter)
    page = owner.get(PATH).text
    assert "Of 1 members you were told of, 1 came back" in page
    assert "somebody looked after, " not in page, "nobody was"
    counter.shop.rows(_OVER, two, "came", True)
    counter.shop.rows(_OVER, three, "stayed_away", True)
    page = owner.get(PATH).text
    assert "Of 3 members you were told of, 2 came back" in page
    assert "Of 2 of these whom somebody looked after, 1 did (50%, surely from " in page
    assert "That is no proof that it helped" in page
    found = counter.get("/v1/member-alerts/outcomes").json()
    assert (found["contacted"], found["contacted_came_back"]) == (2, 1)


def test_a_note_too_long_is_said_beside_it_and_keeps_nothing(counter: Counter) -> None:
    told(counter, "5002")
    (alert,) = counter.get("/v1/member-alerts").json()["items"]
    wrong = {f"note-{alert['id']}": "x" * 501, "does": "handle"}
    page = signed_in(counter).post(f"{PATH}/{alert['id']}", wrong)
    assert page.status_code == 422
    assert "A note has up to 500 letters" in page.text
    assert counter.get("/v1/member-alerts").json()["items"][0]["state"] == "open"


def test_who_may_only_look_marks_nothing(counter: Counter) -> None:
    told(counter, "5003")
    (alert,) = counter.get("/v1/member-alerts").json()["items"]
    auditor = signed_in(counter, "auditor")
    assert "What you did" not in auditor.get(PATH).text
    assert auditor.post(f"{PATH}/{alert['id']}", {"does": "handle"}).status_code == 403


def test_pages_of_alerts_follow_each_other(counter: Counter) -> None:
    told(counter, *(str(6000 + at) for at in range(5)))
    seen, cursor = [], ""
    while True:
        page = counter.get(f"/v1/member-alerts?limit=2{cursor}").json()
        seen += [one["member_id"] for one in page["items"]]
        if not page["has_more"]:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(seen) == len(set(seen)) == 5


def test_three_of_them_stand_on_the_first_page_who_is_worth_most_first(counter: Counter) -> None:
    told(counter, *(str(7000 + at) for at in range(4)))
    text = signed_in(counter).get("/console/figures").text
    assert text.count("61 days since the last order") == 3


def test_worth_is_called_what_it_is(counter: Counter) -> None:
    (id_,) = told(counter, "8001")
    counter.shop.rows(_VALUE, id_)
    owner, path = signed_in(counter), f"mem_{id_.hex}"
    page = owner.get(f"/console/members/{path}").text
    assert "Revenue of the next twelve months" in page
    assert "Slips away" in page
    assert "with a chance of 31%" in page
    found = counter.get(f"/v1/members/{path}/value").json()
    assert (found["worth_minor"], found["worth_is"]) == (8_450, "revenue")
    counter.shop.rows(_SET)
    found = counter.get(f"/v1/members/{path}/value").json()
    assert (found["worth_minor"], found["worth_is"]) == (2_535, "margin")
    assert "Margin of the next twelve months" in owner.get(f"/console/members/{path}").text


def test_why_somebody_is_as_they_are_is_said_of_the_well_and_of_the_slipping(
    counter: Counter,
) -> None:
    late, well = (UUID(hex=counter.joined(card)[4:]) for card in ("8002", "8003"))
    counter.shop.rows(_RUN)
    counter.shop.rows(_VALUE, late)
    counter.shop.rows(_VALUE.replace("61, 19, 'slipping'", "5, 19, 'strong'"), well)
    for day, net, orders in (("2026-02-24", 3_000, 1), ("2026-01-20", 1_000, 1)):
        counter.shop.rows(_DAY, well, date.fromisoformat(day), orders, net)
    counter.shop.rows("insert into member_orders values ($1, $2, now(), now(), 4, 8000)", late)
    counter.shop.rows("insert into member_orders values ($1, $2, now(), now(), 2, 4000)", well)
    owner = signed_in(counter)
    page = owner.get(f"/console/members/mem_{well.hex}").text
    assert "Here 5 days ago, and 19 are usual between orders: not late" in page
    assert "Orders in 90 days: 2, after 0 in those before" in page
    assert "Orders to come by the model MBG/NBD." in page
    page = owner.get(f"/console/members/mem_{late.hex}").text
    assert "61 days since the last order; 19 are usual between orders" in page
    assert "Spent per order so far: €20.00" in page
    found = counter.get(f"/v1/members/mem_{late.hex}/value").json()
    assert [one["sort"] for one in found["reasons"]] == ["days_away", "orders_ever", "spent_each"]
    assert found["reasons"][0] == {
        "sort": "days_away", "have": 61, "usual": 19, "speaks": "against",
    }  # fmt: skip
    assert (found["worth_90_minor"], found["model"]) == (840, "MBG/NBD"), "0.42 orders of 20.00"
    assert (found["chance"], found["chance_from"]) == (310, None)
    counter.shop.rows(_COARSE)
    found = counter.get(f"/v1/members/mem_{late.hex}/value").json()
    assert [found[name] for name in ("chance", "chance_from", "chance_to")] == [None, 100, 400]
    assert "with a chance of 10% – 40%" in owner.get(f"/console/members/mem_{late.hex}").text


def test_accounts_have_a_list_of_their_own(counter: Counter) -> None:
    head = UUID(hex=counter.joined("5001")[4:])
    account = UUID(int=77)
    counter.shop.rows(
        "insert into household values ($1, $2, 'Studio Lindenhof', '', now())", account
    )
    why = (Reason("days_away", 61, 19), Reason("fewer_people", 2, 5), Reason("more_tickets", 4, 1))
    one = Raised(head, "account", date(2026, 3, 1), why, worth_minor=48_450, account_id=account)
    counter.shop.do(lambda tx, _: raise_alerts(tx, [one]))
    counter.shop.do(lambda tx, _: end_day(tx, date(2026, 3, 1), Tried(31, 18, 140, 12)))
    owner = signed_in(counter)
    page = owner.get(PATH + "?show=accounts").text
    assert "Studio Lindenhof" in page
    assert "People who ordered in 90 days: 2, after 5 in those before" in page
    assert "Support tickets in 90 days: 4, after 1 in those before" in page
    assert "Paid in a year: €484.50" in page
    assert "of 31 accounts it would have named, 18 did not order within 90 days" in page
    assert "Of 140 it would have left alone, 12 did not either" in page
    assert "Studio Lindenhof" not in owner.get(PATH).text
    (item,) = counter.get("/v1/member-alerts?kind=account").json()["items"]
    assert (item["account"], item["account_id"]) == ("Studio Lindenhof", f"hou_{account.hex}")
    accounts = counter.get("/v1/member-alerts/outcomes").json()["accounts"]
    assert (accounts["picked"], accounts["told_this_week"]) == (31, 1)
