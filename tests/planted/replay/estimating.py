"""Bugs of what is estimated of members, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

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
        "    before = when <= origin\n",
        "    before = when <= origin + 1\n",
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
        "    width = errors_at_every_look(many, first_look, level) * error\n",
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
        "c + _ahead(f) * rate * most",
        "c + _ahead(f) * rate * c",
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
        "sqrt(grown) * exp(-(far**2) * many * tight / (2 * grown)) if error else found.p",
        "found.p if far > width / error else 1.0",
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
        "before if before > 0 else inf for",
        "before if before > 0 else 1.0 for",
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
        "who is away longer is said to be likelier to come, as a few did by luck",
        f"{_HERE}/staying/rising.py",
        "weights, _ = nnls(root.T, ",
        "weights = solve_triangular(root.T, ",
        "checks.longer_away_is_no_better",
    ),
    Bug(
        "a round that goes too far is followed all the way",
        f"{_HERE}/staying/rising.py",
        "if found <= loss + _DUST * abs(loss):",
        "if True:",
        "checks.nearly_all_lapse",
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
ONCE: Final = ((),)
_CHECKS: Final[dict[str, list[tuple[str, str, tuple[tuple[Any, ...], ...]]]]] = {
    "slopes_are_right": [
        ("test_buying", "test_slopes_of_bg_nbd_are_those_of_its_height", ((False,), (True,))),
        ("test_buying", "test_slopes_of_the_others_are_those_of_their_heights", ONCE),
    ],
    "orders_ahead_are_published": [
        ("test_buying", "test_expectations_of_one_member_are_the_published_ones", ONCE),
        ("test_buying", "test_a_member_with_thousands_of_orders_is_nothing_special", ONCE),
    ],
    "digits_are_kept": [
        (
            "test_buying",
            "test_pareto_nbd_keeps_its_digits",
            (
                ((1190, 10.0, 365.0), 3630.84956038),
                ((26, 30.86, 31.0), -39.1316715403),
                ((1, 1.0, 300.0), -4.45427475313),
            ),
        ),
    ],
    "alike_weigh_as_many": [
        ("test_buying", "test_alike_rows_are_one_row_and_weigh_as_many", ONCE),
    ],
    "longer_away_is_no_better": [
        ("test_lapse", "test_a_chance_never_falls_where_more_of_a_thing_is_a_worse_sign", ONCE),
    ],
    "nearly_all_lapse": [
        ("test_lapse", "test_as_many_lapse_as_did_where_nearly_all_did", ((0.95,), (0.98,))),
    ],
    "known_by_the_end_of_a_day": [
        ("test_choosing", "test_what_was_known_is_known_by_the_end_of_that_day", ONCE),
    ],
    "each_order_counts_once": [
        ("test_worth", "test_lifetime_value_counts_each_order_once", ONCE),
    ],
    "open_gaps_are_open": [
        ("test_staying", "test_gaps_come_to_kaplan_and_meiers_own_example", ONCE),
    ],
    "shares_are_wilsons": [
        ("test_asking", "test_wilsons_interval_is_the_published_one", ((15, 148, 0.0624, 0.1605),)),
    ],
    "promoters_less_detractors": [
        ("test_asking", "test_nps_is_promoters_less_detractors_of_all_who_answered", ONCE),
    ],
    "the_time_before_is_taken_away": [
        ("test_comparing", "test_what_the_time_before_foretells_is_taken_away", ONCE),
    ],
    "daily_looks_are_allowed": [
        (
            "test_comparing",
            "test_looking_daily_alarms_rarely_where_the_plain_interval_does_not",
            ONCE,
        ),
    ],
    "orders_hang_together": [
        ("test_comparing", "test_orders_of_one_member_hang_together", ONCE),
    ],
    "estimates_are_caught_up": [
        (
            "test_owing",
            "test_revenue_of_points_is_that_of_kpmgs_examples",
            ((9_900, 3_552), (9_200, 4_140)),
        ),
    ],
    "young_months_bring_what_is_usual": [
        ("test_owing", "test_a_month_without_any_yet_brings_what_is_usual", ONCE),
    ],
    "open_periods_are_open": [
        ("test_grouping", "test_a_cohort_is_of_the_first_order_and_counts_members_once", ONCE),
    ],
    "the_plainest_as_good": [
        ("test_choosing", "test_the_plainest_of_those_as_good_comes_first_wherever_they_lie", ONCE),
    ],
    "p_of_every_look": [
        ("test_comparing", "test_the_p_of_every_look_says_what_its_interval_says", ONCE),
    ],
    "spared_of_the_difference": [
        ("test_comparing", "test_what_is_spared_is_spared_of_the_difference", ONCE),
    ],
    "alike_are_lots": [
        (
            "test_comparing",
            "test_a_model_that_tells_nobody_apart_is_lots_in_whatever_order_members_come",
            ONCE,
        ),
    ],
    "alike_is_not_sure": [
        (
            "test_comparing",
            "test_members_who_all_did_the_same_say_nothing_of_how_sure_one_is",
            ONCE,
        ),
    ],
    "policies_by_hand": [
        ("test_comparing", "test_policies_by_hand", ONCE),
    ],
    "either_half_is_right": [
        ("test_comparing", "test_doubly_robust_is_right_when_either_half_is", ONCE),
    ],
    "numbers_are_numbers": [
        (
            "test_comparing",
            "test_a_number_that_is_none_is_a_bug_of_whoever_asks",
            ((float("nan"),),),
        ),
    ],
    "nobody_is_not_compared": [
        ("test_asking", "test_groups_of_whom_one_is_nobody_are_not_compared", ONCE),
    ],
    "waiting_points_come": [
        (
            "test_owing",
            "test_points_that_wait_a_month_before_they_can_be_used_are_all_still_to_come",
            ONCE,
        ),
    ],
    "nothing_expected_is_nothing_owed": [
        ("test_owing", "test_where_nothing_is_expected_any_more_nothing_is_owed", ONCE),
    ],
    "all_ended_is_not_certain": [
        ("test_staying", "test_all_ended_is_nobody_left_and_few_are_refused", ONCE),
    ],
    "payments_far_off_count": [
        (
            "test_staying",
            "test_discounted_so_little_that_payments_of_thousands_of_periods_count",
            ONCE,
        ),
    ],
    "alike_are_judged_alike": [
        (
            "test_lapse",
            "test_members_who_are_alike_are_judged_alike_in_whatever_order_they_come",
            ONCE,
        ),
    ],
    "spending_has_a_mean": [
        ("test_worth", "test_spending_without_a_mean_is_refused", ONCE),
    ],
}
"""Which tests each check runs, and with which arguments."""


def _check(name: str) -> Callable[[Shop], None]:
    """A check that runs its tests; they are imported then, and the planted source with them."""

    def check(_: Shop) -> None:
        for file, test, arguments in _CHECKS[name]:
            module = import_module(f"tests.insight.estimators.{file}")
            for some in arguments:
                getattr(module, test)(*some)

    return check


def units_are_only_units(_: Shop) -> None:
    from tests.insight.estimators import test_buying

    for unit in (604_800.0, 1 / 52):
        test_buying.test_the_unit_of_time_changes_nothing_but_the_unit(test_buying.fit_nbd, unit)


def the_hold_out_is_right(_: Shop) -> None:
    from tests.insight.estimators import test_known_truth

    test_known_truth.test_the_hold_out_is_right_on_average_and_as_sure_as_it_says(
        test_known_truth.plain
    )


ESTIMATED: dict[str, Callable[[Shop], None]] = {name: _check(name) for name in _CHECKS} | {
    check.__name__: check for check in (units_are_only_units, the_hold_out_is_right)
}
