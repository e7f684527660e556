"""A message in a member's inbox."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

MessageKind = Literal["expiry_notice", "idle_notice", "tier_notice", "ladder_notice"]
"""Points lapse at their own end, or because their member did nothing for long; or a tier, or a step
of a further ladder, will be lost: then `points` is the credit that is missing to keep it, of no
wallet (0)."""


class Message(Struct, frozen=True):
    """Something a member is to be told; `delivered_at` is when it was first shown to them."""

    message_id: UUID
    member_id: UUID
    kind: MessageKind
    wallet: int
    points: int
    lapses_at: datetime
    """When the points were going to lapse as the message was written."""
    recorded_at: datetime
    delivered_at: datetime | None = None
    delivered_by: str = ""
    about: str = ""
    """The further ladder it is about."""


class Notice(Struct, frozen=True):
    """A new notice of expiry: the points of some lots that lapse at one instant, and why."""

    message_id: UUID
    member_id: UUID
    wallet: int
    points: int
    lapses_at: datetime
    lots: tuple[UUID, ...]
    kind: MessageKind = "expiry_notice"
    about: str = ""
