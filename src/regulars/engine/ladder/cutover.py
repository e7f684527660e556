"""Where a change of the ladder puts a member, and until when what they stood on is kept (F2)."""

from __future__ import annotations

from datetime import datetime

from regulars.engine.calendar import local
from regulars.engine.ladder.credit import credit_on, step_of, tiers_of, window_on
from regulars.engine.state import MemberState
from regulars.engine.terms import Cutover, Version
from regulars.records.program.types import Tiers


def stands_on(cut: Cutover, tier: str | None, steps: tuple[int, int]) -> int:
    """Where a changeover puts somebody who stands on a tier: `steps` are what the window that runs
    and the one before it reach on the new ladder."""
    running, before = steps
    if cut.after.program.changeover.members == "full":
        return max(running, before)
    return max(running, step_of(cut.after, tier))


def in_grace(cut: Cutover, until: datetime | None) -> bool:
    """Whether a tier's time is over and only its days of grace are left: they were promised."""
    tiers = cut.before.program.tiers
    if tiers is None or until is None or not tiers.grace_days:
        return False
    ended = local(cut.before.zone, until).day - tiers.grace_days
    return ended <= local(cut.before.zone, cut.at).day


def kept_until(cut: Cutover, tier: str | None, until: datetime | None) -> datetime | None:
    """Until when what somebody stands on is kept, where the changeover names a day."""
    tiers, named = cut.after.program.tiers, cut.until
    assert tiers is not None, cut.after.number
    assert named is not None, cut.after.number
    if tier is None or (until is None and never_ends(tiers)):
        return until
    return named if until is None else max(until, named)


def never_ends(tiers: Tiers) -> bool:
    """Does a tier of this ladder, once reached, stay for ever?"""
    return tiers.valid == "for_ever" or tiers.window == "ever"


def last_day(version: Version, state: MemberState, day: int) -> int | None:
    """A day of the window before the one that runs, where what it reached holds in this one."""
    tiers = tiers_of(version)
    at_end = tiers.reached == "at_window_end"
    if never_ends(tiers) or (tiers.valid == "window_end" and not at_end):
        return None
    if tiers.window == "rolling":
        return day - tiers.rolling_days
    return window_on(version, state, day).start - 1


def credit_before(version: Version, state: MemberState, last: int | None) -> int:
    """The credit of the window before; of the best one, where a tier once reached stays."""
    if last is not None:
        return credit_on(version, state, last)
    if not never_ends(tiers_of(version)):
        return 0
    code = version.credit_counter
    return max((n for (counter, _), n in state.counters.items() if counter == code), default=0)
