"""By which event something is told, and how it stands by that."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

Stands = Literal["", "open", "shut", "owed"]
"""How an order stands that may be closed and paid again: it is paid, and something is left of it;
it is not; it was cancelled while a part of it was owed, so that it may never have been a sale.
Empty of everything else."""


class Telling(NamedTuple):
    """By which event something is told."""

    arrival_id: UUID
    is_retold: bool
    """Whether it tells how something is by now."""
    stands: Stands = ""
    at: datetime | None = None
    """Since when it is so."""
