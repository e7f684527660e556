"""Whom of those who slip away somebody should write to, why, and who is as likely and is not.

A shop reaches so many members a week. Those worth most come first; beside each of them stands
somebody with nearly the same chance who is left alone, so that it can be seen later how many come
back of themselves. Who is left alone is worth less on the whole: what is seen is not causal.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from regulars.records.standing.alerts.read import Lately, Slips
from regulars.records.standing.alerts.types import Raised, Reason

LESS: Final = 0.7
"""Whoever spends less than this part of the stretch before spends less."""


def chosen(slips: Sequence[Slips], room: int) -> tuple[list[Slips], list[Slips]]:
    """Those to be told of, and as many of nearly the same chances who are left alone.

    `slips` are who is worth most first. Order: nobody is beside two.
    Example: with room for one, of chances 300, 120 and 290 in order of worth, the first is told of
    and the third stands beside.
    """
    told = list(slips[:room])
    rest = sorted(
        slips[room:], key=lambda one: (one.chance, -(one.worth_minor or 0), one.member_id)
    )
    chances = [one.chance for one in rest]
    beside: list[Slips] = []
    for one in told:
        if not rest:
            break
        at = bisect_left(chances, one.chance)
        if at == len(rest) or (at and one.chance - chances[at - 1] < chances[at] - one.chance):
            at -= 1
        beside.append(rest.pop(at))
        chances.pop(at)
    return told, beside


def reasons(one: Slips, lately: Lately | None) -> tuple[Reason, ...]:
    """Why somebody slips, in numbers beside what is usual for them; what they did comes first.

    Example: 61 days away with a mean gap of 19, one order in 90 days after four in those before.
    """
    found = [Reason("days_away", one.since, one.gap)]
    if lately is not None and lately.orders < lately.before:
        found.append(Reason("fewer_orders", lately.orders, lately.before))
    if lately is not None and 0 < lately.net < LESS * lately.net_before:
        found.append(Reason("spends_less", lately.net, lately.net_before))
    return tuple(found)


def raised(
    slips: Sequence[Slips], room: int, day: date, lately: Mapping[UUID, Lately]
) -> list[Raised]:
    """Everybody of a day: told of, and beside them who is left alone."""
    told, beside = chosen(slips, room)
    return [
        Raised(
            one.member_id, "slipping", day, reasons(one, lately.get(one.member_id)), shown,
            one.chance, one.worth_minor,
        )
        for group, shown in ((told, True), (beside, False))
        for one in group
    ]  # fmt: skip
