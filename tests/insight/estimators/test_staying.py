"""Who stays, and for how long."""

from __future__ import annotations

from collections import Counter
from random import Random

import numpy as np
import pytest
from tests.insight.estimators.real import read

from regulars.insight.estimators.saying import NotEnough
from regulars.insight.estimators.staying.gaps import Survivor, survivor
from regulars.insight.estimators.staying.sbg import Contracts, fit_sbg
from regulars.insight.estimators.staying.waits import (
    Gaps,
    Median,
    hang_together,
    median_closed,
    median_wait,
)


@pytest.mark.parametrize(
    ("which", "alpha", "beta"), [("regular", 0.704, 1.182), ("high_end", 0.668, 3.806)]
)
def test_sbg_comes_to_the_published_fit(which: str, alpha: float, beta: float) -> None:
    left = read("sbg_fader_hardie_2007.parquet")[which].to_numpy()
    found = fit_sbg(left[:8])
    assert isinstance(found, Contracts)
    assert (found.alpha, found.beta) == pytest.approx((alpha, beta), abs=1e-3)
    # Five years that were not fitted lie within two of a hundred.
    assert np.abs(100 * found.staying(np.arange(8, 13)) - left[8:]).max() < 2


def test_staying_is_the_product_of_retentions_and_they_grow() -> None:
    contracts = Contracts(0.704, 1.182)
    each = contracts.retention(np.arange(1, 9))
    assert contracts.staying(8) == pytest.approx(each.prod())
    assert (np.diff(each) > 0).all()


def test_payments_to_come_of_who_stayed_long_are_more_than_of_who_came_now() -> None:
    contracts = Contracts(0.764, 1.296)
    assert contracts.remaining(0, 0.1) < contracts.remaining(4, 0.1) < 10
    certain = Contracts(1e-9, 1.0)
    assert certain.remaining(0, 0.1) == pytest.approx(10, abs=1e-5)


def test_contracts_that_say_nothing_are_refused() -> None:
    assert fit_sbg([100, 90]) == NotEnough("periods", 1, 2)
    assert fit_sbg([100, 100, 100]) == NotEnough("spread", 0, 1)
    with pytest.raises(AssertionError):
        fit_sbg([100, 90, 95])


def test_gaps_come_to_kaplan_and_meiers_own_example() -> None:
    # Kaplan & Meier (1958), section 2: deaths at 0.8, 3.1, 5.4, 9.2, losses at 1.0, 2.7, 7.0, 12.1.
    lengths = [0.8, 1.0, 2.7, 3.1, 5.4, 7.0, 9.2, 12.1] * 5
    found = survivor(lengths, [True, False, False, True, True, False, True, False] * 5)
    assert isinstance(found, Survivor)
    assert list(found.times) == [0.8, 3.1, 5.4, 9.2]
    assert found.waiting == pytest.approx([7 / 8, 7 / 8 * 4 / 5, 0.525, 0.2625])
    assert ((found.low < found.waiting) & (found.waiting < found.high)).all()
    assert (found.quantile(0.1), found.quantile(0.4), found.quantile(0.8)) == (0.8, 5.4, None)


def test_a_gap_still_open_was_there_when_another_ended() -> None:
    found = survivor([5] * 20 + [5] * 20, [True] * 20 + [False] * 20)
    assert isinstance(found, Survivor)
    assert list(found.at_risk) == [40]
    assert list(found.waiting) == [0.5]


def test_all_ended_is_nobody_left_and_few_are_refused() -> None:
    found = survivor([1, 2] * 10, [True] * 20)
    assert isinstance(found, Survivor)
    assert (found.waiting[-1], found.low[-1]) == (0, 0)
    # That nobody of twenty waits does not say that nobody ever would.
    assert found.high[-1] == found.high[0] > 0.5
    at_once = survivor([1] * 20, [True] * 20)
    assert isinstance(at_once, Survivor)
    assert (at_once.waiting[0], at_once.high[0]) == (0, 1)
    assert survivor([1] * 40, [True] * 19 + [False] * 21) == NotEnough("repeat_orders", 19, 20)


def test_an_interval_of_gaps_is_greenwoods_on_the_log_log_scale() -> None:
    """By hand: 20 of 40 ended at 5: S = 0.5, V = 20 / (40 * 20), exponent 1.96 sqrt(V) / ln 2."""
    found = survivor([5] * 20 + [9] * 20, [True] * 20 + [False] * 20)
    assert isinstance(found, Survivor)
    grown = np.exp(1.959964 * (20 / 800) ** 0.5 / np.log(2))
    assert (found.low[0], found.high[0]) == pytest.approx((0.5**grown, 0.5 ** (1 / grown)))


