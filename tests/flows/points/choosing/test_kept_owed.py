"""What is owed: each point at the worth it was earned with, as whoever holds it could spend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.flows.points.choosing.test_kept_worth import MONTH, START, best, program, terms, until
from tests.makers import Shop, buys, named

from regulars.engine.changing.keeping import changes_of, owed_by, worths_kept
from regulars.engine.changing.prices import costs_of
from regulars.engine.replaying.compare import worth_of
from regulars.insight.home.owed import Owed, owed_by_month
from regulars.insight.metrics.reports.owed.liability import liability
from regulars.surfaces.in_words.reports.asking import question

Open = Callable[[str], Shop]


@st.composite
def shops(draw: st.DrawFn) -> tuple[list[tuple[int, bool]], list[tuple[int, int]]]:
    kept = st.tuples(st.integers(1, 300), st.booleans())
    versions = draw(st.lists(kept, min_size=1, max_size=5))
    lot = st.tuples(st.integers(0, len(versions) - 1), st.integers(1, 120))
    return versions, draw(st.lists(lot, max_size=8))


@given(shops())
@settings(max_examples=200, deadline=None)
def test_each_lot_is_owed_at_the_best_of_its_terms(
    told: tuple[list[tuple[int, bool]], list[tuple[int, int]]],
) -> None:
    """By hand: a mug costs the shop 0.80, and a point the part of it that it buys."""
    versions, lots = told
    all_ = terms(*(program(mug=price, then=until() if keep else "") for price, keep in versions))
    version, now = all_.versions[-1], START + MONTH * len(versions)
    changes = changes_of(version, now)
    held: Counter[tuple[str, int]] = Counter()
    for month, points in lots:
        at = START + MONTH * month + timedelta(days=1)
        held["points", sum(one <= at for one in changes)] += points
    by_hand = sum((Fraction(80 * n, best(versions, month)) for month, n in lots), Fraction(0))
    assert owed_by(worths_kept(version, now, worth_of), held) == by_hand


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return kept_by_some(open_shop)


def kept_by_some(open_shop: Open) -> Shop:
    """100 old points at 100 for a mug that costs 0.80, then 150 new ones at 200 for one."""
    shop = open_shop(program(points=1000, step=10))
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 10_000))
    shop.now += MONTH
    plan = until("2027-01-01")
    shop.publish(named(program(mug=200, points=1000, then=plan, step=10), shop.terms.slug))
    shop.now += timedelta(days=1)
    shop.record(buys(ada, 5_000), buys(ben, 10_000))
    return shop


def owed(shop: Shop) -> tuple[list[Owed], Fraction]:
    version = shop.terms.at(shop.now)
    found = shop.do(
        lambda tx, _terms: owed_by_month(tx, "Europe/Berlin", changes_of(version, shop.now))
    )
    worths = worths_kept(version, shop.now, worth_of)
    return found, owed_by(worths, {("points", one.band): one.units for one in found})


def test_old_points_are_owed_at_the_old_price_and_new_ones_at_the_new(shop: Shop) -> None:
    found, worth = owed(shop)
    assert [(one.band, one.units) for one in found] == [(0, 100), (1, 150)]
    assert worth == 80 + 60
    shop.at("2027-01-01T00:00")
    found, worth = owed(shop)
    assert ([one.band for one in found], worth) == ([0], 100)


def test_the_report_of_what_is_owed_says_the_same(shop: Shop) -> None:
    said = {"wallet": "points", "from": str(date(2026, 1, 1)), "until": "2026-12-01"}
    asked = question(shop.terms, shop.now, said)
    assert asked.worth_of(250) == 100
    assert asked.costs == (Fraction(4, 5), Fraction(2, 5))

    async def report(tx, _terms):  # type: ignore[no-untyped-def]
        return await liability(tx, asked)

    assert shop.do(report).asked.worth_of(250) == 140


def test_a_program_that_keeps_nothing_asks_for_nothing_more(open_shop: Open) -> None:
    shop = open_shop(program())
    version = shop.terms.at(shop.now)
    assert changes_of(version, shop.now) == []
    assert worths_kept(version, shop.now, costs_of) == [costs_of(version.program)]
