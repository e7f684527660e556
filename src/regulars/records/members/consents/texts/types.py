"""A text message that came in, and what it asks for."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

Word = Literal["stop", "start", "help", "other"]
"""Write to me no more; write to me again; who are you; anything else."""
LONGEST_TEXT = 1600
"""As long as text messages are, put together."""


class Text(NamedTuple):
    """One message as it is kept. Keeps: what it says only where a member wrote no word of these."""

    text_id: UUID
    phone: bytes
    """A keyed digest of the number it came from."""
    member_id: UUID | None
    word: Word
    says: str
    answered: bool
    heard_at: datetime
