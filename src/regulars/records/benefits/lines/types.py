"""A word on the direct line between a member and whoever looks after them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

LineWay = Literal["inbox", "email", "sms", "push"]
"""In the card, where every word stands; and by letter, text message or as a notice besides."""
LONGEST: Final = 1600
"""Letters of one word: what one text message of several parts holds."""
LONGEST_TASK: Final = 400


class Word(Struct, frozen=True):
    """Something that was said: by whom of the shop (nobody: the member), by which way, and what
    became of it where it was sent."""

    line_id: UUID
    member_id: UUID
    staff_id: UUID | None
    way: str
    says: str
    written_at: datetime
    state: str = ""
    """Of what was sent: waiting, sent or parked; nothing where it only lies in the card."""
    reason: str = ""
    replayed: bool = False
    """Whether it was said before, under the same key."""


class Task(Struct, frozen=True):
    """Something to be done for a member by a day."""

    task_id: UUID
    member_id: UUID
    staff_id: UUID
    says: str
    due_on: date
    made_at: datetime
    done_at: datetime | None = None
