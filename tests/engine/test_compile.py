"""What the generated source looks like, and what compiled programs carry for the flows."""

from __future__ import annotations

import ast
from datetime import date
from random import Random

import pytest
from tests.engine.random_programs import CATEGORIES, STORES, random_program

from regulars.engine.compiling.compile import compile_program
from regulars.engine.compiling.grid import grid_of, too_fine
from regulars.engine.facts import FactLine, Facts
from regulars.engine.reference.interpreter import Reference
from regulars.records.program import types as t

PER_EURO = t.PerAmount(1, "1.00")


def program(*rules: t.Rule, wallet: t.Wallet | None = None, **more: object) -> t.Program:
    whole = {
        "regulars": 1,
        "program": "test",
        "name": "Test",
        "currency": "EUR",
        "zone": "Europe/Berlin",
        "wallets": {"points": wallet or t.Wallet()},
        "rules": rules,
        **more,
    }
    return t.Program(**whole)


def rule(name: str, award: t.Award, **more: object) -> t.Rule:
    return t.Rule(name, more.pop("on", "purchase"), more.pop("wallet", "points"), award, **more)


def purchase(*amounts: int, **more: object) -> Facts:
    lines = tuple(FactLine("c1", "coffee", 1, (amount,)) for amount in amounts)
    day = date(2026, 7, 6)
    known = {"kind": "purchase", "day": day.toordinal(), "weekday": day.weekday(), "hour": 9}
    return Facts(**{**known, "lines": lines, "extras": (0,), **more})


def test_no_word_a_person_wrote_becomes_source() -> None:
    words = [word for word in (*CATEGORIES, *STORES) if len(word) > 3]
    for seed in range(200):
        source = compile_program(random_program(Random(seed))).source
        constants = [node.value for node in ast.walk(ast.parse(source))
                     if isinstance(node, ast.Constant)]  # fmt: skip
        assert all(type(value) in (int, bool) for value in constants), seed
        assert not [word for word in words if word in source]


def test_a_kind_of_activity_meets_only_its_own_rules() -> None:
    compiled = compile_program(program(rule("a", PER_EURO), rule("b", t.Fixed(5), on="visit")))
    assert compiled.evaluate(purchase(1000), []) == [1000, 0]
    assert compiled.evaluate(purchase(1000, kind="visit"), []) == [0, 5 * 100]
    assert compiled.evaluate(purchase(1000, kind="unheard-of"), []) == [0, 0]
    assert compiled.rules_on == {"purchase": (0,), "visit": (1,)}


def test_the_answer_for_an_unknown_kind_is_a_fresh_list_each_time() -> None:
    compiled = compile_program(program(rule("a", PER_EURO)))
    compiled.evaluate(purchase(1, kind="x"), []).append(9)
    assert compiled.evaluate(purchase(1, kind="x"), []) == [0]


def test_a_cooldown_lies_behind_the_limits_of_its_rule() -> None:
    hours, days = t.Cooldown(hours=4), t.Cooldown(days=7)
    compiled = compile_program(
        program(
            rule("a", t.Fixed(1), limits=(t.Limit("day", points=9),), cooldown=hours),
            rule("b", t.Fixed(1), on="visit", cooldown=days),
        )
    )
    assert [(x.rule, x.counts, x.rest, x.by_minutes, x.full) for x in compiled.limits] == [
        (0, "points", 0, False, 9),
        (0, "times", 240, True, 1),
        (1, "times", 7, False, 1),
    ]
    assert compiled.limits_on == {"purchase": (0,), "visit": ()}
    assert compiled.cooldowns_on == {"purchase": (1,), "visit": (2,)}
    assert compiled.by_minutes


def test_limits_lie_flat_with_their_full_room() -> None:
    limits = (t.Limit("day", points="2.50"), t.Limit("ever", times=3))
    compiled = compile_program(
        program(
            rule("a", t.PerAmount("1.5", 1), limits=limits),
            rule("b", t.Fixed(1), on="visit", limits=(t.Limit("week", points=4),)),
            wallet=t.Wallet(scale=2),
        )
    )
    assert [(x.rule, x.counts, x.per, x.full) for x in compiled.limits] == [
        (0, "points", "day", 250),
        (0, "times", "ever", 3),
        (1, "points", "week", 400),
    ]
    assert compiled.limits_on == {"purchase": (0, 1), "visit": (2,)}
    assert compiled.full_room == (250, 3, 400)


