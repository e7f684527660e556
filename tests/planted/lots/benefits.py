"""Bugs in benefits, and the tests of benefits as the checks that must notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_ENGINE = "engine/deciding/benefit.py"
_BEGINS = "engine/rewarding/including/beginning.py"
_BATCH = "flows/membership/benefits/batch.py"
_APPOINTMENTS = "flows/membership/benefits/keep_appointments.py"
_FLOW = "flows/membership/benefits/use_benefits.py"
BENEFITS = (
    Bug(
        "a use is not counted",
        _ENGINE,
        "changes.count(state, included.counter, included.period, included.times)",
        "changes.count(state, included.counter, included.period, 0)",
        "checks.benefit_twice_a_year_and_no_third_time",
    ),
    Bug(
        "a use taken back stays counted",
        _ENGINE,
        "changes.count(state, included.counter, included.period, -included.times)",
        "pass",
        "checks.benefit_taken_back_it_is_left_again_in_the_year_it_was_counted_in",
    ),
    Bug(
        "what is left is told of a tier that ended",
        _FLOW,
        "    review(batch.changes, state, batch.terms.at(batch.tx.now), batch.tx.now)\n",
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
        "engine/rewarding/including/opening.py",
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
        "engine/rewarding/including/options.py",
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
        "where a.program_id = $1 and a.into_id = any($2::uuid[])\n)\nselect g",
        "where a.program_id = $1 and a.into_id = any($2::uuid[]) and false\n)\nselect g",
        "checks.benefit_merged_members_share_their_year_and_part_again_with_their_own",
    ),
    Bug(
        "nobody asks for the companion's name",
        _FLOW,
        "() if benefit is None else benefit.needs",
        "()",
        "checks.benefit_a_detail_that_is_needed_is_asked_for_by_its_name",
    ),
    Bug(
        "what was lost and reached again begins anew",
        _BEGINS,
        "if found.ends_at is None or begun_at >= found.ends_at:",
        "if True:",
        "checks.lounge_gold_lost_by_a_return_and_reached_again_is_no_new_beginning",
    ),
    Bug(
        "higher up it begins anew",
        _BEGINS,
        'step_of(version, move.from_tier) < wanted or move.reason == "kept":',
        "step_of(version, move.from_tier) < step_of(version, move.to_tier):",
        "checks.confirmed_higher_up_after_its_end_nothing_begins",
    ),
    Bug(
        "what has an end of its own never ends",
        _BEGINS,
        "return stretch.ends_at is not None and at >= stretch.ends_at",
        "return False",
        "checks.lounge_four_from_gold_and_over_at_the_midnight_a_year_later",
    ),
    Bug(
        "it ends a year later to the minute",
        _BEGINS,
        "Stretch(day, day_starts_at(zone, over), over)",
        "Stretch(day, add_span(zone, begun_at, allowance.good_for), over)",
        "checks.lounge_four_from_gold_and_over_at_the_midnight_a_year_later",
    ),
    Bug(
        "who is confirmed has nothing anew",
        _BEGINS,
        ' or move.reason == "kept"',
        "",
        "checks.confirmed_confirmed_after_its_end_four_begin_anew",
    ),
    Bug(
        "a merge doubles what began with a tier",
        "records/standing/moves/read.py",
        "where a.program_id = $1 and a.into_id = any($2::uuid[])",
        "where a.program_id = $1 and a.into_id = any($2::uuid[]) and false",
        "checks.lounge_merged_later_they_share_what_began_first",
    ),
    Bug(
        "guests do not count",
        "engine/rewarding/including/guests.py",
        "return 1 + party.people if",
        "return 1 if",
        "checks.guests_each_guest_counts_and_is_left_again",
    ),
    Bug(
        "taken back, guests stay counted",
        _ENGINE,
        "changes.count(state, included.counter, included.period, -included.times)",
        "changes.count(state, included.counter, included.period, -1)",
        "checks.guests_each_guest_counts_and_is_left_again",
    ),
    Bug(
        "as many guests as somebody likes",
        "engine/rewarding/including/guests.py",
        "if party.people > most:",
        "if False:",
        "checks.guests_more_than_may_come_along_and_none_where_it_is_not_shared",
    ),
    Bug(
        "somebody brings themselves",
        "engine/rewarding/including/guests.py",
        "if host in party.members:",
        "if False:",
        "checks.guests_only_members_or_only_others",
    ),
    Bug(
        "a grant of one lets two in",
        _ENGINE,
        "if one.times - one.used >= takes",
        "if True",
        "checks.guests_a_grant_of_which_too_little_is_left_is_left_alone",
    ),
    Bug(
        "guests take no place",
        "engine/deciding/benefit.py",
        "people = 1 + occasion.party.people",
        "people = 1",
        "checks.appointment_guests_take_a_place_each",
    ),
    Bug(
        "nobody sees who is there",
        _BATCH,
        "    taken = await read.booked(tx, asked)\n",
        "    taken = dict[At, dict[int, int]]()\n",
        "checks.appointment_who_finds_it_full_takes_another_time_or_store",
    ),
    Bug(
        "two of one batch have the last place",
        _BATCH,
        "there[booked.place] = 1 + used.included.guests",
        "pass",
        "checks.appointment_two_in_one_batch_for_the_last_place",
    ),
    Bug(
        "an appointment is cancelled at any time",
        _FLOW,
        'late is not None and used.state == "used" and not item.command.late',
        "False",
        "checks.appointment_cancelled_until_a_day_before_and_later_only_by_the_shop",
    ),
    Bug(
        "an appointment is moved at any time",
        _ENGINE,
        "    if late is not None:\n        return late\n",
        "",
        "checks.appointment_moved_too_late",
    ),
    Bug(
        "moved, it counts twice",
        _ENGINE,
        "    undo(changes, state, used, back)\n    return use(",
        "    return use(",
        "checks.appointment_moved_it_counts_once_and_its_place_is_free",
    ),
    Bug(
        "the last of the month cannot be moved",
        _ENGINE,
        "state.counters[counter] = before - used.included.times",
        "pass",
        "checks.appointment_the_last_of_the_month_may_still_be_moved",
    ),
    Bug(
        "who misses it has it back",
        _APPOINTMENTS,
        'if booked.missed == "counted":\n            miss(',
        "if False:\n            miss(",
        "checks.appointment_nobody_came_and_it_counts",
    ),
    Bug(
        "an appointment begins in the hour the clocks skip",
        "engine/rewarding/including/appointments.py",
        "if at.astimezone(version.zone).replace(tzinfo=None) == wall:",
        "if True:",
        "checks.jump_the_night_the_clocks_jump_has_no_appointment_in_the_gap",
    ),
    Bug(
        "one of several is chosen for the month of booking",
        _ENGINE,
        "chosen_otherwise(version, state, benefit, occasion.then)",
        "chosen_otherwise(version, state, benefit, occasion.now)",
        "checks.chosen_one_of_several_is_chosen_for_the_month_of_the_appointment",
    ),
    Bug(
        "a move forgets for which article it was",
        _APPOINTMENTS,
        "used.sku, used.included.category,",
        'used.sku, "",',
        "checks.chosen_an_appointment_for_an_article_is_moved_as_any_other",
    ),
    Bug(
        "whoever climbs gets what everybody has once more",
        _BEGINS,
        "    if there:\n        yield min(there, key=lambda one: one.move_id).occurred_at\n    el",
        "    ",
        "checks.chosen_the_tier_everybody_has_is_not_reached_by_coming_back_to_it",
    ),
    Bug(
        "the erased come along",
        "engine/rewarding/including/guests.py",
        'if "erased" in party.members.values():',
        "if False:",
        "checks.gone_an_erased_guest_is_nobody",
    ),
    Bug(
        "the erased keep their place",
        "flows/membership/erase_members.py",
        "    await cancel_for_good(tx, terms, todo)\n",
        "",
        "checks.gone_erased_their_place_is_free",
    ),
    Bug(
        "the blocked keep their place",
        "flows/membership/block_members.py",
        "                *booked,\n",
        "",
        "checks.gone_blocked_their_place_is_free",
    ),
    Bug(
        "blocked they lose what they may still use",
        "flows/membership/block_members.py",
        "if version.program.blocked.may_redeem:",
        "if False:",
        "checks.gone_who_may_use_things_while_blocked_keeps_what_is_booked",
    ),
    Bug(
        "what whoever was merged had booked stays",
        "records/benefits/read.py",
        "where a.program_id = $1 and a.into_id = any($2::uuid[])\n)\nselect {",
        "where a.program_id = $1 and a.into_id = any($2::uuid[]) and false\n)\nselect {",
        "checks.gone_what_was_booked_before_a_merge_goes_with_whoever_is_erased",
    ),
    Bug(
        "what has begun is taken back from the erased",
        "records/benefits/read.py",
        " where u.state = 'used' and u.from_at > $3\n",
        " where u.state = 'used' and u.from_at >= $3\n",
        "checks.gone_what_has_begun_stays_used_when_they_are_erased",
    ),
)


def _test(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.flows.members.benefits import test_benefits as tests
        from tests.makers import buys

        shop.begin(tests.WINGS, slug=f"benefit-{os.getpid()}")
        ada, ben, _ = shop.joined("ada", "ben", "cem")
        shop.record(buys(ada, 20_000), buys(ben, 10_000))
        getattr(tests, f"test_{name}")(shop)

    return check


def _of_house(file: str, name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from importlib import import_module

        from tests.flows.members.benefits import house

        tests = import_module(f"tests.flows.members.benefits.{file}")
        slug = f"house-{name[:20].strip('_').replace('_', '-')}-{os.getpid()}"

        def begun(source: str) -> Any:
            shop.begin(source, slug=slug)
            return shop

        test = getattr(tests, f"test_{name}")
        if "open_shop" in test.__annotations__:
            test(begun)
        else:
            test(house.opened(begun(house.HOUSE)))

    return check


_HOUSE: Final = {
    "lounge": (
        "test_own_end",
        "gold_lost_by_a_return_and_reached_again_is_no_new_beginning",
        "four_from_gold_and_over_at_the_midnight_a_year_later",
        "merged_later_they_share_what_began_first",
    ),
    "confirmed": (
        "test_own_end",
        "confirmed_after_its_end_four_begin_anew",
        "higher_up_after_its_end_nothing_begins",
    ),
    "guests": (
        "test_guests",
        "each_guest_counts_and_is_left_again",
        "more_than_may_come_along_and_none_where_it_is_not_shared",
        "only_members_or_only_others",
        "a_grant_of_which_too_little_is_left_is_left_alone",
    ),
    "appointment": (
        "test_appointments",
        "guests_take_a_place_each",
        "who_finds_it_full_takes_another_time_or_store",
        "two_in_one_batch_for_the_last_place",
        "cancelled_until_a_day_before_and_later_only_by_the_shop",
        "moved_too_late",
        "moved_it_counts_once_and_its_place_is_free",
        "the_last_of_the_month_may_still_be_moved",
        "nobody_came_and_it_counts",
    ),
    "chosen": (
        "test_gone_and_chosen",
        "one_of_several_is_chosen_for_the_month_of_the_appointment",
        "an_appointment_for_an_article_is_moved_as_any_other",
        "the_tier_everybody_has_is_not_reached_by_coming_back_to_it",
    ),
    "gone": (
        "test_gone_and_chosen",
        "an_erased_guest_is_nobody",
        "erased_their_place_is_free",
        "blocked_their_place_is_free",
        "who_may_use_things_while_blocked_keeps_what_is_booked",
        "what_was_booked_before_a_merge_goes_with_whoever_is_erased",
        "what_has_begun_stays_used_when_they_are_erased",
    ),
    "jump": (
        "test_appointments",
        "the_night_the_clocks_jump_has_no_appointment_in_the_gap",
    ),
}


ALONE: Final = {
    f"{kind}_{name}": _of_house(file, name)
    for kind, (file, *names) in _HOUSE.items()
    for name in names
} | {
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
