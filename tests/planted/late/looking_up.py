"""Bugs about tills that look for too many; and the tests of each as the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from tests.planted.bug import Bug

_FLOW = "flows/tills/look_up.py"
LOOKING_UP = (
    Bug(
        "strangers are not counted",
        _FLOW,
        "if no is None and who is None:",
        "if False:",
        "checks.looking_thirty_strangers_in_ten_minutes_are_answered_and_then_nobody",
    ),
    Bug(
        "members are still found by a device that looked for too many",
        _FLOW,
        "outcomes.append(no or LookedUp(who))",
        "outcomes.append((no if who is None else None) or LookedUp(who))",
        "checks.looking_thirty_strangers_in_ten_minutes_are_answered_and_then_nobody",
    ),
    Bug(
        "a rush of members is counted like strangers",
        _FLOW,
        "if no is None and who is None:",
        "if no is None:",
        "checks.looking_a_rush_of_members_is_never_stopped",
    ),
    Bug(
        "nobody is alerted",
        _FLOW,
        "if one.tries == MOST[kind]:",
        "if one.tries > MOST[kind]:",
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
)


def _check(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.makers import NOON
        from tests.surfaces.counter import Counter

        from regulars.records.program.templates import load_template

        shop.begin(load_template("coffee-shop"), slug=f"looking-{os.getpid()}")
        shop.now = NOON
        module = import_module("tests.surfaces.tills.test_looking_up")
        getattr(module, f"test_{name}")(Counter(shop))

    return check


_NAMES = {bug.check.removeprefix("checks.looking_") for bug in LOOKING_UP}
ALONE: Final = {f"looking_{name}": _check(name) for name in _NAMES}
