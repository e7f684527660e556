"""A part of the money takes back points of whole pieces: never more than its share, and all of it
once all of the money is back, in whatever parts and order."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.surfaces.connect.square.test_refunds import refunded
from tests.surfaces.connect.square.till import Till, earning, paying

from regulars.engine.rewarding.counter import refunding
from regulars.engine.rewarding.counter.refunding import brought_back
from regulars.records.tills.bills.types import BillBody, Sold

LINES = some.lists(some.tuples(some.integers(1, 6), some.integers(0, 900)), min_size=1, max_size=4)


@settings(max_examples=300, deadline=None)
@given(LINES, some.integers(0, 500), some.lists(some.integers(1, 1_500), min_size=1, max_size=8))
def test_pieces_follow_the_money_and_never_run_ahead_of_it(
    lines: list[tuple[int, int]], off: int, refunds: list[int]
) -> None:
    body = BillBody(tuple(Sold(f"n{at}", many, each) for at, (many, each) in enumerate(lines)))
    gross = sum(one.amount_minor for one in body.lines)
    off = min(off, gross)
    paid = gross - off
    gone, back_in_all = [0] * len(lines), 0
    for amount, back in zip(refunds, brought_back(body, off, refunds), strict=True):
        back_in_all += amount
        if back_in_all >= paid:
            assert back.whole or gone == [many for many, _ in lines]
            continue
        assert not back.whole
        for place, many in back.pieces:
            gone[place] += many
        assert all(out <= many for out, (many, _) in zip(gone, lines, strict=True))
        worth = sum(
            one.amount_minor * paid * out // (gross * one.quantity)
            for one, out in zip(body.lines, gone, strict=True)
            if gross
        )
        # Each line's part is rounded by a cent at most, for each refund that a till rounds itself.
        assert worth <= back_in_all + len(lines) * len(refunds)


def test_control_a_piece_that_comes_back_twice_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(refunding._Line, "left", property(lambda line: line.quantity))
    looks = test_pieces_follow_the_money_and_never_run_ahead_of_it.hypothesis.inner_test
    with pytest.raises(AssertionError):
        looks([(1, 300), (1, 900)], 0, [300, 300])


@pytest.mark.parametrize(
    ("refunds", "balances"),
    [
        ((700, 9_300), (10, 0)),
        ((3_000, 700, 6_300), (7, 7, 0)),
        ((700, 3_000, 1_000, 5_300), (10, 7, 6, 0)),
        ((1_000, 1_000, 3_000, 3_000, 2_000), (9, 8, 5, 2, 0)),
        ((1, 2, 9_997), (10, 10, 0)),
    ],
)
def test_a_sale_told_in_lines_keeps_at_least_what_its_money_is_worth(
    till: Till, refunds: Sequence[int], balances: Sequence[int]
) -> None:
    """Two for 30 dollars and four for 10: a point for ten dollars. 7 dollars off are no piece."""
    account = till.joined(f"+12125551{100 + 7 * len(refunds) + refunds[0] % 97:03d}")
    lines = [
        {"quantity": many, "base_price_money": {"amount": each, "currency": "USD"}}
        for many, each in (("2", 3_000), ("4", 1_000))
    ]
    made = {"order": {"location_id": "main", "customer_id": account, "line_items": lines}}
    order = till.good("POST", "/orders", made)["order"]["id"]
    payment = till.good("POST", "/payments", paying(order, 10_000))["payment"]["id"]
    till.good("POST", *earning(account, order))
    left, found = 10_000, list[int]()
    for cents in refunds:
        refunded(till, payment, cents)
        left -= cents
        found.append(till.account(account)["balance"])
        assert found[-1] >= left // 1_000
    assert tuple(found) == tuple(balances)
    assert found[-1] == 0
