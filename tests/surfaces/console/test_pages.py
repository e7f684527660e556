"""Every page of the console: seen by who may, refused as a page to who may not, or not there."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.surfaces.connect.inlets.sender import Sender, paid
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.console.carrying import some_errands, with_files
from tests.surfaces.counter import Counter, coffee

from regulars.flows.membership.office.commands import BeginRound
from regulars.flows.membership.office.keep_rounds import begin_rounds
from regulars.flows.telling.hooks.plan_sendings import plan_sendings
from regulars.records.access.staff.permissions import ROLES, Permission, permits
from regulars.records.members.types import Asked
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.console.first.home import Glance
from regulars.surfaces.console.routes import FORMS, pages

UNKNOWN = "0123456789abcdef0123456789abcdef"
LINE = "/console/my-members/{member_id:str}"


@pytest.fixture(scope="module")
def uploads(counter: Counter, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where files lie that are brought."""
    root = tmp_path_factory.mktemp("uploads")
    with_files(counter, root)
    return root


@pytest.fixture(scope="module")
def team(counter: Counter, uploads: Path) -> dict[str, Browser]:
    """One browser for each role, signed in."""
    found = {}
    for role in ROLES:
        found[role] = Browser(counter)
        found[role].sign_in(somebody(counter, role).email)
    return found


@pytest.fixture(scope="module")
def places(counter: Counter, team: dict[str, Browser], uploads: Path) -> dict[str, str]:
    """What stands in the variable parts of addresses: somebody with an entry, a draft, jobs."""
    member = counter.joined("4711")
    assert counter.post("/v1/activities", coffee("4711"), idempotency_key="one").status_code == 201
    entries = counter.get(f"/v1/members/{member}/entries").json()["items"]
    assert team["owner"].post("/console/program/drafts", {"name": "autumn"}).status_code == 303
    opened = team["owner"].post("/console/stores", {"code": "main", "name": "Main Street"})
    assert opened.status_code == 303
    planned = {
        "title": "Twice",
        "arms": [{"name": "as-ever", "parts": 1}, {"name": "twice", "parts": 1}],
    }
    assert counter.ask("PUT", "/v1/experiments/twice", planned).status_code == 200
    quiet = {"name": "Quiet", "condition": {"if": "last_order", "at_least": 60}}
    assert counter.ask("PUT", "/v1/segments/quiet", quiet).status_code == 200
    said = {"en": {"about": "Hi", "text": "Come by"}}
    spring = {"name": "Spring", "segment": "quiet", "channel": "email", "says": said}
    assert counter.ask("PUT", "/v1/campaigns/spring", spring).status_code == 200
    hello = {"does": "message", "id": "hello", "channel": "email", "says": said}
    goes = {"name": "Welcome", "plan": {"begins": {"on": "joined"}, "steps": [hello]}}
    assert counter.ask("PUT", "/v1/journeys/welcome", goes).status_code == 200
    gives = {"give": "bonus", "wallet": "points", "points": 5}
    more = {"name": "More", "gives": gives, "says": {"en": "Five more"}, "days": 7}
    assert counter.ask("PUT", "/v1/offers/more", more).status_code == 200
    best = {"name": "Best", "segment": "quiet", "offers": ["more"]}
    assert counter.ask("PUT", "/v1/offer-choices/best", best).status_code == 200
    asks = {"name": "Ask", "kind": "nps", "asks": {"en": "Would you?"}, "thanks": {"en": "Thanks"}}
    assert counter.ask("PUT", "/v1/surveys/ask", asks).status_code == 200
    together(counter)
    assert counter.post("/v1/partners", {"slug": "cars", "name": "Cars"}).status_code == 201
    assert counter.post("/v1/partners/cars/settlements", {}).status_code == 201
    staff = somebody(counter, "support").staff_id.hex
    return {
        "partner": "cars", "contract_id": f"con_{UNKNOWN}", "claim_id": f"clm_{UNKNOWN}", "dispute_id": f"dis_{UNKNOWN}",
        "member_id": member, "entry_id": entries[0]["id"], "number": "1", "name": "autumn", "code": "twice", "segment": "quiet", "campaign": "spring", "offer": "more", "offer_choice": "best", "survey": "ask", "journey": "welcome", "club": "ours", "gathering": "evening", "lesson": "evening", "post_id": f"pst_{UNKNOWN}", "case_id": f"cas_{UNKNOWN}", "reference_id": f"rfr_{UNKNOWN}",
        "staff_id": staff, "request_id": UNKNOWN, "alert_id": UNKNOWN, "task_id": UNKNOWN, "member_alert_id": f"alt_{UNKNOWN}", "store": "main",
        "till_id": f"til_{UNKNOWN}", "record_id": f"rec_{UNKNOWN}", "key_id": f"key_{UNKNOWN}",
        "delivery_id": UNKNOWN, "view_id": UNKNOWN, "note_id": UNKNOWN, "reward": "free-coffee",
        "run_id": UNKNOWN, "use_id": f"use_{UNKNOWN}", "round_id": begun(counter, member), **heard(counter), **came(counter),
        **some_errands(counter, uploads, "autumn"),
    }  # fmt: skip


