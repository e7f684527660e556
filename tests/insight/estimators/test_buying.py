"""Models of buying come to the figures of their papers, and refuse what they cannot carry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.special import hyp2f1
from tests.insight.estimators.real import HALF, cdnow, in_weeks, read, until

from regulars.insight.estimators.buying import bg_bb, bg_nbd, nbd, pareto_nbd
from regulars.insight.estimators.buying.bg_bb import BetaBernoulli, fit_bg_bb, turns
from regulars.insight.estimators.buying.bg_nbd import BetaGeometric, fit_bg_nbd, fit_mbg_nbd
from regulars.insight.estimators.buying.histories import Floats, Histories, histories
from regulars.insight.estimators.buying.nbd import Poisson, fit_nbd
from regulars.insight.estimators.buying.pareto_nbd import Pareto, fit_pareto_nbd
from regulars.insight.estimators.climbing import Score
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.estimators.staying import sbg
from regulars.insight.estimators.worth import gamma_gamma

BG = BetaGeometric(0.243, 4.414, 0.793, 2.426, at_first=False)
PARETO = Pareto(0.553, 10.578, 0.606, 11.669)
Fit = Callable[[Histories], BetaGeometric | Pareto | NotEnough]


@pytest.fixture(scope="module")
def half() -> Histories:
    """CDNOW's buyers after 39 weeks, a row each."""
    return in_weeks(until(cdnow(), HALF), HALF)


def fitted(found: object) -> BetaGeometric | Pareto:
    assert isinstance(found, BetaGeometric | Pareto), found
    return found


def test_bg_nbd_comes_to_the_published_fit(half: Histories) -> None:
    found = fitted(fit_bg_nbd(half))
    assert found.parameters == pytest.approx((0.243, 4.414, 0.793, 2.426), abs=1e-3)
    assert found.height == pytest.approx(-9582.4292, abs=1e-3)


def test_mbg_nbd_comes_to_the_published_height(half: Histories) -> None:
    assert fitted(fit_mbg_nbd(half)).height == pytest.approx(-9582.136, abs=0.01)


def test_pareto_nbd_comes_to_the_published_height(half: Histories) -> None:
    assert fitted(fit_pareto_nbd(half)).height == pytest.approx(-9594.98, abs=0.01)
    assert PARETO.heights(half).sum() == pytest.approx(-9594.98, abs=0.01)


def test_expectations_of_one_member_are_the_published_ones() -> None:
    one = histories([2], [30.43], [38.86])
    assert BG.expected(one, 39)[0] == pytest.approx(1.226, abs=1e-3)
    often = histories([26], [30.86], [31])
    assert PARETO.expected_anew(52) == pytest.approx(1.473, abs=1e-3)
    assert PARETO.expected(often, 52)[0] == pytest.approx(25.456, rel=1e-3)
    assert PARETO.alive(often)[0] == pytest.approx(0.9979, abs=1e-4)


def _own_rate(given: Histories) -> Any:
    """What each member would order in 39 weeks at the pace of theirs so far."""
    return given.repeats / given.age * 39


def _by(fit: Fit) -> Callable[[Histories], Any]:
    return lambda given: fitted(fit(given)).expected(given, 39)


@pytest.mark.parametrize(
    ("foretold", "off", "apart"),
    [
        (_by(fit_bg_nbd), -0.121, 0.785),
        (_by(fit_pareto_nbd), -0.115, 0.755),
        (_own_rate, 0.557, 1.024),
    ],
    ids=["BG/NBD", "Pareto/NBD", "at their own pace"],
)
def test_the_second_half_of_cdnow_is_foretold_as_published(
    half: Histories, foretold: Callable[[Histories], Any], off: float, apart: float
) -> None:
    orders = cdnow()
    came = orders.filter(pl.col("on") > HALF).group_by("member").len()
    rows = until(orders, HALF).join(came, on="member", how="left").sort("member")
    actual = rows["len"].fill_null(0).to_numpy()
    expected = foretold(half)
    assert actual.sum() == 1882
    assert expected.sum() / actual.sum() - 1 == pytest.approx(off, abs=1e-3)
    assert np.abs(expected - actual).mean() == pytest.approx(apart, abs=1e-3)


