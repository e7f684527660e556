"""A month on one page as it is kept, and a letter with it to somebody of the staff."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

LetterState = Literal["waiting", "going", "sent", "refused", "bounced", "unsure", "unwanted"]
"""`going` while it is handed over. `unsure` where whoever did was stopped meanwhile: it may have
arrived, and is not sent again. `unwanted` where its reader wants or may have none any more."""


class Page(Struct, frozen=True):
    """A month as it was told in one language when it had ended; texts only."""

    month: date
    """Its first day."""
    language: str
    told: dict[str, Any]
    made_at: datetime


class MonthLetter(Struct, frozen=True):
    """A month on its way to somebody of the staff, and what became of it."""

    letter_id: UUID
    month: date
    staff_id: UUID
    language: str
    address: bytes
    """A keyed digest of where it goes; nothing before it is taken."""
    state: LetterState
    tries: int
    try_at: datetime
    """When it is tried, or was tried last."""
    reason: str = ""
