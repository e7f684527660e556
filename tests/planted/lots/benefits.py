"""Bugs in benefits, and the tests of benefits as the checks that must notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_ENGINE = "engine/deciding/benefit.py"
_FLOW = "flows/membership/benefits/use_benefits.py"
BENEFITS = (
    Bug(
        "a use is not counted",
        _ENGINE,
        "changes.count(state, included.counter, included.period, 1)",
        "changes.count(state, included.counter, included.period, 0)",
        "checks.benefit_twice_a_year_and_no_third_time",
    ),
    Bug(
        "a use taken back stays counted",
        _ENGINE,
        "changes.count(state, included.counter, included.period, -1)",
        "pass",
        "checks.benefit_taken_back_it_is_left_again_in_the_year_it_was_counted_in",
    ),
    Bug(
        "what is left is told of a tier that ended",
        _FLOW,
        "    tiering.review(batch.changes, state, batch.terms.at(batch.tx.now), batch.tx.now)\n",
        "",
        "checks.benefit_taken_back_after_the_tier_has_ended_nothing_is_left_as_the_question_says",
    ),
    Bug(
        "it is taken back twice",
        _FLOW,
        'if used.state == "used" and used.use_id',
        "if used.use_id",
        "checks.benefit_taken_back_it_is_left_again_in_the_year_it_was_counted_in",
    ),
    Bug(
        "the last day of a blackout is one too many",
        _ENGINE,
        "if days.from_on <= today < days.until_on:",
        "if days.from_on < today <= days.until_on:",
        "checks.benefit_blackout_days_are_local_days",
    ),
    Bug(
        "everybody is ahead of a drop",
        _ENGINE,
        "        if stands_at_least(version, state, tier, now)\n",
        "        if True\n",
        "checks.benefit_a_drop_begins_earlier_the_higher_one_stands",
    ),
    Bug(
        "both gifts are chosen",
        "engine/rewarding/options.py",
        "if state.counters.get((option.counter, period)):",
        "if False:",
        "checks.benefit_of_several_one_is_chosen_for_the_year",
    ),
    Bug(
        "what ends soon goes last",
        _ENGINE,
        "mine[0].until_at is not None and left is not None",
        "False",
        "checks.benefit_what_was_granted_goes_before_the_allowance_when_it_ends",
    ),
    Bug(
        "a grant that ended is used",
        "records/benefits/types.py",
        "(self.until_at is None or now < self.until_at)",
        "True",
        "checks.benefit_what_was_granted_goes_before_the_allowance_when_it_ends",
    ),
    Bug(
        "a grant asks for a tier",
        _ENGINE,
        "if no is not None or (own is not None and not mine):",
        "if no is not None or own is not None:",
        "checks.benefit_what_was_granted_without_an_end_goes_last_and_asks_for_no_tier",
    ),
    Bug(
        "two of one batch use one grant",
        _FLOW,
        "    batch.spend(used, 1)\n",
        "",
        "checks.benefit_of_one_batch_nobody_uses_more_than_was_granted",
    ),
    Bug(
        "a merge leaves what was granted behind",
        "records/benefits/read.py",
        "where a.program_id = $1 and a.into_id = any($2::uuid[])",
        "where a.program_id = $1 and a.into_id = any($2::uuid[]) and false",
        "checks.benefit_merged_members_share_their_year_and_part_again_with_their_own",
    ),
    Bug(
        "nobody asks for the companion's name",
        _FLOW,
        "() if benefit is None else benefit.needs",
        "()",
        "checks.benefit_a_detail_that_is_needed_is_asked_for_by_its_name",
    ),
)


def _test(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.flows.members import test_benefits as tests
        from tests.makers import buys

        shop.begin(tests.WINGS, slug=f"benefit-{os.getpid()}")
        ada, ben, _ = shop.joined("ada", "ben", "cem")
        shop.record(buys(ada, 20_000), buys(ben, 10_000))
        getattr(tests, f"test_{name}")(shop)

    return check


ALONE: Final = {
    f"benefit_{name}": _test(name)
    for name in (
        "twice_a_year_and_no_third_time",
        "taken_back_it_is_left_again_in_the_year_it_was_counted_in",
        "taken_back_after_the_tier_has_ended_nothing_is_left_as_the_question_says",
        "blackout_days_are_local_days",
        "a_drop_begins_earlier_the_higher_one_stands",
        "of_several_one_is_chosen_for_the_year",
        "what_was_granted_goes_before_the_allowance_when_it_ends",
        "what_was_granted_without_an_end_goes_last_and_asks_for_no_tier",
        "of_one_batch_nobody_uses_more_than_was_granted",
        "merged_members_share_their_year_and_part_again_with_their_own",
        "a_detail_that_is_needed_is_asked_for_by_its_name",
    )
}
