"""Months that say nothing of the others, and what was brought over, are told apart: known truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest
from tests.flows.night.counted.following import SHOP, goes_on
from tests.makers import Shop, buys

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import History
from regulars.flows.importing.commands import OpenLot
from regulars.flows.importing.open_balances import open_balances
from regulars.insight.estimators.owing.triangles import Triangle
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.deferring import Promise, deferred
from regulars.insight.metrics.owing import (
    Came,
    Given,
    Owing,
    left_of,
    months_of,
    owing_figures,
    owing_of,
    triangle_of,
)
from regulars.insight.metrics.reading import points as read
from regulars.insight.metrics.reports.owed.cohorts import Looked, cohort_table
from regulars.insight.metrics.spans import Span, months_on
from regulars.records.imports import write as imports
from regulars.records.imports.types import Import
from regulars.records.members.types import MemberRef

START = date(2024, 1, 1)
SLOW = [round(1_000 * 0.6 * 0.12 * 0.88**k) for k in range(80)]
"""Of a thousand points 60 % come back in the end, each month 12 % of these."""


def _months(size: int) -> list[date]:
    return [months_on(START, n) for n in range(size)]


def _came(months: Sequence[date], pattern: Sequence[int], since: int = 0) -> list[Came]:
    """What comes back of a thousand points of each month, as far as `since` or later."""
    return [
        Came(first, months[at + k], pattern[k])
        for at, first in enumerate(months)
        for k in range(min(len(months) - at, len(pattern)))
        if at + k >= since
    ]


def _looked(given: list[Given], came: list[Came], size: int) -> Looked:
    ended_on = months_on(START, size)
    seen = triangle_of(given, came, ended_on)
    left = left_of(given, months_of(given, came, ended_on))
    return Looked(owing_of(seen, left), given, seen, ended_on, came)


def test_points_given_to_try_it_out_keep_nothing_from_being_said() -> None:
    """Three years of 1,000 points a month, of which 540 come back. In the first month 50 were given
    to try it out (or were taken back), and none of them was ever redeemed."""
    months = _months(36)
    came = [one for one in _came(months, [200, 150, 100, 50, 40]) if one.given_on != months[0]]
    for tried_out in (50, 0):
        given = [Given(on, 1_000, 460) for on in months]
        given[0] = Given(months[0], tried_out, tried_out)
        looked = _looked(given, came, 36)
        assert isinstance(looked.found, Owing)
        assert looked.found.rate == pytest.approx(0.54)
        assert (looked.found.given, looked.found.left) == (35_000, 35 * 460)
        rows = months_of(given, came, looked.ended_on)
        assert rows == months[1:]
        owed = deferred(
            Promise(rows, looked.seen, lambda _, units: units), dict.fromkeys(months, 10_000)
        )
        assert isinstance(owed, list)
        assert owed[-1].month == months[-1]
        first, second = cohort_table(looked, lambda points: points).rows[:2]
        assert first[:7] == (months[0], tried_out, 0, None, None, None, tried_out), "told apart"
        assert second[:4] == (months[1], 1_000, 540, 540)


def test_where_nothing_came_back_of_any_month_that_is_what_is_said() -> None:
    months = _months(6)
    given = [Given(on, 100, 100) for on in months]
    assert _looked(given, [], 6).found == NotEnough("values", 0, 1)


def _moved_in(size: int, at: int) -> Looked:
    """A shop that moved in after so many months, and brought over what was left with its days."""
    months = _months(size)
    given = []
    for place, on in enumerate(months):
        before = max(at - place, 0)
        points = 1_000 - sum(SLOW[:before])
        left = 1_000 - sum(SLOW[: size - place])
        given.append(Given(on, points, left, points if before else 0))
    return _looked(given, _came(months, SLOW, since=at), size)


def test_points_brought_over_do_not_grow_as_if_nothing_had_come_before() -> None:
    """What comes is said as by months of which everything is known, and what is brought over beside
    it: within a third of the truth, where three times as much had been said."""
    at = 18
    for size in (30, 36):
        looked = _moved_in(size, at)
        found = looked.found
        assert isinstance(found, Owing)
        rows = tuple(tuple(map(float, SLOW[:n])) for n in range(size - at, 0, -1))
        alone = owing_of(Triangle((1_000.0,) * (size - at), rows), found.left)
        assert isinstance(alone, Owing)
        assert (found.rate, found.coming) == (alone.rate, alone.coming)
        truth = sum(sum(SLOW[n:]) for n in range(1, size + 1))
        held = sum(one.left for one in looked.given)
        owed = owing_figures(Span(START, looked.ended_on), found, held, held)[-1]
        assert owed.value == pytest.approx(truth, rel=1 / 3)
        apart = [row for row in cohort_table(looked, lambda units: units).rows if row[3] is None]
        assert [row[0] for row in apart] == _months(size)[:at]
        assert sum(int(str(row[6])) for row in apart) == held - found.left


def test_a_few_points_brought_over_late_cut_no_history() -> None:
    """A tenth of a month is what an import is known by."""
    months = _months(12)
    came = _came(months, [300])
    some = [Given(on, 1_000, 700, 99 if on == months[8] else 0) for on in months]
    assert months_of(some, came, months_on(START, 12)) == months
    more = [Given(on, 1_000, 700, 100 if on == months[8] else 0) for on in months]
    assert months_of(more, came, months_on(START, 12)) == months[9:]


def test_the_books_know_what_was_brought_over(open_shop: Callable[[str], Shop]) -> None:
    """Of lots that come with an import those of earlier months are brought over; what is earned
    here is not, also where it is told late."""
    shop = open_shop(SHOP)
    shop.at("2026-03-10 12:00")
    shop.joined("una")
    una = MemberRef(external="una")
    shop.record(buys(una, 700, receipt="told-late", occurred_at=shop.now - timedelta(days=20)))
    import_id = shop.database.ids.new_id()

    async def bring(tx: Tx, terms: Terms) -> None:
        mine = Import(import_id, import_id.bytes, "", "", {}, tx.now)
        await tx.write(imports.begin(tx, mine))
        old = tx.now - timedelta(days=40)
        lots = [OpenLot(una, "points", 40, "old", "una", earned_at=old)]
        await open_balances(tx, terms, lots, History(import_id))
        await tx.write(imports.end(tx, import_id))

    shop.do(bring)
    goes_on(shop)
    wallet = next(code for code, name in shop.terms.wallet_names.items() if name == "points")
    found = shop.do(lambda tx, _: read.given(tx, wallet))
    january, february = date(2026, 1, 1), date(2026, 2, 1)
    assert [(one.on, one.given, one.brought) for one in found] == [
        (january, 40, 40), (february, 7, 0),
    ]  # fmt: skip
