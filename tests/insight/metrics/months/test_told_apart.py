"""Months that say nothing of the others, and what was brought over, are told apart: known truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from types import SimpleNamespace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from tests.flows.night.counted.following import SHOP, follows, goes_on
from tests.makers import Shop, buys

from regulars.base.tx import Tx
from regulars.engine.changing import costing
from regulars.engine.terms import Terms
from regulars.flows.commands import History, Redeem
from regulars.flows.importing.commands import OpenLot
from regulars.flows.importing.open_balances import open_balances
from regulars.flows.importing.take_back import begin_to_take_back, end_taking_back
from regulars.flows.membership.commands import MergeMembers
from regulars.flows.membership.merge_members import merge_members
from regulars.insight.estimators.owing.triangles import (
    Triangle,
    Ultimate,
    bornhuetter_ferguson,
    chain_ladder,
)
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.deferring import Deferred, Promise, as_closed, deferred
from regulars.insight.metrics.owing import Came, Given, Owing, months_of, owing_of, triangle_of
from regulars.insight.metrics.reading import points as read
from regulars.insight.metrics.reports.owed.cohorts import Looked, cohort_table
from regulars.insight.metrics.spans import months_on
from regulars.records.imports import write as imports
from regulars.records.imports.types import Import
from regulars.records.members.types import MemberRef
from regulars.runtime.importing.undoing import take_some_back

START = date(2024, 1, 1)


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
    return Looked(owing_of(seen, sum(one.left for one in given)), given, seen, ended_on)


def _owed(given: list[Given], came: list[Came], size: int) -> list[Deferred]:
    """The contract liability of points that cost a unit each, of 100,000 of sales a month."""
    ended_on = months_on(START, size)
    months, seen = months_of(given, ended_on), triangle_of(given, came, ended_on)
    mine = Promise(months, seen, lambda _, units: units)
    found = deferred(mine, dict.fromkeys(_months(size), 100_000))
    return [] if isinstance(found, NotEnough) else found


def _pilot(size: int, tried_out: int, back: dict[int, int]) -> tuple[list[Given], list[Came]]:
    """Months of 10,000 points, of which 5,400 come back; in the first a few were given to try it
    out, of which so many came back so many months later."""
    months = _months(size)
    came = [
        one for one in _came(months, [2_000, 1_500, 1_000, 500, 400]) if one.given_on != months[0]
    ]
    came += [Came(months[0], months[k], points) for k, points in back.items() if k < size]
    given = [Given(on, 10_000, 4_600) for on in months]
    given[0] = Given(months[0], tried_out, tried_out - sum(back.values()))
    return given, came


TRIED_OUT: Sequence[tuple[int, dict[int, int]]] = (
    (50, {}), (0, {}), (50, {5: 1, 35: 9}), (50, {3: 10, 34: 40}), (50, {34: 1, 35: 49}),
)  # fmt: skip
"""Points of a first month, and how many of them came back so many months later."""


def test_points_given_to_try_it_out_say_no_more_than_they_are() -> None:
    """Whether none of them, one or all came back, early or years later, of all others 54 % do."""
    for tried_out, back in TRIED_OUT:
        looked = _looked(*_pilot(36, tried_out, back), 36)
        assert isinstance(looked.found, Owing)
        assert looked.found.rate == pytest.approx(0.54, abs=0.01)
        assert looked.found.low <= looked.found.rate <= looked.found.high < 0.6
        first, second = cohort_table(looked, lambda points: points).rows[:2]
        assert first[:4] == (START, tried_out, sum(back.values()), sum(back.values()))
        assert second[:2] == (months_on(START, 1), 10_000)


def test_months_closed_one_by_one_book_nothing_anew_when_points_of_a_trial_are_spent() -> None:
    """Of the first 50 points one is redeemed after three years, and most of the others then. What
    is put back is provisional for a year, and stays from then on."""
    closed: dict[date, Deferred | None] = {}
    for size in range(5, 41):
        found = as_closed(_owed(*_pilot(size, 50, {34: 1, 36: 40}), size), closed)
        closed[_months(size)[-1]] = found[-1]
    rows = [one for one in closed.values() if one is not None]
    settled = rows[12 - 4 :]
    assert {(one.changed_added_minor, one.changed_earned_minor) for one in settled} == {(0, 0)}
    late = [one.closing_minor for one in rows[-12:]]
    assert max(late) < 1.3 * min(late)


def test_what_was_tried_out_for_long_says_nothing_of_what_is_given_then() -> None:
    """Four months by months of 50 points are none by months of 100,000: nothing is said for three,
    and what these had put back is booked once it can be."""
    rows, closed = [50] * 6 + [100_000] * 6, dict[date, Deferred | None]()
    months = _months(12)
    came = [
        Came(months[at], months[at + k], points * back // 100)
        for at, points in enumerate(rows)
        for k, back in zip(range(12 - at), (20, 15, 10, 5, 4), strict=False)
    ]
    for size in range(1, 13):
        given = [Given(on, points, points) for on, points in zip(months, rows[:size], strict=False)]
        known = [one for one in came if one.on <= months[size - 1]]
        said = as_closed(_owed(given, known, size), closed)
        closed[months[size - 1]] = next(
            (one for one in said if one.month == months[size - 1]), None
        )
    silent = [on for on, row in closed.items() if row is None]
    assert silent == [*months[:3], *months[6:9]]
    again = closed[months[9]]
    assert again is not None
    # Each of the four months put back a third of its sales of 100,000.
    assert again.changed_added_minor == pytest.approx(3 * again.added_minor, rel=0.01)
    assert (again.earned_minor, again.changed_earned_minor > 0) == (0, True)
    for one in filter(None, closed.values()):
        moved = one.added_minor + one.changed_added_minor - one.earned_minor
        assert one.opening_minor + moved - one.changed_earned_minor == one.closing_minor
        assert one.earned_minor >= 0


def test_where_nothing_came_back_of_any_month_that_is_what_is_said() -> None:
    months = _months(6)
    given = [Given(on, 100, 100) for on in months]
    assert _looked(given, [], 6).found == NotEnough("values", 0, 1)


def test_a_wallet_that_can_be_said_shares_sales_anew_by_little() -> None:
    """Until then it takes part with what was redeemed of it."""
    given, came = _pilot(12, 10_000, {})
    ended_on = months_on(START, 12)
    mine = Promise(months_of(given, ended_on), triangle_of(given, came, ended_on), lambda _, n: n)
    late = given[6:]
    young = [one for one in came if one.given_on >= late[0].on]
    other = Promise(
        months_of(late, ended_on), triangle_of(late, young, ended_on), lambda _, n: 10 * n
    )
    found = deferred(mine, dict.fromkeys(mine.months, 100_000), [other])
    assert isinstance(found, list)
    alone = deferred(mine, dict.fromkeys(mine.months, 100_000))
    assert isinstance(alone, list)
    parts = [a.closing_minor / b.closing_minor for a, b in zip(found, alone, strict=True)]
    steps = [before - after for before, after in pairwise(parts)]
    assert sum(steps) > 0.3 > 2 * max(steps), "not all at once"


def _put_back(seen: Triangle, at: int, end: int) -> int:
    """Of 100,000 of sales of a month, what its points take by what is expected at an end."""
    known = _expected(seen.until(end + 1))
    whole = round(known.expected[at])
    return round(100_000 * whole / (100_000 + whole))


def _expected(seen: Triangle) -> Ultimate:
    ladder = chain_ladder(seen)
    assert isinstance(ladder, Ultimate)
    found = bornhuetter_ferguson(seen, min(ladder.rate, 1.0))
    assert isinstance(found, Ultimate)
    return found


def test_a_sale_is_shared_for_good_by_what_was_expected_first() -> None:
    """For fifteen months two of ten points came back; then people come for four more of them. What
    was put back of these months stays; that more is still to come is less revenue of the month in
    which it is seen (IFRS 15.88, 15.B46). Of the months since nobody knows yet how long points take
    to come back, so they are provisional."""
    size, calm, year = 19, 15, 11
    months = _months(size)
    sums = {(one.given_on, one.on): one.redeemed for one in _came(months, [1_000, 600, 400])}
    sums |= {(first, on): 1_000 for first in months[:12] for on in months[calm:]}
    came = [Came(*when, points) for when, points in sums.items()]
    given = [Given(on, 10_000, 0) for on in months]
    found, seen = _owed(given, came, size), triangle_of(given, came, months_on(START, size))
    said = months.index(found[0].month)

    def put_back(at: int, end: int) -> int:
        return _put_back(seen, at, max(at, year) if at < calm else end)

    assert _put_back(seen, said, size - 1) > 2 * put_back(said, size - 1), "far more is expected"
    for end in range(year + 1, size):
        one, known = found[end - said], _expected(seen.until(end + 1))
        stands = sum(
            put_back(at, end) * (1 - redeemed / known.expected[at])
            for at, redeemed in enumerate(known.redeemed)
        )
        assert one.added_minor == put_back(end, end)
        assert one.closing_minor == pytest.approx(stands, abs=0.02 * stands)
        anew = sum(put_back(at, end) - put_back(at, end - 1) for at in range(calm, end))
        assert one.changed_added_minor == anew
        if end <= calm:
            assert (anew, one.changed_earned_minor) == (0, 0), "all of it is revenue of the month"
        _ties(one)


def _ties(one: Deferred) -> None:
    moved = one.added_minor + one.changed_added_minor - one.earned_minor
    assert one.opening_minor + moved - one.changed_earned_minor == one.closing_minor


def _stands_as_it_comes_back(back: Sequence[int], lives: int) -> None:
    """Of 10,000 points of each month so many come back in the months after: once all of them were
    seen, what stands is what is still to come of what each month put back by all of them."""
    whole = sum(back)
    share = 100_000 * whole / (100_000 + whole)
    still = sum(share * (1 - sum(back[: age + 1]) / whole) for age in range(len(back)))
    for size in (24, 30, 40):
        months = _months(size)
        given = [Given(on, 10_000, 0) for on in months]
        seen = triangle_of(given, _came(months, back), months_on(START, size))
        mine = Promise(months, seen, lambda _, units: units, lives)
        found = deferred(mine, dict.fromkeys(months, 100_000))
        assert isinstance(found, list)
        assert found[-1].closing_minor == pytest.approx(still, rel=0.01), size
        for one in found:
            _ties(one)


def test_nothing_is_shared_for_good_while_what_comes_back_still_grows() -> None:
    """2 % come back in each of 24 months: after twelve nobody has seen more than a half of them."""
    _stands_as_it_comes_back([200] * 24, 0)


def test_nothing_is_shared_for_good_before_points_could_lapse() -> None:
    """Most come back in the month in which they lapse: until then it looks as if none did."""
    _stands_as_it_comes_back([400] + [0] * 22 + [4_000], 24)


def test_what_another_wallet_shares_anew_is_booked_as_changed() -> None:
    """A wallet that begins late takes part with what was redeemed of it until something can be said
    of it. By what that makes less of what months before had put back, they are changed; what is
    earned of them is as if it had been so from the beginning."""
    months = _months(20)
    given = [Given(on, 10_000, 6_000) for on in months]
    came = _came(months, [2_000, 1_500, 500])
    ended_on = months_on(START, 20)
    seen = triangle_of(given, came, ended_on)
    mine = Promise(months, seen, lambda _, n: n)
    young = [one for one in came if one.given_on >= months[14]]
    other = Promise(
        months[14:], triangle_of(given[14:], young, ended_on), lambda _, n: 10 * n
    )  # fmt: skip
    paid = dict.fromkeys(months, 100_000)
    found = deferred(mine, paid, [other])
    assert isinstance(found, list)
    for one in found:
        _ties(one)
    # Nothing is said of it for three months; then, of these three, it takes its whole part.
    anew = {one.month: one.changed_added_minor for one in found[12:] if one.changed_added_minor}
    assert anew.keys() <= set(months[15:]), anew
    assert anew[months[17]] < 0
    for one in found[12:]:
        assert 0 <= -one.changed_earned_minor <= -one.changed_added_minor
        assert one.earned_minor > 0, "a sale that is shared anew earns nothing back"


def test_a_month_that_says_no_cost_goes_by_the_last_that_did() -> None:
    """A point cost 10 until 20 August; of the terms since then nobody knows, and since 5 October it
    costs 20. What was promised in August was at 10, whenever it is asked."""
    worths: Sequence[dict[str, Fraction]] = ({"points": Fraction(10)}, {}, {"points": Fraction(20)})
    days = (date(2025, 1, 1), date(2025, 8, 20), date(2025, 10, 5))
    terms: Any = SimpleNamespace(
        starts=[datetime(on.year, on.month, on.day, tzinfo=UTC) for on in days],
        versions=[SimpleNamespace(program=one, zone=ZoneInfo("UTC")) for one in worths],
    )
    early, late = (datetime(2025, month, 2, tzinfo=UTC) for month in (9, 11))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(costing, "costs_of", lambda program: program)
        before, after = (costing.cost_then(terms, asked, "points") for asked in (early, late))
    for then in (before, after):
        assert [then(date(2025, month, 1)) for month in (7, 8, 9)] == [10, 10, 10]
    assert after(date(2025, 10, 1)) == 20


def test_what_was_brought_over_is_never_among_what_was_given_here(
    open_shop: Callable[[str], Shop],
) -> None:
    """Lots of an import stand beside, whoever has them since and whatever was spent of them; taken
    back they leave nothing. What is earned here is as it was, also where it is told late."""
    shop = open_shop(SHOP)
    shop.at("2026-03-10 12:00")
    shop.joined("una", "eva", "ida")
    una, eva, ida = (MemberRef(external=name) for name in ("una", "eva", "ida"))
    shop.record(buys(una, 700, receipt="told-late", occurred_at=shop.now - timedelta(days=20)))
    first, wrong = shop.database.ids.new_id(), shop.database.ids.new_id()

    async def bring(tx: Tx, terms: Terms, import_id: UUID, who: MemberRef) -> None:
        mine = Import(import_id, import_id.bytes, "", "", {}, tx.now)
        await tx.write(imports.begin(tx, mine))
        old = tx.now - timedelta(days=40)
        lots = [OpenLot(who, "points", 40, "old", str(import_id), earned_at=old)]
        await open_balances(tx, terms, lots, History(import_id))
        await tx.write(imports.end(tx, import_id))

    shop.do(lambda tx, terms: bring(tx, terms, first, eva))
    shop.do(lambda tx, terms: bring(tx, terms, wrong, ida))
    goes_on(shop)
    wallet = next(code for code, name in shop.terms.wallet_names.items() if name == "points")

    def found(brought: bool | None) -> list[Given]:
        return shop.do(lambda tx, _: read.given(tx, wallet, brought=brought))

    january, february = date(2026, 1, 1), date(2026, 2, 1)
    assert found(False) == [(february, 7, 7)]
    assert found(True) == [(january, 80, 80)]
    assert found(None) == [(january, 80, 80), (february, 7, 7)]
    merge = MergeMembers(eva, una, "one person", "Olga")
    shop.do(lambda tx, terms: merge_members(tx, terms, [merge]))
    shop.redeem(*(Redeem(una, "mug", capture=True) for _ in range(2)))
    shop.do(lambda tx, _: begin_to_take_back(tx, wrong, "Olga"))
    while shop.do(lambda tx, terms: take_some_back(tx, terms, wrong)).all:
        pass
    shop.do(lambda tx, _: end_taking_back(tx, wrong))
    follows(shop)
    assert (found(False), found(True)) == ([(february, 7, 0)], [(january, 40, 37)])
    came = shop.do(lambda tx, _: read.came_back(tx, wallet))
    burned = shop.do(lambda tx, _: read.burned(tx, wallet))
    assert sum(one.redeemed for one in came) == burned[date(2026, 3, 1)] == 7
