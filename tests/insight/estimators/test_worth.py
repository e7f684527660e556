"""What orders and members are worth."""

from __future__ import annotations

import numpy as np
import pytest
from tests.insight.estimators.real import read

from regulars.insight.estimators.saying import NotEnough
from regulars.insight.estimators.worth.gamma_gamma import Spending, fit_gamma_gamma
from regulars.insight.estimators.worth.lifetime_value import lifetime_value

CDNOW = Spending(6.25, 3.74, 15.44)


def test_gamma_gamma_comes_to_the_published_fit() -> None:
    rows = read("cdnow_summary_spend.parquet")
    found = fit_gamma_gamma(rows["x"], rows["zbar"])
    assert isinstance(found, Spending)
    assert (found.p, found.q, found.gamma) == pytest.approx((6.25, 3.74, 15.44), abs=0.01)


def test_the_unit_of_money_changes_nothing_but_the_unit() -> None:
    orders = np.arange(1, 101) % 7 + 1
    mean = 20 + 15 * np.sin(np.arange(100)) ** 2
    euros, cents = fit_gamma_gamma(orders, mean), fit_gamma_gamma(orders, 100 * mean)
    assert isinstance(euros, Spending)
    assert isinstance(cents, Spending)
    assert (cents.p, cents.q) == pytest.approx((euros.p, euros.q), rel=1e-3)
    assert cents.gamma == pytest.approx(100 * euros.gamma, rel=1e-3)


def test_a_member_is_drawn_toward_everybody_the_less_they_ordered() -> None:
    of_all = float(CDNOW.expected(0, 0))
    assert of_all == pytest.approx(15.44 * 6.25 / 2.74)
    once, often = CDNOW.expected([1, 50], [80, 80])
    assert of_all < once < often < 80


@pytest.mark.parametrize(
    ("orders", "mean", "missing"),
    [
        ([1] * 29, [10] * 29, NotEnough("values", 29, 30)),
        ([0] * 40, [10] * 40, NotEnough("values", 0, 30)),
        ([3] * 40, [-5] * 40, NotEnough("values", 0, 30)),
        ([2] * 40, [10] * 40, NotEnough("spread", 0, 1)),
    ],
)
def test_nothing_is_made_of_nothing(
    orders: list[int], mean: list[float], missing: NotEnough
) -> None:
    assert fit_gamma_gamma(orders, mean) == missing


def test_lifetime_value_counts_each_order_once() -> None:
    def until(t: float) -> np.ndarray:
        return np.array([2.0, 0.0]) * min(t, 1) + np.array([1.0, 0.5]) * max(t - 1, 0)

    worth = lifetime_value(until, np.array([10.0, 100.0]), rate=0.0, periods=2)
    assert list(worth) == [30.0, 50.0]
    later = lifetime_value(until, np.array([10.0, 100.0]), rate=0.21, periods=2)
    assert later == pytest.approx([20 / 1.21**0.5 + 10 / 1.21**1.5, 50 / 1.21**1.5])


def test_spending_without_a_mean_is_refused() -> None:
    """With q below 1 the mean of everybody has no end: the formula would say less than nothing."""
    chance = np.random.default_rng(9)
    nu = chance.gamma(0.7, 1 / 10, 4_000)
    orders = chance.integers(1, 6, 4_000)
    found = fit_gamma_gamma(orders, chance.gamma(4 * orders, 1 / nu) / orders)
    assert isinstance(found, NotEnough)
    assert (found.what, found.wanted) == ("boundary", 1)
    assert found.have == pytest.approx(0.7, abs=0.05)


def test_money_that_is_no_number_is_a_bug_of_whoever_asks() -> None:
    for odd in (float("nan"), float("inf")):
        with pytest.raises(AssertionError):
            fit_gamma_gamma([2] * 40, [10.0] * 39 + [odd])
