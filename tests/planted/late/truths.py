"""Bugs by which a small thing that is said is not so, and the tests that notice them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from tests.planted.bug import Bug

TRUTHS = (
    Bug(
        "whoever fell is told what the tier takes that they have",
        "flows/membership/tiers/show_moves.py",
        "    about = move.from_tier if before > after else move.to_tier\n",
        "    about = move.to_tier\n",
        "checks.truth_whoever_fell_is_told_what_the_tier_takes_that_they_lost",
    ),
    Bug(
        "a draft is based on what is to come",
        "flows/terms/keep_drafts.py",
        "await program.ruling(tx)",
        "await program.latest(tx)",
        "checks.truth_a_draft_is_based_on_the_version_in_force_and_not_on_one_that_is_to_come",
    ),
    Bug(
        "a trial of a file says nothing of paid memberships",
        "surfaces/replay/changes.py",
        "    rows = [*_UNKNOWN, *_plans(result.plans_missed)]\n",
        "    rows = [*_UNKNOWN]\n",
        "checks.truth_a_trial_of_a_file_says_that_nobody_has_a_paid_membership_in_it",
    ),
    Bug(
        "members read what counts unless said as a word of the file",
        "engine/words/explain.py",
        '"why.counted" if name == _STANDARD else "why.counts"',
        '"why.counts"',
        "checks.truth_what_counts_is_named_only_where_it_is_not_what_always_does",
    ),
    Bug(
        "a change of tier says what counts by now",
        "flows/membership/tiers/show_moves.py",
        "    credit = move.counted\n",
        "    credit = None\n",
        "checks.truth_what_a_change_was_decided_by_stays_whatever_comes_back_afterwards",
    ),
    Bug(
        "a review says what counts in the window that just began",
        "engine/deciding/tiering.py",
        "    days = judged or (local(version.zone, at).day,)\n",
        "    days = (local(version.zone, at).day,)\n",
        "checks.truth_whoever_fell_is_told_what_counted_in_the_time_that_was_judged",
    ),
    Bug(
        "no budget is named where remainders are kept",
        "engine/words/explain.py",
        "        enough = wallet not in self._cut_off if keeps else",
        "        enough = keeps or",
        "checks.truth_a_budget_is_named_where_remainders_are_kept_too",
    ),
    Bug(
        "whoever was here long ago is said to earn",
        "records/standing/crowd/concerned/read.py",
        "                   and a.occurred_at >= $3::timestamptz)\n        or",
        "                   and $3::timestamptz is not null)\n        or",
        "checks.truth_who_earns_is_whoever_earned_and_was_there_within_a_year",
    ),
    Bug(
        "a reward is only of whoever has enough for it",
        "records/standing/crowd/concerned/read.py",
        "where p.place = t.place and not exists (",
        "where p.place = t.place and $1 < 0 and not exists (",
        "checks.truth_a_reward_is_of_whoever_took_it_or_has_enough",
    ),
    Bug(
        "people who answer buy more and cost no more",
        "engine/replaying/compare.py",
        "sales_minor * grown, after * grown)",
        "sales_minor * grown, after)",
        "checks.truth_people_who_answer_buy_more_and_cost_more",
    ),
)
_WHERE: Final = {
    "whoever": "tests.flows.tiers.test_tiers",
    "a_draft": "tests.flows.terms.test_drafts",
    "a_trial": "tests.runtime.cli.test_planning",
    "what_counts": "tests.engine.test_explain",
    "what_a_change": "tests.flows.tiers.test_tiers",
    "a_budget": "tests.engine.test_explain",
    "who_earns": "tests.flows.terms.owned.test_concerned",
    "a_reward": "tests.flows.terms.owned.test_concerned",
    "people_who": "tests.engine.replaying.test_response",
}


def _of(check: str) -> Callable[[Any], None]:
    def run(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        name = check.removeprefix("truth_")
        module = next(path for begins, path in _WHERE.items() if name.startswith(begins))
        test = getattr(import_module(module), f"test_{name}")

        def open_shop(source: str) -> Any:
            shop.begin(source, slug=f"truth-{id(shop)}")
            return shop

        test(*([open_shop] if test.__code__.co_argcount else []))

    return run


ALONE: Final = {name: _of(name) for name in {bug.check.removeprefix("checks.") for bug in TRUTHS}}
