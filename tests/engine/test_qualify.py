"""What of a purchase counts: discounts, tax, shipping, tips, points paid, and returns (C1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.engine.facts import FactLine, Facts
from regulars.engine.qualify import Qualified, after_returns, qualify, remaining, spread
from regulars.records.activity.types import Body, Line, Payment
from regulars.records.program.types import Qualifying

COFFEE = Line(1000, "c1", "coffee", 2, tax_minor=70)
GIFT = Line(2000, "g1", "gift-card")
NO_GIFTS = Qualifying(except_categories=("gift-card",))


def counts(definition: Qualifying, body: Body) -> tuple[list[int], int]:
    qualified = qualify([definition], body)
    return [line[0] for line in qualified.lines], qualified.extras[0]


def with_policy(policy: str) -> Qualifying:
    return Qualifying(except_categories=("gift-card",), order_discounts=policy)


def test_a_purchase_without_lines_is_one_line() -> None:
    whole = Qualified(((999, 999),), (0, 0))
    assert qualify([Qualifying(), Qualifying()], Body(), 999) == whole
    assert qualify([Qualifying()], Body()) == Qualified((), (0,))


@pytest.mark.parametrize(
    ("definition", "lines"),
    [
        (Qualifying(), [1000, 2000]),
        (NO_GIFTS, [1000, 0]),
        (Qualifying(only_categories=("gift-card",)), [0, 2000]),
        (Qualifying(except_skus=("c1",)), [0, 2000]),
        (Qualifying(only_skus=("c1",)), [1000, 0]),
        (Qualifying(only_skus=("c1",), only_categories=("gift-card",)), [1000, 2000]),
        (Qualifying(only_skus=("c1",), except_categories=("coffee",)), [0, 0]),
        (Qualifying(only_categories=("coffee",), except_skus=("c1",)), [0, 0]),
    ],
)
def test_lines_count_by_category_and_article(definition: Qualifying, lines: list[int]) -> None:
    assert counts(definition, Body(lines=(COFFEE, GIFT))) == (lines, 0)


@pytest.mark.parametrize(
    ("policy", "coffee"),
    [("none", 1000), ("pro_rata", 900), ("full", 700)],
)
def test_an_order_discount_falls_where_the_policy_says(policy: str, coffee: int) -> None:
    body = Body(lines=(COFFEE, GIFT), order_discount_minor=300)
    assert counts(with_policy(policy), body)[0] == [coffee, 0]


def test_a_line_discount_always_counts_and_never_below_nothing() -> None:
    lines = (Line(1000, discount_minor=1), Line(1000, discount_minor=1001))
    assert counts(with_policy("none"), Body(lines=lines))[0] == [999, 0]
    body = Body(lines=(Line(1000), Line(0, discount_minor=500)), order_discount_minor=100)
    assert counts(Qualifying(), body)[0] == [900, 0]


def test_a_discount_larger_than_the_basket_leaves_nothing() -> None:
    body = Body(lines=(COFFEE, GIFT), order_discount_minor=99_999)
    assert counts(Qualifying(), body)[0] == [0, 0]


def test_a_discount_over_lines_adds_up_to_the_last_cent() -> None:
    lines = tuple(Line(amount) for amount in (333, 333, 334))
    assert counts(Qualifying(), Body(lines=lines, order_discount_minor=100))[0] == [300, 300, 300]


def test_tax_out_takes_the_tax_in_the_line_and_never_more() -> None:
    lines = (COFFEE, Line(50, tax_minor=60))
    assert counts(Qualifying(tax="out"), Body(lines=lines))[0] == [930, 0]


def test_shipping_and_tips_count_only_when_said_and_belong_to_no_line() -> None:
    body = Body(lines=(COFFEE,), shipping_minor=490, tips_minor=110)
    assert counts(Qualifying(), body) == ([1000], 0)
    assert counts(Qualifying(shipping="in"), body) == ([1000], 490)
    assert counts(Qualifying(shipping="in", tips="in"), body) == ([1000], 600)


def test_points_paid_do_not_earn_and_stored_value_does() -> None:
    paid = (Payment("points", 370), Payment("stored_value", 500))
    body = Body(lines=(COFFEE, GIFT), shipping_minor=700, payments=paid)
    assert counts(Qualifying(shipping="in"), body) == ([900, 1800], 630)
    assert counts(NO_GIFTS, body) == ([630, 0], 0)


def test_paying_everything_with_points_earns_nothing() -> None:
    body = Body(lines=(COFFEE,), payments=(Payment("points", 5000),))
    assert counts(Qualifying(), body) == ([0], 0)


def test_what_is_left_of_a_line_multiplies_first_and_ends_at_nothing() -> None:
    assert [remaining((1000, 10), 3, back) for back in range(4)] == [
        (1000, 10),
        (666, 6),
        (333, 3),
        (0, 0),
    ]


def test_shipping_counts_until_the_last_piece_is_back() -> None:
    lines = (FactLine("c1", "coffee", 2, (1000,)), FactLine("b1", "beans", 1, (500,)))
    facts = Facts("purchase", 1, 0, 9, lines=lines, extras=(490,))
    some = after_returns(facts, [1, 1])
    assert [(line.quantity, line.amounts) for line in some.lines] == [(1, (500,)), (0, (0,))]
    assert some.extras == (490,)
    assert after_returns(facts, [2, 1]).extras == (0,)
    assert after_returns(facts, [0, 0]) == facts


amounts = st.integers(0, 2**53)


@given(amounts, st.lists(amounts, min_size=1, max_size=8))
def test_spread_adds_up_and_stays_within_one_of_the_exact_share(
    total: int, weights: list[int]
) -> None:
    parts, whole = spread(total, weights), sum(weights)
    if whole == 0:
        assert parts == [0] * len(weights)
        return
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * whole - total * weight) < whole
        assert part <= weight or total > whole


@given(
    st.lists(st.builds(Line, amounts, discount_minor=amounts, tax_minor=amounts), max_size=5),
    amounts,
    amounts,
    st.sampled_from(["none", "pro_rata", "full"]),
    st.sampled_from(["in", "out"]),
)
def test_nothing_that_counts_is_negative_or_more_than_was_sold(
    lines: list[Line], discount: int, points: int, policy: str, side: str
) -> None:
    body = Body(
        lines=tuple(lines),
        order_discount_minor=discount,
        shipping_minor=490,
        payments=(Payment("points", points),),
    )
    definition = Qualifying(order_discounts=policy, tax=side, shipping=side)
    found, extras = counts(definition, body)
    assert 0 <= extras <= 490
    for amount, line in zip(found, lines, strict=True):
        assert 0 <= amount <= max(line.amount_minor - line.discount_minor, 0)
    unpaid = counts(definition, Body(lines=body.lines, order_discount_minor=discount,
                                     shipping_minor=490))  # fmt: skip
    assert sum(found) + extras == max(sum(unpaid[0]) + unpaid[1] - points, 0)
