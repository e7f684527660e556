"""Journeys in the console and over the API: begun from a ready one, changed, published, paused."""

from __future__ import annotations

from typing import Any

import pytest
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.console.terms.test_journeys_built import Shown
from tests.surfaces.counter import Counter

from regulars.flows.telling.campaigns.journeys.ready import ready, ready_codes

SAYS = {"en": {"about": "Hi", "text": "Hi {{ member.given_name }}"}}
PLAN: dict[str, Any] = {
    "begins": {"on": "joined"},
    "steps": [
        {"does": "message", "id": "hello", "channel": "email", "says": SAYS},
        {"does": "wait", "id": "a-day", "days": 1},
    ],
}
PAGE = "/console/journeys"


def test_over_the_api_it_takes_its_steps(counter: Counter) -> None:
    kept = counter.ask("PUT", "/v1/journeys/hello", {"name": "Hello", "plan": PLAN})
    assert kept.status_code == 200, kept.text
    assert (kept.json()["journey"]["state"], kept.json()["journey"]["version"]) == ("draft", 1)
    again = counter.ask("PUT", "/v1/journeys/hello", {"name": "Hello", "plan": PLAN}).json()
    assert again["journey"]["version"] == 1, "the same said again changes nothing"
    wrong = counter.ask("POST", "/v1/journeys/hello/publish", {"version": 2})
    assert wrong.json()["code"] == "journey_not_so"
    begun = counter.ask("POST", "/v1/journeys/hello/publish", {"version": 1}).json()
    assert (begun["journey"]["state"], begun["journey"]["published"]) == ("running", 1)
    assert counter.ask("DELETE", "/v1/journeys/hello").json()["code"] == "journey_not_so"
    for step, state in (("pause", "paused"), ("resume", "running"), ("end", "ended")):
        moved = counter.ask("POST", f"/v1/journeys/hello/{step}").json()["journey"]
        assert moved["state"] == state
    assert [one["code"] for one in counter.get("/v1/journeys").json()["items"]] == ["hello"]
    member = counter.joined("4712")
    assert counter.get(f"/v1/members/{member}/journeys").json() == {"items": []}


def test_what_is_wrong_with_a_plan_is_said_at_its_place(counter: Counter) -> None:
    steps = [{"does": "go", "id": "a", "to": "a"}]
    told = counter.ask("PUT", "/v1/journeys/bad", {"name": "Bad", "plan": PLAN | {"steps": steps}})
    assert told.json()["errors"][0]["pointer"] == "/plan/steps/0/to"
    unknown = [{"does": "dance", "id": "a"}]
    sent = {"name": "Bad", "plan": PLAN | {"steps": unknown}}
    assert counter.ask("PUT", "/v1/journeys/bad", sent).status_code == 422
    assert counter.get("/v1/journeys/bad").status_code == 404


def test_a_segment_that_a_journey_asks_for_is_not_dropped(counter: Counter) -> None:
    condition = {"if": "orders", "at_least": 1}
    counter.ask("PUT", "/v1/segments/buyers", {"name": "Buyers", "condition": condition})
    plan = PLAN | {"begins": {"on": "entered", "segment": "buyers"}}
    assert counter.ask("PUT", "/v1/journeys/of-buyers", {"name": "B", "plan": plan}).is_success
    kept = counter.ask("DELETE", "/v1/segments/buyers")
    assert kept.json()["code"] == "segment_in_use"
    counter.ask("DELETE", "/v1/journeys/of-buyers")
    assert counter.ask("DELETE", "/v1/segments/buyers").is_success


@pytest.fixture(scope="module")
def marketer(counter: Counter) -> Browser:
    one = Browser(counter)
    one.sign_in(somebody(counter, "marketer").email)
    return one


