"""Members to win back in the console and over the API: listed, and looked after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from tests.runtime.working.reckoning.test_alerts import held_out
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter, buys, coffee

from regulars.flows.membership.office.alerts.raise_alerts import end_day, raise_alerts
from regulars.records.standing.alerts.accounts.read import Tried
from regulars.records.standing.alerts.types import Raised, Reason
from regulars.records.standing.alerts.unusual.read import Nights

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
       handled_at = case when $4 then timestamptz '2026-03-19 12:00Z' end,
       handled_by = case when $4 then 'owner' else '' end
 where program_id = $1 and member_id = $2
"""


_CARES = """
insert into benefit_associate (program_id, associate_id, member_id, benefit, staff_id, store, how,
                               begun_at, begun_by, looked_at)
values ($1, gen_random_uuid(), $2, 'host', $3, '', 'by_hand', '2026-01-01', 'mia', now())
returning 1
"""
_OFFER = """
insert into offer (program_id, offer_id, code, name, gives, says, segment_id, activating, days,
                   most, held_percent, state, version, made_at, made_by, changed_at, changed_by,
                   opened_at, opened_by)
values ($1, gen_random_uuid(), 'come-back', 'Come back',
        '{"give": "bonus", "wallet": "points", "points": 50}', '{"en": "50 points"}', null, false,
        14, 100, 0, 'open', 1, now(), 'mia', now(), 'mia', now(), 'mia')
returning 1
"""


def listed(counter: Counter, query: str) -> list[str]:
    found = counter.get(f"/v1/member-alerts?{query}").json()["items"]
    return [one["member_id"] for one in found]


def test_it_reaches_who_looks_after_them_else_the_store_and_waits_until_a_day(
    counter: Counter,
) -> None:
    ada, ben = told(counter, "5001", "5002")
    mia = somebody(counter, "cashier")
    leo = somebody(counter, "support", stores=("main",))
    counter.shop.rows(_CARES, ada, mia.staff_id)
    counter.shop.rows(_OFFER)
    for card in ("5001", "5002"):
        counter.post("/v1/activities", buys(card, 400, store="main"), idempotency_key=card)
    (of_ada,) = (f"mem_{ada.hex}",)
    assert listed(counter, f"staff_id={mia.principal}") == [of_ada]
    assert listed(counter, "store=main") == [f"mem_{ben.hex}"]
    (alert,) = counter.get(f"/v1/member-alerts?staff_id={mia.principal}").json()["items"]
    assert alert["for"] == [{"staff_id": mia.principal, "name": mia.name}]
    assert alert["suggested"] == [{"code": "come-back", "name": "Come back"}]
    held_out(counter.shop, ada)
    (alert,) = counter.get(f"/v1/member-alerts?staff_id={mia.principal}").json()["items"]
    assert alert["suggested"] == [], "whoever is held out of all campaigns is left alone"

    at_store = Browser(counter)
    at_store.sign_in(leo.email)
    assert {f"mem_{one.hex}" in at_store.get(PATH).text for one in (ada, ben)} == {True}
    page = at_store.get(f"{PATH}?whose=mine").text
    assert (f"mem_{ben.hex}" in page, f"mem_{ada.hex}" in page) == (True, False)
    assert "Nobody looks after them; bought last at main" in page

    # Whoever looks after them sees it beside them, and puts it off, though they keep no members.
    hers = Browser(counter)
    hers.sign_in(mia.email)
    mine = "/console/my-members"
    assert "Look after them" in hers.get(mine).text
    assert "61 days since the last order" in hers.get(f"{mine}/{of_ada}").text
    put_off = {f"until-{alert['id']}": "2026-03-09", "does": "snooze"}
    never = {**put_off, f"until-{alert['id']}": "2026-03-01"}
    assert hers.post(f"{mine}/{of_ada}/alerts/{alert['id']}", never).status_code == 422
    assert hers.post(f"{mine}/{of_ada}/alerts/{alert['id']}", put_off).status_code == 303
    assert "Look after them" not in hers.get(mine).text
    assert listed(counter, "state=open") == [f"mem_{ben.hex}"]
    assert listed(counter, "state=snoozed") == [of_ada]
    (other,) = counter.get("/v1/member-alerts?store=main").json()["items"]
    strange = {f"until-{other['id']}": "2026-03-09", "does": "snooze"}
    assert hers.post(f"{mine}/{of_ada}/alerts/{other['id']}", strange).status_code == 403
    given = {f"offer-{other['id']}": "come-back", "does": "give"}
    assert at_store.post(f"{PATH}/{other['id']}", given).status_code == 303
    assert counter.get("/v1/member-alerts?store=main").json()["items"][0]["suggested"] == []
    assert "waits until" in at_store.get(f"{PATH}?show=later").text
    counter.shop.now = datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert set(listed(counter, "state=open")) == {of_ada, f"mem_{ben.hex}"}


