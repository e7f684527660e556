"""Campaigns in the console and over the API: written, looked at as a member, checked, released."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.console.terms.test_segments_over_the_api import works
from tests.surfaces.counter import Counter

from regulars.insight.experiments.variants import Ways
from regulars.surfaces.console.terms.campaigns.ways import _says

SAYS = {"en": {"about": "Hello {{ member.given_name }}", "text": "You are {{ member.number }}."}}
SENT = {"name": "Spring", "segment": "all", "channel": "email", "says": SAYS}


@pytest.fixture(scope="module")
def ready(counter: Counter) -> Counter:
    """A shop with a segment of everybody."""
    counter.joined("4711")
    condition = {"if": "orders", "at_least": 0}
    kept = {"name": "All", "condition": condition}
    assert counter.ask("PUT", "/v1/segments/all", kept).status_code == 200
    works(counter)
    return counter


def steps(counter: Counter, step: str, version: int = 1) -> Any:
    return counter.ask("POST", f"/v1/campaigns/spring/{step}", {"version": version})


def code_of(answer: Any) -> str:
    return str(answer.json()["code"])


def test_over_the_api_it_takes_its_steps(ready: Counter) -> None:
    kept = ready.ask("PUT", "/v1/campaigns/spring", SENT).json()
    assert (kept["campaign"]["state"], kept["campaign"]["version"]) == ("draft", 1)
    assert code_of(steps(ready, "approve")) == "campaign_not_so"
    member = ready.get("/v1/members").json()["items"][0]["id"]
    words = ready.ask("POST", "/v1/campaigns/spring/preview", {"member_id": member}).json()
    assert words["text"].startswith("You are ")
    assert "link=email-" in words["text"]
    assert code_of(steps(ready, "check", 2)) == "campaign_not_so", "of another version"
    checked = steps(ready, "check").json()["campaign"]
    assert (checked["state"], checked["audience"] >= 1) == ("checked", True)
    assert steps(ready, "approve").json()["campaign"]["state"] == "approved"
    assert ready.ask("POST", "/v1/campaigns/spring/stop").json()["campaign"]["state"] == "stopped"
    assert code_of(ready.ask("DELETE", "/v1/campaigns/spring")) == "campaign_not_so"


def test_what_is_wrong_is_said_at_its_place(ready: Counter) -> None:
    bad = SENT | {"says": {"en": {"about": "x", "text": "Hi,\n{{ member.nmae }}"}}}
    told = ready.ask("PUT", "/v1/campaigns/bad", bad).json()
    assert told["errors"][0]["pointer"] == "/says/en/text"
    assert "Line 2, sign 4: there is no field member.nmae" in str(told)
    wrong = ready.ask("PUT", "/v1/campaigns/bad", SENT | {"send_at": "2026-03-05T09:00:00"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/send_at")
    assert ready.get("/v1/campaigns/bad").status_code == 404


def test_it_goes_by_several_channels_and_says_whom_each_reaches(ready: Counter) -> None:
    instead = [
        {"channel": "sms", "says": {"en": {"text": "Short"}}},
        {"channel": "webhook", "says": {"en": {"about": "x", "text": "Elsewhere"}}},
    ]
    place = "/v1/campaigns/several"
    twice = SENT | {"instead": [{"channel": "email", "says": SAYS}]}
    told = ready.ask("PUT", place, twice).json()["errors"][0]["pointer"]
    assert told == "/instead/0/channel"
    kept = ready.ask("PUT", place, SENT | {"instead": instead}).json()
    assert [one["channel"] for one in kept["instead"]] == ["sms", "webhook"]
    member = ready.get("/v1/members").json()["items"][0]
    look = {"member_id": member["id"], "channel": "webhook"}
    words = ready.ask("POST", f"{place}/preview", look).json()
    assert (words["text"], words["channel"], words["reached"]) == ("Elsewhere", "webhook", False)
    assert ready.ask("POST", f"{place}/preview", look | {"channel": "push"}).status_code == 422
    checked = ready.ask("POST", f"{place}/check", {"version": 1}).json()
    channels = [one["channel"] for one in checked["reach"]]
    assert channels == ["email", "sms", "webhook", ""]
    assert sum(one["members"] for one in checked["reach"]) == checked["campaign"]["audience"]
    mia = Browser(ready)
    mia.sign_in(somebody(ready, "marketer").email)
    page = "/console/campaigns/several"
    seen = mia.get(f"{page}?as={member['number']}").text
    assert "Whom it reaches" in seen
    assert "Elsewhere" in seen
    assert "This member would be reached: By none of them." in seen
    assert "Nothing is set up that sends it by:" in seen
    assert "By another system. Whoever is to get it that way waits" in seen, "no webhook hears it"
    form = {"name": "Spring", "segment": "all", "held": "5", "en-about": "Hi", "en-text": "Long",
            "i1-channel": "inbox", "i2-channel": "sms", "i2-en-text": "{{ nobody }}"}  # fmt: skip
    assert mia.post(page, form).status_code == 422
    borrowed = mia.post(page, form | {"i1-channel": "push", "en-text": "Long " * 150})
    assert (borrowed.status_code, borrowed.text.count("Long " * 140)) == (422, 2)
    form["i2-en-text"] = "Text"
    assert mia.post(page, form | {"i1-channel": "email"}).status_code == 422
    assert mia.post(page, form).status_code == 303
    now = ready.get(place).json()["instead"]
    assert [(one["channel"], one["says"]["en"]["text"]) for one in now] == [
        ("inbox", "Long"), ("sms", "Text"),
    ]  # fmt: skip
    assert now[0]["says"]["en"]["about"] == "Hi", "it says what the first says"


def test_a_marketer_writes_and_a_manager_approves(ready: Counter) -> None:
    mia, otto = Browser(ready), Browser(ready)
    mia.sign_in(somebody(ready, "marketer").email)
    otto.sign_in(somebody(ready, "manager").email)
    begun = mia.post(
        "/console/campaigns",
        {"name": "Summer", "code": "summer", "segment": "all", "channel": "email"},
    )
    assert begun.status_code == 303, begun.text[-500:]
    page = "/console/campaigns/summer"
    form = {"name": "Summer", "segment": "all", "held": "0", "en-about": "Hi", "en-text": "x"}
    wrong = mia.post(page, form | {"en-text": "Hi {{ member.nmae }}"})
    assert wrong.status_code == 422
    assert "there is no field member.nmae" in wrong.text
    assert "Hi {{ member.nmae }}" in wrong.text, "what was typed stays"
    assert mia.post(page, form | {"en-text": "Hi {{ member.number }}"}).status_code == 303
    number = ready.get("/v1/members").json()["items"][0]["number"]
    assert f"Hi {number}" in mia.get(f"{page}?as={number}").text
    both = form | {"en-text": "Hi {{ member.number }}", "ar-text": "مرحبا {{ member.number }}"}
    assert mia.post(page, both | {"ar-about": "مرحبا"}).status_code == 303
    read = mia.get(f"{page}?as={number}").text
    assert 0 < read.index(f"Hi {number}") < read.index(f"مرحبا {number}"), "theirs stands first"
    assert 'lang="ar" dir="rtl"' in read
    assert mia.post(page, {"does": "check", "version": "3"}).status_code == 303
    assert "Approve and send" not in mia.get(page).text
    assert mia.post(page, {"does": "approve", "version": "3"}).status_code == 422
    assert "Approve and send" in otto.get(page).text
    assert otto.post(page, {"does": "approve", "version": "3"}).status_code == 303
    assert "approved" in otto.get("/console/campaigns").text
    deeds = ready.shop.rows(
        "select did from staff_act where program_id = $1 and about = 'campaign' "
        "and about_id = 'summer' order by act_id"
    )
    assert [did for (did,) in deeds] == [
        "campaign.written", "campaign.written", "campaign.written", "campaign.checked",
        "campaign.approved",
    ]  # fmt: skip


MJML = "<mj-section><mj-column><mj-text>Hi {{ member.number }}</mj-text></mj-column></mj-section>"


def test_a_letter_is_seen_as_it_looks_at_an_address_where_nothing_runs(ready: Counter) -> None:
    says = {"en": SAYS["en"] | {"mjml": MJML, "preview": "Soon"}}
    assert ready.ask("PUT", "/v1/campaigns/looks", SENT | {"says": says}).status_code == 200
    mia = Browser(ready)
    mia.sign_in(somebody(ready, "marketer").email)
    member = ready.get("/v1/members").json()["items"][0]
    page = mia.get(f"/console/campaigns/looks?as={member['number']}").text
    assert "The letter as it looks" in page
    assert "mj-section" in page, "it may be written on"
    letter = mia.get(f"/console/campaigns/looks/letter?as={member['number']}&in=en")
    assert f"Hi {member['number']}" in letter.text
    assert "sandbox" in letter.headers["content-security-policy"]
    assert "script-src" not in letter.headers["content-security-policy"]
    for query in ("", "?as=1&in=en", f"?as={member['number']}&in=tr"):
        empty = mia.get(f"/console/campaigns/looks/letter{query}")
        assert (empty.status_code, empty.text) == (200, "")
    assert mia.get("/console/campaigns/nowhere/letter").status_code == 404
    words = ready.ask("POST", "/v1/campaigns/looks/preview", {"member_id": member["id"]}).json()
    assert words["preview"] == "Soon"
    assert f"Hi {member['number']}" in words["html"]


_OVER = """
update campaign set state = 'sent', holds_out = true, queued_at = $2, ended_at = $2
 where program_id = $1 and code = 'lifts' returning campaign_id
