"""What the checks find in rewards of every kind, and in paying with points."""

from __future__ import annotations

from typing import Any

import pytest
from tests.records.program.test_checks import found, small

from regulars.records.program.problems import ProgramFault

WALLETS = {"points": {}, "status": {"kind": "status"}, "money": {"kind": "cashback", "scale": 2}}


def reward(**more: Any) -> dict[str, Any]:
    one = {"id": "one", "name": "One", "price": {"points": 10}, "worth": 3, **more}
    return small(rewards=[one], wallets=WALLETS)


def paying(**more: Any) -> dict[str, Any]:
    said = {"wallet": "points", "points": 100, "per": "1.00", **more}
    cup = {"id": "cup", "name": "A cup", "price": {"points": 100}, "cost": "0.80", "worth": 3}
    return small(rewards=[cup], wallets=WALLETS, paying=said)


def errors(program: dict[str, Any]) -> list[tuple[str, str]]:
    """Of form or of sense."""
    try:
        problems = found(program)
    except ProgramFault as fault:
        problems = list(fault.problems)
    return [(one.path, one.says) for one in problems if one.severity == "error"]


@pytest.mark.parametrize(
    "gives",
    [
        {"kind": "discount", "off": "5.00"},
        {"kind": "discount", "percent": 10, "at_most": "20.00", "from_amount": "5.00"},
        {"kind": "item", "sku": "bag", "quantity": 2},
        {"kind": "code", "valid_for": "30 days"},
        {"kind": "code", "from": "pool"},
        {"kind": "seat", "begins": "2026-12-11T19:00", "seats": 3},
        {"kind": "donation", "cause": "City forest", "amount": "5.00"},
    ],
)
def test_every_kind_can_be_written(gives: dict[str, Any]) -> None:
    assert errors(reward(gives=gives)) == []


@pytest.mark.parametrize(
    ("more", "path", "says"),
    [
        ({"gives": {"kind": "discount"}}, "gives", "either an amount or a percentage"),
        ({"tier_prices": {"onyx": {"price": {"points": 5}}}}, "tier_prices.onyx", "no tier"),
        ({"tier_prices": {"silver": {"price": {"coins": 5}}}}, "tier_prices.silver.price.coins",
         "no wallet"),
        ({"tier_prices": {"silver": {}}, "automatic": True, "gives": {"kind": "code"}},
         "tier_prices", "for its price alone"),
        ({"gives": {"kind": "discount", "off": 1, "percent": 2}}, "gives", "either an amount"),
        ({"gives": {"kind": "discount", "off": 1, "at_most": 2}}, "gives.at_most", "only a perc"),
        ({"gives": {"kind": "discount", "off": "1.001"}}, "gives.off", "too many decimals"),
        ({"gives": {"kind": "discount", "percent": 101}}, "gives.percent", "too large"),
        ({"gives": {"kind": "seat", "begins": "2026-02-30T10:00", "seats": 1}}, "gives.begins",
         "no moment"),
        ({"gives": {"kind": "seat", "begins": "2026-02-03", "seats": 1}}, "gives.begins", "form"),
        ({"gives": {"kind": "seat", "begins": "2026-02-03T10:00", "seats": 1}, "stock": 1},
         "stock", "the seats are what there is"),
        ({"gives": {"kind": "code", "from": "pool"}, "stock": 1}, "stock", "codes of the pool"),
        ({"gives": {"kind": "code", "from": "pol"}}, "gives.from", "not one of the choices"),
        ({"gives": {"kind": "payout", "amount": 1}}, "price.points", "holds no money"),
        ({"gives": {"kind": "donation", "cause": "x", "amount": 0}}, "gives.amount", "gives noth"),
        ({"gives": {"kind": "gift"}}, "gives.kind", "nobody knows"),
        ({"by": "shop", "gives": {"kind": "code"}}, "price", "nobody takes this reward"),
        ({"by": "shop", "price": {}}, "gives", "this reward gives none"),
        ({"by": "shop", "price": {}, "gives": {"kind": "code"}, "cooldown": "1 day"}, "cooldown",
         "never counts"),
        ({"price": {}}, "price", "costs nothing"),
        ({"or": [{"price": {}}]}, "or[0]", "this price is nothing"),
        ({"or": [{"price": {"stars": 1}}]}, "or[0].price.stars", "no wallet"),
        ({"or": [{"price": {"status": 1}}]}, "or[0].price.status", "can never be spent"),
        ({"or": [{"price": {"points": "0.5"}}]}, "or[0].price.points", "too many decimals"),
        ({"money": "0.001"}, "money", "too many decimals"),
        ({"head_start": {"silver": "1 day"}}, "head_start", "nothing begins"),
        ({"from_on": "2026-03-01", "head_start": {"iron": "1 day"}}, "head_start.iron", "no tier"),
        ({"cooldown": "soon"}, "cooldown", "form"),
        ({"for": {"student": []}}, "for.student", "empty"),
        ({"id": "pay-with-points"}, "id", "the name of what is paid"),
    ],
)  # fmt: skip
def test_a_reward_that_cannot_be_is_named_with_its_place(
    more: dict[str, Any], path: str, says: str
) -> None:
    assert any(
        where == f"rewards[0].{path}" and says in what for where, what in errors(reward(**more))
    ), errors(reward(**more))


