"""Tier, version and counters of a member."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

TierReason = Literal[
    "reached", "kept", "lost", "returned", "brought_over", "merged", "unmerged", "restated"
]


class TierMove(Struct, frozen=True):
    """A member's tier changed or was confirmed, and why."""

    move_id: UUID
    member_id: UUID
    from_tier: str | None
    to_tier: str | None
    reason: TierReason
    cause_id: UUID | None
    until_at: datetime | None
    occurred_at: datetime
