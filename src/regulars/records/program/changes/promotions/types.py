"""A promotion of a connected system."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, Literal

from msgspec import Struct

PREFIX: Final = "promotion-"
"""Rules of the program that were made as promotions are named so."""
Kind = Literal["multiply", "fixed"]


class Promotion(Struct, frozen=True):
    """What was promised, in the words it was told in, and from when until when."""

    promotion_id: str
    kind: Kind
    told: str
    """JSON, as the system that made it says it."""
    starts_on: date
    ends_on: date | None
    """Exclusive."""
    made_at: datetime
    canceled_at: datetime | None = None

    def is_live(self, today: date) -> bool:
        """Whether it gives something, or will."""
        return self.canceled_at is None and (self.ends_on is None or today < self.ends_on)