def together(counter: Counter, club: str = "ours", gathering: str = "evening", **more: str) -> None:
    """A club, an event of it that begins tomorrow, and a lesson."""
    at = counter.shop.now + timedelta(days=1)
    told = {"name": "Ours", "says": {"en": "We meet."}, **more}
    when = {"begins_at": at.isoformat(), "ends_at": (at + timedelta(hours=1)).isoformat()}
    kept = counter.ask("PUT", f"/v1/clubs/{club}", {**told, "joins": "open"})
    assert kept.status_code == 200, kept.text
    sent = {**told, **when, "capacity": 2, "club": club}
    asks = {"asks": told["says"], "choices": [told["says"], told["says"]], "right": 1}
    lesson = {**told, "questions": [asks], "needed": 1}
    kept = counter.ask("PUT", f"/v1/lessons/{gathering}", lesson)
    assert kept.status_code == 200, kept.text
    kept = counter.ask("PUT", f"/v1/gatherings/{gathering}", sent)
    assert kept.status_code == 200, kept.text


def heard(counter: Counter) -> dict[str, str]:
    """A webhook, and an event on its way to it."""
    wish = {"url": "https://warehouse.example/in", "types": ["member.joined"]}
    id_ = counter.post("/v1/webhooks", wish).json()["id"]
    counter.joined("4712")
    counter.shop.do(lambda tx, _: plan_sendings(tx))
    ((event,),) = counter.shop.rows("select event_id from hook_sending where program_id = $1")
    return {"hook_id": id_, "event_id": f"evt_{event.hex}"}


def came(counter: Counter) -> dict[str, str]:
    """A source of events, and an event that came in by it."""
    sender = Sender(counter)
    (arrival,) = sender.send("msg-1", paid("1")).json()["ids"]
    return {"inlet_id": sender.made["id"], "arrival_id": arrival}


def begun(counter: Counter, member: str) -> str:
    """A round of adjustments that somebody of the shop began."""
    one = somebody(counter, "manager")
    asked = Asked(one.principal, "places")
    command = BeginRound("points", 1, "Goodwill", (addressed("mem", member),), asked=asked)
    return str(
        counter.shop.do(lambda tx, terms: begin_rounds(tx, terms, [command]))[0].round_id.hex
    )


def filled(path: str, places: dict[str, str]) -> str:
    for name, value in places.items():
        path = path.replace(f"{{{name}:str}}", value)
    assert "{" not in path, path
    return path


