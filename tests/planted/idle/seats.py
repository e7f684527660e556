"""Bugs about seats that take points, and the tests that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_PAY = "flows/community/seats/pay.py"
_SETTLE = "flows/community/seats/settle_seats.py"
SEATS = (
    Bug(
        "points of a seat come back on any day",
        _PAY,
        '    return seat.state != "held" or tx.now < until\n',
        "    return bool(seat and tx and until)\n",
        "checks.paid_seats_lots",
    ),
    Bug(
        "a seat takes another price than was shown",
        _PAY,
        "        shown=one.shown,\n",
        "        shown=None,\n",
        "checks.paid_seats_refused",
    ),
    Bug(
        "a member gives the points of a seat back and keeps the seat",
        "flows/redeem_rewards.py",
        "    if _is_of_seat(redemption) and not command.with_seat:\n",
        "    if False:\n",
        "checks.paid_seats_own",
    ),
    Bug(
        "a seat at an event is taken at the counter, and nobody has the seat",
        "engine/rewarding/having.py",
        "    if at_gatherings(reward) != bool(wish.gathering):\n",
        "    if False:\n",
        "checks.paid_seats_own",
    ),
    Bug(
        "whoever was promised points back until a day is told an earlier one",
        "flows/community/keep_gatherings.py",
        "    if now.reward and sooner and await",
        "    if now.reward and False and await",
        "checks.paid_seats_own",
    ),
    Bug(
        "whoever waited in vain pays for it",
        _SETTLE,
        '[(one, one.state != "held" or what[',
        "[(one, what[",
        "checks.paid_seats_begun",
    ),
    Bug(
        "whoever stands at the door has for nothing what others paid for",
        "flows/community/check_in.py",
        '        if any(one.state == "held" or one.unsettled for one in there):\n',
        "        if True:\n",
        "checks.paid_seats_begun",
    ),
    Bug(
        "whoever took a seat for another day has their points back no longer",
        _PAY,
        "    moved = what.moved_at is not None and",
        "    moved = False and",
        "checks.paid_seats_moved",
    ),
    Bug(
        "nobody who has a seat is told that it is at another time",
        "flows/community/keep_gatherings.py",
        "    return there.moved_at if was == now else tx.now\n",
        "    return there.moved_at if (was, now) else tx.now\n",
        "checks.paid_seats_moved",
    ),
    Bug(
        "what is reserved for an event that was moved lapses before it",
        _SETTLE,
        "        one.lapses_at = until[one.redemption_id]\n",
        "        until[one.redemption_id] = one.lapses_at\n",
        "checks.paid_seats_off",
    ),
)
_CHECKS = {
    "paid_seats_lots": "points_are_reserved_with_the_seat_and_come_back_to_their_lots",
    "paid_seats_refused": "who_cannot_pay_has_no_seat_and_nothing_is_written",
    "paid_seats_own": "what_belongs_to_a_seat_ends_with_it_alone",
    "paid_seats_begun": "once_it_has_begun_seats_are_spent_and_the_line_has_its_points_back",
    "paid_seats_moved": "whoever_took_a_seat_for_another_day_has_points_back_until_it_begins",
    "paid_seats_off": "what_is_called_off_gives_everything_back",
}


def _test(name: str) -> Callable[[Shop], None]:
    """A check that is one test of seats for points, in a program of its own."""

    def check(shop: Shop) -> None:
        from tests.flows.members.playing.community import test_seats_for_points as tests

        shop.begin(tests.PRICED, slug=f"s{os.urandom(4).hex()}")
        shop.now += timedelta(days=1)
        getattr(tests, f"test_{name}")(shop)

    return check


ALONE = {check: _test(name) for check, name in _CHECKS.items()}
