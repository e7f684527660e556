"""Choices among offers over the API and in the console: written, opened, made, told."""

from __future__ import annotations

from typing import Any

from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.console.terms.test_segments_over_the_api import works
from tests.surfaces.counter import Counter

from regulars.flows.terms.promised.choose_offers import walk_choices
from regulars.records.program.changes.choices import read
from regulars.records.program.changes.choices.types import Expects
from regulars.records.program.changes.choices.write import expects

_GIVES = {"give": "bonus", "wallet": "points", "points": 50}
_OFFER = {"name": "Fifty", "gives": _GIVES, "says": {"en": "50 points more"}, "days": 14}
_AT = "/v1/offer-choices/best"
_FORM = {"name": "Best", "code": "seen", "segment": "all", "explore": "20", "days": "28"}


def test_it_is_written_opened_made_and_read(counter: Counter) -> None:
    counter.joined("4711")
    kept = {"name": "All", "condition": {"if": "orders", "at_least": 0}}
    assert counter.ask("PUT", "/v1/segments/all", kept).status_code == 200
    works(counter)
    for code in ("fifty", "more"):
        assert counter.ask("PUT", f"/v1/offers/{code}", _OFFER).is_success
        assert counter.post(f"/v1/offers/{code}/open", {"version": 1}).is_success
    sent: dict[str, Any] = {"name": "Best", "segment": "all", "offers": ["fifty", "none"]}
    wrong = counter.ask("PUT", _AT, sent)
    assert (wrong.status_code, "/offers/1" in wrong.text) == (422, True), wrong.text
    answer = counter.ask("PUT", _AT, sent | {"offers": ["fifty", "more"]})
    assert answer.json()["choice"]["state"] == "draft", answer.text
    stale = counter.post(f"{_AT}/open", {"version": 2})
    assert (stale.status_code, stale.json()["code"]) == (409, "offer_not_so")
    assert counter.post(f"{_AT}/open", {"version": 1}).json()["choice"]["state"] == "open"
    counter.shop.forget_terms()
    while counter.shop.do(walk_choices):
        pass
    told = counter.get(_AT).json()
    assert sum(one["members"] for one in told["counts"]) == 1
    assert [one["offer"] for one in told["counts"]] == ["", "fifty", "more"]
    assert (told["expected"], told["effect"]["brings"]["lacks"]) == ([], "members")
    assert [one["way"] for one in told["effect"]["beside"]] == [
        "nobody", "always", "always", "chance",
    ]  # fmt: skip
    assert [one["code"] for one in counter.get("/v1/offer-choices").json()["items"]] == ["best"]
    _in_the_console(counter)
    assert counter.post(f"{_AT}/close").json()["choice"]["closed_by"].startswith("key_")


def _in_the_console(counter: Counter) -> None:
    mia = Browser(counter)
    mia.sign_in(somebody(counter, "marketer").email)
    page = "/console/offer-choices"
    assert 'value="fifty"' in mia.get(page).text
    for form, field in (({"offers": ["fifty"]}, "offers"), ({"days": "x"}, "days")):
        wrong = mia.post(page, _FORM | form)
        assert wrong.status_code == 422, field
    begun = mia.post(page, _FORM | {"offers": ["fifty", "more"], "nothing": "yes"})
    assert begun.headers["location"] == f"{page}/seen", begun.text
    assert mia.post(page, _FORM | {"offers": ["fifty"]}).status_code == 422, "its code is taken"
    assert mia.post(f"{page}/seen", _FORM | {"offers": ["more"]}).status_code == 422
    kept = mia.post(f"{page}/seen", _FORM | {"offers": ["more"], "nothing": "yes"})
    assert kept.status_code == 303
    assert mia.post(f"{page}/seen", {"does": "drop"}).headers["location"] == page
    first = mia.get(f"{page}/best").text
    assert "By chance alone so far" in first
    counter.shop.do(_foretells)
    later = mia.get(f"{page}/best").text
    assert "within 30 days · once · the larger half" in later
    assert "Too early" in later


def test_a_journey_gets_an_offer_by_its_form_and_a_members_page_says_what_they_have(
    counter: Counter,
) -> None:
    for code in ("coffee", "cake"):
        assert counter.ask("PUT", f"/v1/offers/{code}", _OFFER).is_success
        assert counter.post(f"/v1/offers/{code}/open", {"version": 1}).is_success
    stop = {"does": "stop", "id": "end"}
    goes = {"name": "Welcome", "plan": {"begins": {"on": "joined"}, "steps": [stop]}}
    assert counter.ask("PUT", "/v1/journeys/welcome", goes).is_success
    mia, page = Browser(counter), "/console/journeys/welcome"
    mia.sign_in(somebody(counter, "marketer").email)
    form = {"name": "Welcome", "held": "5", "order": "offer:offer,offer-2:offer,end:stop"}
    first = form | {"offer-offer": "coffee"}
    assert mia.post(page, first | {"offer-2-offer": "gone"}).status_code == 422
    assert mia.post(page, first | {"offer-2-offer": "cake"}).status_code == 303
    plan = counter.get("/v1/journeys/welcome").json()["plan"]
    assert [(one["id"], one.get("offer")) for one in plan["steps"]] == [
        ("offer", "coffee"), ("offer-2", "cake"), ("end", None),
    ]  # fmt: skip
    who = counter.joined("4712")
    assert counter.post("/v1/offers/cake/members", {"member": {"id": who}}).is_success
    seen = mia.get(f"/console/members/{who}").text.partition('id="offers"')[2]
    assert 'href="/console/offers/cake"' in seen
    assert "Have it" in seen


async def _foretells(tx: Any, _: Any) -> None:
    """As if much had been seen."""
    one = await read.choice(tx, "best")
    assert one is not None
    found = Expects({301: (500, 900, 700)}, {301: (60, 60, 60)}, (500, 800, 700))
    await tx.write([expects(tx, one, found, tx.now.date())])
