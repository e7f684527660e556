"""Which accounts somebody should call, and why: those that use the shop less than they used to.

It is a signal and no forecast: an account is quiet after more than twice its usual gap, or orders
on at most half as many days as in the 90 before. How right the same signal was at four days of the
past stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from regulars.records.standing.alerts.accounts.read import AHEAD, Less, Tickets
from regulars.records.standing.alerts.types import Raised, Reason

ORIGINS: Final = 4


def origins(day: date) -> list[date]:
    """The days of the past at which the signal is tried; what came of the last is known by then."""
    return [day - timedelta(days=AHEAD * (back + 1)) for back in range(ORIGINS)]


def chosen(slips: Sequence[Less], room: int) -> list[Less]:
    """Those to be told of: who paid most in a year first."""
    return sorted(slips, key=lambda one: (-one.net_minor, one.account_id))[: max(room, 0)]


def reasons(one: Less, asked: Tickets | None) -> tuple[Reason, ...]:
    """Why somebody should look at an account, in numbers beside what is usual for it.

    Example: 61 days without an order with a mean gap of 19; two of its people ordered, after five;
    they asked for help four times, after once.
    """
    found = [Reason("days_away", one.since, one.gap)]
    if one.orders < one.before:
        found.append(Reason("fewer_orders", one.orders, one.before))
    if one.people < one.people_before:
        found.append(Reason("fewer_people", one.people, one.people_before))
    if asked is not None and asked.now > asked.before:
        found.append(Reason("more_tickets", asked.now, asked.before))
    return tuple(found)


def raised(told: Sequence[Less], day: date, asked: Mapping[UUID, Tickets]) -> list[Raised]:
    """An alert for each account; its worth is what it paid in a year."""
    return [
        Raised(
            one.head_id, "account", day, reasons(one, asked.get(one.account_id)),
            worth_minor=max(one.net_minor, 0), account_id=one.account_id,
        )
        for one in told
    ]  # fmt: skip
