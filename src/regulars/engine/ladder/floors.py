"""Tiers given by hand hold a member up; when one ends, what they reached by themselves is left."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from regulars.engine.calendar import Days, local
from regulars.engine.ladder.credit import (
    credit_in,
    for_life_on,
    periods,
    reached_on,
    step_of,
    until_of,
    window_on,
)
from regulars.engine.ladder.cutover import in_grace, kept_until
from regulars.engine.state import MemberState
from regulars.engine.terms import Version
from regulars.records.standing.grants.types import TierGrant


class Stand(NamedTuple):
    """A tier with its end, and the step it is worth."""

    tier: str | None
    until: datetime | None
    step: int


def longer(one: datetime | None, other: datetime | None) -> bool:
    """Whether one end is later than another; nothing is for ever."""
    return other is not None and (one is None or one > other)


def holding(state: MemberState) -> TierGrant | None:
    """What was given by hand and holds the member on the tier they stand on, if anything."""
    for one in state.grants:
        if one.begun_at is None or one.closed_at is not None:
            continue
        if (one.tier, one.until_at) == (state.tier, state.tier_until):
            return one
    return None


def of_ladder(version: Version, state: MemberState) -> list[TierGrant]:
    """What was ever given to a member by hand on the ladder that a version, or a view, shows."""
    return [one for one in state.grants if one.ladder == version.ladder]


def floor_at(version: Version, state: MemberState, at: datetime) -> Stand | None:
    """The highest tier given by hand that holds at an instant; of the same the one that lasts."""
    best: Stand | None = None
    for one in of_ladder(version, state):
        if not one.holds(at):
            continue
        stand = Stand(one.tier, one.until_at, step_of(version, one.tier))
        if best is None or better(stand, best):
            best = stand
    return best


def better(one: Stand, other: Stand) -> bool:
    """Whether a stand is higher, or the same for longer."""
    if one.step != other.step:
        return one.step > other.step
    return one.tier == other.tier and longer(one.until, other.until)


def left_at(
    version: Version,
    state: MemberState,
    given: TierGrant,
    at: datetime,
    landing: Stand | None = None,
) -> Stand:
    """Where a member stands when what was given ends: kept by their credit since, or on what they
    reached by themselves.

    Shape: `landing` is where they would fall from a step they reached by themselves, where it is to
    be no less than that: who came up by an invitation lands as softly as anybody.
    """
    day = local(version.zone, at).day
    step = step_of(version, given.tier)
    if given.asks is not None and earned_since(version, state, given, at) >= given.asks:
        return Stand(given.tier, until_of(version, state, day), step)
    # Who came up by an invitation stays by the credit it takes; nobody else comes up by credit.
    best = _by_credit(version, state, day, step if given.kind == "invited" else 0)
    if landing is not None and better(landing, best):
        best = landing
    for one in of_ladder(version, state):  # what they stood on before goes on behind what was given
        stood = _stood_behind(version, one, at)
        if stood is not None and better(stood, best):
            best = stood
    return best


def _stood_behind(version: Version, one: TierGrant, at: datetime) -> Stand | None:
    """What somebody stood on before they were given something, after all changes of the ladder
    since: placed anew in full they stand on what their credit says, kept it may last longer, and
    of a step that is no more they are where its holders belong."""
    tier, until = one.was_tier, one.was_until
    if tier is None or one.begun_at is None:
        return None
    for cut in version.cutovers:
        if not one.begun_at < cut.at <= at or (until is not None and until <= cut.at):
            continue
        members = cut.after.program.changeover.members
        if members == "full" and not in_grace(cut, until):
            return None
        if members == "keep":
            until = kept_until(cut, tier, until)
        elif (step := step_of(cut.after, tier)) == 0:
            return None
        elif tier not in cut.after.compiled.tiers:
            tier = cut.after.compiled.tiers[step - 1]
    if until is not None and until <= at:
        return None
    return Stand(tier, until, step_of(version, tier))


def earned_since(version: Version, state: MemberState, given: TierGrant, at: datetime) -> int:
    """The credit since something was given, up to an instant."""
    assert given.begun_at is not None, given
    return had_on(version, state, given.begun_at, at) - given.had


def had_on(version: Version, state: MemberState, since: datetime, at: datetime) -> int:
    """All credit of the window that ran at one instant, and of later ones, up to another."""
    start = window_on(version, state, local(version.zone, since).day).start
    day = local(version.zone, at).day
    window = Days(start, window_on(version, state, day).end)
    return credit_in(version, state, window, day)


def _by_credit(version: Version, state: MemberState, day: int, stood: int) -> Stand:
    """The step a member's own credit holds on a day, as if nobody had ever given them anything.

    Order: what the running window reached, and what windows reached whose tiers are still valid.
    """
    compiled = version.compiled
    life = for_life_on(version, state, day)
    best = Stand(compiled.tiers[life - 1], None, life) if life else Stand(None, None, 0)
    for each in _days(version, state, day):
        step = reached_on(version, state, each, stood)
        if not step:
            continue
        stand = Stand(compiled.tiers[step - 1], until_of(version, state, each), step)
        over = stand.until is not None and local(version.zone, stand.until).day <= day
        if not over and better(stand, best):
            best = stand
    return best


def _days(version: Version, state: MemberState, day: int) -> list[int]:
    """The days on which something may have been reached that is still valid."""
    credited = [period for period in periods(version, state) if period <= day]
    ends = {window_on(version, state, period).end - 1 for period in credited}
    return sorted({day, *credited, *(end for end in ends if end < day)})
