"""A season is taken where it foretold the past better, and seen before it is believed."""

from __future__ import annotations

from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray

from regulars.insight.estimators.buying.choosing import Chosen, choose
from regulars.insight.estimators.buying.season import index_of, seasoned

DAYS: Final = 3 * 364
AHEAD: Final = 84
GOAL: Final = 0.20


def shop(seed: int, swing: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Buyers and the days on which they order: nobody leaves, all were there from the beginning,
    and in the middle of winter they come so much oftener than on average as less in summer."""
    chance = np.random.default_rng(seed)
    rate = chance.gamma(1.5, 0.015, 900)
    season = 1 + swing * np.cos(2 * np.pi * np.arange(DAYS) / 364)
    came = chance.random((len(rate), DAYS)) < -np.expm1(-np.outer(rate, season))
    member, day = np.nonzero(came)
    return member.astype(np.int64), day.astype(np.int64)


def chosen(swing: float, days: int = DAYS) -> Chosen:
    member, day = shop(7, swing)
    known = day < days
    found = choose(member[known], day[known], days - 1, AHEAD)
    assert isinstance(found, Chosen)
    return found


def test_a_season_that_was_seen_is_taken_and_what_is_foretold_comes_nearer() -> None:
    found = chosen(0.8)
    plain = float(np.abs(found.tried[0].orders).mean())
    assert found.season.state == "taken"
    assert plain > GOAL
    assert np.abs(found.season.orders).mean() <= 0.10
    assert found.season.factor > 1.3, "winter is ahead"


def test_without_a_season_nothing_is_lifted() -> None:
    found = chosen(0.0)
    assert found.season.factor == pytest.approx(1.0, abs=0.06)


def test_before_a_season_was_seen_whole_none_is_taken_and_bounds_say_how_far_off_it_was() -> None:
    found = chosen(0.8, 450)
    assert (found.season.state, found.season.factor) == ("unseen", 1.0)
    low, high = found.season.bounds
    assert low < 1 < high or high - low > 0.2


def test_two_of_three_origins_decide_and_all_of_them_together() -> None:
    assert seasoned([0.5, 0.5, 0.5], [0.7, 0.7, 0.7], 1.2).state == "taken"
    assert seasoned([0.5, 0.5, 0.5], [0.7, 1.1, 1.1], 1.2).state == "tried", "one of three"
    assert seasoned([0.1, 0.1, -0.5], [0.95, 0.95, 0.2], 1.2).state == "tried", "worse in all"
    assert seasoned([0.5, 0.5, 0.5], [0.7, 0.7, None], 1.2).state == "unseen"
    assert seasoned([0.5, 0.5, 0.5], [0.7, 0.7, 0.7], None).state == "unseen"
    assert seasoned([-0.2, 0.25, 0.0], [None] * 3, None).bounds == pytest.approx((0.8, 1.25))


def test_the_index_is_one_where_every_day_is_alike_and_looks_at_nothing_later() -> None:
    days = np.arange(1_000, dtype=np.int64)
    assert index_of(days, 900, 90) == pytest.approx(1.0)
    assert index_of(days, 400, 90) is None, "the year about it was not seen whole"
    twice = np.sort(np.concatenate((days, days[536:626])))
    assert index_of(twice, 900, 90) == pytest.approx(2 * 365 / (365 + 90), rel=0.02)
    assert index_of(days, 900, 90) == index_of(days[days <= 900], 900, 90)
