"""What people answered, what is so much for each, and how sure one can be."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy.stats import t

from regulars.insight.estimators.asking.liking import Lift, Spent, lift
from regulars.insight.estimators.asking.nps import Nps, nps, nps_of_accounts
from regulars.insight.estimators.asking.ratios import Ratio, Weeks, ratio
from regulars.insight.estimators.asking.shares import Difference, difference, satisfied, share
from regulars.insight.estimators.saying import NotEnough


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        # Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I,
        # method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_is_the_published_one(
    part: int, whole: int, low: float, high: float
) -> None:
    found = share(part, whole)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_a_share_of_nobody_may_be_anything() -> None:
    assert (share(0, 0).value, share(0, 0).low, share(0, 0).high) == (0, 0, 1)
    with pytest.raises(AssertionError):
        share(2, 1)


def test_two_shares_differ_as_published() -> None:
    # Newcombe (1998), "Interval estimation for the difference between independent proportions",
    # table II, method 10: 56/70 less 48/80.
    found = difference(share(56, 70), share(48, 80))
    assert isinstance(found, Difference)
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_content_is_four_and_five_of_those_who_answered() -> None:
    content, answered = satisfied([5, 4, 3, 1], asked=10)
    assert (content.part, content.whole) == (2, 4)
    assert (answered.part, answered.whole) == (4, 10)
    with pytest.raises(AssertionError):
        satisfied([0], asked=1)


def test_nps_is_promoters_less_detractors_of_all_who_answered() -> None:
    found = nps([10, 9, 8, 7, 6, 0, None, None])
    assert isinstance(found, Nps)
    assert (found.promoters, found.passives, found.detractors, found.answers) == (2, 2, 2, 6)
    assert found.value == 0


def test_the_interval_of_nps_is_rockss() -> None:
    found = nps([10] * 60 + [8] * 25 + [3] * 15)
    assert isinstance(found, Nps)
    up, down = 60.75 / 103, 15.75 / 103
    width = 1.959964 * ((up + down - (up - down) ** 2) / 103) ** 0.5
    assert found.value == 45
    assert (found.low, found.high) == pytest.approx(
        (100 * (up - down - width), 100 * (up - down + width))
    )


def test_all_promoters_are_not_certain() -> None:
    found = nps([10] * 5)
    assert isinstance(found, Nps)
    assert (found.value, found.high) == (100, 100)
    assert found.low < 70


@pytest.mark.parametrize("score", [0, 10])
def test_what_one_person_says_lies_within_its_bounds(score: int) -> None:
    found = nps([score])
    assert isinstance(found, Nps)
    assert found.low <= found.value <= found.high
    assert found.high - found.low > 100, "of one nearly nothing is known"


def test_a_large_company_is_one_company() -> None:
    found = nps_of_accounts({"many": [10] * 100, "one": [0], "silent": [None]})
    assert isinstance(found, Nps)
    assert (found.value, found.answers) == (0, 2)
    assert nps_of_accounts({"many": [10] * 100}) == NotEnough("answers", 1, 2)


def test_no_answer_is_no_score_and_eleven_is_none() -> None:
    assert nps([None]) == NotEnough("answers", 0, 1)
    for wrong in (11, -1):
        with pytest.raises(AssertionError):
            nps([wrong])


def test_groups_of_whom_one_is_nobody_are_not_compared() -> None:
    for one, other in ((share(0, 0), share(3, 9)), (share(3, 9), share(0, 0))):
        assert difference(one, other) == NotEnough("answers", 0, 1)


def weeks(above: np.ndarray, below: np.ndarray) -> Weeks:
    return Weeks(len(above), above.sum(), below.sum(), above @ above, above @ below, below @ below)


def test_bounds_are_those_of_the_books_formula() -> None:
    """Cochran (1977) 6.13, without the finite correction, on twenty weeks by hand."""
    above = np.array([40.0, 44.0] * 10)
    below = np.array([4.0, 4.0] * 10)
    found = ratio(weeks(above, below))
    assert isinstance(found, Ratio)
    error = sqrt(20 * 4.0 * 20 / 19) / 80  # each week is 2.00 off 10.50 * 4
    assert found.value == pytest.approx(10.5)
    assert found.high - found.value == pytest.approx(t.ppf(0.975, 19) * error)
    assert found.value - found.low == pytest.approx(found.high - found.value)


def test_the_truth_lies_within_bounds_95_times_of_100() -> None:
    chance, within = np.random.default_rng(7), 0
    for _ in range(1_000):
        orders = chance.poisson(30, 84).astype(float)
        off = np.zeros(84)
        for day in range(1, 84):  # half of what is off today is off tomorrow, too
            off[day] = 0.5 * off[day - 1] + chance.normal(0, 0.1)
        paid = orders * (12 + 12 * off)
        by_week = (one.reshape(12, 7).sum(axis=1) for one in (paid, orders))
        found = ratio(weeks(*by_week))
        assert isinstance(found, Ratio)
        within += found.low <= 12 <= found.high
    assert 0.91 <= within / 1_000 <= 0.97


def test_of_few_weeks_and_of_nothing_no_bounds_are_said() -> None:
    assert ratio(Weeks(7, 1, 1, 1, 1, 1)) == NotEnough("periods", 7, 8)
    assert ratio(Weeks(8)) == NotEnough("values", 0, 1)
    one_alone = np.array([1.0, 0, 0, 0, 0, 0, 0, 0])
    assert ratio(weeks(one_alone, one_alone)) == NotEnough("periods", 8, 800), "one week is all"


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
