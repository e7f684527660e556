"""Members side by side."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.insight.estimators.grouping.cohorts import cohorts
from regulars.insight.estimators.grouping.migration import migration
from regulars.insight.estimators.grouping.rfm import Scores, rfm
from regulars.insight.estimators.saying import NotEnough


def test_a_cohort_is_of_the_first_order_and_counts_members_once() -> None:
    found = cohorts(["a", "a", "a", "b", "c"], [0, 2, 2, 0, 1], [1, 2, 3, 4, 5], periods=3)
    assert list(found.first) == [0, 1]
    assert list(found.size) == [2, 1]
    assert found.came.tolist() == [[2, 0, 1], [1, 0, -1]]
    assert found.spent[0].tolist() == [5, 0, 5]
    assert np.isnan(found.spent[1, 2])


ORDERS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 5), st.integers(-50, 99)), max_size=60
)


@given(ORDERS)
def test_money_and_members_of_cohorts_are_all_there_were(
    orders: list[tuple[int, int, int]],
) -> None:
    who, when, paid = ([order[at] for order in orders] for at in range(3))
    found = cohorts(who, when, paid, periods=6)
    assert found.size.sum() == len(set(who))
    assert np.nansum(found.spent) == pytest.approx(sum(paid))
    pairs = {(member, period) for member, period, _ in orders}
    assert found.came[found.came >= 0].sum() == len(pairs)


def test_fewer_days_are_better_and_equal_ones_are_equal() -> None:
    found = rfm(range(30), [1] * 15 + [2] * 15, [5] * 30)
    assert isinstance(found, Scores)
    assert (found.recency[0], found.recency[-1]) == (5, 1)
    assert (set(found.frequency[:15]), set(found.frequency[15:])) == ({1}, {3})
    assert set(found.money) == {1}
    assert rfm([1] * 24, [1] * 24, [1] * 24) == NotEnough("members", 24, 25)


def test_steps_are_shares_of_those_who_were_there() -> None:
    steps = migration([("silver", "silver", 8), ("silver", "base", 2), (None, "base", 90)])
    assert [step.share.value for step in steps] == [0.8, 0.2, 1.0]


@pytest.mark.parametrize("odd", [float("nan"), float("inf")])
def test_money_that_is_no_number_is_a_bug_of_whoever_asks(odd: float) -> None:
    """As the most of all it would be the best score, and in a cohort a period still open."""
    with pytest.raises(AssertionError):
        rfm(range(30), range(30), [odd] * 30)
    with pytest.raises(AssertionError):
        rfm(range(30), range(29), range(30))
    with pytest.raises(AssertionError):
        cohorts(["a"], [0], [odd], periods=1)
