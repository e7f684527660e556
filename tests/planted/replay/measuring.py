"""Bugs of what is measured, and the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Final

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_HERE = "insight/metrics"
MEASURING = (
    Bug(
        "a whole month is compared with as many days",
        f"{_HERE}/spans.py",
        "if span.from_on.day == span.until_on.day == 1:",
        "if span.from_on.day == span.until_on.day == 0:",
        "checks.months_beside_months",
    ),
    Bug(
        "first buyers who still have time count as lost",
        f"{_HERE}/buying.py",
        "until = min(span.until_on, today - timedelta(SECOND_DAYS))",
        "until = span.until_on",
        "checks.time_is_given",
    ),
    Bug(
        "a month that has not ended lost everybody",
        f"{_HERE}/buying.py",
        '    last = begins(ended_on, "month")\n',
        "    last = ended_on\n",
        "checks.open_months_are_open",
    ),
    Bug(
        "a share of nobody is nothing",
        f"{_HERE}/figures.py",
        "    if whole == 0:\n",
        "    if whole < 0:\n",
        "checks.nobody_has_no_share",
    ),
    Bug(
        "a shop that opened this month lost everybody of the month before",
        f"{_HERE}/buying.py",
        "if history_from is None or history_from >= then.until_on:",
        "if history_from is None:",
        "checks.there_was_a_before",
    ),
    Bug(
        "each month opens with nothing",
        f"{_HERE}/points.py",
        "        opening += flow.change\n",
        "        opening = flow.change\n",
        "checks.books_roll_forward",
    ),
    Bug(
        "expired points are still there",
        f"{_HERE}/points.py",
        "self.issued - self.redeemed - self.expired +",
        "self.issued - self.redeemed +",
        "checks.books_roll_forward",
    ),
    Bug(
        "more is expected than is left",
        f"{_HERE}/owing.py",
        "return min(max(self.expected - self.redeemed, 0.0), float(max(self.left, 0)))",
        "return max(self.expected - self.redeemed, 0.0)",
        "checks.left_is_all",
    ),
    Bug(
        "the running month is in the triangle",
        f"{_HERE}/owing.py",
        'while first_on < begins(ended_on, "month"):',
        "while first_on < ended_on:",
        "checks.months_have_ended",
    ),
    Bug(
        "an estimate is tried with what it could not know",
        "insight/estimators/owing/triangles.py",
        "tuple(self.redeemed[i][: size - i] for i in range(size))",
        "tuple(self.redeemed[i + 1][: size - i] for i in range(size))",
        "checks.what_came_since",
    ),
    Bug(
        "one lucky time is enough",
        f"{_HERE}/trying.py",
        "    if able < FEWEST_ORIGINS:\n",
        "    if able < 1:\n",
        "checks.too_short_to_try",
    ),
    Bug(
        "what is missed both ways cancels out",
        f"{_HERE}/trying.py",
        "sum(abs(round(one.expected) - one.came) for",
        "sum(one.came - round(one.expected) for",
        "checks.missed_either_way",
    ),
    Bug(
        "what is earned is put back once more",
        f"{_HERE}/deferring.py",
        "return sum(earned(minor, [year])[0].deferred_minor for",
        "return sum(earned(minor, [year])[0].deferred_minor * 0 + minor for",
        "checks.earned_is_earned",
    ),
    Bug(
        "a price of today shares what was sold long ago anew",
        f"{_HERE}/deferring.py",
        "on: one.worth(on, self.whole",
        "on: one.worth(month, self.whole",
        "checks.worth_of_then",
    ),
    Bug(
        "each wallet takes its part of the whole price",
        f"{_HERE}/deferring.py",
        "paid + sum(one.get(on, 0) for one in beside)",
        "paid",
        "checks.shared_once",
    ),
    Bug(
        "what changed in closed months is booked nowhere",
        f"{_HERE}/deferring.py",
        "        changed_added_minor=ahead[0].changed_added_minor + more,\n",
        "        changed_added_minor=0,\n",
        "checks.closed_months_stay",
    ),
    Bug(
        "an open month opens as if nothing had been closed",
        f"{_HERE}/deferring.py",
        "        opening_minor=was,\n",
        "        opening_minor=is_,\n",
        "checks.closed_months_stay",
    ),
    Bug(
        "each step is a share of the step before",
        f"{_HERE}/defined/joining.py",
        "share_of(name, found.span, part, found.joined)",
        "share_of(name, found.span, part, found.once)",
        "checks.steps_are_of_all",
    ),
    Bug(
        "a share of all members has bounds as if they stood for others",
        f"{_HERE}/defined/joining.py",
        'ratio_of("tier_mix", span, members, whole, whole, tier)',
        'share_of("tier_mix", span, members, whole, tier)',
        "checks.all_are_counted",
    ),
    Bug(
        "cohorts of a time are not added up",
        f"{_HERE}/defined/joining.py",
        "        sum(one.twice for one in some),\n",
        "        max(one.twice for one in some),\n",
        "checks.steps_are_of_all",
    ),
    Bug(
        "who bought before and after a time bought in it",
        f"{_HERE}/reading/joining.py",
        "o.last_on < $3::date or exists",
        "o.last_on >= $2::date or exists",
        "checks.here_in_the_time",
    ),
    Bug(
        "twice on a day is to come back",
        "insight/home/figures.py",
        "filter (where first < last)",
        "filter (where first <= last)",
        "checks.back_on_another_day",
    ),
    Bug(
        "who comes each quarter is missed after two months",
        "insight/home/missed.py",
        ">= 2 * (c.last - c.first)",
        ">= 0 * (c.last - c.first)",
        "checks.usual_pauses_are_waited_for",
    ),
    Bug(
        "rows that wait count as if they had come again",
        "insight/estimators/staying/waits.py",
        "left -= one.closed + one.open",
        "left -= one.closed",
        "checks.waits_are_counted",
    ),
    Bug(
        "a gap is usual that eight in ten do not reach",
        "insight/estimators/staying/lapsing.py",
        "below * 10 >= whole * 9",
        "below * 10 >= whole * 8",
        "checks.usual_is_nine_in_ten",
    ),
    Bug(
        "who comes slowly is away longer than usual",
        "insight/people/lapsed.py",
        "* 10 <= count(*)",
        "* 10 >= count(*)",
        "checks.own_gaps_are_waited_for",
    ),
)
_CHECKS: Final = {
    "months_beside_months": "test_whole_months_are_beside_whole_months_and_days_beside_days",
    "time_is_given": "test_first_buyers_who_still_have_time_are_left_out",
    "open_months_are_open": "test_a_cohort_has_not_lost_anybody_in_a_month_that_has_not_ended",
    "nobody_has_no_share": "test_of_nobody_there_is_no_share_and_a_ratio_may_be_above_one",
    "there_was_a_before": "test_who_came_before_is_asked_only_where_there_was_a_before",
    "books_roll_forward": "test_books_roll_forward_from_month_to_month",
    "left_is_all": "test_no_more_is_expected_than_is_left",
    "months_have_ended": "test_what_is_owed_goes_by_months_that_ended",
    "what_came_since": "test_an_estimate_is_tried_on_what_came_since_at_several_times",
    "too_short_to_try": "test_too_short_a_history_is_not_tried",
    "missed_either_way": "test_how_far_off_an_estimate_is_is_not_said_by_one_lucky_time",
    "earned_is_earned": "test_what_was_put_back_is_earned_as_points_come_back",
    "worth_of_then": "test_a_point_that_costs_more_since_august_shares_no_earlier_sale_anew",
    "shared_once": "test_what_was_paid_is_shared_with_all_wallets_at_once",
    "closed_months_stay": "test_what_changed_in_closed_months_is_booked_in_the_open_one",
}


def _check(test: str) -> Callable[[Shop], None]:
    """A check that runs its test; it is imported then, and the planted source with it."""

    def check(_: Shop) -> None:
        getattr(import_module("tests.insight.metrics.test_pure"), test)()

    return check


def waits_are_counted(_: Shop) -> None:
    module = import_module("tests.insight.estimators.test_staying")
    module.test_a_median_from_counts_is_that_from_columns()


def _overview(test: str) -> Callable[[Shop], None]:
    def check(_: Shop) -> None:
        getattr(import_module("tests.insight.metrics.test_overview"), test)()

    return check


def _days(shop: Shop, *days: tuple[str, str]) -> date:
    """Members with orders on these days, counted; the shop's day now."""
    makers = import_module("tests.makers")
    refs = import_module("regulars.records.members.types")
    following = import_module("tests.flows.night.counted.following")
    shop.begin(following.SHOP, slug=f"counted-{os.getpid()}")
    shop.joined(*sorted({name for name, _ in days}))
    for place, (name, day) in enumerate(days):
        shop.at(f"{day} 12:00")
        shop.record(makers.buys(refs.MemberRef(external=name), 500, receipt=f"r{place}"))
    shop.at("2026-07-01 12:00")
    following.goes_on(shop)
    return date(2026, 7, 1)


