"""Offers over the API, in the console and on the card: written, opened, given, bought by, seen."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.console.terms.test_segments_over_the_api import works
from tests.surfaces.counter import Counter, buys

from regulars.flows.terms.promised.give_offers import walk_offers
from regulars.surfaces.connect.square.view import view_at
from regulars.surfaces.in_words.promised import for_everybody

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
    while counter.shop.do(walk_offers):
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
    assert "50 points more" in ready.get(f"/v1/activities/{bought.json()['id']}/trail").text
    assert ready.get(f"/v1/members/{who}/offers").json()["items"] == []
    counts = ready.get("/v1/offers/spring").json()["counts"]
    assert counts == [{"state": "held", "why": "", "members": 1}]


def test_a_marketer_writes_and_a_manager_opens_and_gives(ready: Counter) -> None:
    mia, otto = Browser(ready), Browser(ready)
    mia.sign_in(somebody(ready, "marketer").email)
    otto.sign_in(somebody(ready, "manager").email)
    assert "spring" in mia.get("/console/offers").text.lower()
    for kind, code in (("bonus", "plain"), ("multiply", "twice"), ("reward", "cheap")):
        begun = mia.post("/console/offers", {"name": "Plain", "code": code, "kind": kind})
        assert begun.status_code == 303, begun.text[-900:]
        assert mia.get(f"/console/offers/{code}").status_code == 200
    none = mia.post("/console/offers", {"name": "Plain", "code": "early", "kind": "access"})
    assert (none.status_code, "there is no benefit" in none.text) == (422, False)
    page = "/console/offers/plain"
    form = {
        "name": "Plain", "points": "20", "wallet": "points", "en-says": "20 more", "days": "7",
        "most": "10", "held": "0", "tr-says": "20 puan",
    }  # fmt: skip
    wrong = mia.post(page, form | {"points": "0.5"})
    assert wrong.status_code == 422
    assert mia.post(page, form | {"days": "soon"}).status_code == 422
    assert mia.post(page, form).status_code == 303
    assert ready.get("/v1/offers/plain").json()["offer"]["says"] == {
        "en": "20 more",
        "tr": "20 puan",
    }
    assert mia.post(page, {"does": "open", "version": "2"}).status_code == 404
    assert otto.post(page, {"does": "open", "version": "2"}).status_code == 303
    number = ready.get("/v1/members").json()["items"][0]["number"]
    assert otto.post(page, {"does": "give", "member": number}).status_code == 303
    assert ready.get("/v1/offers/plain").json()["offer"]["given"] == 1
    assert mia.post(page, {"does": "close"}).status_code == 303
    assert mia.post("/console/offers/cheap", {"does": "drop"}).status_code == 303
    assert ready.get("/v1/offers/cheap").status_code == 404


def test_what_the_program_would_be_warned_of_is_asked_beside_the_button(ready: Counter) -> None:
    otto = Browser(ready)
    otto.sign_in(somebody(ready, "manager").email)
    gives = {"give": "reward", "reward": "free-coffee", "price": {"points": "1"}}
    gift = SENT | {"gives": gives, "ends_on": ready.shop.now.date().replace(year=2027).isoformat()}
    gift.pop("days")
    assert ready.ask("PUT", "/v1/offers/gift", gift).is_success
    page = "/console/offers/gift"
    asked = otto.post(page, {"does": "open", "version": "1"})
    meant = re.findall(r'name="accept"[^>]* value="([^"]+)"', asked.text)
    assert (asked.status_code, bool(meant), "Is this meant?" in asked.text) == (422, True, True)
    assert ready.get("/v1/offers/gift").json()["offer"]["state"] == "draft"
    assert len(meant) == 1
    opened = otto.post(page, {"does": "open", "version": "1", "accept": meant[0]})
    assert opened.status_code == 303, opened.text[-900:]
    assert ready.get("/v1/offers/gift").json()["offer"]["state"] == "open"
    assert otto.post(page, {"does": "close"}).status_code == 303


def test_a_reward_at_the_price_of_an_offer_is_told_to_no_passer_by(ready: Counter) -> None:
    terms = ready.shop.terms
    program = terms.versions[-1].program
    plain = view_at(terms, terms.versions[-1], ready.shop.now).steps()[0].reward
    cheap = replace(plain, id="offer-cheap", for_={"offer-cheap": (True,)})
    assert list(for_everybody([plain, cheap])) == [plain]
    version = replace(terms.versions[-1], program=replace(program, rewards=(plain, cheap)))
    told = view_at(terms, version, ready.shop.now).steps()
    assert [one.reward.id for one in told] == [plain.id]


def test_it_is_refused_by_name(ready: Counter) -> None:
    refused = ready.ask("PUT", "/v1/offers/spring", SENT)
    assert (refused.status_code, code_of(refused)) == (409, "offer_not_so")
    wrong = ready.ask("PUT", "/v1/offers/other", SENT | {"gives": GIVES | {"wallet": "no"}})
    assert wrong.json()["errors"][0]["pointer"] == "/gives/wallet"
    odd = ready.ask("PUT", "/v1/offers/other", SENT | {"gives": {"give": "car"}})
    assert odd.status_code == 422, odd.text
    assert ready.post("/v1/offers/no/open", {"version": 1}).status_code == 404
    assert ready.ask("DELETE", "/v1/offers/spring").status_code == 409


def test_what_it_changed_is_counted_of_each_since_they_had_it(ready: Counter) -> None:
    shop = ready.shop
    assert ready.ask("PUT", "/v1/offers/big", SENT | {"segment": "all"}).status_code == 200
    assert ready.post("/v1/offers/big/open", {"version": 1}).status_code == 200
    shop.rows(
        "update offer set holds_out = true where program_id = $1 and code = 'big' returning 1"
    )
    began = shop.now - timedelta(days=10)
    for state, many, buyers, late in (
        ("held", 600, 400, 0),
        ("held_out", 500, 100, 0),
        ("held", 300, 200, 5),
    ):
        who = [uuid4() for _ in range(many)]
        at = began + timedelta(days=late)
        shop.rows(ROWS, at, state, who)
        shop.rows(DAYS, (at + timedelta(days=2)).date(), who[:buyers])
    effect = ready.get("/v1/offers/big").json()["effect"]
    assert (effect["given"]["members"], effect["held_out"]["members"]) == (900, 500)
    assert effect["orders"]["low"] > 0.3, effect
    owner = Browser(ready)
    owner.sign_in(somebody(ready).email)
    text = owner.get("/console/offers/big").text
    assert "What it changed" in text
    assert "66.7" in text


ROWS = """
insert into offer_member (program_id, offer_id, member_id, state, why, how, offered_at, until_on,
                          held_at)