@pytest.mark.parametrize("code", ready_codes())
def test_each_that_is_ready_can_be_begun_with_what_it_asks_for(
    marketer: Browser, counter: Counter, code: str
) -> None:
    assert len(ready_codes()) == 13
    program = counter.shop.terms.versions[-1].program
    one = ready(code, program)
    assert one is not None
    for texts in (one.name, one.tells):
        assert set(texts) == {"en", "de", "tr", "ar"}, code
    page = marketer.get(f"{PAGE}?ready={code}")
    assert one.tells["en"].replace("'", "&#39;") in page.text
    begun = marketer.post(PAGE, {"ready": code, "name": one.name["en"], "code": code})
    assert begun.status_code == 303, begun.text[-800:]
    kept = counter.get(f"/v1/journeys/{code}").json()
    for step in kept["plan"]["steps"]:
        assert set(step.get("says", SAYS)) in ({"en", "de", "tr", "ar"}, {"en"})
    seen = marketer.get(f"{PAGE}/{code}")
    assert all(f'id="step-{step["id"]}"' in seen.text for step in kept["plan"]["steps"])


def test_a_marketer_changes_words_and_waits_and_a_manager_publishes(
    marketer: Browser, counter: Counter
) -> None:
    otto = Browser(counter)
    otto.sign_in(somebody(counter, "manager").email)
    marketer.post(PAGE, {"ready": "welcome", "name": "Hi", "code": "hi"})
    form = {
        "name": "Hi there", "only_in": "", "again": "", "held": "0",
        "hello-en-about": "Hi", "hello-en-text": "Hi {{ member.given_name }}",
        "a-week-days": "5", "a-week-hours": "2", "a-week-minutes": "0", "a-week-until": "11:30",
        "come-by-en-about": "Come", "come-by-en-text": "Come by",
    }  # fmt: skip
    wrong = marketer.post(f"{PAGE}/hi", form | {"hello-en-text": "Hi {{ member.nmae }}"})
    assert wrong.status_code == 422
    assert "there is no field member.nmae" in wrong.text
    assert marketer.post(f"{PAGE}/hi", form | {"a-week-days": "many"}).status_code == 422
    assert marketer.post(f"{PAGE}/hi", form).status_code == 303
    member = counter.joined("4713")
    number = counter.get(f"/v1/members/{member}").json()["number"]
    seen = marketer.get(f"{PAGE}/hi?as={number}")
    assert "Come by" in seen.text.partition('id="looks"')[2].partition("</section>")[0]
    words = counter.ask("POST", "/v1/journeys/hi/preview", {"member_id": member}).json()["items"]
    assert [one["step"] for one in words] == ["hello", "come-by"]
    assert words[0]["text"].startswith("Hi")
    kept = counter.get("/v1/journeys/hi").json()
    assert kept["journey"]["version"] == 2
    wait = kept["plan"]["steps"][1]
    assert (wait["days"], wait["hours"], wait["until"]) == (5, 2, "11:30")
    assert kept["plan"]["ends_on"] == [{"on": "activity", "kind": "purchase"}]
    refused = marketer.post(f"{PAGE}/hi", {"does": "publish", "version": "2"})
    assert refused.status_code in (403, 422)
    assert otto.post(f"{PAGE}/hi", {"does": "publish", "version": "2"}).status_code == 303
    assert counter.get("/v1/journeys/hi").json()["journey"]["state"] == "running"
    assert marketer.post(f"{PAGE}/hi", {"does": "pause", "version": "2"}).status_code == 303
    assert marketer.post(f"{PAGE}/hi", {"does": "end", "version": "2"}).status_code == 303
    assert "Change it" not in marketer.get(f"{PAGE}/hi").text


