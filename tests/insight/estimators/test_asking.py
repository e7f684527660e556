"""What people answered, and how sure one can be."""

from __future__ import annotations

import pytest

from regulars.insight.estimators.asking.nps import Nps, nps, nps_of_accounts
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
