"""A member's word about a channel."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

ConsentState = Literal["given", "withdrawn"]
Place = tuple[UUID, str, datetime]


class Consent(NamedTuple):
    """A member allowed a channel or forbade it: where they said so, and when."""

    member_id: UUID
    channel: str
    state: ConsentState
    source: str
    changed_at: datetime

    @property
    def place(self) -> Place:
        """Under what it is kept: one word per member, channel and instant."""
        return self.member_id, self.channel, self.changed_at