@pytest.mark.parametrize(
    ("more", "path", "says"),
    [
        ({"wallet": "stars"}, "wallet", "no wallet"),
        ({"wallet": "status"}, "wallet", "worth no money"),
        ({"points": 0}, "points", "gives nothing"),
        ({"per": "0.001"}, "per", "too many decimals"),
        ({"step": 0}, "step", "gives nothing"),
        ({"points": 300, "step": 2}, "step", "less than the smallest coin"),
        ({"at_most_percent": 0}, "at_most_percent", "too small"),
        ({"minimum": "0.5"}, "minimum", "too many decimals"),
    ],
)
def test_a_rate_that_pays_nothing_is_named(more: dict[str, Any], path: str, says: str) -> None:
    assert any(where == f"paying.{path}" and says in what for where, what in errors(paying(**more)))


def test_a_reward_cheaper_than_it_costs_is_warned_of() -> None:
    assert errors(paying()) == []
    told = [one.says for one in found(paying(points=200)) if one.severity == "warning"]
    assert any("worth 0.50" in says and "costs the shop 0.80" in says for says in told)
    assert not any("costs the shop" in one.says for one in found(paying()))


RATES = {"USD": [{"counts": "0.90"}], "JPY": [{"counts": "0.61", "per": 100}]}
OFF = {"kind": "discount", "off": "5.00"}


@pytest.mark.parametrize(
    ("more", "there", "path", "says"),
    [
        ({"gives": OFF}, {"USD": {"off": "5.50"}}, "", ""),
        ({}, {"USD": {"worth": "3.30"}, "JPY": {"worth": 450}}, "", ""),
        ({"gives": OFF}, {"USD": {}}, "USD.off", "how much is that in USD"),
        ({"gives": {"kind": "discount", "percent": 10, "from_amount": 20}},
         {"USD": {"worth": 2}}, "USD.from_amount", "how much is that in USD"),
        ({}, {"USD": {}}, "USD.worth", "what is it worth in USD"),
        ({}, {"USD": {"worth": 3, "off": 1}}, "USD.off", "at home it has none"),
        ({}, {"EUR": {"worth": 3}}, "EUR", "own currency"),
        ({}, {"GBP": {"worth": 3}}, "GBP", "nobody can pay in"),
        ({}, {"USX": {"worth": 3}}, "USX", "there is no currency"),
        ({}, {"JPY": {"worth": "4.5"}}, "JPY.worth", "too many decimals"),
        ({"money": "2.00"}, {"USD": {"worth": 3}}, "USD.money", "how much money is that in USD"),
        ({"gives": {"kind": "code"}}, {"USD": {"worth": 3}}, "USD", "only discounts"),
    ],
)  # fmt: skip
def test_a_reward_says_what_it_is_in_every_currency(
    more: dict[str, Any], there: dict[str, Any], path: str, says: str
) -> None:
    problems = errors(reward(**more, in_currency=there) | {"currencies": RATES})
    if not path:
        assert problems == []
    else:
        ((where, what),) = problems
        assert (where, says in what) == (f"rewards[0].in_currency.{path}", True)


def test_what_is_paid_besides_is_said_in_every_currency() -> None:
    """Another price with money has an amount there, and none where the reward is not to be had."""
    there = {"USD": {"worth": 3}}
    said = reward(**{"or": [{"price": {"points": 5}, "money": 1}], "in_currency": there})
    assert [where for where, _ in errors(said | {"currencies": RATES})] == [
        "rewards[0].or[0].money_in"
    ]
    more = {"price": {"points": 5}, "money": 1, "money_in": {"USD": "1.10", "JPY": 150}}
    said = reward(**{"or": [more], "in_currency": there})
    assert [where for where, _ in errors(said | {"currencies": RATES})] == [
        "rewards[0].or[0].money_in.JPY"
    ]


