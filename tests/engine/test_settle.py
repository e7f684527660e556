"""The one rounding: A10's numbers, shares by largest remainder, and what always holds."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.random_programs import random_facts, random_program, random_room
from tests.engine.test_compile import PER_EURO, program, purchase, rule

from regulars.engine.compiling.compile import Compiled, compile_program
from regulars.engine.deciding.settle import Settled, settle
from regulars.engine.qualify import after_returns
from regulars.records.program import types as t


def earned(compiled: Compiled, *amounts: int) -> list[int]:
    """Points of purchases one after the other, the remainder kept in between."""
    wallet, remainder, points = compiled.wallets[0], 0, []
    for amount in amounts:
        settled = settle(wallet, compiled.evaluate(purchase(amount), []), remainder)
        remainder = settled.remainder
        points.append(settled.units)
    return points


def rounding(mode: str = "floor", **more: object) -> t.Wallet:
    return t.Wallet(rounding=t.Rounding(mode=mode, **more))


def test_ten_purchases_of_9_99_with_carry_are_one_of_99_90() -> None:
    carry = compile_program(program(rule("a", PER_EURO), wallet=rounding(carry=True)))
    plain = compile_program(program(rule("a", PER_EURO)))
    assert earned(carry, *[999] * 10) == [9, 10, 10, 10, 10, 10, 10, 10, 10, 10]
    assert sum(earned(carry, *[999] * 10)) == earned(carry, 9990)[0] == 99
    assert sum(earned(plain, *[999] * 10)) == 90


@pytest.mark.parametrize(
    ("mode", "points"),
    [
        ("floor", [0, 0, 1, 1, 1, 2]),
        ("ceil", [1, 1, 1, 2, 2, 3]),
        ("half_up", [0, 1, 1, 1, 2, 3]),
        ("half_even", [0, 0, 1, 1, 2, 2]),
    ],
)
def test_each_mode_rounds_its_own_way(mode: str, points: list[int]) -> None:
    compiled = compile_program(program(rule("a", PER_EURO), wallet=rounding(mode)))
    given_ = [earned(compiled, amount)[0] for amount in (49, 50, 100, 149, 150, 250)]
    assert given_ == points


def test_line_scope_rounds_each_line_and_basket_scope_the_sum() -> None:
    by_line = compile_program(program(rule("a", PER_EURO), wallet=rounding(scope="line")))
    basket = compile_program(program(rule("a", PER_EURO)))
    facts = purchase(199, 199, 199)
    assert settle(by_line.wallets[0], by_line.evaluate(facts, [])).units == 3
    assert settle(basket.wallets[0], basket.evaluate(facts, [])).units == 5


def test_a_day_that_was_rounded_up_gives_less_later() -> None:
    compiled = compile_program(program(rule("a", PER_EURO), wallet=rounding("ceil", scope="day")))
    assert earned(compiled, 10, 10, 10, 80, 1) == [1, 0, 0, 1, 0]


def test_parts_go_to_the_largest_rest_and_ties_to_the_smallest_id() -> None:
    rules = [rule(name, PER_EURO) for name in ("c", "a", "b")]
    wallet = compile_program(program(*rules)).wallets[0]
    assert settle(wallet, [50, 50, 50]).parts == (0, 1, 0)
    assert settle(wallet, [60, 50, 50]).parts == (1, 0, 0)
    assert settle(wallet, [0, 200, 0]).parts == (0, 2, 0)


def test_a_part_never_passes_what_its_rule_gave_rounded_up() -> None:
    rules = [rule(name, PER_EURO) for name in ("a", "b")]
    wallet = compile_program(program(*rules, wallet=rounding("ceil", step=100))).wallets[0]
    assert settle(wallet, [150, 0]) == Settled(100, 0, (2, 0))


@given(st.integers(0, 2**53), st.integers(0, 2**53), st.integers(1, 999), st.integers(1, 999))
def test_splitting_a_purchase_changes_at_most_one_point(
    a: int, b: int, points: int, per: int
) -> None:
    compiled = compile_program(program(rule("a", t.PerAmount(points, per))))
    one, two, both = (earned(compiled, amount)[0] for amount in (a, b, a + b))
    assert 0 <= both - one - two <= 1
    assert one <= both
    assert both == Fraction((a + b) * points, per * 100).__floor__()


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from(["ceil", "half_up"]))
def test_more_money_never_earns_less(a: int, b: int, mode: str) -> None:
    compiled = compile_program(
        program(rule("a", t.PerAmount(3, "7.00")), rule("m", t.Multiply("1.1")),
                wallet=rounding(mode, step=5))
    )  # fmt: skip
    less, more = sorted((a, b))
    small, large = (
        settle(compiled.wallets[0], compiled.evaluate(purchase(amount), [])).units
        for amount in (less, more)
    )
    assert small <= large


@given(st.randoms(use_true_random=False))
def test_a_purchase_returned_in_any_parts_and_order_earns_nothing_in_the_end(rng: Random) -> None:
    compiled = compile_program(random_program(rng))
    facts = random_facts(rng, compiled.program)
    room = random_room(rng, compiled.program)
    if facts.kind != "purchase" or not facts.lines:
        return
    pieces = [i for i, line in enumerate(facts.lines) for _ in range(line.quantity)]
    rng.shuffle(pieces)
    back = [0] * len(facts.lines)
    amounts = [sum(line.amounts) for line in facts.lines]
    for i in pieces:
        back[i] += 1
        left = [sum(line.amounts) for line in after_returns(facts, back).lines]
        assert all(new <= old for new, old in zip(left, amounts, strict=True))
        amounts = left
    assert not any(compiled.evaluate(after_returns(facts, back), room))
    assert not any(after_returns(facts, back).extras)


@given(st.randoms(use_true_random=False), st.integers(0, 10**6))
def test_parts_never_exceed_room_and_add_up_to_the_units(rng: Random, part: int) -> None:
    compiled = compile_program(random_program(rng))
    facts = random_facts(rng, compiled.program)
    room = random_room(rng, compiled.program)
    grains = compiled.evaluate(facts, room)
    for place, limit in enumerate(compiled.limits):
        wallet = compiled.wallets[compiled.wallet_of[limit.rule]]
        settled = settle(wallet, [grains[i] for i in wallet.rules], part % wallet.grid)
        mine = settled.parts[wallet.rules.index(limit.rule)]
        assert mine <= room[place] or limit.counts == "times"
        assert sum(settled.parts) <= settled.units
        if wallet.keeps == "no" and wallet.step == 1:
            assert sum(settled.parts) == settled.units
