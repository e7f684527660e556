"""Points spent by the season: what the calendar foretells, on made-up and airline points."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.insight.estimators.real import read

from regulars.insight.estimators.owing.calendar import ahead_of, by_calendar
from regulars.insight.estimators.owing.triangles import Triangle, Ultimate
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.owing import Owing, owing_of
from regulars.insight.metrics.trying import Tried, chosen, tried

POINTS = "points_accumulated"


def airline() -> Triangle:
    """Points of an airline by the month they were earned in, soonest earned soonest spent; what was
    spent beyond what two years gave is beyond."""
    flights = read("airline_flight_activity.parquet")
    month = (pl.col("year") - 2017) * 12 + pl.col("month") - 1
    rows = (
        flights.group_by("loyalty_number", month.alias("month"))
        .agg(pl.col(POINTS).sum(), pl.col("points_redeemed").sum())
        .sort("loyalty_number", "month")
    )
    size = 24
    got, spent = (
        rows.pivot("month", index="loyalty_number", values=one)
        .select(map(str, range(size)))
        .fill_null(0)
        .to_numpy()
        .astype(np.float64)
        for one in (POINTS, "points_redeemed")
    )
    earned, burned = got.cumsum(axis=1), np.zeros((len(got), size + 1))
    beyond = np.zeros(size)
    for on in range(size):
        wanted = burned[:, on] + spent[:, on]
        burned[:, on + 1] = np.minimum(wanted, earned[:, on])
        beyond[on] = (wanted - burned[:, on + 1]).sum()
    before = earned - got
    back = [
        [
            np.clip(
                np.minimum(earned[:, i], burned[:, on + 1]) - np.maximum(before[:, i], burned[:, on]),
                0, None,
            ).sum()
            for on in range(i, size)
        ]
        for i in range(size)
    ]  # fmt: skip
    return Triangle(tuple(got.sum(axis=0)), tuple(map(tuple, back)), tuple(beyond))


def test_points_that_the_airline_gave_come_back_by_the_calendar_within_a_tenth() -> None:
    """retention.md section 4: at most 10 % off over two quarters, by the same code as the screen;
    both ways that go by the age of points are a third off and more."""
    seen = airline()
    found = chosen(seen)
    assert found.way == "calendar"
    assert isinstance(found.tried, Tried)
    assert len(found.tried.origins) == 12
    assert found.tried.off <= 0.10
    known = [abs(one.off or 0) for one in found.tried.origins if 24 - one.ago > 12]
    assert len(known) == 6
    assert max(known) <= 0.04, "once a season is known"
    for way in ("bornhuetter_ferguson", "chain_ladder"):
        other = found.other(way)
        assert isinstance(other, Tried)
        assert other.off > 0.3
    owing = owing_of(seen, 30_000_000)
    assert isinstance(owing, Owing)
    assert owing.low <= owing.rate <= owing.high
    assert 0 < owing.rate < 1


def test_a_way_that_cannot_say_anything_today_is_not_taken_however_well_it_did() -> None:
    """The first month after one without sales: the calendar knows no growth, the others speak."""
    seen = airline()
    assert chosen(seen).way == "calendar"
    closed = Triangle(
        seen.given,
        tuple((*row[:-1], 0.0) for row in seen.redeemed),
        (*(seen.beyond or (0.0,) * 24)[:-1], 0.0),
    )
    assert chosen(closed).way != "calendar"
    assert isinstance(owing_of(closed, 30_000_000), Owing)


def seasonal(years: int, growth: float = 1.0) -> Triangle:
    """Of 1,000 points a month so many come back in a month as its season says, half of them of the
    month itself and half of the one before."""
    size = 12 * years
    burned = [(100 + 50 * (t % 12 == 11)) * growth ** (t // 12) for t in range(size)]
    rows = [
        tuple(
            burned[i + k] / 2 if k < 2 and i + k else burned[0] if k == 0 else 0.0
            for k in range(size - i)
        )
        for i in range(size)
    ]
    return Triangle((1_000.0,) * size, tuple(rows))


def test_last_years_month_is_taken_times_growth_and_by_the_ages_points_have_now() -> None:
    seen = seasonal(2, 1.1).until(23)
    found = by_calendar(seen, 1)
    assert isinstance(found, Ultimate)
    came = [after - before for after, before in zip(found.expected, found.redeemed, strict=True)]
    assert sum(came) == pytest.approx(150 * 1.1 / 2), "December, half of it of what was there"
    assert came[-1] == pytest.approx(sum(came)), "of the month before"
    assert ahead_of([1.0, 2.0, 3.0, 4.0], 2) == (2.5, 2.5), "no season is known"
    assert ahead_of([0.0] * 14, 1) == NotEnough("values", 0, 1)
    year = [10.0, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]
    assert ahead_of([*year, 20, 40], 2) == (60, 80)


def test_what_no_month_gave_counts_by_the_calendar_and_comes_of_no_month() -> None:
    rows = tuple(tuple(50.0 if k == 1 else 0.0 for k in range(6 - i)) for i in range(6))
    seen = Triangle((100.0,) * 6, rows, (50.0,) * 6)
    found = by_calendar(seen)
    assert isinstance(found, Ultimate)
    assert found.expected[-1] == pytest.approx(550 / 6 / 2)
    assert by_calendar(Triangle((1.0,) * 3, ((0.0,) * 3, (0.0,) * 2, (0.0,)))) == NotEnough(
        "periods", 3, 4
    )
    assert by_calendar(seen.until(4)) != found
    assert isinstance(tried(seasonal(2), way="calendar"), Tried)
