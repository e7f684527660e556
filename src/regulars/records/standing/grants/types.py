"""A tier that somebody gave by hand, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

GrantKind = Literal["granted", "matched", "invited"]
TurnKind = Literal["begun", "declined", "withdrawn", "ended"]


class TierGrant(Struct, frozen=True):
    """A member holds a tier whatever their credit, because somebody gave it to them.

    An invitation is one that waits for its member; it counts from when they accept.
    """

    grant_id: UUID
    member_id: UUID
    kind: GrantKind
    tier: str
    reason: str
    actor: str
    given_at: datetime
    asks: int | None = None
    """So much credit keeps it when its time is over; else the member's own credit decides."""
    proof: str = ""
    """What was shown of the status elsewhere."""
    answer_by: datetime | None = None
    """Until when an invitation can be accepted; exclusive."""
    begun_at: datetime | None = None
    until_at: datetime | None = None
    """Exclusive; nothing when it never ends by itself."""
    was_tier: str | None = None
    """The tier they stood on by themselves before, which goes on behind it."""
    was_until: datetime | None = None
    had: int = 0
    """The credit they had when it began, of the windows that were running."""
    closed_at: datetime | None = None
    """When somebody declined, withdrew or ended it."""
    closed_as: str | None = None
    ladder: str = ""
    """The further ladder its tier was on when it was given; not said for the tiers."""

    def holds(self, at: datetime) -> bool:
        """Whether it is in force at an instant."""
        if self.begun_at is None or self.begun_at > at:
            return False
        if self.closed_at is not None and self.closed_at <= at:
            return False
        return self.until_at is None or at < self.until_at

    def waits(self, now: datetime) -> bool:
        """Whether it is an invitation that can still be accepted."""
        answered = self.begun_at is not None or self.closed_at is not None
        return not answered and self.answer_by is not None and now < self.answer_by


class GrantTurn(Struct, frozen=True):
    """What became of a grant: it began, was declined, withdrawn, or ended before its time."""

    turn_id: UUID
    grant_id: UUID
    member_id: UUID
    what: TurnKind
    at: datetime
    actor: str
    reason: str = ""
    until_at: datetime | None = None
    was_tier: str | None = None
    was_until: datetime | None = None
    had: int = 0
