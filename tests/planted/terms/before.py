"""Bugs in what was promised before a ladder changed; the tests of it notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug
from tests.planted.tiers.bugs import _opens

BEFORE: Final = (
    Bug(
        "placed anew, the days of grace are gone",
        "engine/deciding/tiering.py",
        "if step < stood and in_grace(cut, state.tier_until):",
        "if False:",
        "checks.before_placed_anew_in_full_the_days_of_grace_are_kept",
    ),
    Bug(
        "everybody is in their days of grace",
        "engine/ladder/cutover.py",
        "return ended <= local(cut.before.zone, cut.at).day",
        "return True",
        "checks.before_before_the_grace_begins_in_full_means_at_once",
    ),
    Bug(
        "what the last window reached is forgotten",
        "engine/ladder/cutover.py",
        'tiers.valid == "window_end" and not at_end',
        'tiers.valid == "window_end"',
        "checks.before_in_full_what_the_last_window_reached_holds_"
        "and_the_running_one_waits_for_its_end",
    ),
    Bug(
        "credit that waits is forgotten",
        "engine/ladder/credit.py",
        "return [period for period in late if",
        "return [period for period in late if False and",
        "checks.before_credit_that_waits_counts_on_its_day_though_new_credit_counts_at_once",
    ),
    Bug(
        "what stood behind a given tier is as it was",
        "engine/ladder/floors.py",
        "if not one.begun_at < cut.at <= at or",
        "if True or",
        "checks.before_what_stood_behind_a_given_tier_is_placed_anew_too",
    ),
)


def _check(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.flows.terms import test_promised_before as tests

        getattr(tests, f"test_{name}")(_opens(shop))

    return check


ALONE: Final = {
    f"before_{name}": _check(name)
    for name in (bug.check.removeprefix("checks.before_") for bug in BEFORE)
}
