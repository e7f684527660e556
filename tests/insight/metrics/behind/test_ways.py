"""Which way of estimating is taken is decided by the shop's own past, and only where it can be."""

from __future__ import annotations

from random import Random

from regulars.insight.estimators.owing.triangles import Triangle
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.owing import Owing, owing_of
from regulars.insight.metrics.reports.liability import way_table
from regulars.insight.metrics.trying import Chosen, Tried, chosen, expected_by, tried

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
    assert isinstance(found.other, Tried)
    assert found.tried.missed < found.other.missed


def test_where_months_are_alike_and_noisy_the_usual_way_stays() -> None:
    took = [chosen(triangle(20, [1.0] * 20, Random(seed))).way for seed in range(20)]
    assert took.count("bornhuetter_ferguson") >= 17, took


def test_a_tie_leaves_the_usual_way() -> None:
    assert chosen(triangle(20, [1.0] * 20)).way == "bornhuetter_ferguson"


def test_what_cannot_be_tried_is_not_chosen_and_says_what_is_missing() -> None:
    found = chosen(triangle(12, [1.6 if n % 2 else 0.4 for n in range(12)]))
    lacks = NotEnough("periods", 12, 13)
    assert found == Chosen("bornhuetter_ferguson", lacks, lacks)
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
    first, second = way_table(found.chosen).rows
    assert (first[0], first[-1], second[0], second[-1]) == (
        "chain_ladder", "yes", "bornhuetter_ferguson", "no",
    )  # fmt: skip