def test_what_was_left_to_people_stands_beside_alerts_and_over_the_api(counter: Counter) -> None:
    ada, ben = told(counter, "5001", "5002")
    mia = somebody(counter, "cashier", stores=("main",))
    counter.shop.rows(_CARES, ada, mia.staff_id)
    sent = {"staff_id": mia.principal, "says": "Call about the coat", "due_on": "2026-03-09"}
    path = f"/v1/members/mem_{ada.hex}/tasks"
    first, again = (counter.post(path, sent, idempotency_key="k").json() for _ in range(2))
    assert first == again
    assert counter.post(f"/v1/members/mem_{ben.hex}/tasks", sent).status_code == 403
    counter.shop.rows(_LEFT, ben)
    tasks = counter.get("/v1/tasks").json()["items"]
    assert [(one["says"], one["store"]) for one in tasks] == [
        ("Ring them up", "main"), ("Call about the coat", ""),
    ]  # fmt: skip
    assert counter.get(f"/v1/tasks?staff_id={mia.principal}").json()["items"] == [first]
    (client,) = counter.get(f"/v1/associates/{mia.principal}/members").json()["items"]
    assert (client["member_id"], client["tasks"]) == (f"mem_{ada.hex}", [first])

    owner = signed_in(counter)
    page = owner.get(PATH).text
    assert ("Ring them up" in page, "Call about the coat" in page) == (True, False)
    assert "Ring them up" not in owner.get(f"{PATH}?whose=mine").text
    hers = Browser(counter)
    hers.sign_in(mia.email)
    assert "Left to your store" in hers.get("/console/my-members").text
    task = tasks[0]["id"][4:]
    done = {f"result-{task}": "Comes on Friday", "back": "my-members"}
    assert hers.post(f"/console/left/{task}", done).headers["location"] == "/console/my-members"
    assert "Ring them up" not in owner.get(PATH).text
    told_by = {"staff_id": mia.principal, "result": "Never"}
    end = f"/v1/members/mem_{ben.hex}/tasks/tsk_{task}/finish"
    assert counter.post(end, told_by).json()["result"] == "Comes on Friday"


def test_who_wrote_and_has_nobody_stands_under_to_do_and_is_answered_there(
    counter: Counter,
) -> None:
    ada = UUID(hex=counter.joined("5001")[4:])
    counter.shop.rows(_WROTE, ada)
    owner = signed_in(counter)
    assert "1 member wrote and nobody answered" in owner.get("/console").text
    assert "Do you have it in blue?" in owner.get(PATH).text
    owner.post(f"/console/members/mem_{ada.hex}/notes", {"says": "Wears blue"})
    counter.post("/v1/activities", coffee("5001", 2))
    page = owner.get(f"/console/my-members/mem_{ada.hex}").text
    assert "Whoever keeps members may answer" in page
    assert ("Wears blue" in page, "Buys most: coffee" in page) == (True, True)
    assert owner.post(f"/console/my-members/mem_{ada.hex}/heeded").status_code == 303
    assert "Do you have it in blue?" not in owner.get(PATH).text


