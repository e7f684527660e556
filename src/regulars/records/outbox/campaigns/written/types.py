"""A message that was meant for a member, and what became of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.records.outbox.campaigns.types import MessageState, Way


class Written(Struct, frozen=True):
    """One message: of which campaign, or of which step (`code`) of which journey, by which way, and
    what became of it."""

    message_id: UUID
    code: str
    name: str
    journey: str
    """Empty of a campaign."""
    channel: Way
    state: MessageState
    reason: str
    returned: str
    """`hard` or `complaint` where it came back."""
    asked_at: datetime
    """When it was meant for them."""
    settled_at: datetime | None
    read_at: datetime | None
    """When they opened it in their card."""
    place: UUID
    """Grows with time, as ids do."""


class WrittenTo(Struct, frozen=True):
    """A member whom a campaign was meant for, and what became of it."""

    member_id: UUID
    place: UUID
    """Whose message it was when it was meant for them."""
    channel: Way
    state: MessageState
    reason: str
    returned: str
    settled_at: datetime | None
