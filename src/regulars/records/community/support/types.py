"""A service case, and what was noted of it."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

CaseState = Literal["open", "closed", "forgotten"]
CaseOutcome = Literal["solved", "answered", "unsolved", "withdrawn"]
Priority = Literal["high", "raised", "normal"]
PRIORITIES: Final[tuple[Priority, ...]] = ("high", "raised", "normal")
"""The first is kept as 1."""
HOURS: Final[tuple[int, ...]] = (4, 24, 48)
"""Within so many hours each of them should be answered."""
LONGEST_SUBJECT: Final = 120
LONGEST_NOTE: Final = 4_000
MOST_NOTES: Final = 200


class SupportCase(Struct, frozen=True):
    """A trouble of a member: since when, how urgent, and how it ended."""

    case_id: UUID
    member_id: UUID
    """As whom they stand now."""
    subject: str
    reason: str
    """What it is about, as a code: `delivery`."""
    store: str
    priority: int
    tier: str
    state: CaseState
    outcome: CaseOutcome | Literal[""]
    opened_at: datetime
    opened_by: str
    due_at: datetime
    closed_at: datetime | None = None
    closed_by: str = ""
    booked: bool = False
    """That it was closed is an activity, which rules see."""


class CaseNote(Struct, frozen=True):
    """What was said or done meanwhile."""

    case_id: UUID
    note_id: UUID
    says: str
    made_at: datetime
    made_by: str
