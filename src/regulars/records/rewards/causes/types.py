"""What was given to a cause."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Given(Struct, frozen=True):
    """What members had given to one cause in their place."""

    cause: str
    currency: str
    """In which it was promised; empty for the program's."""
    amount_minor: int
    times: int
    members: int
    first_at: datetime
    last_at: datetime