select $1, o.offer_id, who, $3::text, case when $3 = 'held_out' then 'here' else '' end, 'segment',
       $2::timestamptz, '2027-01-01', case when $3 = 'held' then $2::timestamptz end
  from unnest($4::uuid[]) who, offer o where o.program_id = $1 and o.code = 'big'
"""
DAYS = """
insert into member_day select $1, who, $2::date, 'main', 1, 1, 500, 500, 1, 0, 0
  from unnest($3::uuid[]) as who
"""


def test_on_the_card_it_is_read_in_their_language_and_activated_once(ready: Counter) -> None:
    ready.joined("4712")
    who = next(
        one["id"]
        for one in ready.get("/v1/members").json()["items"]
        if one["identifiers"][0]["value"] == "4712"
    )
    says = {"en": "Five more", "de": "Fünf mehr"}
    more = {"activating": True, "says": says, "gives": GIVES | {"points": 5, "at_least": None}}
    assert ready.ask("PUT", "/v1/offers/five", SENT | more).status_code == 200
    assert ready.post("/v1/offers/five/open", {"version": 1}).status_code == 200
    mine = Pocket(ready, who)
    assert "offer for you" not in mine.get("/card").text
    given = ready.post("/v1/offers/five/members", {"member": {"id": who}})
    assert (given.status_code, given.json()["state"]) == (201, "offered")
    assert "1 offer for you" in mine.get("/card").text
    page = mine.get("/card/me/offers")
    assert "Five more" in page.text
    assert "Activate" in page.text
    assert "Fünf mehr" in mine.get("/card/me/offers?lang=de").text
    mine.get("/card/me/offers?lang=en")
    ready.shop.forget_terms()
    before = ready.post("/v1/activities", buys("4712", 100)).json()["earned"]["points"]
    assert mine.send("/card/me/offers", offer="five").status_code == 303
    others = mine.send("/card/me/offers", "/card/me/profile", offer="spring")
    assert others.status_code == 409, "not theirs"
    after = ready.post("/v1/activities", buys("4712", 100)).json()["earned"]["points"]
    assert (before, after) == (1, 6)
    assert "offer for you" not in mine.get("/card").text
