"""Bugs of what charts say, whom figures open, of reasons, of what waits, of experiments in time."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from tests.planted.bug import Bug
from tests.planted.replay.reporting import _of_a_shop, _pure

if TYPE_CHECKING:
    from tests.makers import Shop

_READ, _REPORTS = "insight/metrics/reading", "surfaces/console/first/reports"
FIGURES = (
    Bug(
        "a report of one store is that of all of them",
        f"{_REPORTS}/pages.py",
        'for name in FIELDS if name != "to"}',
        'for name in FIELDS if name not in ("to", "store")}',
        "checks.of_one_store",
    ),
    Bug(
        "what is owed by all is said to be owed by one store",
        "surfaces/in_words/reports/asking.py",
        "if store and name not in OF_A_STORE:",
        "if store and name not in REPORTS:",
        "checks.of_all_stores",
    ),
    Bug(
        "points of a store open those of all",
        f"{_READ}/rows.py",
        "   and ($10::text is null or store = $10::text)\n",
        "   and ($10::text is null or true)\n",
        "checks.of_all_stores",
    ),
    Bug(
        "half a month stands beside a whole one",
        "insight/metrics/spans.py",
        "at if at < len(then) and _alike(one, then[at]) else None",
        "at if at < len(then) else None",
        "checks.as_long_beside",
    ),
    Bug(
        "four days of a week stand beside a whole one",
        "insight/metrics/spans.py",
        "return one.days == other.days or",
        "return abs(one.days - other.days) <= 3 or",
        "checks.alike_beside",
    ),
    Bug(
        "a month that runs is whole",
        "insight/metrics/asked.py",
        "whole(span, fine) and span.until_on <= today",
        "whole(span, fine)",
        "checks.said_to_be_a_part",
    ),
    Bug(
        "three days are a month",
        "insight/metrics/asked.py",
        "whole(span, fine) and span.until_on <= today",
        "span.until_on <= today",
        "checks.said_to_be_a_part",
    ),
    Bug(
        "where nothing is to be said of the time before, nothing happened",
        f"{_REPORTS}/drawing/beside.py",
        "[None] * len(own)",
        "[0] * len(own)",
        "checks.gap_beside",
    ),
    Bug(
        "a share of the most is of what came back, too",
        f"{_REPORTS}/drawing/sentences.py",
        "sum(one for one in values if one > 0)",
        "sum(values)",
        "checks.most_of_all",
    ),
    Bug(
        "a change is of what there is now",
        f"{_REPORTS}/drawing/sentences.py",
        "return (now - before) / before if before > 0 else None",
        "return (now - before) / now if before > 0 else None",
        "checks.changed_by",
    ),
    Bug(
        "whoever is late has a reason for them",
        "insight/values/why.py",
        '"for" if value.since <= gap else "against"',
        '"for" if value.since <= 2 * gap else "against"',
        "checks.reasons_each_way",
    ),
    Bug(
        "a chance is said whatever it was off by",
        "insight/values/why.py",
        "value.chance is None or value.health is None or self.off <= COARSE",
        "value.chance is None or value.health is None or self.off <= 1",
        "checks.coarse_chances",
    ),
    Bug(
        "what is over today still ends soon",
        "surfaces/console/first/todo.py",
        "return today < end <= today + SOON",
        "return today <= end <= today + SOON",
        "checks.what_waits",
    ),
    Bug(
        "the month that runs waits to be closed",
        "surfaces/console/first/todo.py",
        "this.month - m.month - 1 for m",
        "this.month - m.month for m",
        "checks.what_waits",
    ),
    Bug(
        "who was asked twice was two",
        f"{_READ}/accounts.py",
        " where i.program_id = $1::int and i.made_at >= $2::timestamptz and i.made_at <"
        " $3::timestamptz\n group by 1\n",
        " where i.program_id = $1::int and i.made_at >= $2::timestamptz and i.made_at <"
        " $3::timestamptz\n group by 1, i.invitation_id\n",
        "checks.response_rate",
    ),
    Bug(
        "a month that is closed is a fault when it is closed again",
        "surfaces/in_words/reports/closing.py",
        'if fault.field != "/month" or before is None:',
        'if fault.field != "/months" or before is None:',
        "checks.closed_by_api",
    ),
    Bug(
        "a month is closed while it runs",
        "flows/membership/office/close_months.py",
        "one.month.day != 1 or months_on(one.month, 1) > today",
        "one.month.day != 1 or one.month > today",
        "checks.closed_by_api",
    ),
    Bug(
        "what lapses in a month is what was earned in it",
        f"{_READ}/rows.py",
        '{"lapses": "expires_at", "earned": "earned_at"}',
        '{"lapses": "earned_at", "earned": "earned_at"}',
        "checks.lots_of_a_month",
    ),
    Bug(
        "a plan opens everybody who pays for any",
        f"{_READ}/memberships.py",
        "and ($6::text = '' or plan = $6::text)",
        "and ($6::text = '' or plan <> '')",
        "checks.lines_open_theirs",
    ),
    Bug(
        "a tenure opens everybody who was there",
        f"{_READ}/fairness.py",
        "and ($9::text = '' or $10::text = (",
        "and ($9::text <> 'age' or $10::text = (",
        "checks.lines_open_theirs",
    ),
    Bug(
        "a look that said nothing is a point of the chart",
        "insight/experiments/tabled.py",
        '== (arm, outcome) and "low" in ends:',
        '== (arm, outcome) and (ends := ends | {"low": 0, "high": 0, "value": 0}):',
        "checks.looks_in_time",
    ),
    Bug(
        "members differ by less than they do",
        "insight/experiments/sizing.py",
        "sqrt(apart / (members * (members - 1)))",
        "sqrt(apart / (members * members))",
        "checks.members_differ",
    ),
    Bug(
        "one group is as good as two",
        "insight/estimators/asking/sizes.py",
        "ceil(2 * (spread * (sure + seen) / more) ** 2)",
        "ceil((spread * (sure + seen) / more) ** 2)",
        "checks.size_of_means",
    ),
)

_CHARTS, _WHY = "metrics.behind.test_charts", "values.test_why"
_TIME = "experiments.test_over_time"


def _counter(shop: Shop, name: str) -> Any:
    counters: Any = import_module("tests.surfaces.counter")
    templates: Any = import_module("regulars.records.program.templates")
    shop.begin(templates.load_template("coffee-shop"), slug=f"{name}-{os.getpid()}")
    return counters.Counter(shop)


def of_one_store(shop: Shop) -> None:
    counter = _counter(shop, "one-store")
    there: Any = import_module("tests.insight.metrics.test_console")
    browsers: Any = import_module("tests.surfaces.console.browser")
    shop.at("2026-06-01 12:00")
    there.lay(counter)
    browser = browsers.Browser(counter)
    browser.sign_in(browsers.somebody(counter).email)
    there.test_a_shop_of_several_stores_is_looked_at_by_one_of_them(browser)
    shop.run(counter.client.aclose())


def of_all_stores(shop: Shop) -> None:
    counter = _counter(shop, "all-stores")
    there: Any = import_module("tests.insight.metrics.test_reports")
    shop.at("2026-06-01 12:00")
    there.lay(counter)
    there.test_a_store_is_refused_where_a_report_is_of_all_of_them(counter)
    shop.run(counter.client.aclose())


def lines_open_theirs(shop: Shop) -> None:
    counter = _counter(shop, "lines")
    there: Any = import_module("tests.insight.metrics.behind.test_accounts")
    shop.at("2026-06-01 12:00")
    import_module("tests.insight.metrics.pictured").people(counter)
    there.test_lines_of_tables_open_as_many_members_as_they_count(counter)
    shop.run(counter.client.aclose())


def closed_by_api(shop: Shop) -> None:
    counter = _counter(shop, "closed")
    there: Any = import_module("tests.insight.metrics.months.test_closing")
    counter.joined("7001")
    there.sell(counter, "2026-05-10", 3)
    there.test_a_month_is_closed_by_the_api_and_asked_again_it_is_as_it_was(counter)
    shop.run(counter.client.aclose())


def coarse_chances(_: Shop) -> None:
    there: Any = import_module("tests.insight.values.test_why")
    there.test_a_chance_that_was_far_off_in_the_past_is_said_as_a_band(0.031, (100, 400))


def what_waits(_: Shop) -> None:
    there: Any = import_module("tests.surfaces.console.test_home")
    there.test_what_ends_soon_is_told_of_until_it_is_over()


FOUND_OF_FIGURES: Final[dict[str, Callable[[Shop], None]]] = {
    "of_one_store": of_one_store,
    "of_all_stores": of_all_stores,
    "lines_open_theirs": lines_open_theirs,
    "closed_by_api": closed_by_api,
    "coarse_chances": coarse_chances,
    "what_waits": what_waits,
    "alike_beside": _pure(
        _CHARTS, "test_a_few_days_stand_beside_as_many_and_a_whole_month_beside_a_whole_one"
    ),
    "said_to_be_a_part": _pure(_CHARTS, "test_a_part_of_a_month_is_said_to_be_one"),
    "as_long_beside": _pure(
        _CHARTS, "test_a_part_stands_beside_one_that_is_as_long_or_beside_nothing"
    ),
    "gap_beside": _pure(
        _CHARTS, "test_the_time_before_is_a_series_of_its_own_and_a_gap_is_a_gap"
    ),
    "most_of_all": _pure(
        _CHARTS, "test_most_is_the_first_of_the_largest_and_its_part_of_what_is_above_nothing"
    ),
    "changed_by": _pure(
        _CHARTS, "test_a_change_is_of_what_was_before_and_of_nothing_there_is_none"
    ),
    "reasons_each_way": _pure(
        _WHY, "test_whoever_is_not_late_and_buys_less_has_a_reason_each_way"
    ),
    "looks_in_time": _pure(
        _TIME, "test_looks_go_on_in_time_and_one_that_said_nothing_is_no_point"
    ),
    "members_differ": _pure(
        _TIME, "test_how_much_members_differ_is_exact_and_refused_of_few"
    ),
    "size_of_means": _pure(_TIME, "test_a_mean_takes_as_many_members_as_tables_say"),
    "response_rate": _of_a_shop(
        "behind.test_accounts", "two_accounts",
        "test_of_whom_a_survey_was_made_for_so_many_answered",
    ),
    "lots_of_a_month": _of_a_shop(
        "behind.test_given_and_invited", "two_days",
        "test_what_is_outstanding_is_what_each_member_holds",
    ),
}  # fmt: skip