def test_what_is_saved_as_it_is_shown_stays_as_it_is(marketer: Browser, counter: Counter) -> None:
    letter = {
        "about": "Hi", "text": "Hi\nyou", "preview": "It is you",
        "mjml": "<mj-section><mj-column><mj-text>Hi</mj-text></mj-column></mj-section>",
    }  # fmt: skip
    short = {"en": {"text": "Hi"}}
    steps = [
        {"does": "message", "id": "letter", "channel": "email", "says": {"en": letter}},
        {"does": "message", "id": "card", "channel": "inbox", "says": SAYS},
        {"does": "message", "id": "push", "channel": "push", "says": SAYS},
        {"does": "message", "id": "sms", "channel": "sms", "says": short},
    ]
    plan = {"begins": {"on": "joined"}, "steps": steps}
    counter.ask("PUT", "/v1/journeys/looks", {"name": "Looks", "plan": plan})
    before = counter.get("/v1/journeys/looks").json()
    form = Shown(marketer.get(f"{PAGE}/looks").text).form
    saved = marketer.post(f"{PAGE}/looks", form)
    assert saved.status_code == 303, saved.text[-600:]
    assert counter.get("/v1/journeys/looks").json() == before
    other = form | {"letter-en-preview": "Only you", "card-en-about": "Hello"}
    assert marketer.post(f"{PAGE}/looks", other).status_code == 303
    kept = counter.get("/v1/journeys/looks").json()["plan"]["steps"]
    assert kept[0]["says"]["en"] == letter | {"preview": "Only you"}
    assert kept[1]["says"]["en"]["about"] == "Hello"
    way = {"card:b-en-about": "Or so", "card:b-en-text": "Hey", "version": "2"}
    assert marketer.post(f"{PAGE}/looks", other | way).status_code == 303
    page = marketer.get(f"{PAGE}/looks").text
    read = counter.get("/v1/journeys/looks").json()
    assert read["plan"]["steps"][1]["variants"] == [
        {"en": {"about": "Or so", "text": "Hey", "preview": "", "mjml": ""}}
    ]
    assert marketer.post(f"{PAGE}/looks", Shown(page).form).status_code == 303
    assert counter.get("/v1/journeys/looks").json() == read, "saved as it is shown"
    late = {"version": "3"}
    slip = marketer.post(f"{PAGE}/looks", other | way | late | {"card:b-en-text": "{{ nobody }}"})
    assert (slip.status_code, "there is no field nobody" in slip.text) == (422, True)
    wrong = marketer.post(f"{PAGE}/looks", form | late | {"letter-en-mjml": "<mj-nothing>"})
    assert (wrong.status_code, "mj-nothing" in wrong.text) == (422, True)


def test_what_came_back_of_a_step_is_shown_and_why_its_journey_pauses(counter: Counter) -> None:
    counter.ask("PUT", "/v1/journeys/back", {"name": "Back", "plan": PLAN})
    assert counter.ask("POST", "/v1/journeys/back/publish", {"version": 1}).is_success
    counter.shop.rows(_CAME_BACK)
    counter.shop.rows(
        "update journey set state = 'paused' where program_id = $1 and code = 'back' returning 1"
    )
    told = counter.get("/v1/journeys/back").json()["returned"]
    assert [(one["step"], one["sent"], one["paused_why"]) for one in told] == [
        ("hello", 20, "bounces")
    ]
    assert told[0]["bounces"]["share"] == 0.1
    mia = Browser(counter)
    mia.sign_in(somebody(counter, "manager").email)
    page = mia.get(f"{PAGE}/back").text
    assert "too many letters found nobody at their address" in page
    assert "2: 10.0% (2.8% to 30.1%)" in page
    assert mia.post(f"{PAGE}/back", {"does": "resume"}).status_code == 303
    assert "found nobody at their address" not in mia.get(f"{PAGE}/back").text
    assert counter.get("/v1/journeys/back").json()["returned"][0]["paused_why"] == ""


_CAME_BACK = """
with step as (
    update campaign c set paused_at = now(), paused_why = 'bounces' from journey j
     where c.program_id = $1 and j.program_id = $1 and j.journey_id = c.journey_id
       and j.code = 'back'
    returning c.campaign_id
)
insert into campaign_message (program_id, campaign_id, member_id, state, try_at, taken_at,
                              settled_at, returned, returned_at)
select $1, s.campaign_id, gen_random_uuid(), 'sent', now(), now(), now(),
       case when n <= 2 then 'hard' end, case when n <= 2 then now() end
  from step s cross join generate_series(1, 20) n returning 1
"""