_WROTE = """
insert into line_word (program_id, line_id, member_id, way, says, written_at)
values ($1, gen_random_uuid(), $2, 'email', 'Do you have it in blue?', '2026-03-01 08:00+00')
returning 1
"""
_LEFT = """
insert into line_task (program_id, task_id, member_id, says, due_on, made_at, store, journey_id,
                       run_id, step)
values ($1, gen_random_uuid(), $2, 'Ring them up', '2026-03-03', now(), 'main',
        gen_random_uuid(), gen_random_uuid(), 'call')
returning 1
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


def test_where_nobody_can_say_what_members_are_worth_it_is_said_why(counter: Counter) -> None:
    (id_,) = told(counter, "8004")
    counter.shop.rows(_RUN)
    counter.shop.rows(_VALUE, id_)
    for table in ("member_value", "member_alert"):
        counter.shop.rows(f"update {table} set worth_minor = null where program_id = $1")
    counter.shop.rows("update member_value set worth = null where program_id = $1")
    why = """update value_run set found = found || '{"unvalued": {"what": "tie", "have": -0.4123,
             "wanted": 0.3}}'::jsonb where program_id = $1"""
    counter.shop.rows(why)
    owner, path = signed_in(counter), f"mem_{id_.hex}"
    page = owner.get(f"/console/members/{path}").text
    assert "with a chance of 31%" in page
    assert "What members are worth is not said here:" in page
    assert "correlation -0.41; up to 0.3 either way can be reckoned with" in page
    assert "of the next twelve months" not in page
    found = counter.get(f"/v1/members/{path}/value").json()
    assert (found["health"], found["worth_minor"], found["part"]) == ("slipping", None, None)
    assert "61 days since the last order" in owner.get("/console/win-back").text
    assert counter.get("/v1/member-alerts").json()["items"][0]["worth_minor"] is None
    listed = counter.get("/v1/member-values/slipping").json()["items"]
    assert [one["worth_minor"] for one in listed] == [None]


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
    assert (found["worth_90_minor"], found["model"]) == (None, "MBG/NBD"), "reckoned before it was"
    counter.shop.rows("update member_value set soon_minor = 2100 where program_id = $1")
    found = counter.get(f"/v1/members/mem_{late.hex}/value").json()
    assert found["worth_90_minor"] == 2_100, "what of the 84.50 is of the next 90 days"
    page = owner.get(f"/console/members/mem_{late.hex}").text
    assert "€21.00" in page
    assert "interest of 10% a year" in page
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
    counter.shop.do(
        lambda tx, _: end_day(tx, date(2026, 3, 1), Tried(31, 18, 140, 12), Nights(14, 4))
    )
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
    assert owner.post(f"{PATH}/{item['id']}", {"does": "false_alarm"}).status_code == 303
    (item,) = counter.get("/v1/member-alerts?kind=account").json()["items"]
    assert (item["verdict"], item["state"]) == ("false_alarm", "handled")
    assert "0 were right" in owner.get(PATH + "?show=accounts").text


def test_an_unusual_day_is_judged_and_the_page_says_how_good_such_alerts_are(
    counter: Counter,
) -> None:
    who = UUID(hex=counter.joined("5001")[4:])
    one = Raised(who, "unusual", date(2026, 3, 1), (Reason("spent_much", 60_000, 900),))
    counter.shop.do(lambda tx, _: raise_alerts(tx, [one]))
    counter.shop.do(lambda tx, _: end_day(tx, date(2026, 3, 1), Tried(), Nights(14, 4)))
    owner, path = signed_in(counter), PATH + "?show=unusual"
    page = owner.get(path).text
    assert "This week you were told of 1 of 20 unusual days you can look into" in page
    assert "Nobody has said yet of an alert whether it was right" in page
    assert "of 14 members it would have told of, 4 did at least half as much again" in page
    (item,) = counter.get("/v1/member-alerts?kind=unusual").json()["items"]
    assert owner.post(f"{PATH}/{item['id']}", {"does": "right"}).status_code == 303
    assert "Of 1 alerts of which somebody said what they were, 1 were right" in owner.get(path).text
    handle = f"/v1/member-alerts/{item['id']}/handle"
    changed = counter.post(handle, {"note": "A party", "verdict": "false_alarm"})
    assert (changed.status_code, changed.json()["verdict"]) == (200, "false_alarm")
    assert counter.post(handle, {"verdict": "perhaps"}).status_code == 422
    found = counter.get("/v1/member-alerts/outcomes").json()["unusual"]
    assert found == {
        "weekly": 20, "told_this_week": 1, "judged": 1, "said_right": 0, "lasted": 0, "once": 0,
        "taken_back": 0, "tried": 14, "tried_lasted": 4,
    }  # fmt: skip
