"""Bugs of what is behind figures, of what is foretold of renewals, and of months that move."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import pytest
from tests.planted.bug import Bug
from tests.planted.replay.reporting import _of_a_shop, _pure

if TYPE_CHECKING:
    from tests.makers import Shop

_READ, _DEFINED = "insight/metrics/reading", "insight/metrics/defined"
BEHIND = (
    Bug(
        "whoever bought at all bought on that day of the week",
        f"{_READ}/preferences.py",
        "and extract(isodow from d.day) = $7::int",
        "and $7::int > 0",
        "checks.tables_open",
    ),
    Bug(
        "whoever bought came through that channel",
        f"{_READ}/preferences.py",
        "where channel = $10::text",
        "where $10::text is not null",
        "checks.tables_open",
    ),
    Bug(
        "whoever bought likes everything",
        f"{_READ}/preferences.py",
        "where b.category = $12::text",
        "where $12::text <> ''",
        "checks.tables_open",
    ),
    Bug(
        "who was brought was brought by every tier",
        f"{_READ}/referral.py",
        "coalesce(s.tier, '') = $7::text",
        "$7::text is not null",
        "checks.who_brought",
    ),
    Bug(
        "tenths that pay most are those that pay least",
        f"{_READ}/fairness.py",
        '_TOP.replace("p.tenth = $10::int", "p.tenth <= $10::int")',
        '_TOP.replace("p.tenth = $10::int", "p.tenth >= $10::int")',
        "checks.top_tenth",
    ),
    Bug(
        "who was held out of an offer was given it",
        f"{_READ}/fairness.py",
        "where program_id = $1::int and state <> 'held_out' and offered_at",
        "where program_id = $1::int and offered_at",
        "checks.own_offers",
    ),
    Bug(
        "whoever was merged is still given their own",
        f"{_READ}/fairness.py",
        "select coalesce(a.into_id, m.member_id) as member_id, count(distinct",
        "select m.member_id, count(distinct",
        "checks.own_offers",
    ),
    Bug(
        "who only got a gift is not listed",
        f"{_READ}/fairness.py",
        "group by member_id having sum(minor) <> 0) e",
        "group by member_id having false) e",
        "checks.given_without_points",
    ),
    Bug(
        "who paid once has come to the first renewal",
        f"{_READ}/memberships.py",
        "where times - (not over)::int >= $5::int",
        "where times >= $5::int",
        "checks.renewals_open",
    ),
    Bug(
        "an account that ended later ended then",
        f"{_READ}/accounts.py",
        "not over or months > $4::int as counted",
        "not over as counted",
        "checks.account_ends",
    ),
    Bug(
        "a table opens nobody, and nobody says why",
        "surfaces/console/first/reports/opening.py",
        ' "refused": ("referrals_named", "reason"),\n',
        "\n",
        "checks.every_table_opens",
    ),
    Bug(
        "only a group itself makes its liking unsure",
        "insight/estimators/asking/liking.py",
        "max(inside + beside, 0.0)",
        "max(inside, 0.0)",
        "checks.likings_are_sure",
    ),
    Bug(
        "three members say how sure a ratio is",
        "insight/estimators/asking/ratios.py",
        "FEWEST_MEMBERS: Final = 30",
        "FEWEST_MEMBERS: Final = 3",
        "checks.members_are_sure",
    ),
    Bug(
        "a sum is as sure as if it were of everything",
        "insight/estimators/asking/ratios.py",
        "sqrt(max(left, 0.0) * n / (n - 1)) / of.below",
        "sqrt(max(left, 0.0)) / of.below",
        "checks.weeks_by_the_book",
    ),
    Bug(
        "who invites and buys nothing makes nothing less sure",
        f"{_READ}/referral.py",
        "full join (select who, count(*) as sent",
        "left join (select who, count(*) as sent",
        "checks.apart_by_members",
    ),
    Bug(
        "money of the past knew what was paid since",
        "insight/values/reckoning.py",
        "    seen = of.day <= origin\n",
        "    seen = of.day <= of.today\n",
        "checks.money_tried",
    ),
    Bug(
        "what was paid for with points was given for nothing",
        f"{_READ}/fairness.py",
        "       and not exists (select from jsonb_each_text(g.terms -> 'price') p"
        " where p.value::bigint > 0)\n",
        "",
        "checks.given_without_points",
    ),
    Bug(
        "a use that was undone cost something",
        f"{_READ}/fairness.py",
        "and u.state <> 'undone' and ({store}",
        "and ({store}",
        "checks.given_without_points",
    ),
    Bug(
        "no more newcomers come than were invited",
        f"{_DEFINED}/referral.py",
        'ratio_by_members("invitations_taken", span, named, sent, bringing.named_by_sent)',
        'share_of("invitations_taken", span, min(named, sent), sent)',
        "checks.invited",
    ),
    Bug(
        "who never bought invites as a buyer",
        f"{_READ}/referral.py",
        "count(*) filter (where i.who is not null) as inviting",
        "(select count(distinct who) from ({_SENT}) every_one) as inviting",
        "checks.invited",
    ),
    Bug(
        "who has paid once has renewed once",
        f"{_DEFINED}/renewals.py",
        "Gaps(one.paid - 1, 0, one.memberships)",
        "Gaps(one.paid, 0, one.memberships)",
        "checks.first_renewal",
    ),
    Bug(
        "whose renewal is not decided did not renew",
        f"{_DEFINED}/renewals.py",
        "    decided = [one for one in some if one.became]\n",
        "    decided = [one for one in some if not one.over]\n",
        "checks.decided_alone",
    ),
    Bug(
        "a forecast that was never tried is said",
        f"{_DEFINED}/renewals.py",
        "    if len(some) < FEWEST_ORIGINS:\n        return NotEnough(",
        "    if not some:\n        return NotEnough(",
        "checks.tried_four_times",
    ),
    Bug(
        "the way that is nearer by a hair is taken",
        "insight/metrics/trying.py",
        "len(both) == whole and one.missed < usual.missed and 3 * nearer >= 2 * whole",
        "3 * nearer >= 0",
        "checks.usual_way_stays",
    ),
    Bug(
        "what is redeemed of points of no known month is not redeemed",
        "insight/estimators/owing/calendar.py",
        " for k in range(t + 1)) + beyond[t] for t",
        " for k in range(t + 1)) for t",
        "checks.beyond_by_calendar",
    ),
    Bug(
        "more of a month is to come than is left of it",
        "insight/metrics/reports/owed/cohorts.py",
        "max(min(round(expected - redeemed), left), 0)",
        "max(round(expected - redeemed), 0)",
        "checks.no_more_to_come_than_left",
    ),
    Bug(
        "a season is believed of which only a part was seen",
        "insight/estimators/buying/season.py",
        "or not len(days) or days[0] > begin",
        "or not len(days) or days[0] > origin",
        "checks.seasons_are_seen_whole",
    ),
    Bug(
        "July is foretold by June of last year",
        "insight/estimators/owing/calendar.py",
        "burned[known - SEASON + h % SEASON]",
        "burned[known - SEASON - 1 + h % SEASON]",
        "checks.same_month_of_last_year",
    ),
    Bug(
        "an account of which nothing is known does not fall quiet",
        f"{_READ}/accounts.py",
        'return None if one.signal == "none" else one.signal == "quiet"',
        'return one.signal == "quiet"',
        "checks.accounts_behind",
    ),
    Bug(
        "a month that is over and not closed runs",
        "insight/metrics/reports/owed/liability.py",
        'return "open" if months_on(month, 1) <= today else "running"',
        'return "running"',
        "checks.rolled_states",
    ),
    Bug(
        "what only a tier may take is open to everybody",
        f"{_READ}/fairness.py",
        "on (o -> 'tiers' = 'null' or o -> 'tiers' ? s.tier)\n       and not",
        "on true\n       and not",
        "checks.offers_open",
    ),
    Bug(
        "what one could take with points of another kind is open",
        f"{_READ}/fairness.py",
        "where coalesce((s.has ->> u.key)::bigint, 0)\n",
        "where coalesce((s.has ->> 'x')::bigint, u.value::bigint)\n",
        "checks.offers_open",
    ),
    Bug(
        "a reward that is over is open",
        "surfaces/in_words/reports/asking.py",
        "        and (one.until_on is None or asked.today.isoformat() <= str(one.until_on))\n",
        "",
        "checks.offers_open",
    ),
    Bug(
        "the tenth that pays most is the one that pays least",
        f"{_READ}/fairness.py",
        "o.first_on, o.last_on, p.tenth = $10::int as counted",
        "o.first_on, o.last_on, p.tenth = 11 - $10::int as counted",
        "checks.top_tenth",
    ),
    Bug(
        "a closed month is said to move",
        "insight/metrics/reports/owed/liability.py",
        "moves = months_on(max(closed), 1) if closed else None",
        "moves = max(closed) if closed else None",
        "checks.moves_from",
    ),
    Bug(
        "a benefit that was undone is part of an experiment's cost",
        "insight/experiments/outcomes.py",
        " where u.state <> 'undone'\n",
        " where true\n",
        "checks.benefits_cost",
    ),
    Bug(
        "two stores on one day are a gap of nothing",
        "insight/people/lapsed.py",
        "from (select distinct day from member_day",
        "from (select day from member_day",
        "checks.away_longer",
    ),
    Bug(
        "rows of the whole shop are shown for one store",
        f"{_READ}/rows.py",
        "if asked.store is not None and metric in OF_THE_WHOLE_SHOP:",
        "if asked.store == metric:",
        "checks.away_in_a_store",
    ),
    Bug(
        "of whom no chance is told comes for sure",
        "insight/values/spread.py",
        "case when v.chance >= 0 then least(v.chance / {1_000 // BANDS}, {BANDS - 1}) end",
        "least(v.chance / {1_000 // BANDS}, {BANDS - 1})",
        "checks.values_lie",
    ),
    Bug(
        "what a portion of values comes to takes the place of those before",
        "insight/values/sums.py",
        "before = self._all.get(key, _UNSAID)",
        "before = _UNSAID",
        "checks.night_kept",
    ),
    Bug(
        "who ordered twice in a store is two of its members",
        "insight/values/sums.py",
        "select distinct d.store, v.*",
        "select d.store, v.*",
        "checks.night_kept",
    ),
    Bug(
        "what one campaign brought is what the program brought",
        "insight/home/returned.py",
        "where e.program_id = $1::int and e.kind = 'everybody' and e.begun_at is not null",
        "where e.program_id = $1::int and e.begun_at is not null",
        "checks.not_said_without",
    ),
    Bug(
        "a look of another time is said of this one",
        "insight/home/returned.py",
        "and l.day >= $2::date and l.day < $3::date",
        "and l.day < $3::date and $2::date is not null",
        "checks.not_said_without",
    ),
)


def benefits_cost(shop: Shop) -> None:
    there: Any = import_module("tests.insight.experiments.test_outcomes")
    shop.begin(there.load_template("coffee-shop"), slug=f"benefits-{os.getpid()}")
    there.test_benefits_that_were_used_cost_what_they_cost(shop)


def rolled_states(_: Shop) -> None:
    date = import_module("datetime").date
    liability: Any = import_module("regulars.insight.metrics.reports.owed.liability")
    found = [
        liability.state_of(date(2026, month, 1), {date(2026, 4, 1)}, date(2026, 6, 9))
        for month in (4, 5, 6)
    ]
    assert found == ["closed", "open", "running"], found


def rows_of_a_store(shop: Shop) -> None:
    there: Any = import_module("tests.insight.metrics.behind.test_lapsed")

    def opened(source: str) -> Shop:
        shop.begin(source, slug=f"of-a-store-{os.getpid()}")
        return shop

    there.test_of_one_store_rows_are_those_of_it_or_are_refused(opened)


def night_kept(shop: Shop) -> None:
    there: Any = import_module("tests.runtime.working.reckoning.test_values")
    shop.begin(there.load_template("coffee-shop"), slug=f"night-kept-{os.getpid()}")
    there.three(shop)
    with pytest.MonkeyPatch.context() as patch:
        asked = there.simply(patch)
        there.test_what_the_night_kept_is_what_its_rows_come_to(shop, asked, patch)


def not_said_without(shop: Shop) -> None:
    there: Any = import_module("tests.insight.home.test_returned")
    shop.begin(there.load_template("coffee-shop"), slug=f"returned-{os.getpid()}")
    shop.at("2026-03-20 12:00")
    there.test_without_a_hold_out_a_look_or_a_margin_it_is_not_said(shop)


def money_tried(_: Shop) -> None:
    there: Any = import_module("tests.insight.values.test_reckoning")
    known, alive = there.shop()
    there.test_it_is_said_how_far_off_money_was_on_the_past((there.reckon(known), alive, known))


_RENEWED: Final = "metrics.behind.test_renewals"
FOUND_BEHIND: Final[dict[str, Callable[[Shop], None]]] = {
    "away_longer": _of_a_shop(
        "behind.test_lapsed", "",
        "test_away_longer_than_usual_is_longer_than_the_shops_and_ones_own",
    ),
    "away_in_a_store": rows_of_a_store,
    "tables_open": _of_a_shop(
        "test_tastes", "two_days", "test_purchases_by_channel_are_those_of_the_latest_days"
    ),
    "who_brought": _of_a_shop(
        "test_tastes", "ada_brings_five", "test_how_far_newcomers_come_and_who_brought_them"
    ),
    "own_offers": _of_a_shop(
        "behind.test_open_offers", "offering",
        "test_offers_of_their_own_lie_between_newcomers_and_others",
    ),
    "renewals_open": _of_a_shop(
        "test_lasting", "three_plans", "test_paid_memberships_of_a_month"
    ),
    "account_ends": _of_a_shop(
        "behind.test_accounts", "two_accounts",
        "test_an_account_ends_when_fewer_than_two_are_left_of_it",
    ),
    "every_table_opens": _pure(
        "metrics.test_console", "test_every_table_opens_whom_it_counts_or_nobody_stands_behind_it"
    ),
    "likings_are_sure": _pure(
        "estimators.test_asking", "test_the_true_liking_lies_within_bounds_95_times_of_100"
    ),
    "members_are_sure": _pure(
        "estimators.test_asking", "test_what_members_do_is_as_sure_as_members_are_alike"
    ),
    "weeks_by_the_book": _pure(
        "estimators.test_asking", "test_bounds_are_those_of_the_books_formula"
    ),
    "apart_by_members": _of_a_shop(
        "behind.test_bounds", "",
        "test_each_who_invites_or_buys_is_one_of_whom_bounds_are_made",
    ),
    "money_tried": money_tried,
    "not_said_without": not_said_without,
    "night_kept": night_kept,
    "values_lie": _of_a_shop(
        "behind.test_values", "laid_out",
        "test_values_lie_by_health_part_chance_tier_store_and_rfm",
    ),
    "given_without_points": _of_a_shop(
        "behind.test_given_and_invited", "",
        "test_what_is_given_without_points_is_part_of_what_members_cost",
    ),
    "factor_of_newcomers": _of_a_shop(
        "behind.test_given_and_invited", "",
        "test_the_referral_factor_counts_newcomers_who_bought_for_each_buyer",
    ),
    "who_has_gone": _of_a_shop(
        "behind.test_given_and_invited", "two_days",
        "test_who_was_erased_has_gone_and_who_is_there_is_kept",
    ),
    "invited": _of_a_shop(
        "behind.test_given_and_invited", "", "test_invitations_are_the_first_step"
    ),
    "first_renewal": _pure(
        _RENEWED, "test_what_ended_after_its_first_payment_ended_at_the_first_renewal"
    ),
    "decided_alone": _pure(_RENEWED, "test_only_whose_renewal_was_decided_is_tried"),
    "tried_four_times": _pure(
        _RENEWED, "test_a_forecast_that_was_not_tried_four_times_is_not_said"
    ),
    "usual_way_stays": _pure(
        "metrics.behind.test_ways", "test_another_way_is_nearer_in_all_and_at_two_of_three"
    ),
    "beyond_by_calendar": _pure(
        "estimators.seasonal.test_calendar",
        "test_what_no_month_gave_counts_by_the_calendar_and_comes_of_no_month",
    ),
    "seasons_are_seen_whole": _pure(
        "estimators.seasonal.test_taken",
        "test_the_index_is_one_where_every_day_is_alike_and_looks_at_nothing_later",
    ),
    "same_month_of_last_year": _pure(
        "estimators.seasonal.test_calendar",
        "test_last_years_month_is_taken_times_growth_and_by_the_ages_points_have_now",
    ),
    "no_more_to_come_than_left": _pure(
        "metrics.behind.test_ways",
        "test_what_becomes_of_each_month_and_what_no_month_gave",
    ),
    "accounts_behind": _of_a_shop(
        "behind.test_accounts", "two_accounts",
        "test_each_figure_of_accounts_is_as_many_rows_as_it_counts",
    ),
    "offers_open": _of_a_shop(
        "behind.test_open_offers", "offering",
        "test_what_is_open_to_each_tenth_is_what_they_could_take_today",
    ),
    "top_tenth": _of_a_shop(
        "behind.test_open_offers", "offering",
        "test_who_is_in_the_tenth_that_pays_most_can_be_listed",
    ),
    "rolled_states": rolled_states,
    "moves_from": _of_a_shop(
        "months.test_closed_months", "",
        "test_three_months_closed_one_after_the_other_stay_as_they_were",
    ),
    "benefits_cost": benefits_cost,
}  # fmt: skip
