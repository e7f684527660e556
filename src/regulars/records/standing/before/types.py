"""A count that began elsewhere."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID


class Before(NamedTuple):
    """How much a counter had of a member when they came here; of a budget the member is nobody."""

    member_id: UUID
    counter: int
    period: int
    value: int
