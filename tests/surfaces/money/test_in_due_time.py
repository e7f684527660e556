"""Over HTTP, as people walk it: terms that begin later or are taken back, a fee that ends, points
that lapse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from tests.flows.plans.houses import ROASTERY
from tests.makers import Shop, named
from tests.surfaces.counter import Counter, buys, problem

from regulars.records.program.templates import load_template

LADDER = """
regulars: 1
program: ladder
name: Ladder
currency: EUR
zone: Europe/Berlin
wallets:
  points: {name: Points, one: Point, expiry: {after: 30 days, round_up_to: day}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers:
  window: ever
  steps: [{id: silver, at: "100.00"}, {id: gold, at: "300.00"}]
rewards: [{id: tea, name: Tea, price: {points: 30}, worth: "3.00"}]
"""
_numbers = count(1)
STEEPER = LADDER.replace('"300.00"', '"500.00"').replace("points: 1, per", "points: 2, per")
STEEPER += "changeover: {members: full}\n"


@pytest.fixture
def shop(database: Any) -> Iterator[Counter]:
    """A program of its own each time, as terms are there for ever."""
    made = Shop.open(database, LADDER)
    made.begin(LADDER, slug=f"in-time-{next(_numbers)}")
    opened = Counter(made)
    yield opened
    opened.close()


def goes_on(shop: Counter, days: float) -> None:
    shop.shop.now += timedelta(days=days)
    shop.shop.forget_terms()
    shop.shop.night()


def slug(shop: Counter) -> str:
    return shop.shop.terms.versions[-1].program.program


def told(shop: Counter, text: str, days: int) -> dict[str, Any]:
    at = (shop.shop.now + timedelta(days=days)).isoformat().replace("+00:00", "Z")
    return {"source": named(text, slug(shop)), "effective_from": at}


def test_a_change_is_planned_published_ahead_and_comes_on_its_day(shop: Counter) -> None:
    member = shop.joined("A-1")
    shop.post("/v1/activities", buys("A-1", 40_000))
    goes_on(shop, 1)
    plan = shop.post("/v1/programs/plan", told(shop, STEEPER, 10)).json()
    falls = [one for one in plan["groups"] if one["what"] == "loses"]
    assert [(one["tier"], one["becomes"], one["members"]) for one in falls] == [
        ("gold", "silver", 1)
    ]
    (gives,) = [one for one in plan["changes"] if one["kind"] == "rule_gives"]
    assert (gives["turn"], gives["members"]) == ("better", 1)
    done = shop.post("/v1/programs/versions", told(shop, STEEPER, 10))
    assert done.status_code == 201, done.text
    first, begins = shop.get("/v1/programs/current").json()["version"], done.json()["version"]
    assert begins == first + 1
    before = shop.post("/v1/activities", buys("A-1", 1_000)).json()
    assert (before["earned"], before["tier"]) == ({"points": 10}, "gold")
    goes_on(shop, 10)
    assert shop.get("/v1/programs/current").json()["version"] == begins
    after = shop.post("/v1/activities", buys("A-1", 1_000)).json()
    assert (after["earned"], after["tier"]) == ({"points": 20}, "silver")
    moved, *_ = shop.get(f"/v1/members/{member}/tier-moves").json()["items"]
    assert (moved["reason"], moved["tier_before"], moved["tier"]) == ("terms", "gold", "silver")
    assert (moved["credit"], moved["needed"], moved["credit_from"]) == (41_000, 50_000, "decision")


def test_a_version_is_taken_back_before_anybody_was_affected(shop: Counter) -> None:
    shop.joined("A-2")
    goes_on(shop, 1)
    begun = shop.post("/v1/programs/versions", told(shop, STEEPER, 5)).json()["version"]
    why = {"reason": "too steep"}
    back = shop.post(f"/v1/programs/versions/{begun}/withdraw", why)
    assert back.status_code in (200, 201), back.text
    goes_on(shop, 6)
    sold = shop.post("/v1/activities", buys("A-2", 1_000)).json()
    assert sold["earned"] == {"points": 10}
    again = shop.post(f"/v1/programs/versions/{begun}/withdraw", why)
    assert (again.status_code, again.json()) == (200, back.json())


def test_why_points_lapsed_is_told_in_words_and_lots(shop: Counter) -> None:
    member = shop.joined("A-3")
    shop.post("/v1/activities", buys("A-3", 5_000))
    goes_on(shop, 31)
    entries = shop.get(f"/v1/members/{member}/entries").json()["items"]
    (gone,) = [one for one in entries if one["kind"] == "expire"]
    why = shop.get(f"/v1/members/{member}/entries/{gone['id']}/why").json()
    assert why["says"][0].startswith("Lapsed on ")
    assert [(one["wallet"], one["units"]) for one in why["lots"]] == [("points", -50)]
    german = shop.get(f"/v1/members/{member}/entries/{gone['id']}/why?language=de").json()
    assert "50 Point" in german["says"][0]


def test_a_fee_that_is_cancelled_runs_to_the_end_of_its_term(database: Any) -> None:
    shop = Counter(Shop.open(database, ROASTERY))
    shop.joined("P-9")
    sent = {"member": {"card": "P-9"}, "plan": "plus", "source": "payments"}
    here = shop.post("/v1/memberships", sent | {"external_id": "sub-9"}).json()
    at = f"/v1/memberships/{here['id']}"
    gone = shop.post(f"{at}/cancelled", {"at": "period_end"}).json()
    assert (gone["state"], gone["until_at"]) == ("cancelled", here["until_at"])
    use = {"member": {"card": "P-9"}, "benefit": "delivery"}
    assert shop.post("/v1/benefit-uses", use).status_code == 201
    paid = shop.post(f"{at}/paid", {"source": "payments", "external_id": "in_9"})
    assert problem(paid)[:2] == (409, "not_running")
    goes_on(shop, 40)
    assert shop.get(at).json()["state"] == "ended"
    assert problem(shop.post("/v1/benefit-uses", use))[:2] == (409, "no_plan")
    assert [one["what"] for one in shop.get(at).json()["turns"]] == [
        "started", "cancelled", "ended",
    ]  # fmt: skip
    shop.close()


def test_a_sound_template_is_planned_over_http_without_a_word_left_out(shop: Counter) -> None:
    """Every difference says for whom; how many is said of all but those who join from then on."""
    goes_on(shop, 1)
    source = named(load_template("coffee-shop"), slug(shop))
    plan = shop.post("/v1/programs/plan", {"source": source}).json()
    assert plan["changes"]
    assert all(one["whom"] for one in plan["changes"])
