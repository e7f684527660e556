"""Which way of estimating is taken is decided by the shop's own past, and only where it can be."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from random import Random

from regulars.insight.estimators.owing.triangles import Triangle
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.owing import Came, Given, Owing, owing_of, triangle_of
from regulars.insight.metrics.reports.owed.cohorts import Looked, cohort_table
from regulars.insight.metrics.reports.owed.liability import way_table
from regulars.insight.metrics.trying import Chosen, Origin, Tried, chosen, expected_by, tried
from regulars.insight.metrics.trying import _surely_better as surely_better

AGES = (0.10, 0.12, 0.10, 0.08, 0.06, 0.04, 0.02, 0.02, 0.01, 0.01)


def triangle(size: int, levels: list[float], rng: Random | None = None) -> Triangle:
    """Months of 10,000 points each, of which so much more or less than usual comes back."""
    rows = []
    for i in range(size):
        ages = [AGES[k] if k < len(AGES) else 0.0 for k in range(size - i)]
        noise = [1 + (rng.uniform(-0.5, 0.5) if rng else 0) for _ in ages]
        rows.append(tuple(
            round(10_000 * one * levels[i] * off) * 1.0
            for one, off in zip(ages, noise, strict=True)
        ))  # fmt: skip
    return Triangle((10_000.0,) * size, tuple(rows))


def test_where_each_month_has_its_own_level_chain_ladder_is_taken() -> None:
    levels = [1.6 if n % 2 else 0.4 for n in range(24)]
    found = chosen(triangle(24, levels))
    assert found.way == "chain_ladder"
    assert isinstance(found.tried, Tried)
    usual = found.other("bornhuetter_ferguson")
    assert isinstance(usual, Tried)
    assert found.tried.missed < usual.missed


def test_where_months_are_alike_and_noisy_the_usual_way_stays() -> None:
    took = [chosen(triangle(20, [1.0] * 20, Random(seed))).way for seed in range(20)]
    assert took.count("bornhuetter_ferguson") >= 17, took


def missing_by(*off: int) -> Tried:
    """A way that was off by so much at each origin, after each of which 100 came."""
    return Tried(6, tuple(Origin(6 + n, 100.0 + one, 100) for n, one in enumerate(off)))


def test_another_way_is_nearer_in_all_and_at_two_of_three() -> None:
    usual = missing_by(10, 10, 10)
    assert surely_better(missing_by(9, -9, 11), usual)
    assert not surely_better(missing_by(1, 11, 11), usual), "at one of three"
    assert not surely_better(missing_by(9, 9, 40), usual), "worse in all"
    assert not surely_better(usual, usual)
    assert not surely_better(missing_by(1, 1), usual), "it could say nothing at one of them"


def test_a_tie_leaves_the_usual_way() -> None:
    assert chosen(triangle(20, [1.0] * 20)).way == "bornhuetter_ferguson"


def test_what_cannot_be_tried_is_not_chosen_and_says_what_is_missing() -> None:
    found = chosen(triangle(12, [1.6 if n % 2 else 0.4 for n in range(12)]))
    lacks = NotEnough("periods", 12, 13)
    others = (("chain_ladder", lacks), ("calendar", lacks))
    assert found == Chosen("bornhuetter_ferguson", lacks, others)
    assert way_table(found).rows == ()
    assert way_table(NotEnough("periods", 2, 4)).rows == ()


def test_what_is_owed_goes_by_the_way_that_is_taken() -> None:
    seen = triangle(24, [1.6 if n % 2 else 0.4 for n in range(24)])
    found = owing_of(seen, 100_000)
    ladder = expected_by("chain_ladder", seen)
    assert isinstance(found, Owing)
    assert not isinstance(ladder, NotEnough)
    assert found.rate == ladder.rate
    assert found.chosen.tried == tried(seen, way="chain_ladder")
    assert [(row[0], row[-1]) for row in way_table(found.chosen).rows] == [
        ("chain_ladder", "yes"), ("bornhuetter_ferguson", "no"), ("calendar", "no"),
    ]  # fmt: skip


def test_what_two_midnights_lie_between_is_not_of_no_month() -> None:
    """A store whose day ends later than the program's: 7 that were redeemed between the two at the
    end of March are in April for the program; and the other way round at the end of April. What
    was redeemed of no known points stays so."""
    months = [date(2026, month, 1) for month in range(1, 6)]
    given = [Given(on, 100, 80) for on in months]
    came = [Came(on, on, 20) for on in months]
    burned = dict.fromkeys(months, 20) | {months[2]: 27, months[3]: 13 - 5, months[4]: 25}
    assert triangle_of(given, came, date(2026, 6, 1), burned).beyond == ()
    burned[months[0]] += 4
    assert triangle_of(given, came, date(2026, 6, 1), burned).beyond == (4, 0, 0, 0, 0)
    # Of the last month the other side lies in the one that runs.
    given.append(Given(date(2026, 6, 1), 100, 93))
    came.append(Came(date(2026, 6, 1), date(2026, 6, 1), 7))
    burned[months[4]] += 7
    assert triangle_of(given, came, date(2026, 6, 1), burned).beyond == (4, 0, 0, 0, 0)


def test_what_becomes_of_each_month_and_what_no_month_gave() -> None:
    """Of January 40 of 100 came back and 20 lapsed; of May's 100 nothing did yet; in March 30 more
    were redeemed than were of any month's points."""
    months = [date(2026, month, 1) for month in range(1, 6)]
    given = [Given(on, 100, 40 if on.month == 1 else 100) for on in months]
    came = [Came(on, on, 20) for on in months[:4]]
    came += [Came(on, later, 20) for on, later in pairwise(months[:4])]
    burned = {on: 20 if on.month == 1 else 40 for on in months} | {date(2026, 3, 1): 70}
    seen = triangle_of(given, came, date(2026, 6, 1), burned)
    assert seen.beyond == (0, 0, 30, 0, 40)
    looked = Looked(owing_of(seen, 440), given, seen, date(2026, 6, 1))
    table = cohort_table(looked, lambda points: points // 10)
    rows = {
        row[0]: dict(zip((one.id for one in table.columns), row, strict=True)) for row in table.rows
    }
    first, last = rows[months[0]], rows[months[4]]
    assert (first["given"], first["redeemed"], first["expected"], first["coming"]) == (
        100,
        40,
        40,
        0,
    )
    assert (rows[months[2]]["unmatched"], first["unmatched"], first["over"]) == (30, None, None)
    assert last["redeemed"] == 0
    assert 0 < last["coming"] <= last["left"]
    assert last["cost_minor"] == last["coming"] // 10
    few = [Given(on, 100, 3) for on in months]
    table = cohort_table(Looked(owing_of(seen, 15), few, seen, date(2026, 6, 1)), lambda _: 0)
    assert {row[5] for row in table.rows} <= {0, 1, 2, 3}, "no more than is left"
    assert {row[7] for row in table.rows} == {None}, "nobody says what a point costs"
    lacks = looked._replace(found=NotEnough("periods", 1, 4))
    assert cohort_table(lacks, lambda _: 0).rows == ()
