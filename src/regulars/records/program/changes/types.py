"""A draft, and a member's word about a version."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

Word = Literal["told", "accepted", "declined"]


class Draft(Struct, frozen=True):
    """A program file somebody works on, as it was written; it may be wrong."""

    name: str
    revision: int
    """How often it was written; whoever writes next names the one they read."""
    based_on: int
    """The version in force when it was begun, also where a newer one was to begin later; 0 before
    the first began."""
    source: str
    author: str
    created_at: datetime
    changed_by: str
    changed_at: datetime
    before: str | None = None
    """What it said until it was written last; nothing where it was written once."""


class TermsWord(Struct, frozen=True):
    """A member was told of a version, accepted it, or declined it: when, and by which way."""

    word_id: UUID
    member_id: UUID
    version: int
    word: Word
    channel: str
    said_at: datetime
    actor: str
    recorded_at: datetime