def test_discounted_so_little_that_payments_of_thousands_of_periods_count() -> None:
    """Days, at a tenth a year: 2,000 of them are little more than a third of what counts."""
    certain = Contracts(1e-9, 1.0)
    assert certain.remaining(0, 0.1 / 365) == pytest.approx(3_650, rel=1e-3)
    for never in (0.0, -0.1, float("nan")):
        with pytest.raises(AssertionError):
            certain.remaining(0, never)


def test_contracts_of_a_handful_are_refused() -> None:
    assert fit_sbg([99, 60, 40]) == NotEnough("members", 99, 100)
    with pytest.raises(AssertionError):
        fit_sbg([100, 90, -1])


def test_a_gap_without_an_end_has_no_length() -> None:
    with pytest.raises(AssertionError):
        survivor([1.0] * 20 + [float("inf")], [True] * 20 + [False])
    with pytest.raises(AssertionError):
        survivor([1.0] * 21, [True] * 20)


def test_a_median_from_counts_is_that_from_columns() -> None:
    made = Random(7)
    for _ in range(40):
        gaps = [Gaps(length, made.randrange(0, 9), made.randrange(0, 9)) for length in range(1, 25)]
        closed = [True] * sum(one.closed for one in gaps) + [False] * sum(one.open for one in gaps)
        lengths = [one.length for one in gaps for _ in range(one.closed)]
        lengths += [one.length for one in gaps for _ in range(one.open)]
        whole = survivor(lengths, closed)
        found = median_wait(gaps)
        assert isinstance(whole, Survivor)
        assert isinstance(found, Median)
        assert found.value == whole.quantile(0.5)
        for bound, column in ((found.low, whole.low), (found.high, whole.high)):
            reached = [t for t, share in zip(whole.times, column, strict=True) if share <= 0.5]
            assert bound == (reached[0] if reached else None)


def test_who_has_not_come_again_counts_as_long_as_they_were_seen() -> None:
    gaps = [Gaps(10, 20, 0), Gaps(40, 0, 30)]
    assert median_closed(gaps) == 10
    found = median_wait(gaps)
    assert isinstance(found, Median)
    assert (found.value, found.closed, found.open) == (None, 20, 30)
    assert median_wait([Gaps(10, 19, 99)]) == NotEnough("repeat_orders", 19, 20)
    assert median_closed([]) is None


def a_shop_of_four_paces(made: Random) -> tuple[list[Gaps], list[list[int]]]:
    """Gaps of 200 members in 900 days, counted by their length, and member by member."""
    some: list[list[int]] = []
    for _ in range(200):
        mean, day, mine = made.choice((15, 40, 90, 180)), made.uniform(0, 60), list[int]()
        while (gap := max(1, round(made.expovariate(1 / mean)))) + day <= 900:
            mine.append(gap)
            day += gap
        some.append([*mine, -1 - int(900 - day)])
    each = Counter(gap for mine in some for gap in mine)
    lengths = {gap if gap >= 0 else -1 - gap for gap in each}
    return [Gaps(one, each[one], each[-1 - one]) for one in lengths], some


def test_bounds_of_a_median_go_by_members_whose_gaps_hang_together() -> None:
    """Frequent buyers have many gaps: bounds by gaps hold the middle of all shops in two of three
    shops, bounds by members in nineteen of twenty."""
    made = Random(5)
    shops = [a_shop_of_four_paces(made) for _ in range(80)]
    medians = [
        [median_wait(gaps, some) for gaps, some in shops],
        [median_wait(one) for one, _ in shops],
    ]
    held = []
    for found in medians:
        middle = sum(one.value for one in found) / len(found)
        held.append(sum(one.low <= middle <= one.high for one in found) / len(found))
    assert held[1] < 0.8, "by gaps alone"
    assert held[0] > 0.9, held
    gaps, some = shops[0]
    few = median_wait(gaps, some[:29])
    assert isinstance(few, Median)
    assert (few.low, few.high) == (None, None)
    assert hang_together(
        [Gaps(5, 400, 0), Gaps(9, 400, 0)], [[5] * 10, [9] * 10] * 40, 5
    ) == pytest.approx(10)
