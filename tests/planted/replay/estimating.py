"""Bugs of what is estimated of members, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_HERE = "insight/estimators"
_BG, _PARETO = f"{_HERE}/buying/bg_nbd.py", f"{_HERE}/buying/pareto_nbd.py"
ESTIMATING = (
    Bug(
        "the slope of leaving has the wrong sign",
        _BG,
        "            gone / a,\n",
        "            -gone / a,\n",
        "checks.slopes_are_right",
    ),
    Bug(
        "a rule for Beta(a, b) is that for Beta(b, a)",
        _BG,
        "low, high, n = a - 1, left - 1, np.arange(1, _NODES)",
        "low, high, n = left - 1, a - 1, np.arange(1, _NODES)",
        "checks.orders_ahead_are_published",
    ),
    Bug(
        "whoever left by chance is alive",
        _PARETO,
        "return np.exp(_there(at, given) + _rising(at, given) - _of_rows(at, given)[0])",
        "return np.exp(0 * _of_rows(at, given)[0])",
        "checks.orders_ahead_are_published",
    ),
    Bug(
        "leaving is summed over too short a time",
        _PARETO,
        "first + 4 * _DEPTH / fall",
        "first + _DEPTH / 64 / fall",
        "checks.digits_are_kept",
    ),
    Bug(
        "members who are alike count once",
        f"{_HERE}/buying/histories.py",
        "sums = np.add.reduceat(many[order], starts) if len(starts) else many",
        "sums = many[order][starts]",
        "checks.alike_weigh_as_many",
    ),
    Bug(
        "what came after was known before",
        f"{_HERE}/buying/choosing.py",
        "[:, when <= origin], axis=1)\n    members, start",
        "[:, when <= origin + 1], axis=1)\n    members, start",
        "checks.known_by_the_end_of_a_day",
    ),
    Bug(
        "orders until then are discounted, not those of the period",
        f"{_HERE}/worth/lifetime_value.py",
        "worth += (until - before)",
        "worth += until",
        "checks.each_order_counts_once",
    ),
    Bug(
        "an open gap has ended",
        f"{_HERE}/staying/gaps.py",
        "    ended: Floats = length[ends]\n",
        "    ended: Floats = length\n",
        "checks.open_gaps_are_open",
    ),
    Bug(
        "a share of nothing is certain",
        f"{_HERE}/asking/shares.py",
        "z / (4 * whole))",
        "z * 0)",
        "checks.shares_are_wilsons",
    ),
    Bug(
        "seven is a promoter of nobody and a detractor",
        f"{_HERE}/asking/nps.py",
        "DETRACTS: Final = 6",
        "DETRACTS: Final = 7",
        "checks.promoters_less_detractors",
    ),
    Bug(
        "CUPED takes the effect with it",
        f"{_HERE}/comparing/effects.py",
        "less = one - slope * (first - middle), other - slope * (second - middle)",
        "less = one - slope * (first - middle) - 2, other - slope * (second - middle)",
        "checks.the_time_before_is_taken_away",
    ),
    Bug(
        "one looks daily with the interval of one look",
        f"{_HERE}/comparing/guards.py",
        "    width = factor * error\n",
        "    width = 1.96 * error\n",
        "checks.daily_looks_are_allowed",
    ),
    Bug(
        "orders stand alone, whoever made them",
        f"{_HERE}/comparing/effects.py",
        "rest = (x - ratio * y) / float(y.mean())",
        "rest = (x - ratio) / float(y.mean())",
        "checks.orders_hang_together",
    ),
    Bug(
        "a changed estimate is not caught up",
        f"{_HERE}/owing/deferred.py",
        "_rounded(deferred_minor * year.redeemed, year.expected)",
        "_rounded(deferred_minor * year.redeemed, years[0].expected)",
        "checks.estimates_are_caught_up",
    ),
    Bug(
        "a month without any brings nothing",
        f"{_HERE}/owing/triangles.py",
        "so_far + open_share * rate * seen.given",
        "so_far + open_share * rate * so_far",
        "checks.young_months_bring_what_is_usual",
    ),
    Bug(
        "a period that has not ended lost everybody",
        f"{_HERE}/grouping/cohorts.py",
        "np.arange(periods)) >= periods",
        "np.arange(periods)) > periods",
        "checks.open_periods_are_open",
    ),
)


def slopes_are_right(_: Shop) -> None:
    from tests.insight.estimators import test_buying

    for at_first in (False, True):
        test_buying.test_slopes_of_bg_nbd_are_those_of_its_height(at_first)


def orders_ahead_are_published(_: Shop) -> None:
    from tests.insight.estimators import test_buying

    test_buying.test_expectations_of_one_member_are_the_published_ones()
    test_buying.test_a_member_with_thousands_of_orders_is_nothing_special()


def digits_are_kept(_: Shop) -> None:
    from tests.insight.estimators import test_buying

    test_buying.test_pareto_nbd_keeps_its_digits((1190, 10.0, 365.0), 3630.84956038)
    test_buying.test_pareto_nbd_keeps_its_digits((26, 30.86, 31.0), -39.1316715403)
    test_buying.test_pareto_nbd_keeps_its_digits((1, 1.0, 300.0), -4.45427475313)


def alike_weigh_as_many(_: Shop) -> None:
    from tests.insight.estimators import test_buying

    test_buying.test_alike_rows_are_one_row_and_weigh_as_many()


def known_by_the_end_of_a_day(_: Shop) -> None:
    from tests.insight.estimators import test_choosing

    test_choosing.test_what_was_known_is_known_by_the_end_of_that_day()


def each_order_counts_once(_: Shop) -> None:
    from tests.insight.estimators import test_worth

    test_worth.test_lifetime_value_counts_each_order_once()


def open_gaps_are_open(_: Shop) -> None:
    from tests.insight.estimators import test_staying

    test_staying.test_gaps_come_to_kaplan_and_meiers_own_example()


def shares_are_wilsons(_: Shop) -> None:
    from tests.insight.estimators import test_asking

    test_asking.test_wilsons_interval_is_the_published_one(15, 148, 0.0624, 0.1605)


def promoters_less_detractors(_: Shop) -> None:
    from tests.insight.estimators import test_asking

    test_asking.test_nps_is_promoters_less_detractors_of_all_who_answered()


def the_time_before_is_taken_away(_: Shop) -> None:
    from tests.insight.estimators import test_comparing

    test_comparing.test_what_the_time_before_foretells_is_taken_away()


def daily_looks_are_allowed(_: Shop) -> None:
    from tests.insight.estimators import test_comparing

    test_comparing.test_looking_daily_alarms_rarely_where_the_plain_interval_does_not()


def orders_hang_together(_: Shop) -> None:
    from tests.insight.estimators import test_comparing

    test_comparing.test_orders_of_one_member_hang_together()


def estimates_are_caught_up(_: Shop) -> None:
    from tests.insight.estimators import test_owing

    for expected, revenue in ((9_900, 3_552), (9_200, 4_140)):
        test_owing.test_revenue_of_points_is_that_of_kpmgs_examples(expected, revenue)


def young_months_bring_what_is_usual(_: Shop) -> None:
    from tests.insight.estimators import test_owing

    test_owing.test_a_month_without_any_yet_brings_what_is_usual()


def open_periods_are_open(_: Shop) -> None:
    from tests.insight.estimators import test_grouping

    test_grouping.test_a_cohort_is_of_the_first_order_and_counts_members_once()


ESTIMATED: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        slopes_are_right, orders_ahead_are_published, digits_are_kept, alike_weigh_as_many,
        known_by_the_end_of_a_day, each_order_counts_once, open_gaps_are_open, shares_are_wilsons,
        promoters_less_detractors, the_time_before_is_taken_away, daily_looks_are_allowed,
        orders_hang_together, estimates_are_caught_up, young_months_bring_what_is_usual,
        open_periods_are_open,
    )
}  # fmt: skip