"""
_ROWS = """
insert into campaign_message (program_id, campaign_id, member_id, state, reason, try_at, settled_at)
select $1, $2, gen_random_uuid(), case when i % 4 = 0 then 'held_out' else 'skipped' end,
       case when i % 4 = 0 then 'here' else 'no_consent' end, $3, $3
  from generate_series(1, 400) i returning member_id, reason
"""
_BOUGHT = "insert into member_day values ($1, $2, $3, 'main', 1, 1, 900, 900, 1, 0, 0) returning 1"


def test_what_it_changed_is_said_with_its_bounds_or_that_it_is_too_early(ready: Counter) -> None:
    assert ready.ask("PUT", "/v1/campaigns/lifts", SENT).status_code == 200
    assert ready.get("/v1/campaigns/lifts").json()["effect"] is None, "nobody is held out"
    shop = ready.shop
    ((campaign,),) = shop.rows(_OVER, shop.now)
    rows = shop.rows(_ROWS, campaign, shop.now)
    shop.now += timedelta(days=9)
    mia = Browser(ready)
    mia.sign_in(somebody(ready, "manager").email)
    assert "Not enough to say yet" in mia.get("/console/campaigns/lifts").text
    assert ready.get("/v1/campaigns/lifts").json()["effect"]["orders"]["value"] is None
    for at, (who, reason) in enumerate(rows):
        if at % 10 < (2 if reason == "here" else 6):
            shop.rows(_BOUGHT, who, shop.now.date() - timedelta(days=2))
    page = mia.get("/console/campaigns/lifts").text
    assert "orders more of a hundred members" in page
    effect = ready.get("/v1/campaigns/lifts").json()["effect"]
    assert effect["held_out"]["members"] == 100
    assert 0.2 < effect["orders"]["low"] < effect["orders"]["value"] < 0.6


def test_it_is_said_in_several_ways_and_what_each_brought_is_told(ready: Counter) -> None:
    other = {"en": {"about": "Bye", "text": "Other {{ member.number }}"}}
    kept = ready.ask("PUT", "/v1/campaigns/ways", SENT | {"variants": [other]})
    assert kept.json()["variants"][0]["en"]["about"] == "Bye"
    assert kept.json()["ways"] is None
    member = ready.get("/v1/members").json()["items"][0]["id"]
    page = "/v1/campaigns/ways/preview"
    told = [ready.ask("POST", page, {"member_id": member, "way": way}).json() for way in "ab"]
    assert [one["text"].split()[0] for one in told] == ["You", "Other"]
    assert ready.ask("POST", page, {"member_id": member, "way": "c"}).status_code == 422
    drawn = ready.ask("POST", page, {"member_id": member}).json()
    assert drawn in told
    wrong = SENT | {"variants": [{"de": {"about": "x", "text": "y"}}]}
    answer = ready.ask("PUT", "/v1/campaigns/ways", wrong).json()
    assert answer["errors"][0]["pointer"] == "/variants/0/says"
    owner = Browser(ready)
    owner.sign_in(somebody(ready).email)
    at = "/console/campaigns/ways"
    assert "C: another way to say it" in owner.get(at).text
    form = {
        "name": "Spring", "segment": "all", "held": "0", "en-about": "Hi", "en-text": "x",
        "b-en-about": "Hi", "b-en-text": "Hi {{ member.nmae }}",
    }  # fmt: skip
    slip = owner.post(at, form)
    assert (slip.status_code, "no field member.nmae" in slip.text) == (422, True)
    assert "Hi {{ member.nmae }}" in slip.text, "what was typed stays"
    assert owner.post(at, form | {"b-en-text": "Second", "c-en-about": "T", "c-en-text": "Third"}
                      ).status_code == 303  # fmt: skip
    assert len(ready.get("/v1/campaigns/ways").json()["variants"]) == 2
    number = ready.get("/v1/members").json()["items"][0]["number"]
    text = owner.get(f"{at}?as={number}").text
    assert all(one in text for one in ("Second", "Third", "as this member reads it"))


@pytest.mark.parametrize("stop", ["", "over"])
def test_ways_that_surely_lose_are_named_though_none_wins(stop: Any) -> None:
    reader = SimpleNamespace(say=lambda text, **told: text % told)
    here: Any = SimpleNamespace(reader=reader)
    said = _says(here, Ways((), 28, None, stop, (0, 2)))
    assert "Worse than another for sure: A, C." in said
    assert ("All days are over" in said) == (stop == "over")
    assert "Worse" not in _says(here, Ways((), 28, None, stop))


def test_which_way_is_better_stands_on_its_page(ready: Counter) -> None:
    other = {"en": {"about": "Bye", "text": "Other"}}
    ready.ask("PUT", "/v1/campaigns/both", SENT | {"variants": [other]})
    for step in ("check", "approve"):
        ready.ask("POST", f"/v1/campaigns/both/{step}", {"version": 1})
    shop = ready.shop
    begun = shop.now - timedelta(days=10)
    (campaign,) = shop.rows(
        "update campaign set state = 'sent', queued_at = $2 where program_id = $1 and code = 'both'"
        " returning campaign_id", begun,
    )[0]  # fmt: skip
    for way, buyers in ((0, 10), (1, 200)):
        who = [uuid4() for _ in range(300)]
        shop.rows(
            "insert into campaign_message (program_id, campaign_id, member_id, state, try_at,"
            " taken_at, settled_at, variant) select $1, $2, who, 'sent', $3, $3, $3, $4::int"
            " from unnest($5::uuid[]) who", campaign, begun, way, who,
        )  # fmt: skip
        shop.rows(
            "insert into member_day select $1, who, $2::date, 'main', 1, 1, 500, 500, 1, 0, 0"
            " from unnest($3::uuid[]) who", (begun + timedelta(days=2)).date(), who[:buyers],
        )  # fmt: skip
    told = ready.get("/v1/campaigns/both").json()["ways"]
    assert (told["best"], told["stop"], told["days"]) == ("b", "sure", 10)
    assert told["items"][1]["orders_always"]["low"] > 0.3
    assert told["worse"] == (["a"] if told["best"] == "b" else [])
    owner = Browser(ready)
    owner.sign_in(somebody(ready).email)
    text = owner.get("/console/campaigns/both").text
    assert "B is better for sure" in text
    shop.rows("delete from campaign_message where program_id = $1 and campaign_id = $2", campaign)
    shop.rows("delete from campaign where program_id = $1 and campaign_id = $2", campaign)


def test_what_came_back_is_shown_with_its_bounds_and_who_approves_lets_it_go_on(
    ready: Counter,
) -> None:
    sent = SENT | {"name": "Autumn"}
    ready.ask("PUT", "/v1/campaigns/autumn", sent)
    for step in ("check", "approve"):
        assert ready.ask("POST", f"/v1/campaigns/autumn/{step}", {"version": 1}).is_success
    ready.shop.rows(_CAME_BACK)
    ready.shop.rows(_PAUSED)
    told = ready.get("/v1/campaigns/autumn").json()
    assert told["campaign"]["paused_why"] == "complaints"
    (back,) = told["returned"]
    assert (back["way"], back["sent"], back["bounces"]["messages"]) == ("a", 50, 4)
    assert back["complaints"]["share"] == 0.02
    assert 0.0035 < back["complaints"]["low"] < 0.0036, "Wilson's, of 1 in 50"
    assert 0.1049 < back["complaints"]["high"] < 0.1051
    writer, owner = Browser(ready), Browser(ready)
    writer.sign_in(somebody(ready, "marketer").email)
    owner.sign_in(somebody(ready, "owner").email)
    page = writer.get("/console/campaigns/autumn").text
    assert "1: 2.0% (0.4% to 10.5%)" in page
    assert "It paused by itself" in page
    assert "A manager or owner lets it go on." in page
    said = writer.post("/console/campaigns/autumn", {"does": "resume"})
    assert said.status_code == 422
    assert "It paused by itself" in writer.get("/console/campaigns/autumn").text
    owner.get("/console/campaigns/autumn")
    assert owner.post("/console/campaigns/autumn", {"does": "resume"}).status_code == 303
    assert "It paused by itself" not in writer.get("/console/campaigns/autumn").text
    assert ready.get("/v1/campaigns/autumn").json()["campaign"]["paused_at"] is None
    again = ready.ask("POST", "/v1/campaigns/autumn/resume")
    assert again.is_success, "the same said again changes nothing"
    assert ready.ask("POST", "/v1/campaigns/autumn/stop").is_success
    assert code_of(ready.ask("POST", "/v1/campaigns/autumn/resume")) == "campaign_not_so"


_CAME_BACK = """
insert into campaign_message (program_id, campaign_id, member_id, state, try_at, taken_at,
                              settled_at, returned, returned_at)
select c.program_id, c.campaign_id, gen_random_uuid(), 'sent', now(), now(), now(), b.kind,
       case when b.kind <> '' then now() end
  from campaign c
 cross join lateral (select case when n <= 4 then 'hard' when n = 5 then 'complaint' end as kind
                       from generate_series(1, 50) n) b
 where c.program_id = $1 and c.code = 'autumn' returning 1
"""
_PAUSED = """
update campaign set paused_at = now(), paused_why = 'complaints', state = 'sending',
                    queued_at = now()
 where program_id = $1 and code = 'autumn' returning 1
"""
