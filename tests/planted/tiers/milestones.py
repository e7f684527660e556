"""Bugs in milestones, and their tests as the checks that must notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_GIVING = "engine/rewarding/milestones.py"
_STONES = "engine/compiling/stones.py"
_BUDGET = "checks.ways_budget_"
_ORDER = "checks.ways_any_order_ends_as_the_plain_way_says"
_KEEPS = "checks.ways_a_period_keeps_what_was_promised_when_it_began"
_FIRST = "checks.ways_one_that_never_ends_keeps_its_first_promise"
_SEVERAL = "checks.ways_several_steps_at_once_are_one_entry_that_says_why"
_LAPSED = "checks.ways_what_had_lapsed_is_not_taken_twice"
_THIRD = "checks.ways_the_third_purchase_says_what_it_reached_and_its_return_takes_it_back"
_LATE = "checks.ways_what_was_told_twice_or_late_counts_once_and_for_its_own_year"
_BEFORE = "checks.ways_what_had_lapsed_before_two_became_one_is_not_owed"
_OWED = "checks.ways_what_had_lapsed_is_not_owed_and_what_was_spent_is"
_UNITED = "checks.ways_two_who_become_one_reach_it_together_and_keep_what_each_had"
_PARTED = "checks.ways_what_had_lapsed_before_two_became_one_is_not_owed"
MILESTONES = (
    Bug(
        "a step is reached by more than it takes",
        _STONES,
        "together >= at",
        "together > at",
        _ORDER,
    ),
    Bug("every tenth is the tenth only", _STONES, "together // at if again", "1 if again", _ORDER),
    Bug("goods of any kind count", _STONES, "(everything or self._asked(one))", "True", _ORDER),
    Bug("any shop counts", _STONES, "facts.store not in counts.stores", "False", _ORDER),
    Bug("small purchases count", _STONES, "minor < self.least", "minor < 0", _ORDER),
    Bug(
        "what came back counts for a milestone",
        _GIVING,
        "now = min(stone.counted(left), was)",
        "now = was",
        _ORDER,
    ),
    Bug(
        "each deed gives all there is for all of them",
        _GIVING,
        "judge.due(together) - given, 0)",
        "judge.due(together), 0)",
        _ORDER,
    ),
    Bug(
        "a period that has begun gets new terms",
        _GIVING,
        "judge = _of(then, stone)",
        "judge = stone",
        _KEEPS,
    ),
    Bug(
        "one that never ends gets new terms",
        _GIVING,
        "if at is None or v.effective_from > at)",
        "if at is not None and v.effective_from > at)",
        _FIRST,
    ),
    Bug(
        "nobody is told of a milestone",
        _GIVING,
        "if changes.history is not None:  # it",
        "if True:  # it",
        _SEVERAL,
    ),
    Bug(
        "what a milestone gave and lapsed is owed",
        _GIVING,
        "gone += sum(state.lapsed.get((cause_id, stone.wallet), 0) for cause_id in causes)",
        "gone += 0",
        _LAPSED,
    ),
    Bug(
        "what lapsed of a milestone before two became one is owed",
        _GIVING,
        "whose = {activity.member_id, *known.under, state.member_id}",
        "whose = {state.member_id}",
        _BEFORE,
    ),
    Bug(
        "what lapsed before is owed",
        "flows/recording/milestones.py",
        "in mine if cause in lapsed}",
        "in mine if cause not in causes}",
        _OWED,
    ),
    Bug(
        "a return does not say what a milestone took",
        "flows/recording/take_back.py",
        "milestones={id_: -points for id_, points in returned.milestones.items()},",
        "",
        _THIRD,
    ),
    Bug(
        "what is told late counts for the year in which it is told",
        "engine/calendar.py",
        'return here.year if period == "year" else 0',
        "return 0",
        _LATE,
    ),
    Bug(
        "what both had is given to two who become one once more",
        _GIVING,
        "given = state.counters.get((stone.given, period), 0)\n        units = max(",
        "given = judge.due(together - more)\n        units = max(",
        _UNITED,
    ),
    Bug(
        "a milestone gives more than there is for everybody",
        _GIVING,
        "units = min(units, max(judge.most - changes.budgets[judge.budget, period], 0))",
        "units = min(units, judge.most)",
        f"{_BUDGET}what_is_left_is_given_and_then_nothing",
    ),
    Bug(
        "what a milestone gives does not count against its budget",
        _GIVING,
        "changes.spend(one.budget, one.period, one.units)",
        "changes.spend(one.budget, one.period, 0)",
        f"{_BUDGET}what_is_left_is_given_and_then_nothing",
    ),
    Bug(
        "what comes back is not there for others",
        _GIVING,
        "changes.spend(judge.budget, period, -units)",
        "changes.spend(judge.budget, period, 0)",
        f"{_BUDGET}what_comes_back_is_there_for_others_in_the_period_it_was_given_in",
    ),
    Bug(
        "the budget of a milestone is not held",
        "flows/recording/begin.py",
        "await (write.hold_budgets(tx, keys) if lock else",
        "await (write.hold_budgets(tx, keys) if not keys else",
        f"{_BUDGET}many_at_once_are_never_given_more",
    ),
    Bug(
        "a free piece counts for a milestone",
        _STONES,
        "sum(one.counted for one in lines)",
        "sum(one.quantity for one in lines)",
        "checks.ways_a_piece_that_was_free_counts_for_nothing",
    ),
    Bug(
        "only budgets of the version in force are read",
        _GIVING,
        "in terms.versions:\n        for stone in version.stones:\n            if stone.bud",
        "in terms.versions[-1:]:\n        for stone in version.stones:\n            if stone.bud",
        f"{_BUDGET}a_budget_that_is_taken_out_holds_to_the_end_of_the_period",
    ),
)


def _test(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that they meet the source with the bug in it.
        from tests.engine.orders import test_milestones as alone
        from tests.flows.members.playing import test_milestone_budgets as budgets
        from tests.flows.members.playing import test_milestones as tests

        if hasattr(alone, f"test_{name}"):
            seeds = range(25) if name.startswith("any_order") else ()
            for seed in seeds:
                getattr(alone, f"test_{name}")(seed)
            if not seeds:
                getattr(alone, f"test_{name}")()
            return
        if name.startswith("budget_"):
            shop.begin(budgets.BUDGET, slug=f"budget-{os.getpid()}")
            getattr(budgets, f"test_{name.removeprefix('budget_')}")(budgets.met(shop))
            return
        shop.begin(tests.WAYS, slug=f"ways-{os.getpid()}")
        getattr(tests, f"test_{name}")(tests.met(shop))

    return check


ALONE: Final = {
    bug.check.removeprefix("checks."): _test(bug.check.removeprefix("checks.ways_"))
    for bug in MILESTONES
}