@pytest.mark.parametrize(
    ("fit", "published", "percent"), [(fit_bg_nbd, BG, -4), (fit_pareto_nbd, PARETO, -2)]
)
def test_repeated_orders_until_week_78_are_off_as_published(
    half: Histories, fit: Fit, published: BetaGeometric | Pareto, percent: int
) -> None:
    """The paper says whole percents; what its own parameters foretell is told to a fifth of one."""
    orders = cdnow()
    actual = len(orders) - orders["member"].n_unique()
    end = date(1998, 6, 30).toordinal()
    begins = list(until(orders, HALF)["first"].value_counts().iter_rows())

    def off(model: BetaGeometric | Pareto) -> float:
        anew = (many * model.expected_anew((end - on.toordinal()) / 7) for on, many in begins)
        return 100 * (float(sum(anew)) / actual - 1)

    assert actual == 4339
    found = off(fitted(fit(half)))
    assert round(found) == percent
    assert found == pytest.approx(off(published), abs=0.2)


def test_orders_while_staying_are_those_of_the_closed_form(half: Histories) -> None:
    r, alpha, a, b = BG.parameters
    x, old, ahead = half.repeats, half.age, 104.0
    there = alpha + old
    grown = hyp2f1(r + x, b + x, a + b + x - 1, ahead / (there + ahead))
    closed = 1 - grown * (there / (there + ahead)) ** (r + x)
    closed *= (a + b + x - 1) / (a - 1) * BG.alive(half)
    assert BG.expected(half, ahead) == pytest.approx(closed, rel=1e-9)


def test_nothing_happens_where_the_closed_form_breaks() -> None:
    one = histories([3], [20], [30])
    near = [
        BetaGeometric(0.5, 5, a, 2, at_first=first).expected(one, 52)[0]
        for first in (False, True)
        for a in (0.999999, 1.0, 1.000001)
    ]
    assert near[:3] == pytest.approx([near[1]] * 3, rel=1e-5)
    assert near[3:] == pytest.approx([near[4]] * 3, rel=1e-5)
    stays = [Pareto(0.5, 5, s, 9).expected(one, 52)[0] for s in (0.9999999, 1.0, 1.0000001)]
    assert stays == pytest.approx([stays[1]] * 3, rel=1e-6)


def test_a_member_with_thousands_of_orders_is_nothing_special() -> None:
    often, gone = histories([20_000], [364.999], [365]), histories([20_000], [360], [365])
    for model in (BG, PARETO):
        assert 10_000 < model.expected(often, 365)[0] < 20_000
        # Some 55 orders a day, and then none for five days.
        assert 0 <= model.expected(gone, 365)[0] < 1e-9


def test_without_leaving_a_member_goes_on_as_before() -> None:
    found = fit_nbd(histories(np.arange(300) % 9, np.arange(300) % 9, [30] * 300))
    assert isinstance(found, Poisson)
    rows = histories([0, 8], [0, 8], [30, 30])
    assert list(found.expected(rows, 30)) == pytest.approx(
        [(found.r + x) / (found.alpha + 30) * 30 for x in (0, 8)]
    )
    assert found.expected_anew(30) == pytest.approx(4.0, abs=0.05)


def test_bg_bb_comes_to_the_published_fit() -> None:
    rows = read("donations_bgbb.parquet")
    seen = turns(rows["frequency"], rows["recency"], rows["periods"], rows["weights"])
    found = fit_bg_bb(seen)
    assert isinstance(found, BetaBernoulli)
    published = (1.204, 0.750, 0.657, 2.783)
    assert (found.alpha, found.beta, found.gamma, found.delta) == pytest.approx(published, abs=1e-3)
    assert found.height == pytest.approx(-33225.6, abs=0.1)
    # Whoever gave in all six years gives in 3.75 of the next five; who never gave, in 0.07.
    expected = dict(
        zip(zip(seen.taken, seen.last, strict=True), found.expected(seen, 5), strict=True)
    )
    assert expected[6, 6] == pytest.approx(3.75, abs=0.01)
    assert expected[0, 0] == pytest.approx(0.07, abs=0.01)


