"""Bugs of what is estimated of members, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_HERE = "insight/estimators"
_BG, _PARETO = f"{_HERE}/buying/bg_nbd.py", f"{_HERE}/buying/pareto_nbd.py"
_EFFECTS = f"{_HERE}/comparing/effects.py"
ESTIMATING = (
    Bug(
        "the slope of leaving has the wrong sign",
        _BG,
        "            gone / a,\n",
        "            -gone / a,\n",
        "checks.slopes_are_right",
    ),
    Bug(
        "who is left pulls the wrong way",
        f"{_HERE}/staying/sbg.py",
        "by_beta += left[-1]",
        "by_beta -= left[-1]",
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
    Bug(
        "a shop that counts in seconds has no fit",
        f"{_HERE}/buying/histories.py",
        "middle = float(np.average(self.age, weights=self.members))",
        "middle = 1.0",
        "checks.units_are_only_units",
    ),
    Bug(
        "a hair's breadth says that members leave",
        f"{_HERE}/buying/choosing.py",
        "    able.sort(key=lambda one: list(FITS).index(one.model))\n",
        "    able.sort(key=lambda one: one.off)\n",
        "checks.the_plainest_as_good",
    ),
    Bug(
        "the p of one look stands beside the interval of all",
        f"{_HERE}/comparing/guards.py",
        "min(1.0, sqrt(grown) * exp(-(far**2) * many * tight / (2 * grown))) if error else found.p",
        "found.p if far > factor else 1.0",
        "checks.p_of_every_look",
    ),
    Bug(
        "the noise of a large group is spared for that of a small one",
        _EFFECTS,
        "kept, whole = _variance(*less), _variance(one, other)",
        "kept, whole = float(less[0].var() + less[1].var()), float(one.var() + other.var())",
        "checks.spared_of_the_difference",
    ),
    Bug(
        "members of one score are told apart by where they stand",
        f"{_HERE}/comparing/uplift.py",
        "np.flatnonzero(np.diff(ranked, append=-np.inf)) + 1",
        "np.arange(1, len(line))",
        "checks.alike_are_lots",
    ),
    Bug(
        "nobody bought anything, and that is certain",
        _EFFECTS,
        '    if error == 0:\n        return NotEnough("spread", 0, 1)\n    freedom',
        "    if error == 0:\n        return Effect(value, value, value, 1.0, 30, 30)\n    freedom",
        "checks.alike_is_not_sure",
    ),
    Bug(
        "own weights are shares of all choices",
        f"{_HERE}/comparing/policies.py",
        "float(weight @ given.brought / weight.sum())",
        "float(weight @ given.brought / len(weight))",
        "checks.policies_by_hand",
    ),
    Bug(
        "a forecast that is right is not believed",
        f"{_HERE}/comparing/policies.py",
        "rows = usual + weight * (brought - expected)",
        "rows = usual + weight * brought - expected",
        "checks.either_half_is_right",
    ),
    Bug(
        "a number that is none makes all of them none",
        f"{_HERE}/columns.py",
        "assert all(np.isfinite(one).all() for one in found)",
        "assert all(one.ndim == 1 for one in found)",
        "checks.numbers_are_numbers",
    ),
    Bug(
        "nobody is compared with somebody",
        f"{_HERE}/asking/shares.py",
        "min(one.whole, other.whole) == 0",
        "min(one.whole, other.whole) < 0",
        "checks.nobody_is_not_compared",
    ),
    Bug(
        "points that have to wait never come",
        f"{_HERE}/owing/triangles.py",
        "np.where(before > 0, before, 1.0), np.inf)",
        "np.where(before > 0, before, 1.0), 1.0)",
        "checks.waiting_points_come",
    ),
    Bug(
        "what nobody will ask for is owed for ever",
        f"{_HERE}/owing/deferred.py",
        "            else deferred_minor\n",
        "            else 0\n",
        "checks.nothing_expected_is_nothing_owed",
    ),
    Bug(
        "twenty who came back prove that nobody ever stays away",
        f"{_HERE}/staying/gaps.py",
        "np.where(gone, before, high)",
        "np.where(gone, 0.0, high)",
        "checks.all_ended_is_not_certain",
    ),
    Bug(
        "payments after a while count no more",
        f"{_HERE}/staying/sbg.py",
        "_FAR: Final = 37.0",
        "_FAR: Final = 0.5",
        "checks.payments_far_off_count",
    ),
    Bug(
        "members with one chance are told apart by where they stand",
        f"{_HERE}/staying/lapse.py",
        "float(came[most].mean()) / share",
        "float(lapsed[most].mean()) / share",
        "checks.alike_are_judged_alike",
    ),
    Bug(
        "a mean that has no end is less than nothing",
        f"{_HERE}/worth/gamma_gamma.py",
        "if q <= 1:",
        "if q <= 0:",
        "checks.spending_has_a_mean",
    ),
    Bug(
        "what members do is measured of those who chose it",
        _EFFECTS,
        "value = float(one.mean() - other.mean())",
        "value = float(one[one > 0].mean() - other[other > 0].mean())",
        "checks.the_hold_out_is_right",
    ),
)


def slopes_are_right(_: Shop) -> None:
    from tests.insight.estimators import test_buying

    for at_first in (False, True):
        test_buying.test_slopes_of_bg_nbd_are_those_of_its_height(at_first)
    test_buying.test_slopes_of_the_others_are_those_of_their_heights()


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


def units_are_only_units(_: Shop) -> None:
    from tests.insight.estimators import test_buying

    for unit in (604_800.0, 1 / 52):
        test_buying.test_the_unit_of_time_changes_nothing_but_the_unit(test_buying.fit_nbd, unit)


def the_plainest_as_good(_: Shop) -> None:
    from tests.insight.estimators import test_choosing

    test_choosing.test_the_plainest_of_those_as_good_comes_first_wherever_they_lie()


def p_of_every_look(_: Shop) -> None:
    from tests.insight.estimators import test_comparing

    test_comparing.test_the_p_of_every_look_says_what_its_interval_says()


def spared_of_the_difference(_: Shop) -> None:
    from tests.insight.estimators import test_comparing

    test_comparing.test_what_is_spared_is_spared_of_the_difference()


def alike_are_lots(_: Shop) -> None:
    from tests.insight.estimators import test_comparing

    test_comparing.test_a_model_that_tells_nobody_apart_is_lots_in_whatever_order_members_come()


def alike_is_not_sure(_: Shop) -> None:
    from tests.insight.estimators import test_comparing

    test_comparing.test_members_who_all_did_the_same_say_nothing_of_how_sure_one_is()


def policies_by_hand(_: Shop) -> None:
    from tests.insight.estimators import test_comparing

    test_comparing.test_policies_by_hand()


def either_half_is_right(_: Shop) -> None:
    from tests.insight.estimators import test_comparing

    test_comparing.test_doubly_robust_is_right_when_either_half_is()


def numbers_are_numbers(_: Shop) -> None:
    from tests.insight.estimators import test_comparing

    test_comparing.test_a_number_that_is_none_is_a_bug_of_whoever_asks(float("nan"))


def nobody_is_not_compared(_: Shop) -> None:
    from tests.insight.estimators import test_asking

    test_asking.test_groups_of_whom_one_is_nobody_are_not_compared()


def waiting_points_come(_: Shop) -> None:
    from tests.insight.estimators import test_owing

    test_owing.test_points_that_wait_a_month_before_they_can_be_used_are_all_still_to_come()


def nothing_expected_is_nothing_owed(_: Shop) -> None:
    from tests.insight.estimators import test_owing

    test_owing.test_where_nothing_is_expected_any_more_nothing_is_owed()


def all_ended_is_not_certain(_: Shop) -> None:
    from tests.insight.estimators import test_staying

    test_staying.test_all_ended_is_nobody_left_and_few_are_refused()


def payments_far_off_count(_: Shop) -> None:
    from tests.insight.estimators import test_staying

    test_staying.test_discounted_so_little_that_payments_of_thousands_of_periods_count()


def alike_are_judged_alike(_: Shop) -> None:
    from tests.insight.estimators import test_lapse

    test_lapse.test_members_who_are_alike_are_judged_alike_in_whatever_order_they_come()


def spending_has_a_mean(_: Shop) -> None:
    from tests.insight.estimators import test_worth

    test_worth.test_spending_without_a_mean_is_refused()


def the_hold_out_is_right(_: Shop) -> None:
    from tests.insight.estimators import test_known_truth

    test_known_truth.test_the_hold_out_is_right_on_average_and_as_sure_as_it_says(
        test_known_truth.plain
    )


ESTIMATED: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        slopes_are_right, orders_ahead_are_published, digits_are_kept, alike_weigh_as_many,
        known_by_the_end_of_a_day, each_order_counts_once, open_gaps_are_open, shares_are_wilsons,
        promoters_less_detractors, the_time_before_is_taken_away, daily_looks_are_allowed,
        orders_hang_together, estimates_are_caught_up, young_months_bring_what_is_usual,
        open_periods_are_open, units_are_only_units,
        alike_is_not_sure, the_plainest_as_good,
        p_of_every_look, spared_of_the_difference, alike_are_lots,
        policies_by_hand, either_half_is_right, numbers_are_numbers,
        nobody_is_not_compared, waiting_points_come, nothing_expected_is_nothing_owed,
        all_ended_is_not_certain, payments_far_off_count, alike_are_judged_alike,
        spending_has_a_mean, the_hold_out_is_right,
    )
}  # fmt: skip
