"""Tiers: up on the activity that reaches them, down only when their time is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from msgspec.structs import replace

from regulars.engine.calendar import day_starts_at, local
from regulars.engine.ladder import floors
from regulars.engine.ladder.credit import (
    bucket,
    by_credit,
    credit_on,
    for_life_on,
    goes_on,
    has_tiers,
    moments,
    periods,
    reached_on,
    step_of,
    tiers_of,
    until_of,
    window_on,
)
from regulars.engine.ladder.cutover import credit_before, in_grace, kept_until, last_day, stands_on
from regulars.engine.ladder.floors import Stand
from regulars.engine.ladder.moves import Why, bring_over, move, place
from regulars.engine.ladder.promised import falls_to, promised_on
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Cutover, Version, counts_alike
from regulars.records.program.types import Tiers
from regulars.records.standing.grants.types import TierGrant
from regulars.records.standing.types import TierReason

__all__ = [
    "Why",
    "bring_over",
    "bucket",
    "climb",
    "credit_on",
    "ends_now",
    "enter",
    "left",
    "move",
    "move_over",
    "place",
    "restate",
    "review",
    "revoke",
    "step_of",
    "until_of",
    "window_on",
]  # fmt: skip
Goal = tuple[int, int, int]
"""A step that was reached, the day on which it is, and the day whose credit reached it."""


def climb(
    changes: Changes,
    state: MemberState,
    version: Version,
    when: tuple[datetime, int],
    cause_id: UUID,
) -> None:
    """Move up when the credit of the window reaches a higher step; `when` is instant and day."""
    tiers = version.program.tiers
    if tiers is None:
        return
    occurred_at, day = when
    reached = reached_on(version, state, day) if tiers.reached == "on_activity" else 0
    if not version.needs.for_life and reached <= step_of(version, state.tier):
        return  # as with most activities
    _up(changes, state, version, (reached, day, day), (occurred_at, cause_id))


def _up(
    changes: Changes,
    state: MemberState,
    version: Version,
    goal: Goal,
    why: tuple[datetime, UUID | None],
) -> bool:
    """Move up to the step that was reached on a day, or to the one that is kept for life; whether
    anything moved."""
    reached, day, judged = goal
    occurred_at, cause_id = why
    counted = partial(credit_on, version, state, judged)
    stood, life = step_of(version, state.tier), for_life_on(version, state, day)
    reached = max(life, reached)
    if reached > stood:
        tier = version.compiled.tiers[reached - 1]
        until = None if reached == life else until_of(version, state, day)
        move(changes, state, tier, ("reached", cause_id, until, occurred_at), counted())
        return True
    if life and life == stood and state.tier_until is not None:
        move(changes, state, state.tier, ("kept", cause_id, None, occurred_at), counted())
        return True
    return False


def _ripen(changes: Changes, state: MemberState, version: Version, upto: datetime) -> bool:
    """Move up on days on which nothing was done: credit began to count, or its window ended."""
    moved = False
    for day in moments(version, state, state.tier_since, upto):
        at_end = tiers_of(version).reached == "at_window_end"
        judged = day - 1 if at_end else day
        goal = (reached_on(version, state, judged), day, judged)
        at = day_starts_at(version.zone, day)
        moved |= _up(changes, state, version, goal, (at, changes.history))
    return moved


def revoke(
    changes: Changes,
    state: MemberState,
    version: Version,
    occurred_at: datetime,
    cause: tuple[UUID, int],
    promised: Sequence[Version] = (),
) -> None:
    """Move down at once after credit was returned, where the program says so (E3).

    `cause` is the return and the local day of its sale: only a tier reached with the help of that
    sale falls with it; one brought over from the year before stays, and so does one that the
    credit that is left would have reached on any day since, by the ladder of any version that was
    `promised` in that time, or counted beside it.
    """
    tiers = version.program.tiers
    if tiers is None or tiers.returned_credit != "revoke_now" or state.tier_since is None:
        return
    cause_id, day = cause
    day += tiers.credit_after_days  # the day on which its credit began to count
    since, today = (local(version.zone, at).day for at in (state.tier_since, occurred_at))
    window = window_on(version, state, since)
    if not window.start <= day < window.end:
        return
    credited = periods(version, state)
    days = {since, today, *(period for period in credited if since <= period <= today)}
    stood = step_of(version, state.tier)
    reached = max(reached_on(version, state, each, stood) for each in days)
    for other in promised:
        if counts_alike(version, other):
            reached = max(reached, *(promised_on(version, other, state, each) for each in days))
    if floors.holding(state) is not None:  # what was given by hand asks for no credit
        return
    reached = max(reached, for_life_on(version, state, today))
    if reached < stood:
        tier, reached = falls_to(version, state, reached, promised)
        until = until_of(version, state, since) if tier else None
        stand = _held_up(version, state, Stand(tier, until, reached), occurred_at)
        if stand.step < stood:
            counted = max(credit_on(version, state, each) for each in days)
            why: Why = ("returned", cause_id, stand.until, occurred_at)
            move(changes, state, stand.tier, why, counted)


def enter(changes: Changes, state: MemberState, version: Version, at: datetime) -> bool:
    """Who has no tier yet stands on the step at 0, if the ladder has one; did it change anything?

    Order: at joining; for who was there before the ladder, with what is decided about them next.
    """
    if state.tier is not None or not (lowest := version.compiled.tier_of(0)):
        return False
    at = max(at, state.joined_at)
    day = local(version.zone, at).day
    why: Why = ("reached", changes.history, until_of(version, state, day), at)
    counted = credit_on(version, state, day)
    move(changes, state, version.compiled.tiers[lowest - 1], why, counted)
    return True


def review(changes: Changes, state: MemberState, version: Version, now: datetime) -> bool:
    """Confirm or lower a tier whose time is over, as often as needed; who has none enters first.

    Order: each review is dated at the instant the tier ended and judges the window that ended
    then; a member who was away for three years comes down as if somebody had looked each time.
    """
    if goes_on(version, state, now):
        return False
    moved = move_over(changes, state, version, now)
    reviewed = enter(changes, state, version, now) or moved
    return _reviews(changes, state, version, version.program.tiers, now) or reviewed


def move_over(changes: Changes, state: MemberState, version: Version, now: datetime) -> bool:
    """Bring a member through the changes of the ladder since they were last looked at (F2).

    Order: what ended before a change is judged by the terms before it; then they come over, dated
    at the change, whenever that is done. Before anything of theirs that counts after it.
    """
    moved = False
    for cut in version.cutovers:
        known = state.moved_at or state.recorded_at or state.joined_at
        if known < cut.at <= now:
            moved |= _reviews(changes, state, cut.before, cut.before.program.tiers, cut.at)
            moved |= _come_over(changes, state, cut)
            state.moved_at = cut.at
    return moved


def _come_over(changes: Changes, state: MemberState, cut: Cutover) -> bool:
    after, plan = cut.after, cut.after.program.changeover
    if after.program.tiers is None:  # a ladder that is gone strips nobody
        return False
    if plan.members == "keep":
        return _keep(changes, state, cut)
    day = local(after.zone, cut.at).day
    last = last_day(after, state, day)
    stood = step_of(after, state.tier)
    # What is reached at a window's end is not reached while it runs, and then holds in the next.
    at_end = tiers_of(after).reached == "at_window_end"
    running = 0 if at_end else by_credit(after, stood, lambda one: credit_on(one, state, day))
    before = by_credit(after, stood, lambda one: credit_before(one, state, last))
    step = stands_on(cut, state.tier, (running, before))
    life = for_life_on(after, state, day)
    step = max(step, life)
    # What was given by hand has its name from whoever gave it, and ends when they say.
    given = plan.members != "full" and step == stood and floors.holding(state) is not None
    if step < stood and in_grace(cut, state.tier_until):
        step = stood
    tier = after.compiled.tiers[step - 1] if step else None
    if tier == state.tier or given:
        return False
    until = state.tier_until  # who is put where a removed tier belongs keeps its end
    if step and step == life:
        until = None
    elif running >= step:
        anew = until_of(after, state, day) if tier else None
        stays = state.tier is not None and plan.members != "full" and 0 < step == stood
        until = until if stays and not floors.longer(anew, until) else anew
    elif plan.members == "full" and before >= step:
        until = until_of(after, state, day if last is None or at_end else last)
    stand = _held_up(after, state, Stand(tier, until, step), cut.at)
    if stand.tier == state.tier:
        return False
    counted = max(credit_on(after, state, day), credit_before(after, state, last))
    why: Why = ("terms", UUID(int=after.number), stand.until, cut.at)
    move(changes, state, stand.tier, why, counted)
    return True


def _keep(changes: Changes, state: MemberState, cut: Cutover) -> bool:
    """Let what somebody reached last until the day that is named, at least."""
    until = kept_until(cut, state.tier, state.tier_until)
    if until == state.tier_until or floors.holding(state) is not None:
        return False
    counted = credit_on(cut.after, state, local(cut.after.zone, cut.at).day)
    why: Why = ("kept", UUID(int=cut.after.number), until, cut.at)
    move(changes, state, state.tier, why, counted)
    return True


def _reviews(
    changes: Changes, state: MemberState, version: Version, tiers: Tiers | None, now: datetime
) -> bool:
    reviewed = False
    while state.tier_until is not None and state.tier_until <= now:
        if tiers is None:  # a ladder that is gone strips nobody, and nothing is left to judge by
            why: Why = ("kept", changes.history, None, state.tier_until)
            move(changes, state, state.tier, why)
        elif not _ripen(changes, state, version, state.tier_until):
            _review_once(changes, state, version, tiers)
        reviewed = True
    if tiers is not None:
        reviewed |= _ripen(changes, state, version, now)
    return reviewed


def _review_once(changes: Changes, state: MemberState, version: Version, tiers: Tiers) -> None:
    ended_at = state.tier_until
    assert ended_at is not None, state.member_id
    given = floors.holding(state)
    stand = _judged(state, version, tiers, ended_at)
    if given is not None:
        soft = given.kind == "invited" and tiers.downgrade == "one_step"
        stand = floors.left_at(version, state, given, ended_at, stand if soft else None)
    judged = _days_judged(version, tiers, ended_at)
    _settle(changes, state, version, stand, (ended_at, changes.history), judged)


def _settle(
    changes: Changes,
    state: MemberState,
    version: Version,
    stand: Stand,
    why: tuple[datetime, UUID | None],
    judged: Sequence[int] = (),
) -> None:
    """Put a member where their own credit leaves them, or where something given holds them.

    Shape: `judged` are the days whose credit was looked at; without any, the day it happens.
    """
    at, cause_id = why
    stand = _held_up(version, state, stand, at)
    reason: TierReason = "kept" if stand.tier == state.tier else "lost"
    days = judged or (local(version.zone, at).day,)
    counted = max(credit_on(version, state, day) for day in days) if has_tiers(version) else None
    move(changes, state, stand.tier, (reason, cause_id, stand.until, at), counted)


def _held_up(version: Version, state: MemberState, stand: Stand, at: datetime) -> Stand:
    """Where a member stands, or where something given by hand holds them if that is higher."""
    floor = floors.floor_at(version, state, at)
    return floor if floor is not None and floors.better(floor, stand) else stand


def _judged(state: MemberState, version: Version, tiers: Tiers, ended_at: datetime) -> Stand:
    """Where the credit of the window that ended, and of the one now running, leaves a member."""
    stood = step_of(version, state.tier)
    # Credit of the days of grace, and of the window now running, counts for the member too.
    day, *others = _days_judged(version, tiers, ended_at)
    running = reached_on(version, state, day, stood)
    last, earned = day, running
    for last in others:  # what the window that ended reached holds now
        earned = max(running, reached_on(version, state, last, stood))
    at_end = tiers.reached == "at_window_end"
    lowest = version.compiled.below(stood) if tiers.downgrade == "one_step" else 0
    life = for_life_on(version, state, day)
    stands = max(min(max(earned, lowest), stood) if stood else earned, life)
    if not stands:
        return Stand(None, None, 0)
    tier = version.compiled.tiers[stands - 1]
    if stands == life:
        return Stand(tier, None, stands)
    # What the window that ended confirmed, and a soft landing, end with the window now running.
    anew = at_end or tiers.window == "rolling"
    until = until_of(version, state, day if anew or running >= stands else last)
    return Stand(tier, until, stands)


def _days_judged(version: Version, tiers: Tiers, ended_at: datetime) -> list[int]:
    """The days whose credit a review looks at: of the window that runs, and the last one of the
    window that ended where what it reached holds now."""
    day = local(version.zone, ended_at).day
    if tiers.reached == "at_window_end" or tiers.valid == "next_window_end":
        return [day, day - tiers.grace_days - 1]
    return [day]


def ends_now(
    changes: Changes, state: MemberState, version: Version, at: datetime, cause_id: UUID
) -> None:
    """What holds a member up was ended by hand: they stand on what they reached by themselves."""
    given = floors.holding(state)
    if given is None:
        return
    state.grants = [
        replace(one, closed_at=at) if one.grant_id == given.grant_id else one
        for one in state.grants
    ]
    left(changes, state, version, given, (at, cause_id))


def left(
    changes: Changes,
    state: MemberState,
    version: Version,
    given: TierGrant,
    why: tuple[datetime, UUID],
    *,
    lowers: bool = True,
) -> None:
    """Put a member on what is left to them without what was given by hand, ended at this time.

    Keeps: ended before its time, neither a challenge nor credit for an invitation keeps a tier.
    """
    bare = replace(given, asks=None, kind="granted")
    stand = floors.left_at(version, state, bare, why[0])
    stands = Stand(state.tier, state.tier_until, step_of(version, state.tier))
    if lowers or (stand.tier is not None and floors.better(stand, stands)):
        _settle(changes, state, version, stand, why)


def restate(
    changes: Changes,
    state: MemberState,
    stands: MemberState,
    version: Version,
    why: tuple[UUID, datetime],
) -> None:
    """Put a member on the tier that follows from all they did, now that something came late.

    Shape: `version` is the one in force since then; `why` what came late, and the instant of now.
    """
    cause_id, now = why
    state.moved_at = stands.moved_at or state.moved_at
    if (state.tier, state.tier_since, state.tier_until) == (
        stands.tier, stands.tier_since, stands.tier_until,
    ):  # fmt: skip
        return
    since = stands.tier_since or now
    counted = None
    if has_tiers(version):
        counted = credit_on(version, state, local(version.zone, since).day)
    move(changes, state, stands.tier, ("restated", cause_id, stands.tier_until, since), counted)
    state.tier_since = stands.tier_since  # who never had a tier has it since no instant
