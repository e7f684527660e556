"""Offers over the API and in the console: written, opened, given, bought by, looked at."""

from __future__ import annotations

from typing import Any

import pytest
from tests.surfaces.console.terms.test_segments_over_the_api import works
from tests.surfaces.counter import Counter, buys

from regulars.flows.terms.promised.give_offers import walk_offers

GIVES = {"give": "bonus", "wallet": "points", "points": 50, "at_least": "10.00"}
SENT = {"name": "Spring", "gives": GIVES, "says": {"en": "50 points more"}, "days": 14}


@pytest.fixture(scope="module")
def ready(counter: Counter) -> Counter:
    """A shop with a segment of everybody."""
    counter.joined("4711")
    kept = {"name": "All", "condition": {"if": "orders", "at_least": 0}}
    assert counter.ask("PUT", "/v1/segments/all", kept).status_code == 200
    works(counter)
    return counter


def walks(counter: Counter) -> None:
    counter.shop.forget_terms()
    while counter.shop.do(lambda tx, terms: walk_offers(tx, terms)):
        pass


def code_of(answer: Any) -> str:
    return str(answer.json()["code"])


def test_over_the_api_it_is_written_opened_and_gives(ready: Counter) -> None:
    kept = ready.ask("PUT", "/v1/offers/spring", SENT | {"segment": "all"}).json()["offer"]
    assert (kept["state"], kept["known_as"]) == ("draft", "offer-spring")
    opened = ready.post("/v1/offers/spring/open", {"version": 1})
    assert (opened.status_code, opened.json()["offer"]["state"]) == (200, "open"), opened.text
    walks(ready)
    who = ready.get("/v1/members").json()["items"][0]["id"]
    held = ready.get(f"/v1/members/{who}/offers").json()["items"]
    assert [(one["code"], one["state"], one["left"]) for one in held] == [("spring", "held", 1)]
    bought = ready.post("/v1/activities", buys("4711", 1_000))
    assert bought.json()["earned"]["points"] == 60, bought.text
    assert "50 points more" in ready.get(f"/v1/activities/{bought.json()['id']}/why").text
    assert ready.get(f"/v1/members/{who}/offers").json()["items"] == []
    counts = ready.get("/v1/offers/spring").json()["counts"]
    assert counts == [{"state": "held", "why": "", "members": 1}]
