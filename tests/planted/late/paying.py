"""Bugs about points that pay at a till, and the tests of it as the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from tests.planted.bug import Bug

_APPLYING = "surfaces/till/sync/applying.py"
_PAYMENTS = "engine/returning/payments.py"
_LATE = timedelta(hours=2)
PAYING = (
    Bug(
        "what was taken for a sale is not kept as taken",
        "flows/recording/record_activities.py",
        "    if decided.captured:",
        "    if False:",
        "checks.cut_off_the_points_are_reserved_until_the_sale_is_booked",
    ),
    Bug(
        "a lapsed reservation pays for every sale that names it",
        _APPLYING,
        'Asked(one.actor, f"anew {one.redemption_id.hex}")',
        'Asked(one.actor, f"anew {one.redemption_id.hex} {object()}")',
        "checks.paid_one_reservation_pays_for_one_sale",
    ),
    Bug(
        "what lapsed is taken anew before its sale is asked for again",
        _APPLYING,
        "        promised=one.promised,\n",
        "        promised=one.promised,\n        capture=True,\n",
        "checks.cut_off_of_two_payments_none_is_taken_where_one_is_not_to_be_had",
    ),
    Bug(
        "points that another till reserved are taken",
        _PAYMENTS,
        'and redemption.actor.split(" ")[-1] == till',
        "and bool(till)",
        "checks.paying_what_another_till_reserved_is_not_taken",
    ),
    Bug(
        "a payment at a till asks no manager",
        "surfaces/till/counter/paying.py",
        "alone=not await approved(call, till, sent, PAYING)",
        "alone=False and not await approved(call, till, sent, PAYING)",
        "checks.paid_above_the_limit_the_way_past_the_screen_needs_the_pin_too",
    ),
    Bug(
        "a cashier takes alone whatever comes between",
        "flows/redeem_rewards.py",
        "    most = batch.most_alone if command.asked.alone else None\n",
        "    most = None\n",
        "checks.alone_points_that_arrive_between_do_not_pass_the_limit",
    ),
    Bug(
        "a payment takes other points than were said",
        "engine/deciding/redeem.py",
        "    if wish.quoted is not None and not as_quoted(",
        "    if False and not as_quoted(",
        "checks.between_a_program_published_between_takes_nothing_nobody_agreed_to",
    ),
    Bug(
        "a sale is paid for by what was not handed over",
        _PAYMENTS,
        '        elif state != "captured":\n',
        "        elif False:\n",
        "checks.paying_what_another_till_reserved_is_not_taken",
    ),
    Bug(
        "a reward takes whatever it costs by now",
        "engine/rewarding/having.py",
        "    if shown is None or price ==",
        "    if True or price ==",
        "checks.shown_what_was_shown_is_taken_and_after_a_change_it_is_refused_with_what_it_takes",
    ),
    Bug(
        "a till forgets which price it showed",
        "surfaces/till/sync/cashiers.py",
        "shown=None if sent.price is UNSET else sent.price,",
        "shown=None,",
        "checks.shown_at_the_till_too_and_what_is_asked_again_is_answered_as_it_was",
    ),
    Bug(
        "a household is not asked whether it saw the price",
        "flows/points/redeem_together.py",
        "        shown=command.shown,\n",
        "",
        "checks.shown_a_household_takes_what_was_shown_or_nothing",
    ),
)
_SINGLE: Final = frozenset({"above_the_limit_the_way_past_the_screen_needs_the_pin_too"})


def _of(check: str) -> Callable[[Any], None]:
    def run(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.surfaces.counter import Counter
        from tests.surfaces.tills import test_limits as alone
        from tests.surfaces.tills.paying import test_cut_off_paying as cut_off
        from tests.surfaces.tills.paying import test_hostile_paying as hostile
        from tests.surfaces.tills.paying import test_paying as paying
        from tests.surfaces.tills.paying import test_price_as_shown as shown

        file = next(one for one in _FILES if check.startswith(f"{one}_"))
        name = f"test_{check.removeprefix(f'{file}_')}"
        if file == "between":
            getattr(cut_off, name)(shop.made)
            return
        sources = {"alone": alone.ALONE, "shown": shown.PROGRAM}
        shop.begin(sources.get(file, paying.PAYS), slug=f"paying-{id(shop)}")
        counter = Counter(shop)
        if file == "alone":
            alone.limits(counter)
        modules = {"paying": paying, "cut_off": cut_off, "alone": alone, "paid": hostile}
        module = {**modules, "shown": shown}[file]
        hours = (_LATE,) if file == "paid" and name.removeprefix("test_") not in _SINGLE else ()
        getattr(module, name)(counter, *hours)
        shop.run(counter.client.aclose())

    return run


_FILES: Final = ("paying", "cut_off", "alone", "between", "paid", "shown")
ALONE: Final = {name: _of(name) for name in {bug.check.removeprefix("checks.") for bug in PAYING}}
