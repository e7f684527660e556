"""Budgets: what all members together may get, cut from whole points after the one rounding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from regulars.engine.calendar import period_of
from regulars.engine.state import Changes
from regulars.engine.terms import Version


def keys_on(version: Version, kind: str, day: int) -> Iterator[tuple[int, int]]:
    """Every budget (counter, period) that an activity of this kind on this local day may draw on.

    Order: none; whoever locks them sorts them.
    """
    compiled = version.compiled
    for place in compiled.limits_on.get(kind, ()):
        limit = compiled.limits[place]
        if limit.shared:
            yield version.limit_counters[place], period_of(limit.per, day)
    for counter, budget in zip(version.budget_counters, compiled.budgets, strict=True):
        yield counter, period_of(budget.per, day)


def has_budgets(version: Version) -> bool:
    """Whether anything in this version is shared by all members."""
    compiled = version.compiled
    return bool(compiled.budgets) or any(limit.shared for limit in compiled.limits)


def within(version: Version, wallet: int, points: int, room: Sequence[int]) -> int:
    """What of these points the budgets of a wallet (its place in the file) leave.

    Shape: `room` as `room_of` gives it and `Steps.room` keeps it.
    Example: 30 points with 20 left in the month give 20, or nothing where the budget rejects.
    """
    first = len(version.compiled.limits)
    for place, budget in enumerate(version.compiled.budgets):
        if budget.wallet == wallet and points > room[first + place]:
            points = 0 if budget.rejects else room[first + place]
    return points


def cut(parts: Sequence[int], points: int) -> tuple[int, ...]:
    """The parts of the rules when less is given than they came to: the last ones give way."""
    left, kept = points, []
    for part in parts:
        kept.append(min(part, left))
        left -= kept[-1]
    return tuple(kept)


def draw(
    changes: Changes, version: Version, day: int, units: Mapping[int, int], sign: int = 1
) -> None:
    """Count what was given (or with sign -1 came back) against the budgets of that local day."""
    compiled = version.compiled
    for counter, budget in zip(version.budget_counters, compiled.budgets, strict=True):
        points = units.get(version.wallet_codes[budget.wallet], 0)
        if points:
            changes.spend(counter, period_of(budget.per, day), sign * points)
