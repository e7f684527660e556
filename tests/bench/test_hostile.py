"""Programs as slow as a file can make them stay quick, because none does anything squared."""

from random import Random

import pytest
from bench.field.hostile import FULL, MEMBER, WAYS, basket, slow_program, text_of, version_of
from bench.sides.slowest import GOAL_MS, slowest
from msgspec.structs import replace
from tests.engine.test_parity import exactly
from tests.turns import NIGHTLY

from regulars.engine.checking.admission import admit
from regulars.engine.checking.working import MOST_STEPS
from regulars.engine.compiling.compile import compile_program, wanted_by
from regulars.engine.deciding.earn import scene_of
from regulars.engine.reference.interpreter import Reference
from regulars.records.program import types as t
from regulars.records.program.problems import ProgramFault

LARGEST = range(len(WAYS))
SAMPLE = range(len(WAYS), FULL, 2)
HEAD = """\
regulars: 1
program: shop
name: Shop
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
"""
ARTICLE = (
    "  - {{id: r{n}, on: purchase, wallet: points, award: {{give: fixed, points: 1}}, when: {}}}\n"
)


@pytest.mark.parametrize("number", LARGEST)
def test_the_largest_of_each_kind_is_a_valid_file_and_its_text_no_square(number: int) -> None:
    program = slow_program(number).program
    file = text_of(program)
    # A rule that repeated the conditions of those before it would be a hundred times as long.
    assert len(compile_program(admit(file).program).source) < 3 * len(file) + 20_000
    assert max((steps for _, steps in wanted_by(program)), default=0) <= MOST_STEPS


def test_a_sample_gives_what_the_reference_gives() -> None:
    gave = 0
    for number in SAMPLE:
        way, program = slow_program(number)
        compiled = compile_program(program)
        scene = scene_of(version_of(compiled), basket(Random(number), lines=9))
        facts = replace(scene.facts, member=MEMBER)
        grains = compiled.evaluate(facts, compiled.full_room)
        if way == "days" and len(compiled.source) > 20_000:
            continue  # the reference reads each day anew
        expected = Reference(program).evaluate(facts, list(compiled.full_room))
        assert exactly(compiled, grains) == expected, number
        gave += any(grains)
    assert gave > 25


@pytest.mark.skipif(not NIGHTLY, reason="takes twenty minutes: REGULARS_TEST_SIZE=nightly")
@pytest.mark.slow
def test_the_slowest_of_a_hundred_thousand_takes_fifty_milliseconds() -> None:
    took = slowest(range(100_000))
    assert max(took.values()).ms <= GOAL_MS, took


def test_rules_that_ask_too_much_of_each_line_are_refused_at_the_rule_that_passes_it() -> None:
    asks = "{if: all, of: [%s]}"
    has = [f"{{if: basket_has, skus: [a{n}], quantity: 2}}" for n in range(1_001)]
    trees = [asks % ", ".join(has[at : at + 32]) for at in range(0, len(has), 32)]
    rules = "".join(ARTICLE.format(tree, n=n) for n, tree in enumerate(trees))
    with pytest.raises(ProgramFault) as caught:
        admit(HEAD + "rules:\n" + rules)
    (problem,) = caught.value.problems
    # Each article is a question and a sum: the thousandth fills 2,000 steps, one more is too much.
    assert problem.path == "rules[31]"
    assert problem.mend.startswith("name goods by category")
    fewer = "".join(ARTICLE.format(tree, n=n) for n, tree in enumerate(trees[:31]))
    assert admit(HEAD + "rules:\n" + fewer).program.rules


def test_more_ways_of_counting_a_purchase_than_sixteen_are_refused() -> None:
    many = ", ".join(f"q{n}: {{}}" for n in range(16))
    text = f"{HEAD}qualifying: {{standard: {{}}, %s}}\n"
    with pytest.raises(ProgramFault) as caught:
        admit(text % many)
    (problem,) = caught.value.problems
    assert (problem.path, problem.mend) == ("qualifying.q15", "let rules share them")
    assert len(admit(text % many.replace(", q15: {}", "")).program.qualifying) == 16


def test_a_multiplier_that_changes_nothing_keeps_no_other_of_its_group_from_giving() -> None:
    rules = (
        t.Rule("base", "purchase", "points", t.PerAmount(1, 1)),
        t.Rule("one", "purchase", "points", t.Multiply(1), group="g", priority=9),
        t.Rule("two", "purchase", "points", t.Multiply(2), group="g", priority=5),
        t.Rule("three", "purchase", "points", t.Multiply(3), group="g", priority=1),
    )
    program = replace(slow_program(5).program, rules=rules, wallets={"points": t.Wallet()})
    compiled = compile_program(program)
    facts = scene_of(version_of(compiled), basket(Random(1), lines=2)).facts
    base, one, two, three = compiled.evaluate(facts, compiled.full_room)
    assert (one, two, three) == (0, base, 0)
    assert base > 0
