"""Bugs of alerts about members, and the tests of each as the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

import pytest
from tests.planted.bug import Bug

_WRITE = "records/standing/alerts/write.py"
_READ = "records/standing/alerts/read.py"
_FAR = "insight/values/unusual.py"
ALERTING = (
    Bug(
        "whoever is told of uses no budget of the week",
        _READ,
        "as_of > $2::date - 7",
        "as_of > $2::date",
        "checks.alerts_budget",
    ),
    Bug(
        "who stands beside is of the same chance as nobody",
        _READ,
        "at <= 2 * $3::int",
        "at <= $3::int",
        "checks.alerts_outcome",
    ),
    Bug(
        "an order of which nothing is left brought somebody back",
        _WRITE,
        "and d.orders > 0\n",
        "\n",
        "checks.alerts_outcome",
    ),
    Bug(
        "what was ordered on the day itself brought somebody back",
        _WRITE,
        "and d.day > o.as_of",
        "and d.day >= o.as_of",
        "checks.alerts_outcome",
    ),
    Bug(
        "after 89 days nobody comes any more",
        _WRITE,
        "x.gone or a.as_of + {WAITS} <= $2::date",
        "x.gone or a.as_of + {WAITS} <= $2::date + 1",
        "checks.alerts_early",
    ),
    Bug(
        "who always does so is unusual",
        _FAR,
        "(ALONE, peers) if theirs is None else (FAR, theirs)",
        "(FAR, peers)",
        "checks.alerts_always",
    ),
    Bug(
        "the same is told every day",
        _WRITE,
        "a.as_of > $5::date - 30",
        "a.as_of > $5::date",
        "checks.alerts_unusual",
    ),
    Bug(
        "a few days of others say what is usual",
        _FAR,
        "if whole < PEERS:",
        "if whole < 1:",
        "checks.alerts_few",
    ),
    Bug(
        "reasons count a day more",
        _READ,
        "and day > $3::date - 180",
        "and day >= $3::date - 180",
        "checks.alerts_reasons",
    ),
    Bug(
        "of who was left alone somebody hears how it ended",
        "flows/membership/office/alerts/raise_alerts.py",
        'if one.shown and one.outcome != "gone"',
        'if one.outcome != "gone"',
        "checks.alerts_told",
    ),
    Bug(
        "of who was contacted all are counted who came",
        _READ,
        "outcome = 'came' and in_time",
        "outcome = 'came'",
        "checks.alerts_told",
    ),
)


_PAST = "records/standing/alerts/unusual/read.py"
JUDGED = (
    Bug(
        "less than half as much is as much again",
        _PAST,
        "2 * sum(d.{column}) >= q.have",
        "3 * sum(d.{column}) >= q.have",
        "checks.unusual_ends",
    ),
    Bug(
        "unusual days know no week",
        "runtime/working/reckoning/alerts.py",
        'await read.told_of(tx, day, "unusual")',
        "0",
        "checks.unusual_ends",
    ),
    Bug(
        "a false alarm counts as right",
        _READ,
        "verdict = 'right'",
        "verdict is not null",
        "checks.unusual_judged",
    ),
    Bug(
        "nights are tried of which nobody knows yet what became",
        "insight/values/lasting.py",
        "timedelta(days=WAITS + back)",
        "timedelta(days=back)",
        "checks.unusual_judged",
    ),
)

RECKONED = (
    Bug(
        "who is looked after once it is known counts as looked after",
        _READ,
        "handled_at < (over_on + 1)::timestamp at time zone $3::text",
        "handled_at is not null and $3::text <> ''",
        "checks.alerts_outcome",
    ),
    Bug(
        "what was reckoned counts for ever",
        "records/standing/values/types.py",
        "toordinal() < oldest",
        "toordinal() < 0",
        "checks.values_too_old",
    ),
    Bug(
        "what was too old to count leaves no trace",
        "records/standing/values/types.py",
        "                kept[older] = most\n",
        "                kept.pop(names[0], None)\n",
        "checks.values_too_old",
    ),
    Bug(
        "how old something was goes by the day on which a sale is told",
        "engine/deciding/earn.py",
        "if state.valued is not None and not version.attributes.isdisjoint(_DATED):",
        "if state.valued is not None and not _DATED:",
        "checks.values_too_old",
    ),
    Bug(
        "who is judged was looked after only then",
        _WRITE,
        "handled_at = coalesce(handled_at, $3::timestamptz)",
        "handled_at = $3::timestamptz",
        "checks.unusual_judged",
    ),
    Bug(
        "what ended while nobody looked is told to nobody",
        "flows/membership/office/alerts/settle_unusual.py",
        "min(day - _LATELY, looked or day)",
        "day - _LATELY",
        "checks.unusual_ends",
    ),
    Bug(
        "whoever climbs on has fallen",
        _PAST,
        "< coalesce(array_position($6::text[], q.tier), 1)",
        "<> coalesce(array_position($6::text[], q.tier), 1)",
        "checks.unusual_jumps",
    ),
    Bug(
        "a slow night of the past stops the alerts of today",
        "runtime/working/reckoning/alerts.py",
        "except (TimeoutError, QueryCanceledError):",
        "except QueryCanceledError:",
        "checks.alerts_slow",
    ),
    Bug(
        "more are told of than there is room for",
        _FAR,
        "return fresh[: max(room, 0)]",
        "return fresh",
        "checks.unusual_ends",
    ),
    Bug(
        "nobody keeps of which day what was reckoned is",
        "engine/compiling/asked.py",
        "return names.union(*beside)",
        "return names",
        "checks.values_too_old",
    ),
)


def _night(test: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.runtime.working.reckoning import test_alerts, test_unusual_days

        from regulars.records.program.templates import load_template

        slug = f"p{os.getpid()}-{test.replace('_', '-')[:20].strip('-')}"
        shop.begin(load_template("coffee-shop"), slug=slug)
        shop.now = shop.now.replace(hour=12)
        of = test_alerts if hasattr(test_alerts, f"test_{test}") else test_unusual_days
        getattr(of, f"test_{test}")(test_alerts.World(shop))

    return check


def _too_old(shop: Any) -> None:
    from tests.runtime.working.reckoning import test_values, test_values_in_rules

    slug = f"p{os.getpid()}-values-too-old"
    shop.begin(test_values_in_rules.source(), slug=slug)
    test_values.three(shop)
    with pytest.MonkeyPatch.context() as patched:
        test_values_in_rules.test_a_rule_asks_what_was_reckoned_until_it_is_too_old(shop, patched)


def _jumps(shop: Any) -> None:
    from tests.runtime.working.reckoning import test_unusual_days as there

    tiers = there.load_template("coffee-shop") + there.TIERS
    shop.begin(tiers, slug=f"p{os.getpid()}-unusual-jumps")
    there.jumps_are_followed(shop)


ALONE: Final[dict[str, Callable[[Any], None]]] = {
    "alerts_budget": _night("a_week_has_one_budget_and_nobody_is_told_of_twice"),
    "alerts_outcome": _night("it_is_kept_who_came_back_and_who_did_not"),
    "alerts_early": _night("a_day_early_nothing_is_known_of_who_did_not_come"),
    "alerts_always": _night("who_always_does_so_is_not_unusual"),
    "alerts_unusual": _night("a_day_far_from_ones_own_and_everybodys_is_unusual"),
    "alerts_few": _night("of_few_days_nothing_is_said_to_be_unusual"),
    "alerts_told": _night("what_became_of_whom_somebody_was_told_of_is_an_event_once"),
    "unusual_ends": _night("so_many_a_week_are_told_of_and_it_is_kept_what_became_of_each"),
    "unusual_judged": _night("people_say_whether_it_was_right_and_the_next_is_told_with_it"),
    "values_too_old": _too_old,
    "unusual_jumps": _jumps,
    "alerts_slow": _night("without_values_of_the_day_nothing_is_looked_at"),
    "alerts_reasons": _night("reasons_are_numbers_beside_what_is_usual"),
}
