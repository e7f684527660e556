"""How far a night's work is, as values."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class Walk(NamedTuple):
    """The walk through everybody who had points in a wallet when a promise about those who do
    nothing began: which promise it is (since when, how many days of notice), how far, done when."""

    since: datetime
    days: int
    last_id: UUID | None = None
    done_at: datetime | None = None
