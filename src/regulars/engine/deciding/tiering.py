"""Tiers: up on the activity that reaches them, down only when their time is over."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars.engine.calendar import Days, day_starts_at, local, tier_valid_until, tier_window
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.records.program.types import Tiers
from regulars.records.standing.types import TierMove, TierReason

Why = tuple[TierReason, UUID | None, datetime | None, datetime]
"""Of a move: its reason, its cause, the end of the tier, and when it happened."""


def step_of(version: Version, tier: str | None) -> int:
    """Where a tier stands on this version's ladder; 0 is none.

    A step at 0 is everybody's, whether or not it was written down yet. A tier that was taken off
    the ladder counts as the highest step that takes no more than it took (semantics F3).
    """
    ladder = version.compiled.tiers
    if tier in ladder:
        return ladder.index(tier) + 1
    return max(version.compiled.tier_of(0), version.elsewhere.get(tier or "", 0))


def window_on(version: Version, state: MemberState, day: int) -> Days:
    """The days whose credit counts on this day; only anniversaries ask when the member joined."""
    return tier_window(_tiers(version), day, _joined_on(version, state))


def _joined_on(version: Version, state: MemberState) -> int:
    if _tiers(version).window != "anniversary":
        return 1
    return local(version.zone, state.joined_at).day


def bucket(version: Version, state: MemberState, day: int) -> int:
    """The period under which a day's credit is counted.

    Rolling windows need each day by itself; the others count under their window's first day, so
    that a member has one row per window.
    """
    tiers = _tiers(version)
    if tiers.window == "rolling":
        return day
    return window_on(version, state, day).start


def credit_in(version: Version, state: MemberState, window: Days) -> int:
    """The credit that counts in a window."""
    code = version.credit_counter
    return sum(
        value
        for (counter, period), value in state.counters.items()
        if counter == code and window.start <= period < window.end
    )


def credit_on(version: Version, state: MemberState, day: int) -> int:
    """The credit that counts for a tier on this day."""
    return credit_in(version, state, window_on(version, state, day))


def climb(
    changes: Changes,
    state: MemberState,
    version: Version,
    when: tuple[datetime, int],
    cause_id: UUID,
) -> None:
    """Move up when the credit of the window reaches a higher step; `when` is instant and day."""
    if version.program.tiers is None:
        return
    occurred_at, day = when
    reached = version.compiled.tier_of(credit_on(version, state, day))
    if reached > step_of(version, state.tier):
        tier = version.compiled.tiers[reached - 1]
        until = until_of(version, state, day)
        _move(changes, state, tier, ("reached", cause_id, until, occurred_at))


def revoke(
    changes: Changes,
    state: MemberState,
    version: Version,
    occurred_at: datetime,
    cause: tuple[UUID, int],
) -> None:
    """Move down at once after credit was returned, where the program says so (E3).

    `cause` is the return and the local day of its sale: only a tier reached with the help of that
    sale falls with it; one brought over from the year before stays, and so does one that the
    credit that is left would have reached on any day since.
    """
    tiers = version.program.tiers
    if tiers is None or tiers.returned_credit != "revoke_now" or state.tier_since is None:
        return
    cause_id, day = cause
    since, today = (local(version.zone, at).day for at in (state.tier_since, occurred_at))
    window = window_on(version, state, since)
    if not window.start <= day < window.end:
        return
    credited = (period for counter, period in state.counters if counter == version.credit_counter)
    days = {since, today, *(period for period in credited if since <= period <= today)}
    reached = max(version.compiled.tier_of(credit_on(version, state, each)) for each in days)
    if reached < step_of(version, state.tier):
        tier = version.compiled.tiers[reached - 1] if reached else None
        until = until_of(version, state, since) if tier else None
        _move(changes, state, tier, ("returned", cause_id, until, occurred_at))


def enter(changes: Changes, state: MemberState, version: Version, at: datetime) -> bool:
    """Who has no tier yet stands on the step at 0, if the ladder has one; did it change anything?

    Order: at joining; for who was there before the ladder, with what is decided about them next.
    """
    lowest = version.compiled.tier_of(0)
    if state.tier is not None or not lowest:
        return False
    at = max(at, state.joined_at)
    until = until_of(version, state, local(version.zone, at).day)
    _move(
        changes, state, version.compiled.tiers[lowest - 1], ("reached", changes.history, until, at)
    )
    return True


def review(changes: Changes, state: MemberState, version: Version, now: datetime) -> bool:
    """Confirm or lower a tier whose time, with its days of grace, is over; as often as needed.
    Who has none yet enters the ladder first.

    Order: each review is dated at the instant the tier ended and judges the window that ended
    then; a member who was away for three years comes down as if somebody had looked each time.
    """
    tiers = version.program.tiers
    reviewed = enter(changes, state, version, now)
    while state.tier_until is not None and state.tier_until <= now:
        if tiers is None:  # a ladder that is gone strips nobody, and nothing is left to judge by
            why: Why = ("kept", changes.history, None, state.tier_until)
            _move(changes, state, state.tier, why)
        else:
            _review_once(changes, state, version, tiers)
        reviewed = True
    return reviewed


def place(
    changes: Changes,
    state: MemberState,
    stand: tuple[str | None, datetime, datetime | None],
    why: tuple[TierReason, UUID],
) -> None:
    """Put a member on a tier they hold by a merge, with since when and until when it is held."""
    tier, since, until = stand
    reason, cause_id = why
    _move(changes, state, tier, (reason, cause_id, until, since))


def _review_once(changes: Changes, state: MemberState, version: Version, tiers: Tiers) -> None:
    ended_at = state.tier_until
    assert ended_at is not None, state.member_id
    day = local(version.zone, ended_at).day
    # Credit of the days of grace, and of the window now running, counts for the member too.
    running = version.compiled.tier_of(credit_on(version, state, day))
    last, earned = day, running
    if tiers.valid == "next_window_end":  # what the window that ended reached holds in this one
        last = day - tiers.grace_days - 1
        earned = max(running, version.compiled.tier_of(credit_on(version, state, last)))
    stood = step_of(version, state.tier)
    lowest = stood - 1 if tiers.downgrade == "one_step" else 0
    stands = min(max(earned, lowest), stood) if stood else earned
    tier = version.compiled.tiers[stands - 1] if stands else None
    # What the window that ended confirmed, and a soft landing, end with the window now running.
    rolls = tiers.window == "rolling"
    until = until_of(version, state, day if rolls or running >= stands else last) if tier else None
    reason: TierReason = "kept" if tier == state.tier else "lost"
    _move(changes, state, tier, (reason, changes.history, until, ended_at))


def restate(
    changes: Changes, state: MemberState, stands: MemberState, cause_id: UUID, now: datetime
) -> None:
    """Put a member on the tier that follows from all they did, now that something came late."""
    if (state.tier, state.tier_since, state.tier_until) == (
        stands.tier, stands.tier_since, stands.tier_until,
    ):  # fmt: skip
        return
    since = stands.tier_since or now
    _move(changes, state, stands.tier, ("restated", cause_id, stands.tier_until, since))
    state.tier_since = stands.tier_since  # who never had a tier has it since no instant


def bring_over(changes: Changes, state: MemberState, tier: str, why: Why) -> None:
    """Give a member the tier they had in another system, with the end it had there."""
    _move(changes, state, tier, why)


def until_of(version: Version, state: MemberState, day: int) -> datetime | None:
    """The exclusive instant at which a tier granted on this day is looked at again."""
    tiers = _tiers(version)
    until = tier_valid_until(tiers, day, _joined_on(version, state))
    return None if until is None else day_starts_at(version.zone, until + tiers.grace_days)


def _move(
    changes: Changes,
    state: MemberState,
    tier: str | None,
    why: Why,
) -> None:
    reason, cause_id, until, occurred_at = why
    changes.tier_moves.append(
        TierMove(
            changes.new_id(),
            state.member_id,
            state.tier,
            tier,
            reason,
            cause_id,
            until,
            occurred_at,
        )
    )
    before, state.tier, state.tier_until = state.tier, tier, until
    if reason != "kept":
        state.tier_since = occurred_at
    changes.touch(state)
    if before != tier:
        payload = {"from": before, "to": tier, "reason": reason}
        changes.events.append(Event(state.member_id, state.version, "tier.changed", payload))


def _tiers(version: Version) -> Tiers:
    tiers = version.program.tiers
    assert tiers is not None, version.number
    return tiers