def slopes_by_hand(score: Callable[[Floats], float], at: Floats) -> list[float]:
    steps = np.eye(len(at)) * 1e-6
    return [(score(at + step) - score(at - step)) / 2e-6 for step in steps]


def height_of(score: Score) -> Callable[[Floats], float]:
    return lambda at: score(at)[0]


@pytest.mark.parametrize("at_first", [False, True])
def test_slopes_of_bg_nbd_are_those_of_its_height(at_first: bool) -> None:
    seen, at = (
        histories([0, 1, 5, 40], [0, 3, 30, 90], [50, 60, 31, 91]),
        np.array([0.4, 5, 0.7, 2]),
    )
    by_hand = slopes_by_hand(lambda now: bg_nbd._score(now, seen, at_first)[0], at)
    assert bg_nbd._score(at, seen, at_first)[1] == pytest.approx(by_hand, rel=1e-5)


def test_slopes_of_the_others_are_those_of_their_heights() -> None:
    seen, at = (
        histories([0, 1, 5, 40], [0, 3, 30, 90], [50, 60, 31, 91]),
        np.array([0.4, 5, 0.7, 9]),
    )
    by_hand = slopes_by_hand(lambda now: pareto_nbd._score(now, seen)[0], at)
    assert pareto_nbd._score(at, seen)[1] == pytest.approx(by_hand, rel=1e-5)
    took = turns([0, 1, 2, 6], [0, 3, 5, 6], [6, 6, 6, 6], [9, 4, 3, 2])

    def height(now: Floats) -> float:
        return float(bg_bb._of_rows(now, took)[0] @ took.members)

    slopes = bg_bb._of_rows(at, took)[1] @ took.members
    assert slopes == pytest.approx(slopes_by_hand(height, at), rel=1e-5)
    orders, mean = np.array([1.0, 3, 9]), np.array([0.4, 1, 2])
    left, two = np.array([1000.0, 700, 500, 420]), np.array([0.7, 1.9])
    for score, here in (
        (lambda now: nbd._score(now, seen), two),
        (lambda now: gamma_gamma._score(now, orders, mean), np.array([2.0, 3, 1.5])),
        (lambda now: sbg._score(now, left), two),
    ):
        by_hand = slopes_by_hand(height_of(score), here)
        assert score(here)[1] == pytest.approx(by_hand, rel=1e-5)


@pytest.mark.parametrize(
    ("row", "height"),
    [
        # By quadrature with 40 digits (mpmath) of Fader & Hardie (2005), eq. 22.
        ((26, 30.86, 31.0), -39.1316715403),
        ((1190, 360.0, 365.0), 187.476214202),
        ((1190, 10.0, 365.0), 3630.84956038),
        ((1, 1.0, 300.0), -4.45427475313),
    ],
)
def test_pareto_nbd_keeps_its_digits(row: tuple[int, float, float], height: float) -> None:
    x, last, age = row
    assert PARETO.heights(histories([x], [last], [age]))[0] == pytest.approx(height, rel=1e-9)


def test_alike_rows_are_one_row_and_weigh_as_many() -> None:
    apart = histories([2, 0, 2], [5, 0, 5], [9, 9, 9])
    once = histories([0, 2], [0, 5], [9, 9], [1, 2])
    assert (len(apart), apart.many, apart.repeated) == (2, 3, 2)
    assert list(apart.members) == list(once.members)
    assert bg_nbd._score(np.ones(4), apart, False)[0] == bg_nbd._score(np.ones(4), once, False)[0]


@pytest.mark.parametrize("fit", [fit_bg_nbd, fit_mbg_nbd, fit_pareto_nbd])
def test_too_few_are_refused_and_said_to_be(fit: Fit) -> None:
    assert fit(histories([], [], [])) == NotEnough("members", 0, 100)
    assert fit(histories([1] * 99, [2] * 99, [3] * 99)) == NotEnough("members", 99, 100)
    once = histories([0] * 200 + [1] * 29, [0] * 200 + [2] * 29, [3] * 229)
    assert fit(once) == NotEnough("repeat_orders", 29, 30)


