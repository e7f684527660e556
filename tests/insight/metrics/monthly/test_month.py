"""What a change means, what can be compared, and which three things come next."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from regulars.insight.metrics.buying import with_time
from regulars.insight.metrics.figures import Figure, count_of, share_of
from regulars.insight.metrics.monthly.month import (
    Around,
    Month,
    changed,
    first_bought,
    first_in_time,
    is_known,
    lines_of,
    spans_of,
)
from regulars.insight.metrics.monthly.steps import steps_of
from regulars.insight.metrics.spans import Span

NOW, LAST, YEAR = spans_of(date(2026, 10, 1))
COUNTS = (
    "active_members", "joined", "orders", "net_minor", "points_issued", "points_redeemed",
    "outstanding",
)  # fmt: skip


def figures(span: Span, count: int = 0, part: int = 0, whole: int = 0) -> dict[str, Figure]:
    shares = ("period_retention", "repeat_rate", "second_order_90")
    found = {one: count_of(one, span, count) for one in COUNTS}
    return found | {one: share_of(one, span, part, whole) for one in shares}


def month(around: Around, now: dict[str, Figure], last: dict[str, Figure] | None = None) -> Month:
    return Month(NOW, lines_of(now, last, None), around, whole=True)


def test_the_months_beside_are_the_one_before_and_a_year_ago() -> None:
    found = spans_of(date(2026, 1, 1))
    assert [one.from_on for one in found] == [date(2026, 1, 1), date(2025, 12, 1), date(2025, 1, 1)]


@pytest.mark.parametrize(
    ("now", "then", "means"),
    [(12, 10, "chance"), (1_200, 1_000, "up"), (1_000, 1_200, "down"), (7, 7, "same")],
)
def test_more_buyers_may_be_chance(now: int, then: int, means: str) -> None:
    one, other = count_of("active_members", NOW, now), count_of("active_members", LAST, then)
    assert changed("active_members", one, other) == means


def test_a_long_month_is_not_a_better_one() -> None:
    """2,883 in 31 days and 2,604 in 28 days are 93 a day, both."""
    march, february, _ = spans_of(date(2026, 3, 1))
    one = count_of("active_members", march, 2_883)
    assert changed("active_members", one, count_of("active_members", february, 2_604)) == "chance"


def test_money_is_told_and_not_judged() -> None:
    one, other = count_of("net_minor", NOW, 900_000), count_of("net_minor", LAST, 100)
    assert changed("net_minor", one, other) == "more"


@pytest.mark.parametrize(
    ("part", "whole", "means"), [(6, 10, "chance"), (600, 1_000, "up"), (400, 1_000, "down")]
)
def test_a_share_is_compared_with_its_bounds(part: int, whole: int, means: str) -> None:
    then = share_of("repeat_rate", LAST, 500, 1_000)
    assert changed("repeat_rate", share_of("repeat_rate", NOW, part, whole), then) == means


def test_nothing_is_said_of_nobody_nor_beside_nothing() -> None:
    nobody = share_of("repeat_rate", NOW, 0, 0)
    assert changed("repeat_rate", nobody, share_of("repeat_rate", LAST, 1, 2)) == "unknown"
    assert changed("joined", count_of("joined", NOW, 5), None) == "unknown"


def test_the_second_order_is_of_a_month_that_is_old_enough() -> None:
    """Of November, and of October, nobody had 90 days on 1 December; all of August had."""
    november, today = Span(date(2026, 11, 1), date(2026, 12, 1)), date(2026, 12, 1)
    assert with_time(november, today) is None
    august = first_bought(november)
    assert (august.from_on, with_time(august, today)) == (date(2026, 8, 1), august)


def test_who_first_bought_on_the_31st_has_90_days_too() -> None:
    """From 31 January until 1 May, where February has 28 days: they are of no page of April, on the
    first day it can be read as later. Of all other months everybody had 90 days."""
    for year in (2026, 2027, 2028):
        for number in range(1, 13):
            span, *_ = spans_of(date(year, number, 1))
            whole = first_bought(span)
            short = number == 4 and year != 2028
            until = date(year, 1, 31) if short else whole.until_on
            for later in (0, 1, 60):
                found = first_in_time(span, span.until_on + timedelta(later))
                assert found == Span(whole.from_on, until), (span, later)


def test_the_step_for_the_second_visit_names_the_month_it_is_of() -> None:
    around = Around(known_from=date(2026, 1, 1))
    old = share_of("second_order_90", first_bought(NOW), 10, 100)
    found = steps_of(month(around, figures(NOW, 100, 10, 100) | {"second_order_90": old}))
    assert ("come_again", date(2026, 7, 1)) in [(one.id, one.month) for one in found]


def test_a_month_in_which_the_books_begin_is_not_compared_with() -> None:
    assert not is_known(LAST, date(2026, 9, 14))
    assert is_known(LAST, date(2026, 9, 1))
    assert not is_known(LAST, None)


def test_a_shop_of_which_nothing_is_known_is_told_how_to_begin() -> None:
    found = steps_of(month(Around(), figures(NOW)))
    assert [one.id for one in found] == ["bring_sales", "ask_staff", "look_around"]


def test_what_brings_most_comes_first_and_there_are_three() -> None:
    around = Around(
        slipping=4, lapsing=90, experiments=0, settled="double", members=900,
        known_from=date(2026, 1, 1), named=share_of("participation_orders", NOW, 20, 100),
    )  # fmt: skip
    found = steps_of(month(around, figures(NOW, 100, 10, 100)))
    assert [one.id for one in found] == ["win_back", "end_experiment", "name_sales"]
    assert (found[2].part, found[2].whole) == (20, 100)


def test_of_few_people_nothing_is_concluded() -> None:
    named = share_of("participation_orders", NOW, 0, 12)
    around = Around(known_from=date(2026, 1, 1), named=named)
    found = steps_of(month(around, figures(NOW, 3, 0, 12)))
    assert {one.id for one in found}.isdisjoint({"name_sales", "come_again"})
    assert len({one.id for one in found}) == 3
