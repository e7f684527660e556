"""Bugs about seats that take points, and the tests that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

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
        "    if _sooner(there, now) and await",
        "    if False and await",
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
    Bug(
        "whoever moved up as it began has the seat and their points back",
        _SETTLE,
        "    await read.hold_seats(tx, [one.gathering_id for one in found])\n",
        "",
        "checks.paid_seats_moment",
    ),
    Bug(
        "what is called off as it begins has been paid for, and nobody has it back",
        "flows/community/keep_gatherings.py",
        "    begun = tx.now >= there.begins_at or await read",
        "    begun = tx.now >= there.begins_at or False and await read",
        "checks.paid_seats_moment",
    ),
    Bug(
        "whoever gives a seat up in time and is heard later has paid for it",
        "flows/community/take_seats.py",
        "    if settled or tx.now >= what.begins_at:\n",
        "    if tx.now >= what.begins_at:\n",
        "checks.paid_seats_moment",
    ),
    Bug(
        "a seat is settled, and what it took is reserved still",
        _PAY,
        "    if left:\n",
        "    if False:\n",
        "checks.paid_seats_ended",
    ),
    Bug(
        "whoever keeps members takes points for a seat",
        _PAY,
        "    may = [one for one in wanted if one.may_pay]\n",
        "    wanted = [one._replace(may_pay=True) for one in wanted]\n    may = wanted\n",
        "checks.paid_seats_refused",
    ),
    Bug(
        "a seat at the door takes another price than was shown",
        "flows/community/check_in.py",
        "shown=told.shown, ",
        "shown=None, ",
        "checks.paid_seats_refused",
    ),
    Bug(
        "an event that is moved a minute gives no points back any more",
        "flows/community/keep_gatherings.py",
        "    return now.gives_back_until < min(there",
        "    return now.begins_at == there.begins_at and now.gives_back_until < min(there",
        "checks.paid_seats_own",
    ),
    Bug(
        "whoever has their points back from the line has them reserved at the door",
        "flows/community/check_in.py",
        "return now_held if waits.unsettled else replace(now_held, redemption_id=None)",
        "return now_held",
        "checks.paid_seats_moment",
    ),
    Bug(
        "whoever is erased holds what runs out and waits for whoever takes a seat",
        "flows/membership/erase_members.py",
        "    await hold_seats_of(tx, ids)\n",
        "",
        "checks.paid_seats_order",
    ),
    Bug(
        "who becomes one with another has the seat for nothing",
        "flows/membership/merge_members.py",
        "    if seats and isinstance(item.outcome, Merged):\n",
        "    if False:\n",
        "checks.paid_seats_along",
    ),
    Bug(
        "a seat forgets what was reserved anew for it",
        "flows/community/seats/come_along.py",
        "    await tx.write(write.reserved_anew(tx, new))\n",
        "    str(new)\n",
        "checks.paid_seats_along",
    ),
    Bug(
        "an offer makes no seat cheaper",
        "engine/deciding/redeem.py",
        "    if wish.others:\n",
        "    if False:\n",
        "checks.paid_seats_offered",
    ),
    Bug(
        "an offer makes a seat dearer than a tier has it",
        "engine/rewarding/counter/offered.py",
        "    return mine != theirs and all(a <= b for a, b in zip(mine, theirs, strict=True))\n",
        "    return bool(mine) or bool(theirs)\n",
        "checks.paid_seats_offered",
    ),
    Bug(
        "who lacks points is told the price without their offer",
        "engine/rewarding/counter/offered.py",
        "isinstance(best, Refused) and _nearer(other, best)",
        "isinstance(best, str) and _nearer(other, best)",
        "checks.offered_seats_once",
    ),
    Bug(
        "who was shown the price without an offer pays it, and has the offer",
        "engine/rewarding/counter/offered.py",
        "wish._replace(reward=name, shown=None)",
        "wish._replace(reward=name)",
        "checks.paid_seats_offered",
    ),
    Bug(
        "an offer of a seat is shown to who has not got it",
        "engine/rewarding/having.py",
        "has not got it.\n        yield from not_for_member(version, reward, state, wish.now)\n",
        "has not got it.\n",
        "checks.paid_seats_offered",
    ),
    Bug(
        "an event takes the reward of an offer, which ends with it",
        _PAY,
        "None if name.startswith(PREFIX) else version.rewards.get(name)",
        "version.rewards.get(name)",
        "checks.paid_seats_offered",
    ),
    Bug(
        "who left points alone while they were reserved pays for one seat twice",
        "flows/community/seats/come_along.py",
        "if idle.leaves_at(gone, one, tx.now) > tx.now",
        "if one.expires_at > tx.now and idle",
        "checks.paid_seats_alone",
    ),
    Bug(
        "what nobody took in time keeps two records apart",
        "flows/community/seats/come_along.py",
        "if one.lapses_at > tx.now)",
        "if one.lapses_at)",
        "checks.paid_seats_alone",
    ),
)
_ONE_OFFER = "one_offer_is_one_seat"
_CHECKS = {
    "offered_seats_once":
        f"{_ONE_OFFER}_whoever_waits_and_however_many_ask_at_once",
    "paid_seats_alone":
        "what_was_left_alone_while_it_is_reserved_keeps_two_apart_and_a_late_coffee_does_not",
    "paid_seats_lots": "points_are_reserved_with_the_seat_and_come_back_to_their_lots",
    "paid_seats_refused": "who_cannot_pay_has_no_seat_and_nothing_is_written",
    "paid_seats_own": "what_belongs_to_a_seat_ends_with_it_alone",
    "paid_seats_begun": "once_it_has_begun_seats_are_spent_and_the_line_has_its_points_back",
    "paid_seats_moved": "whoever_took_a_seat_for_another_day_has_points_back_until_it_begins",
    "paid_seats_moment": "what_was_asked_a_moment_before_it_begins_is_settled_as_it_became",
    "paid_seats_order": "whoever_is_erased_leaves_their_seat_before_what_runs_out",
    "paid_seats_ended": "a_seat_is_settled_where_what_it_took_has_ended_and_not_before",
    "paid_seats_offered": "an_offer_makes_a_seat_cheaper_for_whoever_has_it",
    "paid_seats_along": "what_is_reserved_for_a_seat_goes_with_whoever_two_become",
    "paid_seats_off": "what_is_called_off_gives_everything_back",
}  # fmt: skip


def _test(name: str) -> Callable[[Shop], None]:
    """A check that is one test of seats for points, in a program of its own."""

    def check(shop: Shop) -> None:
        from tests.flows.members.playing.community import test_offered_seats
        from tests.flows.members.playing.community import test_seats_for_points as paid

        tests: Any = test_offered_seats if name.startswith(_ONE_OFFER) else paid
        shop.begin(paid.PRICED, slug=f"s{os.urandom(4).hex()}")
        shop.now += timedelta(days=1)
        getattr(tests, f"test_{name}")(shop)

    return check


ALONE = {check: _test(name) for check, name in _CHECKS.items()}
