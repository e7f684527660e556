"""Where an entry was booked."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID


class Placed(NamedTuple):
    """What was brought about at a store: the member, and cause and kind of the entry."""

    member_id: UUID
    cause_id: UUID
    kind: str
    store: str