@pytest.mark.parametrize(
    ("there", "path"),
    [
        ({"USD": {}, "JPY": {"points": 61, "per": 100}}, ""),
        ({"USD": {"points": 100}}, "paying.in_currency.USD.per"),
        ({"USD": {"per": 1}}, "paying.in_currency.USD.points"),
        ({"EUR": {}}, "paying.in_currency.EUR"),
        ({"GBP": {}}, "paying.in_currency.GBP"),
        ({"JPY": {"points": 100, "per": 1}}, "paying.in_currency.JPY.per"),
        ({"JPY": {"leaves_at_least": "1.5"}}, "paying.in_currency.JPY.leaves_at_least"),
    ],
)
def test_points_pay_in_currencies_with_a_rate(there: dict[str, Any], path: str) -> None:
    problems = errors(paying(in_currency=there) | {"currencies": RATES})
    assert [where for where, _ in problems] == ([path] if path else [])


def test_where_proof_goes_by_worth_a_reward_says_what_it_is_worth() -> None:
    cup = {"id": "one", "name": "One", "price": {"points": 10}, "cost": "0.80"}
    tree = cup | {"id": "two", "gives": {"kind": "donation", "cause": "Forest", "amount": "5.00"}}
    gift = cup | {"id": "three", "price": {}, "by": "shop", "gives": {"kind": "code"}}
    said = small(rewards=[cup, tree, gift], wallets=WALLETS)
    assert errors(said) == []
    asks = said | {"spending_proof": {"card_above": "5.00"}}
    assert [where for where, _ in errors(asks)] == ["rewards[0]"]
    wrong = said | {"spending_proof": {"card_above": "5.001"}}
    assert "spending_proof.card_above" in [where for where, _ in errors(wrong)]


def test_hours_of_appointments_that_run_into_each_other_are_said() -> None:
    """A stylist from ten to twelve and from eleven to one would be given twice at eleven."""

    def with_hours(*hours: tuple[list[str], str, str]) -> list[str]:
        told = [{"on": days, "from": begins, "until": ends} for days, begins, ends in hours]
        booked = {"hours": told, "lasts": 45}
        benefit = {"id": "stylist", "name": "A stylist", "appointments": booked}
        return [where for where, _ in errors(small(benefits=[benefit]))]

    early = (["tue", "thu"], "10:00", "12:00")
    wrong = "benefits[0].appointments.hours[1]"
    assert with_hours(early, (["thu"], "11:00", "13:00")) == [wrong]
    assert with_hours((["thu"], "11:00", "13:00"), early) == [wrong]
    assert with_hours(early, (["thu"], "12:00", "14:00"), (["wed"], "11:00", "13:00")) == []


FIXED = {"give": "fixed", "points": 5}


def extra(when: Any, **more: Any) -> dict[str, Any]:
    limits = [{"per": "ever", "times": 1}]
    one = {"id": "extra", "on": "purchase", "wallet": "points", "award": FIXED, "when": when}
    return {**one, "limits": limits, **more}


NEW: dict[str, Any] = {"if": "days_since", "before": 30}
STAYED: dict[str, Any] = {"if": "days_since", "at_least": 365}


@pytest.mark.parametrize(
    ("when", "beside", "warned"),
    [
        (NEW, None, True),
        ({"if": "all", "of": [{"if": "amount", "at_least": 5}, NEW]}, None, True),
        ({"if": "not", "that": {"if": "days_since", "at_least": 30}}, None, True),
        ({"if": "any", "of": [NEW, {"if": "tier", "at_least": "gold"}]}, None, False),
        ({"if": "days_since", "at_least": 365, "before": 730}, None, False),
        ({"if": "days_since", "attribute": "birthday", "before": 30}, None, False),
        (NEW, STAYED, False),
        (NEW, {"if": "tier", "at_least": "gold"}, False),
        (NEW, {"if": "not", "that": NEW}, False),
        (NEW, {"if": "weekday", "in": ["tue"]}, True),
    ],
)
def test_what_newcomers_have_and_whoever_stayed_has_not_is_warned_of(
    when: Any, beside: Any, warned: bool
) -> None:
    program = small()
    program["rules"].append(extra(when))
    if beside is not None:
        program["rules"].append(extra(beside, id="beside"))
    codes = [one.code for one in found(program) if one.code.startswith("newer:")]
    assert codes == (["newer:extra"] if warned else [])


def test_a_friend_who_gets_more_than_whoever_brought_them_is_warned_of() -> None:
    def warned(referrer: int, newcomer: int) -> list[str]:
        sides = {"referrer": {"points": referrer}, "newcomer": {"points": newcomer}}
        program = small(referral={"wallet": "points", "amount": 5, **sides})
        return [one.path for one in found(program) if one.code == "newer:referral"]

    assert (warned(50, 50), warned(50, 51)) == ([], ["referral.newcomer.points"])
