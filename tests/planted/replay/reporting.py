"""Bugs of reports about people, of months and of what is bought next; the checks that notice."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_READ, _DEFINED = "insight/metrics/reading", "insight/metrics/defined"
_MET = "insight/metrics"
_NEXT = "insight/estimators/buying/next_category"
REPORTING = (
    Bug(
        "one who has everything has more than all",
        f"{_DEFINED}/fairness.py",
        "(spread.n * spread.total) - (spread.n + 1) / spread.n",
        "(spread.n * spread.total) - 1",
        "checks.one_has_everything",
    ),
    Bug(
        "who pays for others is said to get from them",
        f"{_DEFINED}/fairness.py",
        "    return part.redeemed - even\n",
        "    return even - part.redeemed\n",
        "checks.who_pays_for_whom",
    ),
    Bug(
        "who brings back more than they bought makes a spread of less than nothing",
        f"{_READ}/fairness.py",
        "sum(by_paid * greatest(p.net_minor, 0))",
        "sum(by_paid * p.net_minor)",
        "checks.cuts_are_of_everybody",
    ),
    Bug(
        "whoever redeemed is ranked as if nobody had redeemed nothing",
        f"{_READ}/fairness.py",
        "(place + (select count(*) from each where redeemed = 0))",
        "(place + 0)",
        "checks.cuts_are_of_everybody",
    ),
    Bug(
        "who paid least is ranked last",
        f"{_READ}/fairness.py",
        "window paid as (order by each.net_minor, each.member_id)",
        "window paid as (order by each.net_minor desc, each.member_id)",
        "checks.cuts_are_of_everybody",
    ),
    Bug(
        "who was refused was brought all the same",
        f"{_READ}/referral.py",
        " and r.state <> 'rejected' group by 1",
        " group by 1",
        "checks.who_brought_whom",
    ),
    Bug(
        "who was refused is a newcomer who bought",
        f"{_READ}/referral.py",
        "where state <> 'rejected' and o.first_on >= $4::date and o.first_on < $5::date) f",
        "where o.first_on >= $4::date and o.first_on < $5::date) f",
        "checks.factor_of_newcomers",
    ),
    Bug(
        "who bought long ago is a newcomer who bought",
        f"{_READ}/referral.py",
        "and o.first_on >= $4::date and o.first_on < $5::date) f",
        "and o.last_on >= $4::date and o.first_on < $5::date) f",
        "checks.factor_of_newcomers",
    ),
    Bug(
        "who was erased before a time has gone within it",
        f"{_READ}/tiers.py",
        "or e.erased_at >= $2::timestamptz and m.joined_at < $2::timestamptz",
        "or m.joined_at < $2::timestamptz",
        "checks.who_has_gone",
    ),
    Bug(
        "who named two codes is two",
        f"{_READ}/referral.py",
        "select distinct on (who) who, brought_by",
        "select who, brought_by",
        "checks.who_brought_whom",
    ),
    Bug(
        "bounds of two means are as wide as of one",
        f"{_DEFINED}/referral.py",
        "sqrt(brought.variance + others.variance)",
        "sqrt(brought.variance)",
        "checks.means_are_apart",
    ),
    Bug(
        "a trial is paid for",
        f"{_READ}/memberships.py",
        "t.what = 'paid' or t.what = 'started' and not t.in_trial as pays",
        "t.what = 'paid' or t.what = 'started' as pays",
        "checks.paid_by_the_month",
    ),
    Bug(
        "who is younger is at risk for ever",
        "insight/estimators/staying/lasting.py",
        "        left -= ended + waiting\n",
        "        left -= ended\n",
        "checks.younger_ones_wait",
    ),
    Bug(
        "an account is quiet by everybody's gap",
        f"{_DEFINED}/accounts.py",
        "self.quiet_days > LATE * max(1, self.usual_days)",
        "self.quiet_days > 30",
        "checks.quiet_by_its_own_gap",
    ),
    Bug(
        "a gap of a day and a half is one of a day",
        f"{_READ}/accounts.py",
        "(u.last_on - u.first_in_year)::float8 / (u.in_year - 1)",
        "(u.last_on - u.first_in_year) / (u.in_year - 1)",
        "checks.gaps_are_exact",
    ),
    Bug(
        "the first answer counts",
        f"{_READ}/accounts.py",
        "order by kind, who, occurred_at desc, activity_id desc",
        "order by kind, who, occurred_at, activity_id",
        "checks.the_last_answer_counts",
    ),
    Bug(
        "a basket is what was told, whatever came back",
        f"{_READ}/preferences.py",
        "where back is null and not body ? 'order_discount_minor'",
        "where not body ? 'order_discount_minor'",
        "checks.what_is_left_is_liked",
    ),
    Bug(
        "a liking is beside a group's own spending",
        f"{_DEFINED}/preferences.py",
        "all_ = of_category[one.category] / whole",
        "all_ = of_category[one.category] / of_group[one.group]",
        "checks.liked_more_than_by_all",
    ),
    Bug(
        "what may be chance is what the best do",
        "insight/metrics/reports/best.py",
        "NormalDist().inv_cdf(1 - UNSURE / 2 / max(len(found), 1))",
        "NormalDist().inv_cdf(1 - UNSURE / 2)",
        "checks.chance_is_not_told",
    ),
    Bug(
        "a first purchase is of the day of the head office",
        f"{_READ}/best.py",
        "(a.occurred_at at time zone coalesce(s.zone, $4::text))::date >= t.first_on",
        "(a.occurred_at at time zone $4::text)::date >= t.first_on",
        "checks.first_of_the_store",
    ),
    Bug(
        "half of those who have it are half of all",
        "insight/metrics/reports/best.py",
        "_many(mine, days, got=False))",
        "0)",
        "checks.who_waits_counts",
    ),
    Bug(
        "months are closed in any order",
        "flows/membership/office/close_months.py",
        "    if month != due:\n",
        "    if month > due:\n",
        "checks.months_in_their_order",
    ),
    Bug(
        "a month is closed without what was owed",
        "flows/membership/office/close_months.py",
        "if each.month == one.month), None)",
        "if each.month > one.month), None)",
        "checks.closed_as_shown",
    ),
    Bug(
        "a few points given to try it out say how all others end",
        "insight/estimators/owing/triangles.py",
        "found.append(max(had, share * most - (THIN - 1) * had))",
        "found.append(had)",
        "checks.nothing_vetoes_the_rest",
    ),
    Bug(
        "what of months of which nothing could be said is earned in the next one",
        f"{_MET}/deferring.py",
        "0 if silent else before + added - _stands(known, kept)",
        "before + added - _stands(known, kept)",
        "checks.silent_months_are_booked",
    ),
    Bug(
        "months of a trial are months of the shop",
        "insight/estimators/owing/triangles.py",
        "    if known < FEWEST_PERIODS:\n",
        "    if size < FEWEST_PERIODS:\n",
        "checks.silent_months_are_booked",
    ),
    Bug(
        "what is expected by now shares what was sold long ago anew",
        f"{_MET}/deferring.py",
        " if on not in self.settled\n",
        "\n",
        "checks.shared_for_good",
    ),
    Bug(
        "what a shop has seen for some months shares its sales for good",
        f"{_MET}/deferring.py",
        "            if self.promise.finished(month):\n",
        "            if True:\n",
        "checks.provisional_until_seen",
    ),
    Bug(
        "what comes back as points lapse is not waited for",
        f"{_MET}/deferring.py",
        "(min(self.lives, OLDEST) if self.lives else OLD)",
        "OLD",
        "checks.seen_as_long_as_they_live",
    ),
    Bug(
        "what another wallet shares anew is earned",
        f"{_MET}/deferring.py",
        "late = sum(minor - was.get(on, 0) for",
        "late = sum(minor * (on not in was) for",
        "checks.shared_anew_is_changed",
    ),
    Bug(
        "what months put back of which nothing could be said is taken from what is earned",
        f"{_MET}/deferring.py",
        "sum(minor - was.get(on, 0) for",
        "sum(minor - was.get(on, minor) for",
        "checks.silent_months_are_booked",
    ),
    Bug(
        "a wallet that can be said shares all sales anew at once",
        f"{_MET}/deferring.py",
        "self.whole.get(on, max(round(sum(row)), 0))",
        "self.whole.get(on, 0)",
        "checks.shared_by_little",
    ),
    Bug(
        "what was brought over is among what was given here",
        f"{_READ}/points.py",
        "   and redeemed <> 0 and not brought\n",
        "   and redeemed <> 0\n",
        "checks.brought_over_is_known",
    ),
    Bug(
        "a month is closed while everything is added up anew",
        "flows/membership/office/close_months.py",
        "not await kept_still(tx, str(zone)) or await _off(",
        "await _off(",
        "checks.whole_when_closed",
    ),
    Bug(
        "rows move while a month is closed by them",
        "records/prepared/read.py",
        " where program_id = $1::int for share\n",
        " where program_id = $1::int\n",
        "checks.whole_when_closed",
    ),
    Bug(
        "what was promised at an earlier cost is shared by a later one",
        "engine/changing/costing.py",
        "said = (*reversed(each[: place + 1]), *each[place + 1 :])",
        "said = each[place:]",
        "checks.by_the_last_cost_said",
    ),
    Bug(
        "what a point costs is what it costs today",
        "engine/changing/costing.py",
        "place = max(bisect_left(starts, _first_said(following, starts, zones)) - 1, 0)",
        "place = len(starts) - 1",
        "checks.shared_by_costs_of_then",
    ),
    Bug(
        "who moves to another zone has an ended month that costs more",
        "engine/changing/costing.py",
        "_first_said(following, starts, zones)",
        "day_starts_at(zones[-1], following.toordinal())",
        "checks.ended_by_its_own_clock",
    ),
    Bug(
        "in an experiment every point is spent",
        "runtime/working/reckoning/experiments.py",
        "if share is None else each * Fraction(",
        "if share is None else each + 0 * Fraction(",
        "checks.points_cost_what_comes_back",
    ),
    Bug(
        "what two midnights lie between is of no month",
        f"{_MET}/owing.py",
        "for beside in (at - 1, at + 1):",
        "for beside in ():",
        "checks.midnights_are_two",
    ),
    Bug(
        "no better than habit is better",
        f"{_NEXT}.py",
        "return self.beyond_own > 0 and self.beyond_popular > 0",
        "return self.beyond_popular > 0",
        "checks.habit_is_no_forecast",
    ),
    Bug(
        "what comes after today is known",
        f"{_NEXT}.py",
        "seen = (baskets.day <= origin) & (baskets.day > origin - LOOKS_BACK)",
        "seen = baskets.day > origin - LOOKS_BACK",
        "checks.tomorrow_is_not_known",
    ),
    Bug(
        "what is said no more is said for ever",
        "records/standing/categories/write.py",
        "left join unnest($4::uuid[], $5::text[])",
        "join unnest($4::uuid[], $5::text[])",
        "checks.said_no_more",
    ),
)
_PURE: Final = {
    "nothing_vetoes_the_rest": (
        "metrics.months.test_told_apart",
        "test_points_given_to_try_it_out_say_no_more_than_they_are",
    ),
    "silent_months_are_booked": (
        "metrics.months.test_told_apart",
        "test_what_was_tried_out_for_long_says_nothing_of_what_is_given_then",
    ),
    "shared_for_good": (
        "metrics.months.test_told_apart",
        "test_a_sale_is_shared_for_good_by_what_was_expected_first",
    ),
    "provisional_until_seen": (
        "metrics.months.test_told_apart",
        "test_nothing_is_shared_for_good_while_what_comes_back_still_grows",
    ),
    "seen_as_long_as_they_live": (
        "metrics.months.test_told_apart",
        "test_nothing_is_shared_for_good_before_points_could_lapse",
    ),
    "shared_anew_is_changed": (
        "metrics.months.test_told_apart",
        "test_what_another_wallet_shares_anew_is_booked_as_changed",
    ),
    "shared_by_little": (
        "metrics.months.test_told_apart",
        "test_a_wallet_that_can_be_said_shares_sales_anew_by_little",
    ),
    "ended_by_its_own_clock": (
        "metrics.months.test_other_zones", "test_a_month_ended_when_its_own_clock_said_so",
    ),
    "by_the_last_cost_said": (
        "metrics.months.test_told_apart",
        "test_a_month_that_says_no_cost_goes_by_the_last_that_did",
    ),
    "midnights_are_two": (
        "metrics.behind.test_ways", "test_what_two_midnights_lie_between_is_not_of_no_month",
    ),
    "one_has_everything": ("metrics.test_tastes", "test_gini_of_one_who_has_everything_is_not_one"),
    "who_pays_for_whom": (
        "metrics.test_tastes", "test_who_gets_less_than_their_part_pays_for_others",
    ),
    "means_are_apart": (
        "metrics.test_tastes", "test_means_of_brought_members_and_how_far_they_are_apart",
    ),
    "liked_more_than_by_all": (
        "metrics.test_tastes", "test_a_group_that_likes_something_more_than_all_do",
    ),
    "younger_ones_wait": (
        "metrics.test_lasting", "test_who_is_younger_is_at_risk_only_as_long_as_seen",
    ),
    "quiet_by_its_own_gap": ("metrics.test_lasting", "test_a_signal_wants_three_orders"),
    "chance_is_not_told": (
        "metrics.test_best", "test_of_many_habits_not_every_fourth_shop_is_told_what_is_chance",
    ),
    "who_waits_counts": ("metrics.test_best", "test_half_had_it_counts_those_who_still_wait"),
    "tomorrow_is_not_known": (
        "estimators.test_next_category", "test_what_is_bought_after_today_changes_nothing",
    ),
}  # fmt: skip
_OF_A_SHOP: Final = {
    "cuts_are_of_everybody": (
        "test_tastes", "", "test_of_everybody_each_is_ranked_once_and_cut_by_all",
    ),
    "who_brought_whom": (
        "test_tastes", "ada_brings_five", "test_how_far_newcomers_come_and_who_brought_them",
    ),
    "what_is_left_is_liked": (
        "test_tastes", "", "test_who_brought_the_cake_back_likes_coffee",
    ),
    "first_of_the_store": (
        "test_tastes", "",
        "test_what_somebody_bought_first_is_of_the_stores_day_and_of_who_they_were",
    ),
    "months_in_their_order": (
        "months.test_closed_months", "", "test_months_are_closed_in_their_order",
    ),
    "brought_over_is_known": (
        "months.test_told_apart", "", "test_what_was_brought_over_is_never_among_what_was_given_here",
    ),
    "whole_when_closed": (
        "months.test_closed_months", "",
        "test_no_month_is_closed_while_everything_is_added_up_anew",
    ),
    "shared_by_costs_of_then": (
        "months.test_closed_months", "",
        "test_what_was_sold_is_shared_once_and_by_what_points_cost_then",
    ),
    "points_cost_what_comes_back": (
        "months.test_closed_months", "",
        "test_points_of_an_experiment_cost_what_of_them_comes_back",
    ),
    "closed_as_shown": (
        "months.test_closed_months", "",
        "test_three_months_closed_one_after_the_other_stay_as_they_were",
    ),
    "paid_by_the_month": ("test_lasting", "three_plans", "test_paid_memberships_of_a_month"),
    "gaps_are_exact": (
        "test_lasting", "two_accounts", "test_gaps_of_a_day_and_a_half_are_not_taken_for_a_day",
    ),
    "the_last_answer_counts": (
        "test_lasting", "two_accounts", "test_the_last_answer_counts_and_each_account_once",
    ),
}  # fmt: skip


def _pure(module: str, test: str) -> Callable[[Shop], None]:
    """A check that runs its test; it is imported then, and the planted source with it."""

    def check(_: Shop) -> None:
        getattr(import_module(f"tests.insight.{module}"), test)()

    return check


def _of_a_shop(module: str, made: str, test: str) -> Callable[[Shop], None]:
    """The same of a test that has a shop, as `made` there lays it out."""

    def check(shop: Shop) -> None:
        def opened(source: str) -> Shop:
            shop.begin(source, slug=f"{test[5:30].strip('_')}-{os.getpid()}".replace("_", "-"))
            return shop

        there: Any = import_module(f"tests.insight.metrics.{module}")
        getattr(there, test)(getattr(there, made)(opened) if made else opened)

    return check


def habit_is_no_forecast(_: Shop) -> None:
    there = import_module("tests.insight.estimators.test_next_category")
    there.test_where_only_their_own_habit_tells_it_is_no_better_than_that(0)


def said_no_more(shop: Shop) -> None:
    """Of the two between whom nothing is said any more, nothing is."""
    there = import_module("tests.runtime.working.reckoning.test_categories")
    flow = import_module("regulars.flows.membership.office.keep_categories")
    kinds = import_module("regulars.records.standing.categories.types")
    uuids = import_module("uuid")
    shop.begin(there.SOURCE, slug=f"kinds-{os.getpid()}")
    shop.joined("ann", "bob")
    ids = [row[0] for row in shop.rows("select member_id from member where program_id = $1")]
    first, last = uuids.UUID(int=0), uuids.UUID(int=(1 << 128) - 1)
    for said in (dict.fromkeys(ids, "cake"), {min(ids): "tea"}):
        stretch = kinds.Stretch(first, last, said)
        shop.do(lambda tx, _, these=stretch: flow.say_categories(tx, these))
    found = sorted(str(value) for value in there.said(shop).values())
    assert found == ["None", "tea"], found


REPORTED: Final[dict[str, Callable[[Shop], None]]] = (
    {name: _pure(*each) for name, each in _PURE.items()}
    | {name: _of_a_shop(*each) for name, each in _OF_A_SHOP.items()}
    | {"habit_is_no_forecast": habit_is_no_forecast, "said_no_more": said_no_more}
)
