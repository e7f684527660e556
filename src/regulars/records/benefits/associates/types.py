"""Who of the shop looks after a member, since when, and why no more."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

How = Literal["fewest", "by_hand"]
"""By the fair rule, whoever has fewest members; or somebody chose them."""
Why = Literal["", "over", "changed", "by_hand"]
"""The benefit is over; another one took over; somebody ended it. Nothing while it lasts."""


class Associate(Struct, frozen=True):
    """One stretch of time in which one person of the shop looks after one member."""

    associate_id: UUID
    """Of this stretch, not of the person."""
    member_id: UUID
    benefit: str
    staff_id: UUID
    store: str
    """The member's store as it was then; nothing where they had none."""
    how: How
    begun_at: datetime
    begun_by: str
    ended_at: datetime | None = None
    """Exclusive; to come while the grace of a benefit that is over lasts."""
    why: Why = ""

    def lasts(self, now: datetime) -> bool:
        """Whether they look after the member at this instant."""
        return self.ended_at is None or now < self.ended_at
