"""How far everybody is looked through for whom a reward may be taken by itself."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class Walk(NamedTuple):
    """The walk through everybody's balances for a version: the last who was looked at, and when it
    was done."""

    last_id: UUID | None = None
    done_at: datetime | None = None
