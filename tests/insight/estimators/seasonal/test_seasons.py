"""What periods ahead bring, and how far off that was for points of an airline."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.insight.estimators.real import read

from regulars.insight.estimators.grouping.seasons import Ahead, ahead
from regulars.insight.estimators.saying import NotEnough


def test_next_month_is_last_years_times_this_years_growth() -> None:
    year = np.array([10.0, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120])
    found = ahead(np.concatenate((year, [20, 40])), 2)
    assert isinstance(found, Ahead)
    assert (found.seasonal, found.growth, list(found.values)) == (True, 2.0, [60, 80])


def test_the_first_year_is_taken_as_it_was_lately_and_says_so() -> None:
    found = ahead([9, 1, 2, 3], 3)
    assert isinstance(found, Ahead)
    assert (found.seasonal, list(found.values)) == (False, [2, 2, 2])
    assert ahead([1, 2], 3) == NotEnough("periods", 2, 3)
    assert ahead([0.0] * 14, 1) == NotEnough("values", 0, 1)


def burned() -> np.ndarray:
    """Points redeemed in each of 24 months."""
    flights = read("airline_flight_activity.parquet")
    sums = flights.group_by("year", "month").agg(pl.col("points_redeemed").sum())
    return sums.sort("year", "month")["points_redeemed"].to_numpy().astype(np.float64)


def test_points_of_the_next_two_quarters_are_foretold_within_a_tenth() -> None:
    """At each end of a quarter with half a year after it, by what was known then."""
    points, off = burned(), []
    for known in (9, 12, 15, 18):
        found = ahead(points[:known], 6)
        assert isinstance(found, Ahead)
        actual = points[known : known + 6].sum()
        off.append(float(found.values.sum() / actual - 1))
        assert found.seasonal == (known > 12)
    assert max(map(abs, off)) <= 0.13
    assert float(np.mean(np.abs(off))) <= 0.10


def test_taking_last_half_year_for_the_next_is_worse_where_the_season_is_known() -> None:
    points, plain, ours = burned(), [], []
    for known in range(13, 19):
        found = ahead(points[:known], 6)
        assert isinstance(found, Ahead)
        actual = points[known : known + 6].sum()
        plain.append(abs(points[known - 6 : known].sum() / actual - 1))
        ours.append(abs(float(found.values.sum()) / actual - 1))
    assert np.mean(ours) == pytest.approx(0.03, abs=0.02)
    assert np.mean(plain) > 3 * np.mean(ours)


def test_a_month_that_is_no_number_is_a_bug_of_whoever_asks() -> None:
    for odd in (float("nan"), float("inf")):
        with pytest.raises(AssertionError):
            ahead([1.0] * 13 + [odd], 2)