@pytest.mark.parametrize(
    ("credit", "tier"), [(0, 0), (9999, 0), (10000, 1), (10001, 1), (49999, 1), (50000, 2)]
)
def test_a_tier_is_reached_exactly_at_its_threshold(credit: int, tier: int) -> None:
    ladder = t.Tiers(steps=(t.Tier("silver", "100.00"), t.Tier("gold", 500)))
    assert compile_program(program(tiers=ladder)).tier_of(credit) == tier


def test_grid_is_the_smallest_that_makes_every_rate_whole() -> None:
    thirds = rule("a", t.PerAmount(1, "3.00"))
    assert grid_of(program(thirds), "points") == 300
    half_more = rule("m", t.Multiply("1.5"))
    quarter_more = rule("n", t.Multiply("1.25"))
    assert grid_of(program(thirds, half_more, quarter_more), "points") == 300 * 4
    stacked = t.Stacking(multipliers="multiplicative")
    assert grid_of(program(thirds, half_more, quarter_more, stacking=stacked), "points") == 2400


def test_campaigns_that_follow_each_other_need_no_common_grid() -> None:
    campaigns = [
        rule(f"m{year}", t.Multiply("1.1"), from_on=f"{year}-01-01", until_on=f"{year}-12-31")
        for year in range(2000, 2060)
    ]
    stacked = t.Stacking(multipliers="multiplicative")
    terms = program(rule("a", PER_EURO), *campaigns, stacking=stacked)
    assert grid_of(terms, "points") == 1000
    assert too_fine(terms) == ()


def test_a_program_too_fine_to_count_exactly_names_the_rule() -> None:
    fine = [rule(f"m{i}", t.Multiply("1.000001")) for i in range(3)]
    stacked = t.Stacking(multipliers="multiplicative")
    found = too_fine(program(rule("a", PER_EURO), *fine, stacking=stacked))
    assert [problem.rule for problem in found] == ["a"]
    assert "fewer decimals" in found[0].says
    assert too_fine(program(rule("a", PER_EURO), *fine)) == ()


@pytest.mark.parametrize("amount", [0, 1, 2**31 - 1, 2**31, 2**53 - 1, 2**53])
def test_numbers_at_the_edges_of_machine_words_stay_exact(amount: int) -> None:
    terms = program(
        rule("a", t.PerAmount(1, "3.00")),
        rule("m", t.Multiply("1.333333")),
        rule("b", t.PerAmount(7, "0.03", stage="bonus"), limits=(t.Limit("day", points=10**9),)),
    )
    compiled, grid = compile_program(terms), grid_of(terms, "points")
    expected = Reference(terms).evaluate(purchase(amount), [2**53])
    assert compiled.evaluate(purchase(amount), [2**53]) == [x * grid for x in expected]


def test_conditions_nested_deeper_than_python_brackets_still_compile() -> None:
    deep: t.Condition = t.AmountIs("5.00")
    for _ in range(300):
        deep = t.Not(deep)
    compiled = compile_program(program(rule("a", PER_EURO, when=deep)))
    assert compiled.evaluate(purchase(500), []) == [500]
    assert compiled.evaluate(purchase(499), []) == [0]


def test_a_program_of_five_hundred_rules_compiles() -> None:
    rules = [rule(f"r{i}", t.PerAmount(i + 1, "7.00"), limits=(t.Limit("day", points=9),))
             for i in range(500)]  # fmt: skip
    compiled = compile_program(program(*rules))
    grains = compiled.evaluate(purchase(700), [9] * 500)
    # The best rule gives 500 points and is cut to 9; the others were outdone.
    assert [i for i, given in enumerate(grains) if given] == [499]
    assert grains[499] == 9 * compiled.wallets[0].grid


def test_an_attribute_of_yes_is_not_one_and_not_the_word() -> None:
    compiled = compile_program(program(rule("a", PER_EURO, when=t.MemberIs("vip", (True, "1")))))
    given = {
        repr(value): compiled.evaluate(purchase(100, member={"vip": value}), [])[0]
        for value in (True, 1, "1", "True")
    }
    assert given == {"True": 100, "1": 0, "'1'": 100, "'True'": 0}
    assert compiled.evaluate(purchase(100), []) == [0]
