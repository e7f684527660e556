"""Whose day is far from all they did before, and from what others do.

Amounts are compared by their logarithms, as twice the usual is as far for a coffee as for a coat:
how many robust standard deviations (1.4826 times the median distance from the median) above the
median a day is. Own days of the same weekday count where there are enough, else all own days; of
others the same weekday of the last thirteen weeks. Far is only who is far from both. Less than
usual is nothing unusual here: that somebody stays away says the chance of an order.
Source: Iglewicz & Hoaglin (1993) for 3.5; Hampel (1974) for the median distance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import expm1, log1p
from statistics import median
from typing import Final, NamedTuple
from uuid import UUID

from regulars.insight.estimators.saying import NotEnough
from regulars.records.standing.alerts.types import Raised, Reason, Sort

FAR: Final = 3.5
ALONE: Final = 6.0
"""So far from others is whoever has too few days of their own."""
OWN: Final = 8
"""Own days that say what is usual for somebody."""
PEERS: Final = 200
"""Days of others that say what is usual."""
NARROWEST: Final = 0.1
"""A tenth more than what was always the same is nothing."""
NORMAL: Final = 1.4826
STEPS: Final = 2
"""Tiers at once that are a jump."""


class Usual(NamedTuple):
    """The median of logarithms, and their robust standard deviation."""

    middle: float
    width: float


class Day(NamedTuple):
    """What somebody did on a day in the past."""

    day: date
    amount: int


class Far(NamedTuple):
    """Somebody's day far above what is usual: for them, else for everybody."""

    member_id: UUID
    amount: int
    usual: int
    z: float


class Jump(NamedTuple):
    """Somebody climbed so many steps at once."""

    member_id: UUID
    steps: int
    tier: str


def usual(amounts: Sequence[tuple[int, int]]) -> Usual | NotEnough:
    """What is usual, of amounts with how often each came; amounts of nothing are left out.

    Refuses fewer than 200. Example: of 1, 2 and 1,000,000 the middle is ln 3.
    """
    rows = sorted((log1p(amount), many) for amount, many in amounts if amount > 0)
    whole = sum(many for _, many in rows)
    if whole < PEERS:
        return NotEnough("values", whole, PEERS)
    middle = _middle(rows, whole)
    apart = sorted((abs(value - middle), many) for value, many in rows)
    return Usual(middle, max(NORMAL * _middle(apart, whole), NARROWEST))


def own(days: Sequence[Day], weekday: int) -> Usual | None:
    """What is usual for somebody on this day of the week; nothing where there are too few days."""
    there = [one for one in days if one.amount > 0]
    same = [one for one in there if one.day.weekday() == weekday]
    counted = same if len(same) >= OWN else there
    if len(counted) < OWN:
        return None
    logs = [log1p(one.amount) for one in counted]
    middle = median(logs)
    return Usual(middle, max(NORMAL * median(abs(one - middle) for one in logs), NARROWEST))


def above(amount: int, of: Usual) -> float:
    """How many robust standard deviations above the middle this is."""
    return (log1p(max(amount, 0)) - of.middle) / of.width


def suspects(today: Mapping[UUID, int], peers: Usual) -> list[UUID]:
    """Who is far from others, whatever they did before."""
    return [who for who, amount in today.items() if amount > 0 and above(amount, peers) >= FAR]


def far(
    today: Mapping[UUID, int], before: Mapping[UUID, Sequence[Day]], peers: Usual, weekday: int
) -> list[Far]:
    """Whose day is far from others' and from their own, the farthest first.

    Example: who always buys for a wedding party is far from others and not from themselves.
    """
    found = []
    for who in suspects(today, peers):
        theirs, amount = own(before.get(who, ()), weekday), today[who]
        least, of = (ALONE, peers) if theirs is None else (FAR, theirs)
        z = above(amount, of)
        if z >= least:
            found.append(Far(who, amount, round(expm1(of.middle)), z))
    return sorted(found, key=lambda one: (-one.z, one.member_id))


def raised(
    day: date,
    seen: Sequence[tuple[Sort, str, Sequence[Far]]],
    jumps: Sequence[Jump],
    room: int,
    lately: Sequence[tuple[UUID, Sequence[str]]] = (),
) -> list[Raised]:
    """An alert for each member with all their reasons, the farthest first, as many as there is
    room for.

    Shape: `lately` is whom was told of within 30 days, and why. Order: whoever has no reason that
    was not among these takes no room from others.
    """
    why: dict[UUID, list[Reason]] = {}
    worst: dict[UUID, float] = {}
    for sort, about, found in seen:
        for one in found:
            reason = Reason(sort, one.amount, one.usual, about)
            why.setdefault(one.member_id, []).append(reason)
            worst[one.member_id] = max(worst.get(one.member_id, 0.0), one.z)
    for jump in jumps:
        if jump.steps >= STEPS:
            reason = Reason("tier_jump", jump.steps, None, jump.tier)
            why.setdefault(jump.member_id, []).append(reason)
            worst[jump.member_id] = max(worst.get(jump.member_id, 0.0), float(jump.steps))
    order = sorted(why, key=lambda who: (-worst[who], who))
    known: dict[UUID, list[Sequence[str]]] = {}
    for who, sorts in lately:
        known.setdefault(who, []).append(sorts)
    every = [Raised(who, "unusual", day, tuple(why[who])) for who in order]
    fresh = [
        one for one in every
        if not any(set(one.sorts) <= set(sorts) for sorts in known.get(one.member_id, ()))
    ]  # fmt: skip
    return fresh[: max(room, 0)]


def _middle(rows: Sequence[tuple[float, int]], whole: int) -> float:
    """The lower median of values with how often each came, in order."""
    passed = 0
    for value, many in rows:
        passed += many
        if 2 * passed >= whole:
            return value
    raise AssertionError(rows)
