"""Tier, version and counters of a member."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from msgspec import Struct

TierReason = Literal[
    "reached",
    "kept",
    "lost",
    "returned",
    "brought_over",
    "merged",
    "unmerged",
    "restated",
    "granted",
    "matched",
    "invited",
    "terms",
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
    counted: int | None = None
    """The credit it was decided by, in the smallest units of what the ladder measures; nothing
    where no credit was asked, or nobody wrote it down."""


class Counts(NamedTuple):
    """What counts as activity in one wallet by one version of the program."""

    version: int
    wallet: int
    earning: bool
    redeeming: bool
    purchase: bool
    activity: bool
