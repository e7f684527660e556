"""Bugs in what rules know of paid plans: whether one ran when something was bought."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug
from tests.planted.tiers.bugs import _opens

_THEN: Final = "engine/rewarding/plans/then.py"
_PLANS: Final = "engine/replaying/plans.py"
_NOW: Final = "changes.now or scene.activity.occurred_at"
_LATE: Final = "checks.runs_while_a_payment_is_late_it_runs_as_its_plan_says"
RUNNING: Final = (
    Bug(
        "what is told late is decided by the plans of today",
        "engine/deciding/earn.py",
        "known = _known_of(state, scene, scene.activity.occurred_at)",
        f"known = _known_of(state, scene, {_NOW})",
        "checks.runs_it_counts_while_the_plan_runs_and_for_what_is_told_late_as_it_stood_then",
    ),
    Bug(
        "a till is told of a term that is over until a night wrote it down",
        _THEN,
        "    for step in life.passed(version, one, at):\n",
        "    for step in ():\n",
        "checks.runs_of_plans_a_till_is_told_whether_they_run_and_until_when_that_is_known",
    ),
    Bug(
        "a plan that is frozen while a payment is late runs",
        _THEN,
        '== "yes"',
        '!= "no"',
        _LATE,
    ),
    Bug(
        "a plan runs once it ever ran",
        _THEN,
        '    return {one.plan for one in stood if life.runs(version, one, at) == "yes"}',
        "    return {one.plan for one in stood}",
        "checks.runs_trials_count_and_pauses_and_what_was_given_back_do_not",
    ),
    Bug(
        "what comes back sees the plans of no time at all",
        "engine/deciding/earn.py",
        "member=_asked_for(facts.member, version),",
        "member=_asked_for(state.attributes, version),",
        "checks.runs_what_comes_back_after_the_plan_ended_takes_what_it_gave",
    ),
    Bug(
        "a replay forgets what whoever was merged had paid for",
        _PLANS,
        "        if state.united:\n",
        "        if False:\n",
        "checks.runs_whoever_is_merged_brings_their_plan_along_until_they_part",
    ),
    Bug(
        "a draft does not hear of the memberships there were",
        "engine/replaying/fold.py",
        '"plan": self._plans.hear,',
        '"plan": lambda _: None,',
        "checks.runs_a_draft_that_asks_for_a_plan_is_tried_on_the_memberships_there_were",
    ),
    Bug(
        "a replay believes what other terms made of a plan",
        _PLANS,
        "state.attributes = not_of_plans(known) if self.asked else known",
        "state.attributes = known",
        "checks.runs_what_other_terms_made_of_a_plan_is_no_part_of_a_history",
    ),
    Bug(
        "a slip in the name of a plan is let through",
        "records/program/checks/names.py",
        "if isinstance(condition, PlanIs) and condition.runs not in plans:",
        "if False:",
        "checks.runs_a_plan_that_is_not_there_is_refused",
    ),
    Bug(
        "a plan that runs and does not run can hold",
        "records/program/checks/boxes.py",
        "    if isinstance(condition, PlanIs):\n",
        "    if False:\n",
        "checks.runs_what_can_never_hold_is_found",
    ),
    Bug(
        "a till believes for ever that a plan runs",
        "surfaces/till/sync/counted.py",
        "min(until, before.until))",
        "max(until, before.until) + (until - now))",
        "checks.runs_of_plans_a_till_is_told_whether_they_run_and_until_when_that_is_known",
    ),
)


def _runs(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.engine.replaying import test_kernel_plans
        from tests.flows.plans import test_while_it_runs as tests
        from tests.surfaces.tills import test_counted

        opened = _opens(shop)
        if name == "while_a_payment_is_late_it_runs_as_its_plan_says":
            tests.test_while_a_payment_is_late_it_runs_as_its_plan_says(
                opened, tests.FROZEN, meanwhile=False
            )
        else:
            there = (test_kernel_plans, test_counted)
            home = next((one for one in there if hasattr(one, f"test_{name}")), None)
            needs = name in _WITH_A_SHOP
            getattr(home or tests, f"test_{name}")(*((opened,) if needs else ()))

    return check


_WITH_A_SHOP: Final = frozenset((
    "it_counts_while_the_plan_runs_and_for_what_is_told_late_as_it_stood_then",
    "trials_count_and_pauses_and_what_was_given_back_do_not",
    "what_comes_back_after_the_plan_ended_takes_what_it_gave",
    "whoever_is_merged_brings_their_plan_along_until_they_part",
    "a_draft_that_asks_for_a_plan_is_tried_on_the_memberships_there_were",
))  # fmt: skip
ALONE: Final = {
    bug.check.removeprefix("checks."): _runs(bug.check.removeprefix("checks.runs_"))
    for bug in RUNNING
}
