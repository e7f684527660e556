"""Bugs in rates that hold for what happened already, and in clubs that forgive for a while."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from inspect import signature
from typing import Any, Final

from tests.planted.bug import Bug
from tests.planted.tiers.bugs import _opens

_AGAIN: Final = "engine/restating/rates.py"
_RATING: Final = "engine/compiling/rating.py"
_TERMS: Final = "engine/terms.py"
_FURTHER: Final = "engine/ladder/further.py"
RATES: Final = (
    Bug(
        "what is told after other rates hold finds the old ones",
        "engine/deciding/earn.py",
        "    if not terms.ratings:\n",
        "    if True:\n",
        "checks.rates__whoever_tells_of_it_later_finds_the_new_rates",
    ),
    Bug(
        "other rates hold for ever, not since their day",
        _TERMS,
        "one.from_day <= day and kind",
        "kind",
        "checks.rates__what_happened_before_that_day_stays_as_it_was",
    ),
    Bug(
        "with the table every other rule of the new terms decides what happened",
        _RATING,
        "replace(before.program, rules=rules)",
        "replace(before.program, rules=after.rules)",
        "checks.rates__only_the_table_changes_and_no_other_rule_of_the_new_terms",
    ),
    Bug(
        "status that came of other rates lifts nobody",
        _AGAIN,
        "if first is not None and any(",
        "if False and any(",
        "checks.rates__status_that_came_of_it_lifts_and_what_followed_is_decided_anew",
    ),
    Bug(
        "the merged are rated where there are no tiers",
        "flows/terms/rates/told.py",
        "and id_ not in merged",
        "and not state.united",
        "checks.rates__who_was_merged_is_left_where_there_are_no_tiers",
    ),
    Bug(
        "a table that is taken back leaves what it gave",
        _TERMS,
        "return Rates(one.number, one.number if differs else 0)",
        "return Rates(one.number, one.number)",
        "checks.rates__it_is_undone_by_the_table_of_before",
    ),
    Bug(
        "nobody knows by whose table something was rated",
        "engine/restating/again.py",
        "        rated=rated,\n",
        "",
        "checks.rates__it_is_undone_by_the_table_of_before",
    ),
    Bug(
        "rates that hold for what happened need no word of their author",
        "engine/changing/rates.py",
        '"warning", f"rates:{on}")',
        '"warning")',
        "checks.rates__its_author_has_to_mean_it",
    ),
    Bug(
        "who was merged is rated anew by half of what they did",
        "flows/terms/rates/told.py",
        " and id_ not in merged and",
        " and",
        "checks.rates__who_was_ever_merged_is_left_as_they_are",
    ),
    Bug(
        "books that are closed are rated anew",
        "flows/terms/rates/settled.py",
        "                closed = month\n",
        "                pass\n",
        "checks.rates__a_month_that_is_closed_is_settled",
    ),
    Bug(
        "a return takes back by the table of before",
        "engine/deciding/reverse.py",
        "terms.rated_by(sale.steps.version, sale.steps.rated)",
        "terms.numbered(sale.steps.version)",
        "checks.rates__a_return_takes_back_what_the_new_table_gave",
    ),
    Bug(
        "all points are owed at what points are worth today",
        "engine/changing/keeping.py",
        "if place < len(since) and one.since >= since[place]]",
        "if False]",
        "checks.owed__old_points_are_owed_at_the_old_price_and_new_ones_at_the_new",
    ),
    Bug(
        "new points are owed at the worth of old ones",
        "insight/home/owed.py",
        "         where s.since <= earned_at) as band",
        "         where false) as band",
        "checks.owed__old_points_are_owed_at_the_old_price_and_new_ones_at_the_new",
    ),
    Bug(
        "the report of what is owed knows today's terms alone",
        "insight/metrics/reports/owed/liability.py",
        "    if not asked.changes:\n",
        "    if True:\n",
        "checks.owed__the_report_of_what_is_owed_says_the_same",
    ),
    Bug(
        "what came back never counted on a club that forgives",
        _FURTHER,
        "        counters[one.of] = counters.get(one.of, 0) + one.units\n",
        "        pass\n",
        "checks.returned__a_step_stays_until_its_year_is_over_and_then_counts_what_is_left",
    ),
    Bug(
        "who changes shoes has bought two pairs",
        _FURTHER,
        "if kept.goes_last(view) else [*gone, *moves]",
        "",
        "checks.returned__what_came_back_helps_nobody_up",
    ),
    Bug(
        "what came back on its day counted all the same",
        "engine/ladder/kept.py",
        "day < period or (day == period and not goes_last(view))",
        "day < period",
        "checks.returned__what_came_back_on_its_day_never_counted",
    ),
    Bug(
        "a club that was told late has forgotten what came back",
        "engine/restating/story.py",
        "    if not mark.back or not counts.back_counter:\n",
        "    if True:\n",
        "checks.returned__a_late_visit_sees_the_club_as_it_forgave_then",
    ),
)


def _of(part: str, name: str) -> Callable[[Any], None]:
    where = {
        "rates": "terms.test_rates",
        "returned": "tiers.further.test_further_returned",
        "owed": "points.choosing.test_kept_owed",
    }

    def check(shop: Any) -> None:
        tests = import_module(f"tests.flows.{where[part]}")
        test = getattr(tests, f"test_{name}")
        opens = _opens(shop)
        if next(iter(signature(test).parameters)) == "open_shop":
            test(opens)
            return
        if part == "owed":
            test(tests.kept_by_some(opens))
            return
        opened = opens(tests.HERE)
        opened.joined("ada", "ben")
        test(opened)

    return check


ALONE: Final = {
    bug.check.removeprefix("checks."): _of(*bug.check.removeprefix("checks.").split("__"))
    for bug in RATES
}
