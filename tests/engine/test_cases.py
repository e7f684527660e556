"""Examples beside a program are run through the engine of the till, and each is judged."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.base.faults import Invalid
from regulars.engine.checking.cases import Trial, failing
from regulars.engine.compiling.compile import compile_program
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template, template_names

COFFEE = load_template("coffee-shop")
PURCHASE: dict[str, Any] = {"kind": "purchase", "at": "2026-03-02T08:15"}


def trial(name: str = "coffee-shop") -> Trial:
    return Trial(compile_program(read_program(load_template(name))))


def test_what_was_paid_in_another_currency_is_told_with_its_rate() -> None:
    text = COFFEE.replace(
        "currency: EUR\n", 'currency: EUR\ncurrencies: {JPY: [{counts: "0.61", per: 100}]}\n'
    )
    tried = Trial(compile_program(read_program(text))).run(
        {**PURCHASE, "currency": "JPY", "amount": 1999}
    )
    assert tried.units == {"points": 12}
    assert tried.trail[:2] == [
        "1999 JPY were paid: 1 JPY counts as 0.0061 EUR.",
        "12.19 EUR of it count.",
    ]
    with pytest.raises(Invalid) as caught:
        trial().run({**PURCHASE, "currency": "JPY", "amount": 1999})
    assert caught.value.field == "/amount/currency"


@pytest.mark.parametrize("name", template_names())
def test_every_example_of_every_template_holds(name: str) -> None:
    assert failing(compile_program(read_program(load_template(name)))) == []


def test_an_example_that_promises_too_much_is_found_with_its_place() -> None:
    planted = COFFEE.replace("earns: {points: 7, stamps: 2}", "earns: {points: 8, stamps: 2}")
    (found,) = failing(compile_program(read_program(planted)))
    assert found.path == ("cases", 0, "earns", "points")
    assert found.says == "the example says 8 points, but the rules give 7"


def test_a_wallet_the_example_forgot_is_found() -> None:
    planted = COFFEE.replace("earns: {points: 7, stamps: 2}", "earns: {points: 7}")
    (found,) = failing(compile_program(read_program(planted)))
    assert found.path == ("cases", 0, "earns")
    assert found.says == "the example says 0 stamps, but the rules give 2"


def test_an_example_that_cannot_be_read_is_found_with_its_field() -> None:
    planted = COFFEE.replace('amount: "7.80"}', 'amuont: "7.80"}')
    (found,) = failing(compile_program(read_program(planted)))
    assert found.path == ("cases", 0, "given", "lines", 0, "amuont")
    assert "did you mean amount?" in found.says


def test_a_basket_is_tried_with_its_trail() -> None:
    tried = trial().run({**PURCHASE, "lines": [{"category": "coffee", "amount": "3.90"}]})
    assert tried.units == {"points": 3, "stamps": 1}
    assert tried.trail == [
        "3.90 EUR of it count.",
        "“1 point for each 1.00 you spend” gives 3.9 Points.",
        "In all: 3.9 Points, rounded down to 3.",
        "“1 stamp for each coffee” gives 1 Coffee stamp.",
        "In all: 1 Coffee stamp.",
    ]


def test_a_basket_in_the_shape_of_the_api_earns_the_same() -> None:
    plain = trial().run({**PURCHASE, "amount": "12.50"})
    as_api = trial().run(
        {
            "kind": "purchase",
            "occurred_at": "2026-03-02T07:15:00Z",
            "source": "till",
            "external_id": "r1",
            "amount": {"minor": 1250, "currency": "EUR"},
        }
    )
    assert plain == as_api
    assert plain.units == {"points": 12}


def test_the_time_is_the_shops_own() -> None:
    # Sunday 23:30 in London on the last of May; in UTC as well, but an hour earlier.
    retail = trial("retail")
    sunday = retail.run({"kind": "purchase", "at": "2011-05-15T23:30", "amount": "10.00"})
    monday = retail.run({"kind": "purchase", "at": "2011-05-16T00:30", "amount": "10.00"})
    assert sunday.units["points"] > monday.units["points"]


def test_a_tier_that_is_reached_is_told() -> None:
    tried = trial("bronze-silver-gold").run({**PURCHASE, "amount": "500.00"}, tier="bronze")
    assert tried.tier == "silver"
    assert tried.units == {"points": 550}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": ""}, "/kind"),
        ({"kind": "return"}, "/kind"),
        ({"at": "yesterday", "amount": "1.00"}, "/at"),
        ({"amount": True}, "/amount"),
        ({"amount": "9,99"}, "/amount"),
        ({"amount": "9.999"}, "/amount"),
        ({"amount": "-1.00"}, "/amount"),
        ({"amount": 10**15}, "/amount"),
        ({"amount": {"minor": 999, "currency": "USD"}}, "/amount"),
        ({"amount": {"minor": "999", "currency": "EUR"}}, "/amount"),
        ({}, "/amount"),
        ({"lines": "tea"}, "/lines"),
        ({"lines": ["tea"]}, "/lines/0"),
        ({"lines": [{"sku": "tea"}]}, "/lines/0/amount"),
        ({"lines": [{"amount": "1.00", "discount": "2.00"}]}, "/lines/0/discount"),
        ({"store": 7, "amount": "1.00"}, "/store"),
        ({"shop": "pier"}, "/shop"),
        ({"amount": "5.00", "payments": [{"kind": "points"}]}, "/payments/0/amount"),
    ],
)
def test_what_cannot_be_read_names_its_field(more: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        trial().run({**PURCHASE, **more})
    assert caught.value.field == field


@pytest.mark.parametrize(
    "line",
    [
        {"amount": "1.00", "quantity": -1},
        {"amount": "-1.00"},
        {"amount": "1.00", "sku": 3},
        {"amount": "1.00", "quantity": "2"},
    ],
)
def test_lines_are_judged_as_the_api_judges_them(line: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        trial().run({**PURCHASE, "lines": [line]})
