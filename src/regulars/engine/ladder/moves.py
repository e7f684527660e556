"""Put a member on a tier, and write down why and by what credit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars.engine.state import Changes, Event, MemberState
from regulars.records.standing.types import TierMove, TierReason

Why = tuple[TierReason, UUID | None, datetime | None, datetime]
"""Of a move: its reason, its cause, the end of the tier, and when it happened."""


def place(
    changes: Changes,
    state: MemberState,
    stand: tuple[str | None, datetime, datetime | None],
    why: tuple[TierReason, UUID],
) -> None:
    """Put a member on a tier they hold by a merge, with since when and until when it is held."""
    tier, since, until = stand
    reason, cause_id = why
    move(changes, state, tier, (reason, cause_id, until, since))


def bring_over(changes: Changes, state: MemberState, tier: str, why: Why) -> None:
    """Give a member the tier they had in another system, with the end it had there."""
    move(changes, state, tier, why)


def move(
    changes: Changes,
    state: MemberState,
    tier: str | None,
    why: Why,
    counted: int | None = None,
) -> None:
    """Put a member on a tier, and say so.

    Shape: `counted` is the credit it was decided by; nothing where none was asked.
    """
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
            counted,
        )
    )
    before, state.tier, state.tier_until = state.tier, tier, until
    if reason != "kept":
        state.tier_since = occurred_at
    changes.touch(state)
    if before != tier:
        payload = {"from": before, "to": tier, "reason": reason}
        changes.events.append(Event(state.member_id, state.version, "tier.changed", payload))
