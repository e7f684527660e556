"""Bugs of who members are now, of who is left alone, and of times that have not ended yet."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from tests.planted.bug import Bug
from tests.planted.idle.figures import _counter
from tests.planted.replay.reporting import _of_a_shop, _pure

if TYPE_CHECKING:
    from tests.makers import Shop

_READ, _EXPERIMENTS = "insight/metrics/reading", "insight/experiments/outcomes.py"
_MERGED = "checks.of_whoever_was_merged"
AS_THEY_STAND: Final = (
    Bug(
        "what a card got that was merged away is nobody's first reward",
        f"{_READ}/joining.py",
        "l.into_id = {who} and r.state",
        "l.member_id = {who} and r.state",
        _MERGED,
    ),
    Bug(
        "who got a reward by two cards is two members",
        f"{_READ}/joining.py",
        "select reward, coalesce(l.into_id, r.member_id) as member_id,",
        "select reward, r.member_id as member_id,",
        _MERGED,
    ),
    Bug(
        "a card that was merged away is listed for its reward",
        f"{_READ}/rows.py",
        "(select distinct l.into_id\n",
        "(select distinct l.member_id\n",
        _MERGED,
    ),
    Bug(
        "what a card got for nothing that was merged away is nobody's",
        f"{_READ}/fairness.py",
        "select coalesce(into_id, member_id) as member_id, store,",
        "select member_id, store,",
        _MERGED,
    ),
    Bug(
        "what a card used that was merged away is nobody's",
        f"{_READ}/fairness.py",
        "select coalesce(into_id, member_id), store,",
        "select member_id, store,",
        _MERGED,
    ),
    Bug(
        "an experiment leaves out what a card got that was merged away",
        _EXPERIMENTS,
        "on l.program_id = $1::int and l.into_id = o.member_id\n)",
        "on l.program_id = $1::int and l.into_id = l.member_id\n)",
        "checks.merged_in_experiments",
    ),
    Bug(
        "whoever was merged away is behind what campaigns brought",
        "insight/home/returned.py",
        'where {OF_THEIR_OWN.format(who="x.member_id")}',
        "where true",
        "checks.returned_opens",
    ),
    Bug(
        "who is held out of all campaigns is told of to win them back",
        "records/standing/alerts/read.py",
        "and x.member_id = v.member_id and x.arm = 0\n",
        "and x.member_id = v.member_id and x.arm = 9\n",
        "checks.held_out_slips",
    ),
    Bug(
        "an offer is suggested for who is held out of all offers",
        "flows/membership/office/alerts/show_alerts.py",
        "sorted(waits - await held_out_of_all(tx, sorted(waits)))",
        "sorted(waits)",
        "checks.held_out_suggested",
    ),
    Bug(
        "the first page wins back who is held out of all campaigns",
        "surfaces/console/first/away.py",
        "tuple(one for one in found if one.member_id not in held)",
        "tuple(found) if held is not None else ()",
        "checks.held_out_at_home",
    ),
    Bug(
        "an account that bought nothing in two short times buys fewer",
        "insight/metrics/defined/accounts.py",
        'return "fewer" if often and 2 *',
        'return "fewer" if 2 *',
        "checks.accounts_signal",
    ),
    Bug(
        "days that are to come are days without an order",
        "insight/metrics/spans.py",
        "return looked_on(span.last_on, today) + timedelta(1)",
        "return span.until_on",
        "checks.ends_by_tonight",
    ),
    Bug(
        "who was merged away is a member still",
        "records/prepared/types.py",
        "m.state in ('active', 'unregistered', 'blocked')",
        "m.state in ('active', 'unregistered', 'blocked', 'merged')",
        "checks.counted_the_same",
    ),
    Bug(
        "baskets are those of this morning",
        f"{_READ}/preferences.py",
        'until="least($3::date, $7::date)"',
        'until="$2::date"',
        "checks.baskets_drawn",
    ),
    Bug(
        "baskets are those of who joined last",
        f"{_READ}/preferences.py",
        "order by day desc, hashtext(member_id::text), member_id, store",
        "order by day desc, member_id desc, store",
        "checks.baskets_drawn",
    ),
    Bug(
        "the second order is of a month that is too young",
        "insight/metrics/monthly/month.py",
        "AGE_MONTHS: Final = 3",
        "AGE_MONTHS: Final = 2",
        "checks.old_enough",
    ),
    Bug(
        "each gap of a member is another member's",
        "insight/estimators/staying/waits.py",
        "low, high = between(still, times * variance)",
        "low, high = between(still, variance)",
        "checks.gaps_of_members",
    ),
    Bug(
        "who began on the 31st has a month less",
        f"{_READ}/memberships.py",
        "b.months + 1) <= l.until)::int",
        "b.months + 1) <= l.since)::int",
        "checks.whole_months",
    ),
    Bug(
        "who redeemed points redeemed stars",
        f"{_READ}/points.py",
        "       and wallet = $4::smallint\n), bought as (",
        "       and $4::smallint is not null\n), bought as (",
        "checks.redeemed_of_a_wallet",
    ),
    Bug(
        "who redeemed points is listed for stars",
        f"{_READ}/further.py",
        "and redeemed > 0 and wallet = $7::smallint",
        "and redeemed > 0 and $7::smallint is not null",
        "checks.redeemed_of_a_wallet",
    ),
    Bug(
        "who began and ended within a month is in no list",
        f"{_READ}/memberships.py",
        'every = metric == "membership_churn" and plan == ALL_ENDED',
        "every = plan == metric",
        "checks.all_who_ended",
    ),
)


def merged_in_experiments(shop: Shop) -> None:
    there: Any = import_module("tests.insight.experiments.test_outcomes")
    shop.begin(there.load_template("coffee-shop"), slug=f"merged-{os.getpid()}")
    there.test_what_was_given_to_whoever_was_merged_is_of_whom_they_are_now(shop)


def returned_opens(shop: Shop) -> None:
    there: Any = import_module("tests.insight.home.test_returned")
    shop.begin(there.load_template("coffee-shop"), slug=f"opens-{os.getpid()}")
    shop.at("2026-03-20 12:00")
    there.test_the_return_opens_whom_the_last_look_was_at(shop)


def held_out_slips(shop: Shop) -> None:
    there: Any = import_module("tests.runtime.working.reckoning.test_alerts")
    shop.begin(there.load_template("coffee-shop"), slug=f"held-{os.getpid()}")
    shop.now = shop.now.replace(hour=12)
    there.test_who_is_worth_most_is_told_of_and_as_likely_ones_stand_beside(there.World(shop))


def held_out_suggested(shop: Shop) -> None:
    counter = _counter(shop, "suggested")
    there: Any = import_module("tests.surfaces.console.people.test_win_back")
    there.test_it_reaches_who_looks_after_them_else_the_store_and_waits_until_a_day(counter)
    shop.run(counter.client.aclose())


def held_out_at_home(shop: Shop) -> None:
    counter = _counter(shop, "home")
    there: Any = import_module("tests.insight.home.test_slipping")
    there.test_who_slips_away_by_the_last_reckoning_comes_first(counter)
    shop.run(counter.client.aclose())


STANDING: Final[dict[str, Callable[[Shop], None]]] = {
    one.__name__: one
    for one in (
        merged_in_experiments, returned_opens, held_out_slips, held_out_suggested, held_out_at_home,
    )
} | {
    "of_whoever_was_merged": _of_a_shop(
        "behind.test_given_and_invited", "",
        "test_what_was_given_to_whoever_was_merged_is_given_to_whom_they_are_now",
    ),
    "counted_the_same": _of_a_shop(
        "behind.test_given_and_invited", "two_days",
        "test_the_first_page_the_tier_mix_its_rows_and_the_report_of_tiers_count_the_same",
    ),
    "baskets_drawn": _of_a_shop(
        "test_tastes", "", "test_baskets_of_a_day_are_drawn_evenly_and_the_running_day_waits"
    ),
    "redeemed_of_a_wallet": _of_a_shop(
        "test_from_the_books", "", "test_reports_come_to_what_happened"
    ),
    "whole_months": _of_a_shop(
        "test_lasting", "three_plans", "test_a_life_from_the_31st_has_whole_months_too"
    ),
    "all_who_ended": _of_a_shop(
        "test_lasting", "three_plans",
        "test_whoever_began_and_ended_within_a_month_is_behind_the_number_of_those_who_ended",
    ),
    "accounts_signal": _pure("metrics.test_lasting", "test_a_signal_wants_three_orders"),
    "ends_by_tonight": _pure(
        "metrics.test_pure",
        "test_a_time_that_ends_in_the_future_is_looked_at_tomorrow_at_the_latest",
    ),
    "old_enough": _pure(
        "metrics.monthly.test_month", "test_the_second_order_is_of_a_month_that_is_old_enough"
    ),
    "gaps_of_members": _pure(
        "estimators.test_staying",
        "test_bounds_of_a_median_go_by_members_whose_gaps_hang_together",
    ),
}  # fmt: skip
