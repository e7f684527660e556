"""The plain interpreter against sums worked out by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from regulars.engine.compiling.compile import compile_program
from regulars.engine.facts import FactLine, Facts
from regulars.engine.reference.interpreter import Reference, Told, rounded
from regulars.records.program.types import Program, Rounding

PER_EURO = {"give": "per_amount", "points": 1, "per": "1.00"}


def program(*rules: dict[str, Any], wallet: dict[str, Any] | None = None, **more: Any) -> Program:
    whole = {
        "regulars": 1,
        "program": "test",
        "name": "Test",
        "currency": "EUR",
        "zone": "Europe/Berlin",
        "wallets": {"points": wallet or {}},
        "rules": [{"on": "purchase", "wallet": "points", **rule} for rule in rules],
        **more,
    }
    return msgspec.convert(whole, Program)


def purchase(*lines: tuple[str, int, int], **more: Any) -> Facts:
    """A Tuesday noon purchase of (category, quantity, amount in cents)."""
    day = date(2026, 3, 3)
    basket = tuple(FactLine(f"sku-{c}", c, q, (a,)) for c, q, a in lines)
    known = {"kind": "purchase", "day": day.toordinal(), "weekday": 1, "hour": 12}
    return Facts(**{**known, "lines": basket, "extras": (0,), **more})


def earned(program: Program, facts: Facts, room: tuple[int, ...] = ()) -> int:
    """Whole points of the wallet `points` for one activity."""
    judge = Reference(program)
    return judge.settle("points", judge.evaluate(facts, room)).units


def shares(program: Program, facts: Facts, room: tuple[int, ...] = ()) -> list[Fraction]:
    return Reference(program).evaluate(facts, room)


def test_cents_are_cut_off_once_at_the_end() -> None:
    two_lines = purchase(("a", 1, 1050), ("b", 1, 950))
    assert earned(program({"id": "base", "award": PER_EURO}), two_lines) == 20


def test_ten_purchases_of_9_99_with_carry_are_one_of_99_90() -> None:
    carrying = program(
        {"id": "base", "award": PER_EURO}, wallet={"rounding": {"mode": "floor", "carry": True}}
    )
    judge, remainder, points = Reference(carrying), Fraction(0), []
    for _ in range(10):
        settled = judge.settle("points", judge.evaluate(purchase(("a", 1, 999)), ()), remainder)
        remainder = settled.remainder
        points.append(settled.units)
    assert points == [9, 10, 10, 10, 10, 10, 10, 10, 10, 10]
    assert sum(points) == 99
    assert remainder == Fraction(9, 10)


def test_without_carry_nothing_is_kept_for_the_next_purchase() -> None:
    judge = Reference(program({"id": "base", "award": PER_EURO}))
    settled = judge.settle("points", [Fraction(999, 100)], Fraction(1, 2))
    assert (settled.units, settled.remainder) == (9, 0)


@pytest.mark.parametrize(
    ("mode", "line", "basket"),
    [("floor", 2, 3), ("ceil", 5, 4), ("half_up", 4, 3), ("half_even", 4, 3)],
)
def test_line_scope_rounds_each_line_and_basket_scope_the_sum(
    mode: str, line: int, basket: int
) -> None:
    facts = purchase(("a", 1, 150), ("b", 1, 150), ("c", 1, 20))
    for scope, points in (("line", line), ("basket", basket)):
        rounding = {"mode": mode, "scope": scope}
        rules = program({"id": "base", "award": PER_EURO}, wallet={"rounding": rounding})
        assert earned(rules, facts) == points


def test_day_scope_rounds_the_day_not_the_purchase() -> None:
    rounding = {"mode": "half_up", "scope": "day"}
    judge = Reference(program({"id": "b", "award": PER_EURO}, wallet={"rounding": rounding}))
    first = judge.settle("points", [Fraction(6, 10)])
    assert (first.units, first.remainder) == (1, Fraction(-4, 10))
    second = judge.settle("points", [Fraction(6, 10)], first.remainder)
    assert (second.units, second.remainder) == (0, Fraction(2, 10))
    assert second.per_rule == [0]


@pytest.mark.parametrize(
    ("mode", "whole"),
    [
        ("floor", [0, 1, 2, 2]),
        ("ceil", [1, 2, 3, 3]),
        ("half_up", [1, 2, 3, 2]),
        ("half_even", [0, 2, 2, 2]),
    ],
)
def test_halves_round_as_the_mode_says(mode: str, whole: list[int]) -> None:
    rounding = msgspec.convert({"mode": mode}, Rounding)
    exact = [Fraction(1, 2), Fraction(3, 2), Fraction(5, 2), Fraction(9, 4)]
    assert [rounded(each, rounding) for each in exact] == whole


def test_steps_round_to_multiples() -> None:
    rounding = msgspec.convert({"mode": "half_up", "step": 5}, Rounding)
    assert [rounded(Fraction(n, 2), rounding) for n in (4, 5, 14, 15)] == [0, 5, 5, 10]


BASES = (
    {"id": "b", "award": PER_EURO},
    {"id": "c", "award": {"give": "fixed", "points": 12}},
    {"id": "a", "award": {"give": "fixed", "points": 12}},
)


@pytest.mark.parametrize(
    ("base", "each"), [("best", [0, 0, 12]), ("first", [10, 0, 0]), ("sum", [10, 12, 12])]
)
def test_best_first_and_sum_of_the_base_rules(base: str, each: list[int]) -> None:
    rules = program(*BASES, stacking={"base": base})
    assert shares(rules, purchase(("x", 1, 1000))) == each


def test_first_passes_over_a_rule_that_counts_nothing() -> None:
    coffee = {"give": "per_item", "points": 5, "categories": ["coffee"]}
    rules = program(
        {"id": "z", "award": coffee},
        {"id": "y", "award": PER_EURO},
        stacking={"base": "first"},
    )
    assert shares(rules, purchase(("tea", 2, 400))) == [0, 4]


@pytest.mark.parametrize(
    ("way", "each", "points"), [("additive", [10, 5, 10], 25), ("multiplicative", [10, 5, 15], 30)]
)
def test_multipliers_add_up_or_build_on_each_other(way: str, each: list[int], points: int) -> None:
    rules = program(
        {"id": "base", "award": PER_EURO},
        {"id": "half", "award": {"give": "multiply", "by": "1.5"}},
        {"id": "z-double", "award": {"give": "multiply", "by": 2}},
        stacking={"multipliers": way},
    )
    assert shares(rules, purchase(("x", 1, 1000))) == each
    assert earned(rules, purchase(("x", 1, 1000))) == points


def test_times_one_keeps_nobody_of_its_group_from_giving() -> None:
    rules = program(
        {"id": "base", "award": PER_EURO},
        {"id": "once", "award": {"give": "multiply", "by": 1}, "group": "a", "priority": 2},
        {"id": "twice", "award": {"give": "multiply", "by": 2}, "group": "a"},
    )
    assert shares(rules, purchase(("x", 1, 1000))) == [10, 0, 10]
    compiled = compile_program(rules)
    grains = compiled.evaluate(purchase(("x", 1, 1000)), [])
    assert grains == [10 * compiled.wallets[0].grid, 0, 10 * compiled.wallets[0].grid]


def test_a_bonus_is_not_multiplied_and_may_need_a_base() -> None:
    bonus = {"give": "fixed", "points": 50, "stage": "bonus"}
    rules = program(
        {"id": "base", "award": PER_EURO},
        {"id": "twice", "award": {"give": "multiply", "by": 2}},
        {"id": "bonus", "award": bonus, "needs_base": True},
    )
    assert shares(rules, purchase(("x", 1, 1000))) == [10, 10, 50]
    told: list[Told] = []
    free = purchase(("x", 1, 0))
    assert Reference(rules).evaluate(free, (), told) == [0, 0, 0]
    assert [t.why for t in told] == ["nothing_to_count", "no_base", "no_base"]


def limited(on_exceed: str, **limit: Any) -> Program:
    limits = [{"per": "month", "on_exceed": on_exceed, **limit}]
    return program(
        {"id": "rich", "award": {"give": "fixed", "points": 30}, "limits": limits},
        {"id": "poor", "award": PER_EURO},
    )


@pytest.mark.parametrize(
    ("on_exceed", "room", "each"),
    [
        ("clip", 30, [30, 0]),
        ("clip", 12, [12, 0]),
        ("reject", 29, [0, 0]),
        ("fall_through", 29, [0, 10]),
        ("fall_through", 30, [30, 0]),
    ],
)
def test_what_happens_when_a_limit_is_exceeded(on_exceed: str, room: int, each: list[int]) -> None:
    assert shares(limited(on_exceed, points=100), purchase(("x", 1, 1000)), (room,)) == each


@pytest.mark.parametrize(
    ("on_exceed", "room", "each"),
    [("clip", 1, [30, 0]), ("clip", 0, [0, 0]), ("fall_through", 0, [0, 10])],
)
def test_a_limit_in_times_counts_how_often(on_exceed: str, room: int, each: list[int]) -> None:
    assert shares(limited(on_exceed, times=3), purchase(("x", 1, 1000)), (room,)) == each


def test_multipliers_build_on_the_base_before_its_limit() -> None:
    rules = program(
        {"id": "base", "award": PER_EURO, "limits": [{"per": "day", "points": 4}]},
        {"id": "double", "award": {"give": "multiply", "by": 2}},
    )
    assert shares(rules, purchase(("x", 1, 1000)), (4,)) == [4, 10]


def test_broken_sets_give_nothing() -> None:
    sets = {"give": "per_item", "points": 2, "every": 3, "categories": ["bag"]}
    rules = program({"id": "sets", "award": sets})
    assert earned(rules, purchase(("bag", 5, 100), ("bag", 3, 100), ("hat", 9, 100))) == 4


def test_named_categories_leave_shipping_out() -> None:
    shipped = purchase(("a", 1, 1000), ("b", 1, 500), extras=(400,))
    only = {**PER_EURO, "only_categories": ["a"], "only_skus": ["sku-b"]}
    assert earned(program({"id": "all", "award": PER_EURO}), shipped) == 19
    assert earned(program({"id": "some", "award": only}), shipped) == 15


def test_a_sale_that_came_back_whole_gives_nothing() -> None:
    rules = program(
        {"id": "visit", "award": {"give": "fixed", "points": 7}},
        {"id": "each", "award": {"give": "per_item", "points": 1}},
        stacking={"base": "sum"},
    )
    assert earned(rules, purchase(("a", 2, 1000))) == 9
    assert earned(rules, purchase(("a", 0, 0), ("b", 0, 0))) == 0


def test_shares_add_up_to_the_rounded_whole() -> None:
    rules = program(*BASES, stacking={"base": "sum"})
    judge = Reference(rules)
    thirds = [Fraction(4, 3), Fraction(4, 3), Fraction(4, 3)]
    assert judge.settle("points", thirds).per_rule == [1, 1, 2]
    assert judge.settle("points", [Fraction(0), Fraction(9, 5), Fraction(7, 5)]).per_rule == [
        0,
        2,
        1,
    ]


def test_what_was_carried_in_takes_its_share_and_gives_it_to_no_rule() -> None:
    rules = program(*BASES, wallet={"rounding": {"carry": True}}, stacking={"base": "sum"})
    judge = Reference(rules)
    settled = judge.settle("points", [Fraction(3, 10), Fraction(0), Fraction(0)], Fraction(8, 10))
    assert (settled.units, settled.remainder, settled.per_rule) == (1, Fraction(1, 10), [0, 0, 0])


def test_a_share_never_exceeds_what_the_rule_gave() -> None:
    rules = program(
        *BASES, wallet={"rounding": {"mode": "ceil", "step": 10}}, stacking={"base": "sum"}
    )
    settled = Reference(rules).settle("points", [Fraction(1), Fraction(1, 2), Fraction(2)])
    assert settled.units == 10
    assert settled.per_rule == [1, 1, 2]


def test_a_rule_that_does_not_match_changes_nothing() -> None:
    facts = purchase(("x", 1, 1234))
    rules = program(*BASES)
    other = {"id": "a-first", "on": "visit", "award": {"give": "fixed", "points": 999}}
    monday = {"if": "weekday", "in": ["mon"]}
    more = program({**BASES[0], "id": "a-a", "when": monday}, other, *BASES)
    assert shares(more, facts) == [0, 0, *shares(rules, facts)]


@pytest.mark.parametrize("base", ["best", "sum"])
@pytest.mark.parametrize("way", ["additive", "multiplicative"])
def test_the_order_in_the_file_does_not_matter(base: str, way: str) -> None:
    rules = [
        *BASES,
        {"id": "m", "award": {"give": "multiply", "by": "1.1"}},
        {"id": "n", "award": {"give": "multiply", "by": "1.7"}},
    ]
    facts, stacking = purchase(("x", 1, 1297)), {"base": base, "multipliers": way}

    def by_id(order: list[dict[str, Any]]) -> dict[str, tuple[Fraction, int]]:
        judge = Reference(program(*order, stacking=stacking))
        exact = judge.evaluate(facts, ())
        whole = judge.settle("points", exact).per_rule
        ids = [rule["id"] for rule in order]
        return dict(zip(ids, zip(exact, whole, strict=True), strict=True))

    assert by_id(rules) == by_id(rules[::-1]) == by_id(rules[2:] + rules[:2])


def test_first_depends_on_the_order_by_its_meaning() -> None:
    facts, stacking = purchase(("x", 1, 1000)), {"base": "first"}
    assert earned(program(*BASES, stacking=stacking), facts) == 10
    assert earned(program(*BASES[::-1], stacking=stacking), facts) == 12


def test_wallets_do_not_mix() -> None:
    rules = program(
        {"id": "base", "award": PER_EURO},
        {"id": "stamp", "wallet": "stamps", "award": {"give": "per_item", "points": 1}},
        {"id": "double", "award": {"give": "multiply", "by": 2}},
        wallets={"points": {}, "stamps": {"kind": "stamps"}},
    )
    judge, facts = Reference(rules), purchase(("x", 3, 1000))
    exact = judge.evaluate(facts, ())
    assert exact == [10, 3, 10]
    assert judge.settle("points", exact).per_rule == [10, 0, 10]
    assert judge.settle("stamps", exact).units == 3
