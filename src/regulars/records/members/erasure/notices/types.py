"""What is known of members who will be erased, and of the nights that were gone through."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple


class Waiting(NamedTuple):
    """How many know that they will be erased, and when the first of them is."""

    many: int
    first_at: datetime | None


class Night(NamedTuple):
    """What a night came to: told, erased, and left alone since they were heard of."""

    day: date
    noticed: int
    erased: int
    stayed: int
