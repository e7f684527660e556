"""How sure a liking is: bounds that hold as often as they say, and none where nothing can be."""

from __future__ import annotations

import numpy as np
import pytest

from regulars.insight.estimators.asking.liking import Lift, Spent, lift
from regulars.insight.estimators.asking.ratios import Ratio, Weeks, ratio
from regulars.insight.estimators.saying import NotEnough


def spent(of_it: np.ndarray, in_all: np.ndarray) -> Spent:
    return Spent(
        len(of_it), int((of_it > 0).sum()), of_it.sum(), in_all.sum(), of_it @ of_it,
        of_it @ in_all, in_all @ in_all,
    )  # fmt: skip


def test_the_true_liking_lies_within_bounds_95_times_of_100() -> None:
    """Gold buys tea for 30 % of what it spends, all others for 20 %; whoever spends much, spends
    much on everything."""
    chance, within, tries = np.random.default_rng(5), 0, 600
    truth = 0.3 / ((100 * 0.3 * 2 + 300 * 0.2) / (100 * 2 + 300))
    for _ in range(tries):
        size = chance.gamma(2, 0.5, 400) * np.where(np.arange(400) < 100, 2, 1)
        tea = np.where(np.arange(400) < 100, 0.3, 0.2) * size * chance.gamma(1, 1, 400)
        other = np.where(np.arange(400) < 100, 0.7, 0.8) * size * chance.gamma(2, 0.5, 400)
        found = lift(spent(tea[:100], (tea + other)[:100]), spent(tea, tea + other))
        assert isinstance(found, Lift)
        within += found.low <= truth <= found.high
    assert 0.925 <= within / tries <= 0.97


def test_a_liking_of_few_members_has_no_bounds() -> None:
    ones = np.ones(200)
    few, many = spent(ones[:29], 2 * ones[:29]), spent(ones, 2 * ones)
    assert lift(few, many) == NotEnough("members", 29, 30)
    assert lift(many, many) == NotEnough("members", 0, 30), "all beside all says nothing"
    tea = np.append(np.ones(9), np.zeros(91))
    assert lift(spent(tea, ones[:100]), many) == NotEnough("members", 9, 10)
    same = lift(spent(ones[:100], 2 * ones[:100]), many)
    assert same == pytest.approx((1.0, 1.0, 1.0)), "all spend alike, so chance has no part in it"


def test_what_members_do_is_as_sure_as_members_are_alike() -> None:
    """Orders over buyers, where some order ten times as often: by orders alone one would think of
    bounds that hold 60 times of a hundred."""
    chance, within, tries = np.random.default_rng(6), 0, 600
    for _ in range(tries):
        orders = 1 + chance.poisson(chance.gamma(0.5, 4, 300)).astype(float)
        n, whole = len(orders), orders.sum()
        found = ratio(Weeks(n, whole, n, orders @ orders, whole, n), of_members=True)
        assert isinstance(found, Ratio)
        within += found.low <= 3 <= found.high
    assert 0.925 <= within / tries <= 0.97
    assert ratio(Weeks(29, 1, 29, 1, 1, 29), of_members=True) == NotEnough("members", 29, 30)
