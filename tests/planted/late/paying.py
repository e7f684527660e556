"""Bugs about points that pay at a till, and the tests of it as the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from tests.planted.bug import Bug

_APPLYING = "surfaces/till/sync/applying.py"
_LATE = timedelta(hours=2)
PAYING = (
    Bug(
        "points are taken for a sale that cannot be booked",
        _APPLYING,
        "    if not isinstance(outcome, Uncaptured):\n",
        "    if isinstance(outcome, Recorded):\n",
        "checks.paid_a_forged_amount_takes_no_points",
    ),
    Bug(
        "a lapsed reservation pays for every sale that names it",
        _APPLYING,
        '    return f"anew {one.redemption_id.hex}"\n',
        '    return f"anew {one.redemption_id.hex} {object()}"\n',
        "checks.paid_one_reservation_pays_for_one_sale",
    ),
    Bug(
        "points that another till reserved are taken",
        _APPLYING,
        'and one.actor.split(" ")[-1] == till.principal',
        'and bool(one.actor.split(" ")[-1])',
        "checks.paying_what_another_till_reserved_is_not_taken",
    ),
    Bug(
        "a payment at a till asks no manager",
        "surfaces/till/counter/paying.py",
        "found.points > limit * ",
        "False and found.points > limit * ",
        "checks.paid_above_the_limit_the_way_past_the_screen_needs_the_pin_too",
    ),
    Bug(
        "a sale is paid for by what was not handed over",
        "engine/returning/payments.py",
        '        if state != "captured":\n',
        "        if False:\n",
        "checks.paying_what_another_till_reserved_is_not_taken",
    ),
)
_SINGLE: Final = frozenset({"above_the_limit_the_way_past_the_screen_needs_the_pin_too"})


def _of(check: str) -> Callable[[Any], None]:
    def run(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.surfaces.counter import Counter
        from tests.surfaces.tills import test_paying, test_paying_hostile

        shop.begin(test_paying.PAYS, slug=f"paying-{id(shop)}")
        counter = Counter(shop)
        file, _, name = check.partition("_")
        module = test_paying if file == "paying" else test_paying_hostile
        hours = () if file == "paying" or name in _SINGLE else (_LATE,)
        getattr(module, f"test_{name}")(counter, *hours)
        shop.run(counter.client.aclose())

    return run


ALONE: Final = {name: _of(name) for name in {bug.check.removeprefix("checks.") for bug in PAYING}}
