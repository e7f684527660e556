"""Tier credit: which of it counts on a day, and which step of the ladder it reaches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from regulars.engine.calendar import Days, day_starts_at, local, tier_valid_until, tier_window
from regulars.engine.state import MemberState
from regulars.engine.terms import Beside, Version
from regulars.records.program.types import Tiers


def tiers_of(version: Version) -> Tiers:
    """The ladder of a version that has one."""
    tiers = version.program.tiers
    assert tiers is not None, version.number
    return tiers


def has_tiers(version: Version) -> bool:
    """Whether credit decides about tiers."""
    return version.program.tiers is not None


def has_ladder(version: Version) -> bool:
    """Whether members climb anything by what they do."""
    return version.program.tiers is not None or bool(version.program.ladders)


def step_of(version: Version, tier: str | None) -> int:
    """Where a tier stands on this version's ladder; 0 is none.

    A step at 0 is everybody's, whether or not it was written down yet. A tier that was taken off
    the ladder counts as the highest step that takes no more than it took (semantics F3).
    """
    return version.needs.steps.get(tier, version.needs.lowest)


def goes_on(version: Version, state: MemberState, now: datetime) -> bool:
    """Whether looking at a member changes nothing, as before most activities: they stand on the
    ladder, if it has a step for everybody, their tier is not over, and nothing else moves anybody.
    """
    if not version.needs.still or (state.tier is None and version.needs.lowest):
        return False
    return state.tier_until is None or now < state.tier_until


def window_on(version: Version, state: MemberState, day: int) -> Days:
    """The days whose credit counts on this day; only anniversaries ask when the member joined."""
    tiers = tiers_of(version)
    joined_on = _joined_on(version, state) if tiers.window == "anniversary" else 1
    return tier_window(tiers, day, joined_on)


def _joined_on(version: Version, state: MemberState) -> int:
    if tiers_of(version).window != "anniversary":
        return 1
    return local(version.zone, state.joined_at).day


def bucket(version: Version, state: MemberState, day: int) -> int:
    """The period under which a day's credit is counted.

    Rolling windows need each day by itself, and so does credit that counts only later: it stands
    under the day on which it begins to count. The others count under their window's first day, so
    that a member has one row per window; on further ladders one more for each change of its terms.
    """
    tiers = tiers_of(version)
    if tiers.credit_after_days:
        return day + tiers.credit_after_days
    if tiers.window == "rolling" or version.back_counter:  # each day is counted by itself
        return day
    start = window_on(version, state, day).start
    if not version.counts_from:
        return start
    return max([start, *(first for first in version.counts_from if first <= day)])


def stands_by_day(version: Version) -> bool:
    """Whether each day's credit is counted by itself: in rolling windows, where it counts later,
    and where something that came back counts on up to its day."""
    tiers = tiers_of(version)
    later = tiers.credit_after_days > 0
    return tiers.window == "rolling" or later or version.back_counter > 0


def credit_in(version: Version, state: MemberState, window: Days, until: int) -> int:
    """The credit that counts in a window, as far as it counts on the day `until`."""
    code = version.credit_counter
    start, end = window.start, min(window.end, until + 1)
    credit = 0
    for (counter, period), value in state.counters.items():
        if counter == code and start <= period < end:
            credit += value
    return credit


def credit_on(version: Version, state: MemberState, day: int) -> int:
    """The credit that counts for a tier on this day."""
    return credit_in(version, state, window_on(version, state, day), day)


Coming = tuple[int, int]
"""Credit of an activity that is not counted yet: of the first measure, and of the second."""


def reached_on(
    version: Version, state: MemberState, day: int, stood: int = 0, coming: Coming = (0, 0)
) -> int:
    """The step that the credit of a day reaches, by either measure; of steps by invitation only
    the one stood on. By the ladders before too, each while it counts."""
    step = version.compiled.tier_of(credit_on(version, state, day) + coming[0], stood)
    other = version.other
    if other is not None:
        credit = credit_on(other, state, day) + coming[1]
        step = max(step, other.compiled.tier_of(credit, stood))
    if not version.beside:
        return step
    counting = (one for one in version.beside if day < _over_on(version, state, one))
    return max([step, *(worth_on(version, one.ladder, state, day, coming) for one in counting)])


def _over_on(version: Version, state: MemberState, beside: Beside) -> int:
    """The day from which on an earlier ladder counts no more beside the one in force."""
    if beside.until is not None:
        return local(version.zone, beside.until).day
    return window_on(version, state, local(version.zone, beside.since).day).end


def by_credit(version: Version, stood: int, credit: Callable[[Version], int]) -> int:
    """The step that credit reaches, asked of the ladder by each of its measures."""
    step = version.compiled.tier_of(credit(version), stood)
    other = version.other
    return step if other is None else max(step, other.compiled.tier_of(credit(other), stood))


def worth_on(
    version: Version, ladder: Version, state: MemberState, day: int, coming: Coming = (0, 0)
) -> int:
    """What the step that a day's credit stands on, on an earlier ladder, is worth on this one.

    Assumes: both count the same first; what the earlier one counted second is as it was left,
    where this one counts it no more.
    """
    step = ladder.compiled.tier_of(credit_on(version, state, day) + coming[0])
    theirs, mine = ladder.other, version.other
    if theirs is not None:
        counted = mine is not None and mine.credit_counter == theirs.credit_counter
        credit = credit_on(theirs, state, day) + (coming[1] if counted else 0)
        step = max(step, theirs.compiled.tier_of(credit))
    return step_of(version, ladder.compiled.tiers[step - 1]) if step else 0


def for_life_on(version: Version, state: MemberState, day: int) -> int:
    """The step that all credit up to a day keeps for ever; 0 is none."""
    if not version.needs.for_life:
        return 0
    return version.compiled.for_life(credit_in(version, state, Days(0, day + 1), day))


def periods(version: Version, state: MemberState) -> list[int]:
    """The periods in which a member has credit, in order."""
    code, other = version.credit_counter, version.other
    codes = (code,) if other is None else (code, other.credit_counter)
    found = {period for (counter, period), n in state.counters.items() if counter in codes and n}
    return sorted(found)


def until_of(version: Version, state: MemberState, day: int) -> datetime | None:
    """The exclusive instant at which a tier granted on this day is looked at again."""
    tiers = tiers_of(version)
    until = tier_valid_until(tiers, day, _joined_on(version, state))
    return None if until is None else day_starts_at(version.zone, until + tiers.grace_days)


def comes_later(version: Version) -> bool:
    """Whether a step may be reached on a day on which the member does nothing."""
    return version.needs.later


def _counts_from_before(version: Version) -> bool:
    tiers = version.program.tiers
    return tiers is not None and version.begins is not None and tiers.window != "rolling"


def moments(
    version: Version, state: MemberState, after: datetime | None, upto: datetime
) -> Iterator[int]:
    """The days between two instants on whose beginning a step may be reached, in order.

    Order: of the time before this version a tier that would be over by now is left out, so that a
    new ladder tells nobody of what they would have had.
    """
    if not (comes_later(version) or _counts_from_before(version)):
        return iter(())  # as in most programs, so nothing else is asked of them
    return _moments(version, state, after, upto)


def _moments(
    version: Version, state: MemberState, after: datetime | None, upto: datetime
) -> Iterator[int]:
    for day in _days_to_look(version, state):
        at = day_starts_at(version.zone, day)
        if at > upto or (after is not None and at <= after):
            continue
        until = until_of(version, state, day)
        if version.begins is None or at > version.begins or until is None or until > upto:
            yield day


def next_moment(version: Version, state: MemberState, now: datetime) -> datetime | None:
    """When a step may be reached next without the member doing anything; nothing for never."""
    found = (day_starts_at(version.zone, day) for day in _days_to_look(version, state))
    return min((at for at in found if at > now), default=None)


def ripens_at(version: Version, state: MemberState, period: int) -> datetime:
    """When credit under this period may lift its member without their doing anything.

    Assumes: a version with which that happens.
    """
    return day_starts_at(version.zone, _moment(version, state, period))


def _days_to_look(version: Version, state: MemberState) -> list[int]:
    """The days on whose beginning a step may be reached, in order."""
    if comes_later(version):
        return sorted({_moment(version, state, period) for period in periods(version, state)})
    return _waiting_since_before(version, state)


def _waiting_since_before(version: Version, state: MemberState) -> list[int]:
    """The days on which credit of earlier terms begins to count, where nothing else comes later.

    Such credit stands under a day of its own, and all other under the first day of its window;
    where windows roll the two cannot be told apart, and it counts with whatever is done next.
    """
    if not _counts_from_before(version):
        return []
    assert version.begins is not None, version.number
    since = local(version.zone, version.begins).day
    late = (period for period in periods(version, state) if period > since)
    return [period for period in late if window_on(version, state, period).start != period]


def _moment(version: Version, state: MemberState, period: int) -> int:
    if tiers_of(version).reached == "at_window_end":
        return window_on(version, state, period).end
    return period
