"""What came back and counts on all the same: up to its day, for steps that were reached before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from regulars.engine.ladder.credit import Coming, tiers_of
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Version

CameBack = Mapping[str, tuple[tuple[int, int, int], ...]]
"""Per further ladder, as `Steps.came_back`: the period of each return, and what it took of the
credit by each measure."""
_BEGINS: Final = 719_163
"""1 January 1970, counted as all days are."""
_LAG: Final = 8_192
"""So many days between a purchase and its return are told apart; a longer time counts as this."""


def period_of(period: int, day: int) -> int:
    """What a return takes stands under two days at once: the one on which its credit counts since,
    and the one on which it came back.

    Assumes: it came back after it counted. Room in 32 bits: until the year 2687.
    """
    return (period - _BEGINS) * _LAG + min(day - period, _LAG - 1)


def days_of(period: int) -> tuple[int, int]:
    """Since when credit counted that came back, and the day on which it did.

    Example: what counted from 2 March and came back on the 5th is found under both of these days.
    """
    since, lag = divmod(period, _LAG)
    return since + _BEGINS, since + _BEGINS + lag


def noted_in(view: Version, period: int, day: int) -> int | None:
    """The period under which it is kept in mind that credit counted up to the day on which it came
    back; nothing where it never did.

    Keeps: what came back on the day it was bought, or before it counted, never counted.
    """
    if not view.back_counter or day < period or (day == period and not goes_last(view)):
        return None
    return period_of(period, day)


def goes_last(view: Version) -> bool:
    """Whether what comes back goes after what counts since the beginning of that day.

    Where credit counts later it does so from a midnight on. Else it counts when somebody buys, and
    who changes shoes for others of the same price has bought one pair.
    """
    return tiers_of(view).credit_after_days > 0


def note(
    changes: Changes, state: MemberState, view: Version, where: tuple[int, int], took: Coming
) -> tuple[int, int, int] | None:
    """Keep in mind what a return took of a ladder that looks at it at the end of a period only.

    Shape: `where` is the period its credit stands under, and the local day on which it came back.
    """
    key = noted_in(view, *where)
    if key is None or not any(took):
        return None
    for counts, units in zip((view, view.other), took, strict=True):
        if counts is not None and units:
            changes.count(state, counts.back_counter, key, units)
    return key, *took


class Back(NamedTuple):
    """What counted until the day on which it came back: under which counter and period."""

    of: tuple[int, int]
    until: int
    units: int


def on_ladder(terms: Sequence[Version], state: MemberState) -> Iterator[Back]:
    """Everything that came back of a ladder, by all the terms it ever had."""
    credited = {
        one.back_counter: one.credit_counter
        for view in terms
        for one in (view, view.other)
        if one is not None and one.back_counter
    }
    if not credited:
        return
    for (code, period), units in state.counters.items():
        if units and code in credited:
            since, until = days_of(period)
            yield Back((credited[code], since), until, units)