def test_each_page_is_shown_to_exactly_the_roles_that_may(
    team: dict[str, Browser], places: dict[str, str]
) -> None:
    for page in pages(Glance()):
        path = filled(page.path, places)
        for role in ROLES:
            answer = team[role].get(path)
            may = page.may is None or permits(role, page.may)
            # Of whom nobody looks after, whoever keeps members sees it.
            hidden = page.path == LINE and not permits(role, Permission.MEMBERS_WRITE)
            there = 404 if hidden else 200
            assert answer.status_code == (there if may else 403), (path, role, answer.text[-900:])
            assert answer.headers["content-type"].startswith("text/html")
            if not may:
                assert "ask an owner" in answer.text
                assert "<h1" in answer.text


def test_no_form_does_anything_for_a_role_that_may_not(
    counter: Counter, team: dict[str, Browser], places: dict[str, str]
) -> None:
    before = counter.shop.counts()
    for form in FORMS:
        for role in ROLES:
            if form.may is None or permits(role, form.may):
                continue
            answer = team[role].post(filled(form.path, places))
            assert (answer.status_code, "ask an owner" in answer.text) == (403, True), form.path
    assert counter.shop.counts() == before


@pytest.mark.parametrize("other", [UNKNOWN, "nothing-of-ours", "%00", "9" * 400])
def test_what_is_not_there_is_a_page_that_says_so(
    team: dict[str, Browser], places: dict[str, str], other: str
) -> None:
    kinds = {"member_id": "mem_", "entry_id": "ent_", "till_id": "til_", "key_id": "key_",
             "record_id": "rec_", "hook_id": "hok_", "event_id": "evt_",
             "inlet_id": "inl_", "arrival_id": "arr_", "use_id": "use_",
             "claim_id": "clm_", "contract_id": "con_", "dispute_id": "dis_"}  # fmt: skip
    wrong = {name: (kinds.get(name, "") if other == UNKNOWN else "") + other for name in places}
    for page in pages(Glance()):
        if "{" in page.path:
            answer = team["owner"].get(filled(page.path, wrong))
            assert answer.status_code == 404, (page.path, answer.status_code)
            assert "<h1" in answer.text
    for form in FORMS:
        if "{" in form.path and not form.path.startswith(("/console/program", "/console/settings")):
            told: Any = {
                "reason": "It is so", "amount": "5", "wallet": "points", "way": "give",
                "state": "paired", "yes": "yes", "note": "seen", "sure": "yes",
                "again": "yes", "key": "k", "says": "seen", "as": "csv",
            }  # fmt: skip
            answer = team["owner"].post(filled(form.path, wrong), told)
            assert answer.status_code == 404, (form.path, answer.status_code, answer.text[-500:])


def test_a_page_that_is_not_there_speaks_the_readers_language(team: dict[str, Browser]) -> None:
    answer = team["owner"].get(f"/console/members/mem_{UNKNOWN}?lang=de")
    assert "Das ging nicht" in answer.text
    assert "dieser Adresse" in answer.text
    refused = team["cashier"].get("/console/keys?lang=de")
    assert "Deine Rolle" in refused.text or "Ihre Rolle" in refused.text


def test_strange_words_in_the_address_are_no_mistake_of_ours(team: dict[str, Browser]) -> None:
    for path in (
        "/console/members?cursor=nonsense", "/console/members?q=%00",
        "/console/members?q=" + "x" * 3000,
        "/console/audit?before=x", "/console/audit?before=" + UNKNOWN, "/console/audit?did=%00",
        "/console/alerts?closed=%00", "/console/members?q=%25%5f", "/console/members?q=a%40",
    ):  # fmt: skip
        assert team["owner"].get(path).status_code in (200, 400, 404), path


def test_the_landing_page_of_a_role_names_only_what_it_may_see(team: dict[str, Browser]) -> None:
    for role in ROLES:
        text = team[role].get("/console").text
        for page in pages(Glance()):
            if page.may is not None and "{" not in page.path and not permits(role, page.may):
                assert f'href="{page.path}"' not in text, (role, page.path)
