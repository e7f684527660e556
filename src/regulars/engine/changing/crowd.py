"""Which places of a crowd a change of the ladder moves, and where to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from regulars.engine.calendar import local, tier_window
from regulars.engine.ladder.credit import by_credit, credit_on, step_of
from regulars.engine.ladder.cutover import credit_before, last_day, never_ends, stands_on
from regulars.engine.ladder.further import stand_on
from regulars.engine.state import MemberState
from regulars.engine.terms import Cutover, Version
from regulars.records.program.types import Tiers
from regulars.records.standing.crowd.types import Ladder, Place, Window

What = Literal["wins", "loses", "kept", "same"]


class Fate(NamedTuple):
    """What becomes of whoever stands at a place: their tier from then on, and the one the new
    ladder alone would give."""

    what: What
    tier: str | None
    by_itself: str | None
    moved: bool
    """Whether anything of theirs is written: a tier, or a later end."""


def ladder_of(cut: Cutover, joined: tuple[int, int] | None = None) -> Ladder:
    """What a change of the ladder asks of everybody's credit.

    Shape: `joined` are the first and the last day on which anybody joined.
    """
    after, tiers = cut.after, _tiers(cut.after)
    day = local(after.zone, cut.at).day
    days: Sequence[int] = (0,)
    if tiers.window == "anniversary":
        days = range(joined[0], joined[1] + 1) if joined else ()
    return Ladder(
        counter=after.credit_counter,
        steps=after.compiled.tier_at,
        windows=[_window(tiers, day, joined_on) for joined_on in days],
        zone=after.program.zone,
        best=never_ends(tiers),
        at=cut.at,
        named=cut.until,
    )


def _window(tiers: Tiers, day: int, joined_on: int) -> Window:
    window = tier_window(tiers, day, joined_on or 1)
    start, end = window.start, window.end
    if never_ends(tiers) or tiers.valid == "window_end":
        return Window(joined_on, start, min(end, day + 1), 0, 0)
    last = day - tiers.rolling_days if tiers.window == "rolling" else start - 1
    before = tier_window(tiers, max(last, 1), joined_on or 1)
    # Credit that begins to count later stands under a later day.
    return Window(joined_on, start, min(end, day + 1), before.start, before.end)


def fate(cut: Cutover, place: Place) -> Fate:
    """What the change does with whoever stands at a place, by what is known now.

    Assumes: nobody's tier ends in between; who stands on one that does is judged before.
    """
    after, plan = cut.after, cut.after.program.changeover
    stood = step_of(after, place.tier)
    running, before = (
        after.compiled.by_credit(step, stood) for step in (place.running, place.before)
    )
    alone = max(running, before)
    stands = stood
    if plan.members != "keep":
        stands = stands_on(cut, place.tier, (running, before))
    longer = plan.members == "keep" and cut.until is not None and _longer(cut, place)
    tier = place.tier if stands == stood and plan.members == "keep" else _tier(after, stands)
    what: What = "same"
    if stands != stood:
        what = "wins" if stands > stood else "loses"
    elif alone < stood:
        what = "kept"
    return Fate(what, tier, _tier(after, alone), longer or tier != place.tier or place.over)


def fate_on(
    both: tuple[Version, Version], state: MemberState, at: datetime
) -> tuple[str | None, Fate]:
    """The tier a member has on a further ladder just before its terms change, and what the change
    does with them: both are views of that ladder, before and after."""
    before, after = both
    day, plan = local(after.zone, at).day, after.program.changeover
    was, is_ = stand_on(before, state, at), stand_on(after, state, at)
    stood, stands = step_of(after, was.tier), step_of(after, is_.tier)
    last = last_day(after, is_, day)
    running = by_credit(after, stood, lambda one: credit_on(one, is_, day))
    alone = max(running, by_credit(after, stood, lambda one: credit_before(one, is_, last)))
    what: What = "same"
    if stands != stood:
        what = "wins" if stands > stood else "loses"
    elif alone < stood and plan.members != "full":
        what = "kept"
    moved = (was.tier, was.tier_until) != (is_.tier, is_.tier_until)
    return was.tier, Fate(what, is_.tier, _tier(after, alone), moved)


def told_by_place(cut: Cutover) -> bool:
    """Whether a place says all that decides what a change does: else everybody is looked at.

    Tiers for life look at all credit, steps that are reached at a window's end at another one, a
    place knows one measure only, and who is placed anew keeps the days of grace that were promised.
    """
    compiled, tiers, before = cut.after.compiled, _tiers(cut.after), cut.before.program.tiers
    if cut.after.other is not None:
        return False
    if cut.after.program.changeover.members == "full" and before is not None and before.grace_days:
        return False
    return tiers.reached == "on_activity" and not any(compiled.for_life_at)


def _longer(cut: Cutover, place: Place) -> bool:
    ends = place.ends == 1 or (place.ends == 0 and not never_ends(_tiers(cut.after)))
    return place.tier is not None and ends


def _tier(version: Version, step: int) -> str | None:
    return version.compiled.tiers[step - 1] if step else None


def _tiers(version: Version) -> Tiers:
    tiers = version.program.tiers
    assert tiers is not None, version.number
    return tiers
