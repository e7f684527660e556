"""Bugs in what is bound to a birthday, and its tests as the checks that must notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_AROUND = "engine/rewarding/including/birthdays.py"
_OPTIONS = "engine/rewarding/including/options.py"
_MIDNIGHT = "from_the_first_midnight_to_the_last_on_the_shops_own_calendar"
_ONCE = "one_birthday_counts_once_though_its_days_reach_into_another_year"
_CHOSEN = "what_is_chosen_before_new_year_holds_for_the_birthday_after_it"
_UNKNOWN = "of_whom_no_birthday_is_known_it_is_said_why"
_TOLD = "a_birthday_told_on_joining_goes_before_the_attribute"
BIRTHDAYS: Final = tuple(
    Bug(name, file, find, put, f"checks.birthday_{check}")
    for name, file, find, put, check in (
        ("it opens a day early", _AROUND, "one - said.days_before,",
         "one - said.days_before - 1,", _MIDNIGHT),
        ("it is over a day late", _AROUND, "one + said.days_after + 1)",
         "one + said.days_after + 2)", _MIDNIGHT),
        ("whoever never told one has it", _AROUND, "    if found is None:\n        yield",
         "    if False:\n        yield", _UNKNOWN),
        ("what was told on joining is forgotten", _AROUND, "state.born or ", "", _TOLD),
        ("a birthday counts in two years", _AROUND,
         "    return day_starts_at(version.zone, found.birthday)\n", "    return at\n", _ONCE),
        ("what was chosen is forgotten at new year", _OPTIONS,
         "birthdays.counts_at(version, state, bound[0], now) if bound else now", "now", _CHOSEN),
    )
)  # fmt: skip


def _test(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.flows.members.benefits import test_birthdays as tests

        def begun(source: str) -> Any:
            shop.begin(
                source, slug=f"birthday-{name[:20].strip('_').replace('_', '-')}-{os.getpid()}"
            )
            return shop

        getattr(tests, f"test_{name}")(begun)

    return check


ALONE: Final = {
    f"birthday_{name}": _test(name) for name in (_MIDNIGHT, _ONCE, _CHOSEN, _UNKNOWN, _TOLD)
}
