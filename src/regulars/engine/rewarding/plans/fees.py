"""What a term costs, what a change of the plan comes to, and what comes back of what was paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.engine.calendar import add_span, day_starts_at
from regulars.engine.terms import Terms, Version
from regulars.records.benefits.plans.types import Membership, Turn
from regulars.records.program.types import Plan

MONTHS: Final = {"month": 1, "year": 12}
_MOMENT: Final = timedelta(microseconds=1)


def fee_of(version: Version, plan: Plan) -> int:
    """The fee of a plan in the smallest unit of money."""
    return units(plan.fee, decimals(version.program.currency))


def sold(version: Version, plan: Plan, at: datetime) -> bool:
    """Whether a term of this plan may begin at an instant."""
    if plan.until_on is None:
        return True
    last = date.fromisoformat(plan.until_on).toordinal()
    return at < day_starts_at(version.zone, last)


def due_minor(version: Version, one: Membership) -> int | None:
    """What the next term costs this member; nothing when its plan is not sold any more.

    Keeps: a higher fee is asked for once its member was told of it long enough before the term; a
    lower one at once. A change that was chosen costs what it cost then, and what was told of the
    plan before counts for that one alone.
    Example: 49.00 agreed, 59.00 since March and told on 3 March with 30 days' notice: a term that
    begins on 1 April costs 49.00, one that begins on 2 April 59.00.
    """
    plan = version.plans.get(one.next_plan or one.plan)
    if plan is None or not sold(version, plan, one.until_at):
        return None
    current = fee_of(version, plan)
    return min(current, _agreed_minor(version, one, plan))


def _agreed_minor(version: Version, one: Membership, plan: Plan) -> int:
    if one.next_plan and one.next_minor is not None:
        return one.next_minor
    if one.told_minor is None:
        return one.fee_minor
    return one.told_minor if takes_over(version, one, plan) else one.fee_minor


def takes_over(version: Version, one: Membership, plan: Plan) -> bool:
    """Whether what its member was told counts from the next term on: told early enough, or chosen.

    Keeps: days of notice are days of the calendar, whichever way the clocks are put.
    """
    if one.told_at is None or one.next_plan or not plan.price_notice:
        return one.told_at is not None
    return add_span(version.zone, one.told_at, f"{plan.price_notice} days") <= one.until_at


def to_tell(version: Version, one: Membership) -> int | None:
    """The fee its member does not know of yet, if there is one: a higher one, or less than told.

    Keeps: one notice at a time; a still higher fee is told once the last one counts, and so
    replaces none that was told in time. A rise that is taken back is told too, and what is raised
    after that is told anew.
    Example: told of 12.00 and back at 10.00: told of 10.00; at 12.00 again, told of 12.00 again.
    """
    plan = version.plans.get(one.plan)
    if plan is None or one.state in ("cancelled", "ended") or one.next_plan:
        return None
    fee = fee_of(version, plan)
    if one.told_minor is not None:
        return fee if fee < one.told_minor else None
    return fee if fee > one.known_minor else None


def change_minor(version: Version, one: Membership, plan: Plan, now: datetime) -> int:
    """What is to pay (or below nothing, to give back) for another plan from now on.

    Keeps: for a term of the same length the end stays, and what is left of the term costs the
    difference; for another length the rest of what was paid is taken off the fee of a fresh term.
    One rounding, halves up.
    Example: 30 days for 10.00, after 10 of them to a plan of 25.00: 15.00 × 20/30 = 10.00; and back
    at the same instant -10.00, whatever was given back in between.
    """
    fee, old = fee_of(version, plan), version.plans.get(one.plan)
    if old is not None and old.term == plan.term:
        difference = _share(fee - one.fee_minor, _left(one, now), _whole(one))
        return max(difference, -one.paid_minor)
    return fee - _rest(one, now)


def plan_of_term(
    terms: Terms, one: Membership, turns: Sequence[Turn], now: datetime
) -> Plan | None:
    """The plan as it was promised when the running term was agreed: paid, or changed to.

    Shape: `turns` is all that happened to it, oldest first.
    Order: a plan that was not there then is as it is now; so is one nobody sold before that.
    Keeps: a pause moves the days of a term, and not what was said of it.
    Example: paid while `refund: unused` was said, and dropped since: what was paid comes back.
    """
    agreed, before = terms.at(one.from_at), ""
    for turn in turns:
        plan, same = turn.after.plan, turn.after.since_at == one.since_at
        if same and (turn.what in ("started", "paid") or plan != before):
            agreed = terms.numbered(turn.version)
        before = plan
    return agreed.plans.get(one.plan) or terms.at(now).plans.get(one.plan)


def refund_minor(plan: Plan | None, one: Membership, uses: int, now: datetime) -> int:
    """What comes back of the running term, by the promise of its plan (`plan_of_term`).

    Keeps: nothing of a term that is over; of one that was ended before, what was left of it then,
    however long it takes until somebody gives it back.
    """
    if plan is None or plan.refund == "none" or not _left(one, now):
        return 0
    if plan.refund == "unused":
        return 0 if uses else one.paid_minor
    return _rest(one, now)


def units_back(one: Membership, paid_minor: int) -> int:
    """How many of the term's points go when so much of what was paid for it is left.

    Keeps: they go in proportion to what the term cost as it began, rounded down, and all of them
    with the last of the money; what a dearer plan cost on top comes back first.
    """
    if not one.gross_minor:
        return 0
    gone = one.units * max(one.gross_minor - paid_minor, 0) // one.gross_minor
    return max(gone - one.units_back, 0)


def _rest(one: Membership, now: datetime) -> int:
    """What was paid for the part of the term that is left and was not given back yet.

    Example: 10.00 is the fee and 6.00 were agreed; with half of the term left 3.00.
    """
    rest = _share(one.fee_minor - one.off_minor, _left(one, now), _whole(one))
    return min(max(rest - one.returned_minor, 0), one.paid_minor)


def _left(one: Membership, now: datetime) -> int:
    at = one.paused_at or one.stopped_at or now
    return max((one.until_at - max(at, one.from_at)) // _MOMENT, 0)


def _whole(one: Membership) -> int:
    return (one.until_at - one.from_at) // _MOMENT


def _share(amount: int, part: int, whole: int) -> int:
    """So much of an amount; halves are rounded up."""
    return (2 * amount * part + whole) // (2 * whole)