@pytest.mark.parametrize(
    ("repeats", "last", "age"),
    [
        ([-1], [0], [3]),
        ([1], [4], [3]),
        ([0], [2], [3]),
        ([1], [0], [3]),
        ([1], [2], [float("inf")]),
        ([1], [float("nan")], [3]),
    ],
)
def test_what_cannot_be_is_a_bug_of_whoever_asks(
    repeats: list[int], last: list[float], age: list[float]
) -> None:
    with pytest.raises(AssertionError):
        histories(repeats, last, age)
    for members in ([-1], [float("nan")], [float("inf")]):
        with pytest.raises(AssertionError):
            histories([1], [2], [3], members)


@pytest.mark.parametrize("fit", [fit_bg_nbd, fit_mbg_nbd, fit_pareto_nbd])
def test_a_shop_in_which_nobody_differs_gives_a_fit_or_a_refusal_and_never_nonsense(
    fit: Fit,
) -> None:
    same = histories([12] * 500, [12.0] * 500, [13.0] * 500)
    found = fit(same)
    if not isinstance(found, NotEnough):
        assert np.isfinite(found.parameters).all()
        assert np.isfinite(found.expected(same, 52)).all()
    else:
        assert found.what == "boundary"


def drawn(many: int) -> Histories:
    """Members who came in a first quarter, ordered by chance and left at any moment (weeks)."""
    chance = np.random.default_rng(20261128)
    age = chance.uniform(27, 39, many)
    rate, stays = chance.gamma(0.8, 0.15, many), chance.exponential(30, many)
    gaps = chance.exponential(1, (many, 99)).cumsum(axis=1) / rate[:, None]
    came = gaps <= np.minimum(age, stays)[:, None]
    return histories(came.sum(axis=1), np.where(came, gaps, 0).max(axis=1), age)


@pytest.mark.parametrize("fit", [fit_bg_nbd, fit_mbg_nbd, fit_pareto_nbd, fit_nbd])
@pytest.mark.parametrize("unit", [7 * 86_400.0, 1 / 52])
def test_the_unit_of_time_changes_nothing_but_the_unit(
    fit: Callable[[Histories], object], unit: float
) -> None:
    """Weeks, seconds and years: one shop, and one forecast of it."""
    seen = drawn(3_000)
    other = Histories(seen.repeats, seen.last * unit, seen.age * unit, seen.members)
    weeks, units = fit(seen), fit(other)
    assert isinstance(weeks, BetaGeometric | Pareto | Poisson)
    assert isinstance(units, BetaGeometric | Pareto | Poisson)
    assert units.r == pytest.approx(weeks.r, rel=2e-3)
    assert units.alpha == pytest.approx(weeks.alpha * unit, rel=2e-3)
    orders = weeks.height - float(seen.repeats @ seen.members) * np.log(unit)
    assert units.height == pytest.approx(orders, abs=1e-3)
    expected = weeks.expected(seen, 39).sum()
    assert units.expected(other, 39 * unit).sum() == pytest.approx(expected, rel=1e-3)


def test_turns_that_cannot_be_are_a_bug_of_whoever_asks() -> None:
    for rows in (([2], [1], [6], [1]), ([0], [1], [6], [1]), ([1], [7], [6], [1])):
        with pytest.raises(AssertionError):
            turns(*rows)
    for members in (-1, float("nan"), float("inf")):
        with pytest.raises(AssertionError):
            turns([1], [1], [6], [members])


@pytest.mark.parametrize("at_first", [False, True])
def test_a_member_nobody_knows_yet_orders_as_one_that_was_drawn(at_first: bool) -> None:
    """Each order by itself, of a hundred thousand members: no formula of the paper is used."""
    chance, many = np.random.default_rng(20261127), 100_000
    model = BetaGeometric(0.8, 5.0, 0.9, 2.0, at_first)
    rate, leaves = chance.gamma(0.8, 1 / 5, many), chance.beta(0.9, 2, many)
    orders, when = np.zeros(many), np.zeros(many)
    there = chance.random(many) >= leaves if at_first else np.ones(many, bool)
    while there.any():
        when += chance.exponential(1 / rate)
        there &= when <= 60
        orders += there
        there &= chance.random(many) >= leaves
    error = orders.std() / many**0.5
    assert model.expected_anew(60) == pytest.approx(orders.mean(), abs=3.5 * error)
