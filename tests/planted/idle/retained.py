"""Bugs of who stays and what that is worth, and the tests as the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import pytest
from tests.planted.bug import Bug
from tests.planted.idle.figures import _counter
from tests.planted.replay.alerting import _night
from tests.planted.replay.reporting import _of_a_shop, _pure

if TYPE_CHECKING:
    from tests.makers import Shop

_RECKONING = "insight/values/reckoning.py"
_SIZES = "insight/estimators/asking/sizes.py"
_BEST = "insight/metrics/reading/best.py"
RETAINED = (
    Bug(
        "money no model carries takes the chances away",
        _RECKONING,
        "if untold is not None and valued.unvalued is not None:",
        "if valued.unvalued is not None:",
        "checks.chances_without_worth",
    ),
    Bug(
        "nobody looks whether what an order brings hangs on how often somebody comes",
        _RECKONING,
        "if spending.tied > MOST_TIE:",
        "if spending.tied > 1:",
        "checks.chances_without_worth",
    ),
    Bug(
        "a year has more than all of a season",
        _RECKONING,
        "soon * factor + (orders - soon) * rest",
        "soon * factor + (orders - soon)",
        "checks.days_of_the_year",
    ),
    Bug(
        "where nobody can say worth, anybody is told of first",
        "records/standing/alerts/read.py",
        "(order by v.worth_minor desc nulls last, v.orders desc,",
        "(order by v.worth_minor desc nulls last,",
        "checks.told_without_worth",
    ),
    Bug(
        "a month that is over shows the points of today",
        "insight/metrics/reports/owed/lots.py",
        "if until > asked.today:",
        "if until >= asked.span.from_on:",
        "checks.lots_of_then",
    ),
    Bug(
        "what lapses is of the night after the month",
        "insight/metrics/reading/points.py",
        "and day < $3::date and members is not null",
        "and day <= $3::date and members is not null",
        "checks.lots_of_then",
    ),
    Bug(
        "points of then open who has them today",
        "surfaces/console/first/reports/opening.py",
        "row[-1] != found.asked.today",
        "row[-1] is None",
        "checks.lots_of_then",
    ),
    Bug(
        "what lapsed still reaches a reward",
        _BEST,
        "greatest(p.other, 0) - p.expired)",
        "greatest(p.other, 0))",
        "checks.within_reach",
    ),
    Bug(
        "a reward is reached by all of its prices alone",
        _BEST,
        "u.reward = r.reward and u.way = r.way)",
        "u.reward = r.reward)",
        "checks.within_reach",
    ),
    Bug(
        "who came after a look is in its return",
        "insight/home/returned.py",
        "and x.since <= k.at ",
        "",
        "checks.opens_looked_at",
    ),
    Bug(
        "whoever bought that month bought at that hour",
        "insight/metrics/reading/preferences.py",
        "asks = _AT_HOUR",
        'asks = "$8::text is not null"',
        "checks.opens_hours",
    ),
    Bug(
        "whoever bought of the second category bought of both",
        "insight/metrics/reading/preferences.py",
        'listed="bool_or(category = $10::text)"',
        'listed="$10::text is not null"',
        "checks.opens_hours",
    ),
    Bug(
        "what stands in names of categories parts them",
        "insight/metrics/reading/preferences.py",
        'APART: Final = "\\x1f"',
        'APART: Final = ">"',
        "checks.opens_hours",
    ),
    Bug(
        "who is held out is told of as if it were in one store",
        "insight/metrics/reading/rows.py",
        "*returned.METRICS, *best.METRICS,\n    }",
        "*best.METRICS,\n    }",
        "checks.away_in_a_store",
    ),
    Bug(
        "of points of today it is not said under a month that is over",
        "surfaces/console/first/reports/drawing/charts.py",
        "days = {row[-1] for row in found.table(table).rows}",
        "days = {row[-1] for row in found.table(table).rows} - {found.asked.today}",
        "checks.said_of_which_day",
    ),
    Bug(
        "a part of one is enough for an experiment",
        _SIZES,
        "max(fewest, FEWEST_LOOKED_AT, ceil(FEWEST_IN_GROUP / part))",
        "max(fewest, FEWEST_LOOKED_AT)",
        "checks.parts_looked_at",
    ),
    Bug(
        "a tie of sixty members is as sure as one of six thousand",
        "insight/estimators/worth/gamma_gamma.py",
        "- _WIDTH / sqrt(many - 3)",
        "- 0 * _WIDTH",
        "checks.surely_tied",
    ),
    Bug(
        "what goes together is defined nowhere",
        "surfaces/console/first/reports/saying.py",
        '"pairs": "basket_pair"',
        '"pairs": "category_lift"',
        "checks.all_defined",
    ),
    Bug(
        "each of several parts has the bounds of one",
        "insight/experiments/looking.py",
        "level = LEVEL / max(len(one.arms) - 1, 1)",
        "level = LEVEL",
        "checks.several_parts",
    ),
    Bug(
        "how many members it takes is counted for one look alone",
        _SIZES,
        "(errors_at_every_look(members, level=level) + seen)",
        "(_NORMAL.inv_cdf(0.975) + seen)",
        "checks.as_many_as_it_takes",
    ),
    Bug(
        "parts of an experiment are taken for equal",
        _SIZES,
        "varies[0] / (members * part) + varies[1] / (members * (1 - part))",
        "2 * varies[0] / members + 2 * varies[1] / members",
        "checks.as_many_as_it_takes",
    ),
    Bug(
        "the price of a tier is everybody's at reach",
        _BEST,
        "(u.tiers = 'null' or u.tiers ? j.tier) and ",
        "",
        "checks.within_reach",
    ),
)


def _reckoned(of: Callable[[Any], None]) -> Callable[[Shop], None]:
    def check(_: Shop) -> None:
        of(import_module("tests.insight.values.test_reckoning"))

    return check


def _chances(there: Any) -> None:
    known, who = there.shop(members=300)
    plain = there.reckon(known), who, known
    chosen = there.choose(known.member, known.day, known.today, there.AHEAD)
    for odd, what in ((there.few_spend_all, "boundary"), (there.more_by_more, "tie")):
        with pytest.MonkeyPatch.context() as patch:
            there.test_money_no_model_carries_takes_no_chances_away(odd, what, plain, chosen, patch)


def _days(there: Any) -> None:
    there.test_ninety_days_are_a_part_of_the_year_whatever_the_season(1.6)


def within_reach(shop: Shop) -> None:
    there: Any = import_module("tests.insight.metrics.test_best")
    counter = _counter(shop, "within-reach")
    counter.shop.at("2026-06-01 12:00")
    there.test_what_lapsed_reaches_nothing_and_any_price_of_a_reward_does(counter)
    shop.run(counter.client.aclose())


def opens_looked_at(shop: Shop) -> None:
    there: Any = import_module("tests.insight.home.test_returned")
    shop.begin(there.load_template("coffee-shop"), slug=f"opens-looked-{os.getpid()}")
    shop.at("2026-03-20 12:00")
    there.test_the_return_opens_whom_the_last_look_was_at(shop)


FOUND_RETAINED: Final[dict[str, Callable[[Shop], None]]] = {
    "chances_without_worth": _reckoned(_chances),
    "days_of_the_year": _reckoned(_days),
    "within_reach": within_reach,
    "several_parts": _pure(
        "experiments.test_looking", "test_of_several_parts_any_is_as_seldom_wrong_as_of_one"
    ),
    "opens_looked_at": opens_looked_at,
    "opens_hours": _of_a_shop(
        "test_tastes", "two_days", "test_figures_of_baskets_and_hours_open_whom_they_count"
    ),
    "all_defined": _pure(
        "metrics.behind.test_words", "test_every_figure_is_defined_where_it_is_shown"
    ),
    "as_many_as_it_takes": _pure(
        "experiments.test_looking",
        "test_as_many_as_the_calculator_says_are_sure_four_times_of_five",
    ),
    "said_of_which_day": _pure(
        "metrics.behind.test_charts",
        "test_of_a_time_that_is_over_it_is_said_of_which_day_points_are",
    ),
    "parts_looked_at": _pure(
        "estimators.test_comparing",
        "test_parts_wanted_are_those_the_bounds_of_every_look_take",
    ),
    "surely_tied": _reckoned(
        lambda there: there.test_money_is_refused_only_where_it_surely_hangs_on_how_often(60, True)
    ),
    "lots_of_then": _of_a_shop(
        "behind.test_given_and_invited",
        "two_days",
        "test_a_month_that_is_over_shows_the_points_of_then",
    ),
    "told_without_worth": _night(
        "who_orders_most_is_told_of_where_nobody_can_say_what_they_are_worth"
    ),
}
