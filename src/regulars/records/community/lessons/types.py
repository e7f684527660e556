"""A lesson with its quiz, and how somebody does in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

AGAIN_AFTER: Final = timedelta(minutes=10)
"""So long after a try that failed the next one may come: reading again is quicker than guessing."""


class QuizQuestion(Struct, frozen=True, forbid_unknown_fields=True):
    """A question and what may be chosen, in each language; `right` counts from 0."""

    asks: Mapping[str, str]
    choices: tuple[Mapping[str, str], ...]
    right: int


class Lesson(Struct, frozen=True):
    """A lesson as it is; of a club, for whoever is in it."""

    lesson_id: UUID
    code: str
    name: str
    says: Mapping[str, str]
    questions: tuple[QuizQuestion, ...]
    needed: int
    club_id: UUID | None
    state: Literal["open", "closed"]
    version: int
    made_at: datetime
    made_by: str
    changed_at: datetime
    changed_by: str
    held: bool = False
    """Only whoever came to an event that teaches it reads it and answers its quiz."""


class Try(Struct, frozen=True):
    """How often somebody tried, their best, and since when they have passed."""

    member_id: UUID
    """As whom they stand now."""
    lesson_id: UUID
    tries: int
    last_at: datetime
    best: int
    passed_at: datetime | None = None
    of_id: UUID | None = None
    """Under which id, where that was another."""


class Learned(Struct, frozen=True):
    """How many tried a lesson, and how many passed."""

    tried: int = 0
    passed: int = 0
