"""What follows for a tier if nothing more happens, and what is missing to stay or to rise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.engine.calendar import day_starts_at, local
from regulars.engine.compiling.compile import UNREACHED
from regulars.engine.deciding import tiering
from regulars.engine.ladder import floors
from regulars.engine.ladder.credit import (
    comes_later,
    credit_on,
    next_moment,
    step_of,
    tiers_of,
    until_of,
    window_on,
)
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Version


class Missing(Struct, frozen=True):
    """So much credit is missing, and until before when it can be earned."""

    credit: int
    by: datetime | None
    """Nothing when there is no end to it."""


class ByOther(Struct, frozen=True):
    """What there is and what is missing by the second measure of a ladder."""

    measure: str
    reached: int
    waiting: int
    to_stay: Missing | None


class Outlook(Struct, frozen=True):
    """Where a member's tier goes from here."""

    reached: int
    """The credit that counts now."""
    waiting: int
    """Credit that was earned and counts only later."""
    to_stay: Missing | None
    """Nothing when the tier is theirs for ever, or cannot be kept by any credit."""
    projected: str | None
    """The tier after the next evaluation, if nothing more happens."""
    projected_at: datetime | None
    """When that is; nothing when the tier stays for ever."""
    by_other: ByOther | None = None
    """The same by the second measure of the ladder, where it has one: either of them keeps it."""

    def falls(self, version: Version, tier: str | None) -> bool:
        """Whether the tier will be lost if nothing more happens."""
        if self.projected_at is None:
            return False
        return step_of(version, self.projected) < step_of(version, tier)


def outlook(version: Version, state: MemberState, now: datetime) -> Outlook | None:
    """Where this member's tier goes from here; nothing without a ladder.

    Assumes: a tier whose time is over by now was reviewed.
    Example: silver until the end of the year by 100.00 of last year, 30.00 of this year: 70.00 are
    missing by New Year, and without them the tier is lost then.
    """
    if version.program.tiers is None:
        return None
    day = local(version.zone, now).day
    after, other = _after(version, state, now), version.other
    return Outlook(
        reached=max(credit_on(version, state, day), 0),
        waiting=_waiting(version, state, day),
        to_stay=to_stay(version, state, now),
        projected=after.tier,
        projected_at=state.tier_until or next_moment(version, state, now),
        by_other=None if other is None else _by_other(other, state, now),
    )


def _by_other(other: Version, state: MemberState, now: datetime) -> ByOther:
    day = local(other.zone, now).day
    stay = to_stay(other, state, now)
    return ByOther(
        measure=tiers_of(other).measure,
        reached=max(credit_on(other, state, day), 0),
        waiting=_waiting(other, state, day),
        to_stay=stay,
    )


def rises_by(version: Version, state: MemberState, now: datetime) -> datetime | None:
    """Until before when credit counts together with what is there now, so that a step is reached
    soonest; nothing when it counts for ever."""
    tiers, day = tiers_of(version), local(version.zone, now).day
    if tiers.window == "ever":
        return None
    if tiers.window == "rolling":
        first = min((p for p in _counting(version, state, day) if p <= day), default=day)
        return day_starts_at(version.zone, first + tiers.rolling_days - tiers.credit_after_days)
    return day_starts_at(version.zone, window_on(version, state, day).end - tiers.credit_after_days)


def to_stay(version: Version, state: MemberState, now: datetime) -> Missing | None:
    """The least credit that keeps the tier at its next evaluation, and by when."""
    step = step_of(version, state.tier)
    if not step or state.tier is None or state.tier_until is None:
        return None
    ways = [one for one in _ways(version, state, now, step) if one.by is None or one.by > now]
    return min(ways, key=lambda one: one.credit, default=None)


def _ways(version: Version, state: MemberState, now: datetime, step: int) -> Iterator[Missing]:
    """Each window in which the tier can be kept: what is missing in it, and when it is over."""
    tiers, until = tiers_of(version), state.tier_until
    assert until is not None, state.member_id
    day, today = local(version.zone, until).day, local(version.zone, now).day
    given = floors.holding(state)
    if given is not None and given.asks is not None and not version.secondary:
        have = floors.earned_since(version, state, given, until)
        yield _missing(version, given.asks - have, day)
    if given is not None and given.kind != "invited" and not version.compiled.tier_by[step - 1]:
        return
    needed = version.compiled.tier_at[step - 1]
    if needed == UNREACHED:
        return
    yield _missing(version, needed - credit_on(version, state, day), day)
    if given is not None:  # what is reached by themselves meanwhile goes on behind it
        ends = until_of(version, state, today)
        if ends is None or ends > until:
            last = min(window_on(version, state, today).end, day)
            yield _missing(version, needed - credit_on(version, state, last - 1), last)
    elif tiers.valid == "next_window_end" or tiers.reached == "at_window_end":
        last = day - tiers.grace_days
        yield _missing(version, needed - credit_on(version, state, last - 1), last)


def _missing(version: Version, credit: int, day: int) -> Missing:
    later = tiers_of(version).credit_after_days
    return Missing(max(credit, 0), day_starts_at(version.zone, day - later))


def _waiting(version: Version, state: MemberState, day: int) -> int:
    if not comes_later(version):
        return 0
    code = version.credit_counter
    return sum(n for (counter, period), n in state.counters.items()
               if counter == code and period > day)  # fmt: skip


def _counting(version: Version, state: MemberState, day: int) -> list[int]:
    window, code = window_on(version, state, day), version.credit_counter
    return [p for (counter, p), n in state.counters.items()
            if counter == code and n and window.start <= p < window.end]  # fmt: skip


def _after(version: Version, state: MemberState, now: datetime) -> MemberState:
    """The member after their next evaluation, as a copy; nothing is changed and nobody told."""
    at = state.tier_until or next_moment(version, state, now)
    scratch = MemberState(state.member_id, state.joined_at, {})
    scratch.tier, scratch.tier_since = state.tier, state.tier_since
    scratch.tier_until, scratch.grants = state.tier_until, list(state.grants)
    scratch.counters = dict(state.counters)
    # Changes of the ladder they came through already are not gone through again.
    scratch.recorded_at, scratch.moved_at = state.recorded_at, state.moved_at
    if at is not None:
        tiering.review(Changes(_no_id), scratch, version, at)
    return scratch


def _no_id() -> UUID:
    return UUID(int=0)
