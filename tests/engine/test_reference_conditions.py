"""Conditions one by one: when they hold, and what is told when they do not."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from regulars.engine.compiling.compile import compile_program
from regulars.engine.facts import FactLine, Facts
from regulars.engine.reference.conditions import Missed
from regulars.engine.reference.interpreter import Reference, Told
from regulars.records.program.types import Program

FACTS = Facts(
    kind="purchase",
    day=date(2026, 3, 3).toordinal(),
    weekday=1,
    hour=12,
    channel="till",
    store="main",
    tier=2,
    further=frozenset({"guest"}),
    lines=(FactLine("latte", "coffee", 2, (800,)), FactLine("cake", "sweet", 1, (450,))),
    extras=(50,),
    member={"vip": True, "visits": 1, "city": "Bonn"},
    details={"rating": 4},
)


def asked(when: dict[str, Any], facts: Facts = FACTS, **rule: Any) -> Told:
    """What the reference says of a single rule with this condition."""
    tiers = [{"id": t, "at": n} for n, t in enumerate(("bronze", "silver", "gold"))]
    fixed = {"give": "fixed", "points": 1}
    one = {"id": "r", "on": "purchase", "wallet": "p", "award": fixed, "when": when, **rule}
    whole = {
        "regulars": 1,
        "program": "test",
        "name": "Test",
        "currency": "EUR",
        "zone": "Europe/Berlin",
        "wallets": {"p": {}},
        "tiers": {"steps": tiers},
        "ladders": {"club": {"steps": [{"id": "guest", "at": 1}, {"id": "friend", "at": 2}]}},
        "rules": [one],
    }
    told: list[Told] = []
    program = msgspec.convert(whole, Program)
    grains = Reference(program).evaluate(facts, (), told)
    assert bool(compile_program(program).evaluate(facts, [])[0]) == bool(grains[0])
    return told[0]


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({"if": "amount", "at_least": "13.00"}, True),
        ({"if": "amount", "at_least": "13.01"}, False),
        ({"if": "amount", "at_most": "13.00"}, True),
        ({"if": "amount", "at_most": "12.99"}, False),
        ({"if": "basket_has", "categories": ["coffee"]}, True),
        ({"if": "basket_has", "categories": ["tea"]}, False),
        ({"if": "basket_has", "categories": ["coffee"], "quantity": 3}, False),
        ({"if": "basket_has", "categories": ["coffee"], "skus": ["cake"], "quantity": 3}, True),
        ({"if": "basket_has", "skus": ["latte"], "amount": "8.00"}, True),
        ({"if": "basket_has", "skus": ["latte"], "amount": "8.01"}, False),
        ({"if": "basket_has", "quantity": 3}, True),
        ({"if": "channel", "in": ["web", "till"]}, True),
        ({"if": "channel", "in": ["web"]}, False),
        ({"if": "store", "in": ["main"]}, True),
        ({"if": "store", "in": ["Main"]}, False),
        ({"if": "weekday", "in": ["tue"]}, True),
        ({"if": "weekday", "in": ["mon", "wed"]}, False),
        ({"if": "hour", "from": 12, "until": 13}, True),
        ({"if": "hour", "from": 11, "until": 12}, False),
        ({"if": "dates", "from_on": "2026-03-03"}, True),
        ({"if": "dates", "until_on": "2026-03-03"}, False),
        ({"if": "dates", "from_on": "2026-03-04"}, False),
        ({"if": "tier", "at_least": "silver"}, True),
        ({"if": "tier", "at_least": "bronze"}, True),
        ({"if": "tier", "at_least": "gold"}, False),
        ({"if": "tier", "at_least": "guest"}, True),
        ({"if": "tier", "at_least": "friend"}, False),
        ({"if": "member", "attribute": "vip", "in": [True]}, True),
        ({"if": "member", "attribute": "vip", "in": [1]}, False),
        ({"if": "member", "attribute": "visits", "in": [True]}, False),
        ({"if": "member", "attribute": "visits", "in": [1]}, True),
        ({"if": "member", "attribute": "name", "in": ["", False, 0]}, False),
        ({"if": "detail", "detail": "rating", "in": [4, 5]}, True),
        ({"if": "detail", "detail": "rating", "in": ["4"]}, False),
    ],
)
def test_a_condition_and_its_opposite(when: dict[str, Any], holds: bool) -> None:
    assert (asked(when).why == "given") is holds
    assert (asked({"if": "not", "that": when}).why == "given") is not holds
    assert (asked({"if": "all", "of": [when, when]}).why == "given") is holds
    assert (asked({"if": "any", "of": [when]}).why == "given") is holds


def test_a_line_that_came_back_is_no_longer_in_the_basket() -> None:
    rest = (FactLine("latte", "coffee", 0, (0,)), FactLine("cake", "sweet", 1, (450,)))
    facts = msgspec.structs.replace(FACTS, lines=rest)
    assert asked({"if": "basket_has", "categories": ["coffee"]}, facts).why == "condition"


def test_the_condition_that_failed_is_told_with_its_values() -> None:
    late = {"if": "hour", "from": 15, "until": 18}
    rich = {"if": "amount", "at_least": "20.00"}
    told = asked({"if": "all", "of": [{"if": "weekday", "in": ["tue"]}, rich, late]})
    assert told.missed == (Missed("amount", {"at_least": 2000, "at_most": None}, 1300),)
    told = asked({"if": "any", "of": [rich, late]})
    assert [m.fact for m in told.missed] == ["amount", "hour"]
    told = asked({"if": "not", "that": {"if": "tier", "at_least": "bronze"}})
    assert told.missed == (Missed("tier", "bronze", "silver", forbidden=True),)


def test_a_rule_begins_on_its_first_day_and_is_over_on_its_last() -> None:
    always = {"if": "hour", "from": 0, "until": 24}
    assert asked(always, from_on="2026-03-03", until_on="2026-03-04").why == "given"
    assert asked(always, until_on="2026-03-03").why == "not_in_force"
    assert asked(always, from_on="2026-03-04").why == "not_in_force"


def test_of_a_further_ladder_it_is_told_where_they_stand_on_it() -> None:
    told = asked({"if": "tier", "at_least": "friend"})
    assert told.missed == (Missed("tier", "friend", "guest"),)


def test_a_member_without_a_tier_is_below_every_tier() -> None:
    nobody = msgspec.structs.replace(FACTS, tier=0)
    told = asked({"if": "tier", "at_least": "bronze"}, nobody)
    assert told.missed == (Missed("tier", "bronze", None),)
