"""What is owed for points."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from regulars.insight.estimators.owing.deferred import Allocated, Earned, Year, allocated, earned
from regulars.insight.estimators.owing.triangles import (
    Ultimate,
    bornhuetter_ferguson,
    chain_ladder,
    error_of,
    triangle,
)
from regulars.insight.estimators.saying import NotEnough

NAN = float("nan")
Rows = list[list[float]]


@pytest.mark.parametrize(("expected", "revenue"), [(9_900, 3_552), (9_200, 4_140), (9_700, 3_712)])
def test_revenue_of_points_is_that_of_kpmgs_examples(expected: int, revenue: int) -> None:
    first, second = earned(9_000, [Year(4_500, 9_700), Year(8_500, expected)])
    assert first == Earned(4_175, 4_825)
    assert second == Earned(revenue, 4_825 - revenue)


def test_what_was_paid_is_shared_without_a_rest() -> None:
    assert allocated(100_000, 100_000, 9_700) == Allocated(91_158, 8_842)
    for paid in range(1, 60):
        parts = allocated(paid, 37, 11)
        assert parts.goods_minor + parts.points_minor == paid


def test_all_of_it_is_earned_when_all_expected_came_back() -> None:
    years = earned(1_001, [Year(1, 3), Year(2, 3), Year(3, 3)])
    assert sum(year.minor for year in years) == 1_001
    assert years[-1].deferred_minor == 0
    with pytest.raises(AssertionError):
        earned(500, [Year(5, 4)])


def test_older_months_tell_what_younger_ones_will_bring() -> None:
    redeemed: Rows = [[10, 20, 10, 0], [20, 40, 20, NAN], [5, 10, NAN, NAN], [30, NAN, NAN, NAN]]
    seen = triangle([100, 200, 50, 300], redeemed)
    found = chain_ladder(seen)
    assert isinstance(found, Ultimate)
    assert list(found.redeemed) == [40, 80, 15, 30]
    assert found.expected == pytest.approx([40, 80, 20, 120])
    assert (found.rate, found.breakage) == pytest.approx((0.4, 0.6))


def test_a_month_without_any_yet_brings_what_is_usual() -> None:
    redeemed: Rows = [[10, 20, 10, 0], [20, 40, 20, NAN], [5, 10, NAN, NAN], [0, NAN, NAN, NAN]]
    seen = triangle([100, 200, 50, 300], redeemed)
    by_ladder, usual = chain_ladder(seen), bornhuetter_ferguson(seen, 0.4)
    assert isinstance(by_ladder, Ultimate)
    assert isinstance(usual, Ultimate)
    assert by_ladder.expected[-1] == 0
    assert usual.expected == pytest.approx([40, 80, 20, 0.4 * 300 * 0.75])


def test_never_more_comes_back_than_was_given() -> None:
    redeemed: Rows = [[1, 80, 0, 0], [1, 80, 0, NAN], [1, 80, NAN, NAN], [90, NAN, NAN, NAN]]
    found = chain_ladder(triangle([100] * 4, redeemed))
    assert isinstance(found, Ultimate)
    assert found.expected[-1] == 100


def test_a_young_program_is_refused_and_a_wrong_shape_is_a_bug() -> None:
    young = triangle([2, 1], [[1.0, 1.0], [1.0, NAN]])
    assert chain_ladder(young) == NotEnough("periods", 2, 4)
    nothing = np.where(np.add.outer(range(4), range(4)) < 4, 0.0, NAN)
    assert chain_ladder(triangle([9] * 4, nothing)) == NotEnough("values", 0, 1)
    with pytest.raises(AssertionError):
        triangle([1, 1], [[1, 1], [1, 1]])


def test_where_nothing_is_expected_any_more_nothing_is_owed() -> None:
    """IFRS 15.B46: what is not expected to be used is earned when using it is remote."""
    assert earned(500, [Year(0, 10), Year(0, 0)]) == [Earned(0, 500), Earned(500, 0)]


def test_points_that_wait_a_month_before_they_can_be_used_are_all_still_to_come() -> None:
    redeemed: Rows = [[0, 20, 10, 0], [0, 40, 20, NAN], [0, 10, NAN, NAN], [0, NAN, NAN, NAN]]
    seen = triangle([100, 200, 50, 300], redeemed)
    usual = bornhuetter_ferguson(seen, 0.3)
    assert isinstance(usual, Ultimate)
    assert usual.expected == pytest.approx([30, 60, 10 + 50 * 0.3 / 3, 300 * 0.3])
    # How often nothing was to grow is not known: chain-ladder has nothing to say.
    assert chain_ladder(seen) == NotEnough("values", 0, 1)


def test_points_that_cannot_be_are_a_bug_of_whoever_asks() -> None:
    known = np.add.outer(range(4), range(4)) < 4
    with pytest.raises(AssertionError):
        triangle([9] * 4, np.where(known, 4.0, NAN))  # 16 of 9
    with pytest.raises(AssertionError):
        triangle([float("inf")] * 4, np.where(known, 1.0, NAN))
    seen = triangle([9] * 4, np.where(known, 1.0, NAN))
    for rate, tail in ((1.1, 1.0), (-0.1, 1.0), (0.5, 0.9)):
        with pytest.raises(AssertionError):
            bornhuetter_ferguson(seen, rate, tail)


RAA = """5012 8269 10907 11805 13539 16181 18009 18608 18662 18834
106 4285 5396 10666 13782 15599 15496 16169 16704
3410 8992 13873 16141 18735 22214 22863 23466
5655 11555 15766 21266 23425 26083 27067
1092 9565 15836 22169 25955 26180
1513 6445 11702 12935 15852
557 4020 10946 12314
1351 6947 13112
3133 5395
2063"""


def test_how_sure_chain_ladder_is_comes_out_as_published() -> None:
    """Mack (1993), table of the Automatic Facultative business: 52,135 to come, error 26,909."""
    sums = [[float(one) for one in row.split()] for row in RAA.splitlines()]
    rows = [[row[0], *(b - a for a, b in pairwise(row))] for row in sums]
    seen = triangle([1e9] * 10, [row + [NAN] * (10 - len(row)) for row in rows])
    found = chain_ladder(seen)
    assert isinstance(found, Ultimate)
    assert sum(found.expected) - sum(found.redeemed) == pytest.approx(52_135, abs=1)
    assert error_of(seen) == pytest.approx(26_909, abs=1)


def test_rows_that_all_grow_alike_are_off_by_nothing() -> None:
    redeemed: Rows = [[10, 20, 10, 4], [20, 40, 20, NAN], [5, 10, NAN, NAN], [30, NAN, NAN, NAN]]
    assert error_of(triangle([100, 200, 50, 300], redeemed)) == pytest.approx(0)
    assert error_of(triangle([9, 9], [[1, 1], [1, NAN]])) == NotEnough("periods", 2, 4)


def test_redemptions_that_were_all_refunded_leave_nothing_to_come() -> None:
    """What the first month's points had come to, 50, was all refunded a month later: nothing grows
    from nothing, and nobody divides by it."""
    rows = [[10, 0, 40, -50], [10, 0, 0, NAN], [10, 0, NAN, NAN], [10, NAN, NAN, NAN]]
    seen = triangle([100] * 4, rows)
    found = bornhuetter_ferguson(seen, 0.4)
    assert isinstance(found, Ultimate)
    assert found.redeemed == (0, 10, 10, 10)
    assert found.expected == (0, 10, 10, 10)


def test_no_fewer_are_expected_than_came_back() -> None:
    rows = [[10, 0, 40, -40], [10, 0, 0, NAN], [10, 0, NAN, NAN], [10, NAN, NAN, NAN]]
    found = bornhuetter_ferguson(triangle([100] * 4, rows), 0.4)
    assert isinstance(found, Ultimate)
    # A column goes on by 1, the next by 3 (20 are 60), the last by a fifth: together less than 1.
    assert found.expected == (10, 10, 10, 10)