def here_in_the_time(shop: Shop) -> None:
    _days(shop, ("ada", "2026-03-01"), ("ada", "2026-05-01"), ("ben", "2026-04-10"))
    active = import_module("regulars.insight.metrics.reading.joining").active
    spans = import_module("regulars.insight.metrics.spans")
    april = spans.Span(date(2026, 4, 1), date(2026, 5, 1))
    found = shop.do(lambda tx, _: active(tx, april, None))
    assert found == 1, found


def back_on_another_day(shop: Shop) -> None:
    today = _days(shop, ("ada", "2026-06-01"), ("ada", "2026-06-01"), ("ben", "2026-06-02"))
    figures = import_module("regulars.insight.home.figures").figures
    found = shop.do(lambda tx, _: figures(tx, today))
    assert (found.came, found.came_back) == (2, 0), found


def usual_pauses_are_waited_for(shop: Shop) -> None:
    days = ("2025-11-01", "2026-02-01", "2026-05-01")
    today = _days(shop, *(("ada", day) for day in days))
    missed = import_module("regulars.insight.home.missed").missed
    found = shop.do(lambda tx, _: missed(tx, today, 3))
    assert found == [], found


def usual_is_nine_in_ten(_: Shop) -> None:
    found = import_module("regulars.insight.estimators.staying.lapsing").usual_gap
    assert found([(7, 89), (30, 11)], 400) == 30


def own_gaps_are_waited_for(shop: Shop) -> None:
    module = import_module("tests.insight.metrics.behind.test_lapsed")
    shop.begin(module.SHOP, slug=f"lapsed-{os.getpid()}")
    module.filled(shop, module.USUAL | module.AWAY | module.THERE)
    found = shop.do(lambda tx, _: module.lapsed(tx, module.ON))
    assert found.part == len(module.AWAY), found


MEASURED: Final[dict[str, Callable[[Shop], None]]] = {
    name: _check(test) for name, test in _CHECKS.items()
} | {
    "waits_are_counted": waits_are_counted,
    "steps_are_of_all": _overview("test_each_step_is_a_share_of_all_who_joined"),
    "all_are_counted": _overview("test_a_tier_is_a_share_of_all_who_were_counted"),
    "here_in_the_time": here_in_the_time,
    "own_gaps_are_waited_for": own_gaps_are_waited_for,
    "usual_is_nine_in_ten": usual_is_nine_in_ten,
    "back_on_another_day": back_on_another_day,
    "usual_pauses_are_waited_for": usual_pauses_are_waited_for,
}
