"""Bugs about what is paid in other currencies, and about budgets of each member."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_STORY = "story paid-in-other-currencies"

CURRENCIES = (
    Bug(
        "what comes back makes no room in a member's budget",
        "engine/deciding/budgets.py",
        "changes.count(state, counter, period_of(budget.per, day), sign * points)",
        "changes.count(state, counter, period_of(budget.per, day), abs(sign) * points)",
        "story so-much-a-month-for-each",
    ),
    Bug(
        "the rate of today counts for what happened before",
        "engine/checking/converting.py",
        "local(version.zone, at).day",
        "738_000 + 10**5",
        _STORY,
    ),
    Bug(
        "lines are rounded down each by itself",
        "records/activity/foreign.py",
        "        whole[place] += 1\n",
        "        pass\n",
        "checks.parts_of_another_currency_add_up",
    ),
    Bug(
        "what was told as one amount comes back by the pieces it counts",
        "engine/returning/sale.py",
        "paid.amount_minor if paid else sale.amount_minor",
        "sale.amount_minor",
        _STORY,
    ),
    Bug(
        "round amounts of another currency are held against what counts",
        "engine/deciding/earn.py",
        "        body, amount = as_told(body)\n",
        "        pass\n",
        _STORY,
    ),
)


def _parts(_: Any) -> None:
    # Imported late, so that it meets the source with the bug in it.
    from tests.records.activity import test_foreign as tests

    tests.test_parts_add_up_to_what_all_of_it_comes_to()


ALONE: Final[dict[str, Callable[[Any], None]]] = {"parts_of_another_currency_add_up": _parts}
