"""Spans, figures, cohorts, flows, what is owed: worked out by hand beside."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from regulars.base.faults import Invalid
from regulars.insight.estimators.owing.triangles import Triangle
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.asking import asked_in
from regulars.insight.metrics.buying import (
    Bought,
    Came,
    bought_figures,
    cohorts,
    with_time,
)
from regulars.insight.metrics.deferring import Deferred, Promise, as_closed, deferred
from regulars.insight.metrics.figures import ratio_of, share_of
from regulars.insight.metrics.owing import Came as Back
from regulars.insight.metrics.owing import Given, Owing, owing_of, triangle_of
from regulars.insight.metrics.points import Moved, Tied, flow_of, flows_of, rolled
from regulars.insight.metrics.spans import (
    Span,
    compared,
    ends_on,
    instants,
    parts,
    so_far,
    too_fine,
)
from regulars.insight.metrics.trying import Tried, off_figure, tried

D = date.fromisoformat
MARCH = Span(D("2026-03-01"), D("2026-04-01"))
ODD = Span(D("2026-03-10"), D("2026-03-24"))


def test_whole_months_are_beside_whole_months_and_days_beside_days() -> None:
    assert compared(MARCH, "previous") == Span(D("2026-02-01"), D("2026-03-01"))
    assert compared(ODD, "previous") == Span(D("2026-02-24"), D("2026-03-10"))
    quarter = Span(D("2026-01-01"), D("2026-04-01"))
    assert compared(quarter, "previous") == Span(D("2025-10-01"), D("2026-01-01"))
    leap = Span(D("2024-02-29"), D("2024-03-01"))
    assert compared(leap, "year") == Span(D("2023-02-28"), D("2023-03-01"))
    before = Span(D("2024-02-28"), D("2024-02-29"))
    assert compared(before, "year") == Span(D("2023-02-28"), D("2023-03-01"))


def test_parts_are_weeks_and_months_of_the_calendar_cut_by_the_span() -> None:
    span = Span(D("2026-01-28"), D("2026-02-10"))
    assert parts(span, "month") == [
        Span(D("2026-01-28"), D("2026-02-01")), Span(D("2026-02-01"), D("2026-02-10")),
    ]  # fmt: skip
    assert [one.from_on.day for one in parts(span, "week")] == [28, 2, 9]
    assert sum(one.days for one in parts(span, "day")) == span.days == 13
    ten = Span(D("2016-01-01"), D("2026-01-01"))
    assert too_fine(ten, "day")
    assert not too_fine(ten, "month")


def test_a_day_on_which_clocks_change_has_its_own_length() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    for day, hours in (("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)):
        first = D(day)
        begin, end = instants(Span(first, date.fromordinal(first.toordinal() + 1)), berlin)
        assert (end - begin).total_seconds() == 3600 * hours, day
    begin, _ = instants(MARCH, berlin)
    assert begin == datetime(2026, 2, 28, 23, tzinfo=UTC)


def test_of_nobody_there_is_no_share_and_a_ratio_may_be_above_one() -> None:
    assert share_of("repeat_rate", MARCH, 0, 0).lacking == "members"
    one = ratio_of("redemption_flow", MARCH, 150, 100, 100)
    assert (one.value, one.low, one.high) == (1.5, None, None)
    for whole in (0, -20):
        assert ratio_of("redemption_flow", MARCH, 5, whole, 0).lacking == "values"


def test_who_came_before_is_asked_only_where_there_was_a_before() -> None:
    found = Bought(MARCH, buyers=10, twice=4, before=8, both=6, orders=15, net_minor=-300)
    known = {one.metric: one for one in bought_figures(found, D("2026-02-27"), elsewhere=False)}
    assert (known["period_retention"].part, known["period_retention"].whole) == (6, 8)
    assert known["order_value"].value == -20, "more came back than was paid: it says so"
    assert known["participation_orders"].lacking == "groups"
    fresh = bought_figures(found, D("2026-03-01"), elsewhere=False)
    assert next(one for one in fresh if one.metric == "period_retention").lacking == "history"


def test_first_buyers_who_still_have_time_are_left_out() -> None:
    assert with_time(MARCH, D("2026-07-15")) == MARCH
    assert with_time(MARCH, D("2026-06-10")) == Span(D("2026-03-01"), D("2026-03-12"))
    assert with_time(MARCH, D("2026-05-30")) is None


def test_a_cohort_has_not_lost_anybody_in_a_month_that_has_not_ended() -> None:
    jan, feb, mar = D("2026-01-01"), D("2026-02-01"), D("2026-03-01")
    rows = [Came(jan, jan, 10, 900), Came(jan, mar, 4, 100), Came(mar, mar, 5, 50)]
    one, other = cohorts(rows, D("2026-04-02"))
    assert [cell.part for cell in one.came] == [10, 0, 4]
    assert one.net_minor == (900, 0, 100)
    assert (other.size, len(other.came)) == (5, 1)
    (left,) = cohorts(rows, D("2026-03-31"))
    assert len(left.came) == 2
    assert left.span.until_on == feb


def test_books_roll_forward_from_month_to_month() -> None:
    moved = [
        Moved(D("2026-03-02"), 100, 0, 0, 0, 0),
        Moved(D("2026-03-31"), -20, 30, 5, -2, 7),
        Moved(D("2026-04-01"), 50, 10, 0, 0, 0),
    ]
    span = Span(D("2026-03-01"), D("2026-05-01"))
    march, april = rolled(flows_of(span, moved, "month"), 500)
    assert (march.opening, march.closing) == (500, 500 + 80 - 30 - 5 - 2 + 7)
    assert (april.opening, april.closing) == (550, 590)
    assert flow_of(span, moved).change == 90
    assert Tied(590, 589).off == 1


def _given(*points: int) -> list[Given]:
    return [Given(date(2026, place + 1, 1), one, one // 2) for place, one in enumerate(points)]


def _back(*rows: tuple[int, ...]) -> list[Back]:
    return [
        Back(date(2026, i + 1, 1), date(2026, i + k + 1, 1), points)
        for i, row in enumerate(rows)
        for k, points in enumerate(row)
    ]


LADDER = ((10, 20, 10, 0), (20, 40, 20), (5, 10), (30,))


def test_what_is_owed_goes_by_months_that_ended() -> None:
    given = _given(100, 200, 50, 300, 80)
    seen = triangle_of(given, _back(*LADDER), D("2026-05-09"))
    assert seen.given == (100, 200, 50, 300), "May has not ended"
    assert [len(row) for row in seen.redeemed] == [4, 3, 2, 1]
    found = owing_of(seen, left=400)
    assert isinstance(found, Owing)
    assert (found.given, found.redeemed, found.left) == (650, 165, 400)
    assert found.rate == pytest.approx(found.expected / 650)
    assert found.low <= found.rate <= found.high
    assert found.coming == pytest.approx(found.expected - 165)
    lacks = NotEnough("periods", 4, 13)
    assert found.chosen.tried == lacks, "four months cannot be tried at four times half a year back"
    young = triangle_of(given, _back(*LADDER), D("2026-04-30"))
    assert owing_of(young, 0) == NotEnough("periods", 3, 4)
    assert owing_of(triangle_of([], [], D("2026-05-01")), 0) == NotEnough("periods", 0, 4)


def test_no_more_is_expected_than_is_left() -> None:
    seen = triangle_of(_given(100, 200, 50, 300), _back(*LADDER), D("2026-05-01"))
    found = owing_of(seen, left=7)
    assert isinstance(found, Owing)
    assert found.coming == 7


def _alike(size: int, last: float = 10.0) -> Triangle:
    """Each month brings 10, 20 and 10 of a hundred, and the i-th has i hundred; the youngest month
    of all brings `last` at once."""
    pattern = (10.0, 20.0, 10.0) + (0.0,) * size
    rows = [[(i + 1) * one for one in pattern[: size - i]] for i in range(size)]
    rows[-1] = [size * last]
    return Triangle(tuple(100.0 * (i + 1) for i in range(size)), tuple(map(tuple, rows)))


def test_an_estimate_is_tried_on_what_came_since_at_several_times() -> None:
    """Six months back the tenth month had 10 of a hundred to come, the eleventh 30; a month earlier
    the ninth and the tenth had; and so on. What came is what was said, at each of them."""
    found = tried(_alike(17))
    assert isinstance(found, Tried)
    ago = [one.ago for one in found.origins]
    assert ago == [6, 7, 8, 9, 10, 11, 12, 13], "as often as four months were there before"
    first = found.origins[0]
    assert (found.months, first.came) == (6, 10 * 10 + 11 * 30)
    assert all(one.expected == pytest.approx(one.came) for one in found.origins)
    assert found.off == pytest.approx(0)


def test_how_far_off_an_estimate_is_is_not_said_by_one_lucky_time() -> None:
    """In one month twice as much came back, since some months nothing does: once too little was
    foretold, once too much. What is off both ways does not cancel out."""
    whole = _alike(16)
    rows = tuple(
        tuple(one * (2 if i + k == 8 else i + k < 11) for k, one in enumerate(row))
        for i, row in enumerate(whole.redeemed)
    )
    found = tried(Triangle(whole.given, rows))
    assert isinstance(found, Tried)
    offs = {one.ago: one.off or 0 for one in found.origins}
    assert offs[6] > 0.5, "ten months were known, and the last one is all that came"
    assert offs[8] < -0.1, "eight were known, and the ninth brought twice as much"
    missed = sum(abs(round(one.expected) - one.came) for one in found.origins)
    assert found.off == missed / sum(one.came for one in found.origins)


def test_too_short_a_history_is_not_tried() -> None:
    """What is missing is said: so many months there are, and so many four origins take."""
    for size in (4, 10, 12):
        assert tried(_alike(size)) == NotEnough("periods", size, 13)
        one = off_figure(Span(D("2026-01-01"), D("2026-02-01")), tried(_alike(size)))
        assert (one.value, one.lacking, one.have, one.wanted) == (None, "periods", size, 13)


def test_thirteen_months_are_enough_to_be_tried_four_times() -> None:
    found = tried(_alike(13))
    assert isinstance(found, Tried)
    assert [one.ago for one in found.origins] == [6, 7, 8, 9]


def test_where_nothing_came_nothing_can_be_tried() -> None:
    """All was redeemed long ago: of nothing no estimate can be off."""
    rows = tuple((10.0,) + (0.0,) * (15 - i) if i < 2 else (0.0,) * (16 - i) for i in range(16))
    assert tried(Triangle((100.0,) * 16, rows)) == NotEnough("values", 0, 1)


def test_where_as_much_was_given_back_as_came_nothing_can_be_tried() -> None:
    """What one origin sees given back another sees come: of nothing in all there is no share."""
    back = [[50.0] + [0.0] * (12 - n) for n in range(13)]
    back[0][4], back[0][12] = -30.0, 30.0
    seen = Triangle((100.0,) * 13, tuple(tuple(row) for row in back))
    found = tried(seen)
    assert found == NotEnough("values", 0, 1)
    assert off_figure(MARCH, found).lacking == "values"


def test_what_was_put_back_is_earned_as_points_come_back() -> None:
    months = [date(2026, place, 1) for place in range(1, 6)]
    rows = tuple((10.0, 20.0, 10.0, 0.0, 0.0)[: 5 - i] for i in range(5))
    seen = Triangle((100.0,) * 5, rows)
    paid = dict.fromkeys(months, 10_000)
    found = deferred(Promise(months, seen, lambda _, units: 5 * units), paid)
    assert isinstance(found, list)
    assert [one.month.month for one in found] == [4, 5], "before four months nothing can be said"
    for one in found:
        assert one.opening_minor + one.added_minor - one.earned_minor == one.closing_minor
    # 40 of 100 are expected, worth 200 beside 10,000: of each month's sales 196 are put back.
    assert [one.added_minor for one in found] == [196, 196]
    # Of the last month a quarter came back, of the one before three quarters.
    assert found[-1].closing_minor == 147 + 49
    assert found[0].closing_minor == found[1].opening_minor


def test_a_point_that_costs_more_since_august_shares_no_earlier_sale_anew() -> None:
    """Eight months of 1,000.00 and as many points, worth 10 each, and 20 since August: what stands
    of the seven months before is what stood before (IFRS 15.88)."""
    months = [date(2026, place, 1) for place in range(1, 9)]
    rows = tuple((100.0, 200.0, 100.0, 0.0, 0.0, 0.0, 0.0, 0.0)[: 8 - i] for i in range(8))
    paid, seen = dict.fromkeys(months, 100_000), Triangle((1_000.0,) * 8, rows)

    def owed(since_august: int) -> list[Deferred]:
        worths = [10] * 7 + [since_august]
        worth = dict(zip(months, worths, strict=True))
        found = deferred(Promise(months, seen, lambda on, units: worth[on] * units), paid)
        assert isinstance(found, list)
        return found

    kept, same = owed(20), owed(10)
    assert kept[:-1] == same[:-1]
    closed = {one.month: one for one in same[:-1]}
    august = as_closed(kept, closed)[-1]
    assert (august.changed_added_minor, august.changed_earned_minor) == (0, 0)
    assert august.opening_minor == same[-2].closing_minor
    # 400 of 1,000 are expected: of 1,000.00 beside 80.00 are put back 74.07.
    assert august.added_minor == 7_407
    # Of July's 38.46 a quarter is still to come, of August's three quarters.
    assert august.closing_minor == 961 + 5_555


def test_what_was_paid_is_shared_with_all_wallets_at_once() -> None:
    """1,000.00 paid, and points worth 100.00 in each of two wallets: not 90.91 twice."""
    months = [date(2026, place, 1) for place in range(1, 6)]
    rows = tuple((50.0, 50.0, 0.0, 0.0, 0.0)[: 5 - i] for i in range(5))
    one = Promise(months, Triangle((200.0,) * 5, rows), lambda _, units: 100 * units)
    paid = dict.fromkeys(months, 100_000)
    for others, put_back in (((), 9_091), ((one,), 8_333)):
        found = deferred(one, paid, others)
        assert isinstance(found, list)
        assert {each.added_minor for each in found} == {put_back}
    silent = Promise(months[:2], Triangle((9.0, 9.0), ((0.0, 0.0), (0.0,))), one.worth)
    assert deferred(one, paid, (silent,)) == deferred(one, paid), "nothing can be said of it"


def test_what_changed_in_closed_months_is_booked_in_the_open_one() -> None:
    """April was closed with 100 put back and 40 earned; half of it came back since and ten more
    were earned. May puts back 70 and earns 30 of its own."""
    april, may = D("2026-04-01"), D("2026-05-01")
    closed = {D("2026-03-01"): None, april: Deferred(april, 200, 100, 40, 260, 0.4)}
    today = [Deferred(april, 200, 50, 50, 200, 0.5), Deferred(may, 200, 70, 30, 240, 0.5)]
    kept, open_one = as_closed(today, closed)
    assert kept == closed[april]
    assert (open_one.opening_minor, open_one.closing_minor) == (260, 240)
    assert (open_one.changed_added_minor, open_one.changed_earned_minor) == (-50, 10)
    assert (open_one.added_minor, open_one.earned_minor) == (70, 30)
    again = as_closed(today, {april: today[0]})
    assert again == today, "where nothing changed, nothing is booked"
    # Nothing can be said of April any more: what it closed with goes out in May, as earned.
    (_, alone) = as_closed([Deferred(may, 10, 70, 30, 50, 0.5)], closed)
    assert (alone.changed_added_minor, alone.changed_earned_minor) == (0, 250)
    assert alone.closing_minor == 260 + 70 - 30 - 250
    # Closed with nothing to say after one with a figure: nothing moved in it.
    silent = as_closed([], {april: closed[april], may: None})
    assert silent[1] == Deferred(may, 260, 0, 0, 260, 0.4)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"from": "2026-02-30"}, "from"),
        ({"from": "20260201"}, "from"),
        ({"until": "0001-01-01"}, "until"),
        ({"from": "2026-02-01", "until": "2026-02-01"}, "until"),
        ({"granularity": "hour"}, "granularity"),
        ({"compare": "always"}, "compare"),
    ],
)
def test_what_cannot_be_asked_is_named(said: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as fault:
        asked_in(said, D("2026-06-01"), "Europe/Berlin")
    assert fault.value.field == field
    usual = asked_in({}, D("2026-06-01"), "Europe/Berlin").span
    assert usual == Span(D("2025-07-01"), D("2026-06-02"))


def test_a_time_that_ends_in_the_future_is_looked_at_tomorrow_at_the_latest() -> None:
    today = D("2026-03-03")
    assert ends_on(MARCH, today) == D("2026-03-04")
    assert so_far(MARCH, today) == Span(D("2026-03-01"), D("2026-03-04"))
    assert ends_on(MARCH, D("2026-09-01")) == MARCH.until_on
    assert so_far(MARCH, D("2026-09-01")) == MARCH
    assert so_far(MARCH, D("2026-01-05")) == Span(D("2026-03-01"), D("2026-03-02"))
