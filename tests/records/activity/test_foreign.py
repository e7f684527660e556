"""A sale in another currency, as it is kept, is a sale like any other; what nobody told is not."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from regulars.engine.qualify import qualify
from regulars.records.activity.checks import amount_of
from regulars.records.activity.foreign import as_told, kept, told_whole
from regulars.records.activity.types import Body, Line, PaidIn, Payment
from regulars.records.program.types import Qualifying

TEN = PaidIn("USD", 1_000, 9, 10, ((1_200, 200, 100),), (100, 60, 40), (1_000,))
SALE = Body(
    lines=(Line(1_080, discount_minor=180, tax_minor=90),),
    order_discount_minor=90,
    shipping_minor=54,
    tips_minor=36,
    payments=(Payment("money", 900),),
    paid_in=TEN,
)


def sold(chance: Random) -> tuple[Body, int]:
    """A small sale, so that every unit that is rounded shows; and what it came to."""
    lines = []
    for _ in range(chance.randint(1, 4)):
        cost = chance.randint(0, 12)
        off = chance.randint(0, cost)
        lines.append(Line(cost, discount_minor=off, tax_minor=chance.randint(0, cost - off)))
    net = sum(line.amount_minor - line.discount_minor for line in lines)
    off, shipping, tips = (
        chance.choice((0, net, net // 2)),
        chance.randint(0, 5),
        chance.randint(0, 3),
    )
    left = total = net - off + shipping + tips
    payments = []
    while left and chance.random() < 0.7:
        part = chance.randint(1, left)
        left -= part
        payments.append(Payment(chance.choice(("money", "points")), part))
    body = Body(tuple(lines), off, shipping, tips, tuple(payments))
    return body, total


def test_what_is_kept_could_have_been_told_and_tells_what_was() -> None:
    chance = Random(7)
    for _ in range(3_000):
        body, total = sold(chance)
        rate = Fraction(chance.randint(1, 400), chance.choice((1, 3, 7, 100)))
        whole, amount = kept(body, total, "USD", rate)
        assert amount_of("purchase", None, whole) == amount == total * rate // 1, (body, rate)
        assert as_told(whole) == (body, total)
        assert told_whole("purchase", msgspec.convert(msgspec.to_builtins(whole), Body))
        if sum(one.amount_minor for one in body.payments if one.kind == "points") == total:
            counted = qualify((Qualifying(),), whole)
            assert (sum(map(sum, counted.lines)), sum(counted.extras)) == (0, 0), (body, rate)


def test_parts_add_up_to_what_all_of_it_comes_to() -> None:
    """80.8 and 40.8 cents are 121 in all: one of the lines has the cent that neither has alone."""
    body = Body(lines=(Line(101), Line(51)))
    whole, amount = kept(body, 152, "USD", Fraction(8, 10))
    assert (amount, [line.amount_minor for line in whole.lines]) == (121, [81, 40])
    assert whole.order_discount_minor == 0


def test_a_sale_that_was_exported_is_whole() -> None:
    assert told_whole("purchase", SALE)
    assert told_whole("purchase", Body())
    assert kept(as_told(SALE)[0], 1_000, "USD", Fraction(9, 10)) == (SALE, 900)


@pytest.mark.parametrize(
    "other",
    [
        {"currency": "usd"}, {"currency": "DOLLARS"}, {"currency": ""},
        {"counts": 0}, {"per": -1},
        {"amount_minor": 999},
        {"lines": ()}, {"lines": ((-1_200, -2_400, 0),)}, {"lines": ((1_200, 1_300, 0),)},
        {"lines": ((1_200, 200, 1_001),)}, {"lines": ((2**60, 2**60, 0),)},
        {"over": (-100, -140, 40)},
        {"payments": (-5,)}, {"payments": (1_001,)}, {"payments": ()},
    ],
)  # fmt: skip
def test_what_nobody_can_have_paid_is_not(other: dict[str, Any]) -> None:
    assert not told_whole("purchase", replace(SALE, paid_in=replace(TEN, **other)))


def test_only_a_purchase_was_paid_in_another_currency() -> None:
    assert not told_whole("visit", Body(paid_in=PaidIn("USD", 5, 1, 1)))
