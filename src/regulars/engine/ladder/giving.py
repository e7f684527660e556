"""A tier is given by hand, matched with another shop's, or offered by an invitation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Refused
from regulars.engine.calendar import day_starts_at, local
from regulars.engine.deciding import tiering
from regulars.engine.ladder import floors
from regulars.engine.ladder.credit import credit_on, has_tiers, step_of, tiers_of
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.records.members.types import blocked_refused, erased_refused
from regulars.records.standing.grants.types import GrantTurn, TierGrant

Refusal = Literal[
    "member_erased", "member_blocked", "no_such_tier", "not_by_invitation", "has_tier",
    "invited_already", "invitation_over", "not_invited",
]  # fmt: skip
"""Every way a tier given by hand can be refused, in the order it is checked."""


def ladder_of(version: Version, tier: str) -> str:
    """The further ladder that a tier is a step of; not said where it is on none of them."""
    found = (name for name, view in version.further.items() if tier in view.compiled.tiers)
    return next(found, "")


def refusal(
    version: Version, state: MemberState, tier: str, kind: str, now: datetime
) -> Refused | None:
    """Why this tier cannot be given to this member, or nothing.

    Assumes: a tier whose time is over by now was reviewed.
    """
    return next(_refusals(version, state, tier, kind, now), None)


def _refusals(
    version: Version, state: MemberState, tier: str, kind: str, now: datetime
) -> Iterator[Refused]:
    if state.state == "erased":
        yield erased_refused()
    if state.state == "blocked":
        yield blocked_refused()
    ladder = version.compiled.tiers
    if tier not in ladder:
        yield Refused("no_such_tier", f"there is no tier {tier} on this ladder", {"tiers": ladder})
        return
    if kind != "invited":
        return
    step = ladder.index(tier)
    if version.compiled.tier_by[step]:
        says = f"{tier} is reached by credit and needs no invitation; give it by hand instead"
        yield Refused("not_by_invitation", says)
    if step_of(version, state.tier) > step:
        yield Refused("has_tier", f"this member stands on {state.tier} already")
    if any(one.tier == tier and one.waits(now) for one in state.grants):
        yield Refused("invited_already", "an invitation to this tier waits for them already")


def begin(
    changes: Changes,
    state: MemberState,
    version: Version,
    given: TierGrant,
    at: datetime,
    had: int | None = None,
) -> TierGrant:
    """From now on what was given holds the member up; as it stands then.

    Shape: `had` is the credit they had then, where that was kept and is not worked out.
    Assumes: a tier whose time is over by then was reviewed.
    """
    stood = (None, None) if floors.holding(state) else (state.tier, state.tier_until)
    begun = replace(
        given,
        begun_at=at,
        was_tier=stood[0],
        was_until=stood[1],
        had=floors.had_on(version, state, at, at) if had is None else had,
    )
    state.grants = [*(g for g in state.grants if g.grant_id != given.grant_id), begun]
    floor = floors.Stand(begun.tier, begun.until_at, step_of(version, begun.tier))
    stands = floors.Stand(state.tier, state.tier_until, step_of(version, state.tier))
    if state.tier is None or floors.better(floor, stands):
        why: tiering.Why = (begun.kind, begun.grant_id, begun.until_at, at)
        counted = None
        if has_tiers(version):
            counted = credit_on(version, state, local(version.zone, at).day)
        tiering.move(changes, state, begun.tier, why, counted)
    return begun


def end(
    changes: Changes, state: MemberState, version: Version, grant_id: UUID, at: datetime
) -> None:
    """What was given by hand is over: the member stands on what they reached by themselves."""
    held = floors.holding(state)
    if held is not None and held.grant_id == grant_id:
        tiering.ends_now(changes, state, version, at, grant_id)
    state.grants = [
        replace(one, closed_at=at) if one.grant_id == grant_id else one for one in state.grants
    ]


def answer_by(version: Version, now: datetime) -> datetime:
    """Until when an invitation made now can be accepted: whole days of the program's zone."""
    days = tiers_of(version).accept_within_days
    return day_starts_at(version.zone, local(version.zone, now).day + days + 1)


def ends_after(version: Version, now: datetime, days: int) -> datetime:
    """When something that lasts so many days from now is over: the end of the last of them."""
    return day_starts_at(version.zone, local(version.zone, now).day + days + 1)


def tell(changes: Changes, state: MemberState, given: TierGrant, what: str) -> None:
    """Tell the world what became of something given by hand."""
    changes.touch(state)
    payload = {"grant_id": given.grant_id, "tier": given.tier, "kind": given.kind}
    changes.events.append(Event(state.member_id, state.version, what, payload))


def turn_of(
    changes: Changes,
    given: TierGrant,
    what: Literal["begun", "declined", "withdrawn", "ended"],
    said: tuple[datetime, str, str],
) -> GrantTurn:
    """What became of a grant, as it is kept; `said` is when, by whom and why."""
    at, actor, reason = said
    begun = what == "begun"
    return GrantTurn(
        turn_id=changes.new_id(),
        grant_id=given.grant_id,
        member_id=given.member_id,
        what=what,
        at=at,
        actor=actor,
        reason=reason,
        until_at=given.until_at if begun else None,
        was_tier=given.was_tier if begun else None,
        was_until=given.was_until if begun else None,
        had=given.had if begun else 0,
    )
