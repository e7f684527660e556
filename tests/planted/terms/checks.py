"""Short checks of terms that change, which planted bugs must fail, each a test of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import count

from tests.flows.terms import (
    test_changeovers,
    test_drafts,
    test_planning,
    test_planning_ladders,
    test_withdraw,
    test_words,
)
from tests.flows.terms.ladders import HARDER
from tests.makers import Shop

_numbers = count(1)


def _opens(shop: Shop) -> Callable[[str], Shop]:
    def opened(source: str) -> Shop:
        shop.begin(source, slug=f"p{os.getpid()}-terms-{next(_numbers)}")
        return shop

    return opened


def the_next_purchase_answers_anew(shop: Shop) -> None:
    test_changeovers.test_the_next_purchase_answers_by_the_new_ladder_though_no_walk_came_by(
        _opens(shop)
    )


def who_stands_on_a_club_is_counted(shop: Shop) -> None:
    shop = _opens(shop)(test_planning_ladders.HERE)
    test_planning_ladders.settled(shop)
    test_planning_ladders.test_each_change_of_a_club_says_how_many_stand_on_it(shop)


def grants_are_counted_while_they_last(shop: Shop) -> None:
    test_planning.test_what_was_granted_by_hand_is_counted_while_it_lasts(_opens(shop))


def nobody_falls(shop: Shop) -> None:
    test_changeovers.test_upgrade_only_lifts_at_once_and_lets_nobody_fall(_opens(shop))


def both_ladders_count(shop: Shop) -> None:
    test_changeovers.test_step_by_step_the_better_of_both_ladders_counts_until_the_day(_opens(shop))


def kept_at_least_until(shop: Shop) -> None:
    test_changeovers.test_kept_until_a_day_means_until_that_day_at_least(_opens(shop))


def a_return_keeps_faith(shop: Shop) -> None:
    test_changeovers.test_a_return_of_an_old_sale_keeps_faith_with_an_easier_ladder(_opens(shop))


def no_tier_goes_silently(shop: Shop) -> None:
    test_planning.test_what_would_strip_somebody_silently_is_refused_with_its_line(
        _opens(shop), '[{id: silver, at: "100.00"}]', "", {}, "tiers.steps", "is not on"
    )


def nothing_is_judged_by_nothing(shop: Shop) -> None:
    test_planning.test_what_would_strip_somebody_silently_is_refused_with_its_line(
        _opens(shop), HARDER, "{members: full}", {"window": "rolling"}, "changeover.members", "none"
    )


def taken_back_never_rules(shop: Shop) -> None:
    test_withdraw.test_a_scheduled_version_that_is_taken_back_never_rules(_opens(shop))


def what_was_decided_stays(shop: Shop) -> None:
    test_withdraw.test_what_decided_an_activity_is_not_taken_back(_opens(shop))


def decided_meanwhile_stays(shop: Shop) -> None:
    test_withdraw.test_a_till_that_decides_at_the_same_moment_is_waited_for(_opens(shop))


def no_draft_is_overwritten(shop: Shop) -> None:
    test_drafts.test_who_read_an_older_revision_overwrites_nobody(_opens(shop))


def a_warning_is_asked_for(shop: Shop) -> None:
    test_planning.test_points_that_become_worth_much_more_have_to_be_meant(_opens(shop))


def the_plan_counts_whom_it_moves(shop: Shop) -> None:
    test_planning.test_in_full_the_plan_counts_exactly_whom_the_change_moves(
        _opens(shop), "calendar_year"
    )


def a_word_is_kept_once(shop: Shop) -> None:
    test_words.test_a_word_is_kept_once_and_the_first_time_stays(_opens(shop))


ALONE = {
    check.__name__: check
    for check in (
        who_stands_on_a_club_is_counted, grants_are_counted_while_they_last,
        the_next_purchase_answers_anew, nobody_falls, both_ladders_count, kept_at_least_until,
        a_return_keeps_faith, no_tier_goes_silently, nothing_is_judged_by_nothing,
        taken_back_never_rules, what_was_decided_stays, decided_meanwhile_stays,
        no_draft_is_overwritten,
        a_warning_is_asked_for, the_plan_counts_whom_it_moves, a_word_is_kept_once,
    )
}  # fmt: skip
