"""Bugs about tills that look for too many; and the tests of each as the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from tests.planted.bug import Bug

_ROOMS: Final = {"apart_": "test_looking_apart", "shown_": "test_shown_offline"}
_FLOW = "flows/tills/look_up.py"
LOOKING_UP = (
    Bug(
        "strangers are not counted",
        _FLOW,
        "if no is None and (one in taken if one.gives else who is None):",
        "if False:",
        "checks.looking_thirty_strangers_in_ten_minutes_are_answered_and_then_nobody",
    ),
    Bug(
        "members are still found by a device that looked for too many",
        _FLOW,
        "and tried.tries >= MOST[kind]",
        "and tried.tries >= 2 * MOST[kind]",
        "checks.looking_thirty_strangers_in_ten_minutes_are_answered_and_then_nobody",
    ),
    Bug(
        "a rush of members is counted like strangers",
        _FLOW,
        "if no is None and (one in taken if one.gives else who is None):",
        "if no is None:",
        "checks.looking_a_rush_of_members_is_never_stopped",
    ),
    Bug(
        "nobody is alerted",
        _FLOW,
        "if tried.tries - more < MOST[kind] <= tried.tries:",
        "if tried.tries - more > MOST[kind]:",
        "checks.looking_thirty_strangers_in_ten_minutes_are_answered_and_then_nobody",
    ),
    Bug(
        "a day begins anew every ten minutes",
        _FLOW,
        '"lookup_day": timedelta(days=1),',
        '"lookup_day": timedelta(minutes=10),',
        "checks.looking_three_hundred_strangers_are_answered_in_a_day",
    ),
    Bug(
        "of two at once one is not counted",
        _FLOW,
        "        await tx.fetch(_ALONE, tx.program_id, key)\n",
        "        key\n",
        "checks.looking_in_two_transactions_at_once_none_is_missed",
    ),
    Bug(
        "a name in what is sent is no look-up",
        "surfaces/api/front/looking_up.py",
        "if key_id is None or Scope.TILL not in call.caller.scopes:",
        "if True:",
        "checks.looking_whichever_operation_a_till_asks_a_name_is_counted",
    ),
    Bug(
        "a till is shown everybody whose name begins so",
        "surfaces/api/operations/members.py",
        "if at_till and not said:",
        "if False:",
        "checks.looking_a_name_shows_a_till_first_names_and_four_digits",
    ),
    Bug(
        "a name that is a member's already is tried by joining, as often as one likes",
        _FLOW,
        "(one in taken if one.gives else who is None)",
        "(not one.gives and who is None)",
        "checks.looking_apart_thirty_names_that_are_taken_are_said_and_then_nobody_joins_there",
    ),
    Bug(
        "newcomers are counted like guesses",
        _FLOW,
        "(one in taken if one.gives else who is None)",
        "(one.gives or who is None)",
        "checks.looking_apart_thirty_names_that_are_taken_are_said_and_then_nobody_joins_there",
    ),
    Bug(
        "who was erased is found out by joining",
        _FLOW,
        "return (name.kind, name.value) in gone",
        "return False",
        "checks.looking_apart_a_card_that_collected_is_nobodys_and_who_was_erased_counts",
    ),
    Bug(
        "who answers for a newcomer is no look-up",
        "surfaces/api/front/looking_up.py",
        "named = [getattr(sent, name) for name in fields]",
        'named = [getattr(sent, name) for name in fields if name == "member"]',
        "checks.looking_apart_whoever_answers_for_a_newcomer_or_asked_them_is_looked_up",
    ),
    Bug(
        "what was looked for without the network counts each time it is told",
        "records/tills/write.py",
        "set strangers_told = greatest(strangers_told, $3::bigint)",
        "set strangers_told = least(strangers_told, $3::bigint)",
        "checks.looking_apart_strangers_of_the_time_without_network_are_told_once",
    ),
    Bug(
        "what was looked for hours ago stops a till for ten minutes",
        _FLOW,
        '{"lookup": min(more, one.strangers.lately),',
        '{"lookup": more,',
        "checks.looking_apart_of_what_was_looked_for_long_ago_only_the_day_is_full",
    ),
    Bug(
        "who is refused is looked for all the same, and the time tells of whom",
        _FLOW,
        "if _too_many(tx, one, counted) is None]",
        "if True]",
        "checks.looking_apart_once_refused_nobody_is_looked_for_who_is_a_member_or_not",
    ),
    Bug(
        "names that were given without network are tried as often as one likes",
        "surfaces/till/sync/devices.py",
        "    await _given_alone(call, till, told)\n",
        "",
        "checks.looking_apart_names_given_without_network_count_once_and_are_booked_as_ever",
    ),
    Bug(
        "names that were given without network count each time they are told",
        "surfaces/till/sync/devices.py",
        "        if id_ not in known\n",
        "",
        "checks.looking_apart_names_given_without_network_count_once_and_are_booked_as_ever",
    ),
    Bug(
        "names that were given hours ago stop a till for ten minutes",
        _FLOW,
        "int(at > tx.now - span)",
        "int(at is not None)",
        "checks.looking_apart_of_names_given_hours_ago_only_the_day_is_full",
    ),
    Bug(
        "too many at once alert nobody",
        _FLOW,
        "if tried.tries - more < MOST[kind] <= tried.tries:",
        "if tried.tries == MOST[kind]:",
        "checks.looking_apart_told_more_at_once_than_there_may_be_the_shop_is_alerted_all_the_same",
    ),
    Bug(
        "what was shown without network is nobody's",
        "surfaces/till/sync/applying.py",
        "if ask.typed not in found:",
        "if True:",
        "checks.looking_shown_what_was_shown_without_the_network_finds_its_member_once_it_is_told",
    ),
    Bug(
        "a telephone of twelve digits is taken for a number without asking whose it is",
        "surfaces/till/typed.py",
        "        if isinstance(who, UUID):\n",
        "        if True:\n",
        "checks.looking_shown_twelve_digits_of_a_telephone_are_no_loyalty_number_of_somebody",
    ),
    Bug(
        "digits of other scripts are none",
        "surfaces/till/typed.py",
        "in_digits(text).removeprefix",
        "text.removeprefix",
        "checks.looking_shown_digits_of_every_script_and_every_dash_are_digits",
    ),
    Bug(
        "what was shown is tried again for nobody",
        "surfaces/till/sync/reading.py",
        "said = [one.identifier() for one in meanings(content.typed)]",
        "said = []",
        "checks.looking_shown_whom_nobody_knows_then_waits_and_nobody_is_made_of_it",
    ),
    Bug(
        "what a card shows for half a minute is a card",
        "records/members/identify.py",
        "if _CHANGING.fullmatch(card):",
        "if False:",
        "checks.looking_shown_what_a_card_shows_for_half_a_minute_is_no_card",
    ),
    Bug(
        "what a former till recorded of a shown card is nobody's",
        "surfaces/till/typed.py",
        "return ref if whose is None else MemberRef(id=whose)",
        "return ref",
        "checks.looking_shown_what_tills_recorded_of_a_shown_card_goes_to_whose_it_is",
    ),
    Bug(
        "who joined with what their card showed is set aside",
        "surfaces/till/sync/applying.py",
        "else await shown_by(tx, command.identifiers)",
        "else None",
        "checks.looking_shown_what_tills_recorded_of_a_shown_card_goes_to_whose_it_is",
    ),
    Bug(
        "what a card shows stands beside a newcomer's telephone",
        "surfaces/till/typed.py",
        "return own or tuple(names)",
        "return tuple(names)",
        "checks.looking_shown_what_tills_recorded_of_a_shown_card_goes_to_whose_it_is",
    ),
    Bug(
        "a join whose answer was lost is told to be taken",
        "surfaces/till/sync/applying.py",
        "return await _joined(books, till, command) or await",
        "return await",
        "checks.looking_shown_a_join_whose_answer_was_lost_is_the_same_join",
    ),
)


def _check(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.makers import NOON
        from tests.surfaces.counter import Counter

        from regulars.records.program.templates import load_template

        shop.begin(load_template("coffee-shop"), slug=f"looking-{os.getpid()}")
        shop.now = NOON
        room = next((one for one in _ROOMS if name.startswith(one)), "")
        module = import_module(
            f"tests.surfaces.tills.looking.{_ROOMS.get(room, 'test_looking_up')}"
        )
        test = getattr(module, f"test_{name.removeprefix(room)}")
        # What is said of words alone needs no shop.
        test(*[Counter(shop)][: test.__code__.co_argcount])

    return check


_NAMES = {bug.check.removeprefix("checks.looking_") for bug in LOOKING_UP}
ALONE: Final = {f"looking_{name}": _check(name) for name in _NAMES}
