"""What may be said of lessons, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.access.staff.types import By
from regulars.records.community.lessons.types import Lesson, QuizQuestion
from regulars.records.members.types import Asked, MemberRef


class KeepLesson(Struct, frozen=True):
    """A lesson is to be this from now on."""

    code: str
    name: str
    says: Mapping[str, str]
    questions: tuple[QuizQuestion, ...]
    needed: int
    by: By
    club: str = ""
    state: Literal["open", "closed"] = "open"
    held: bool = False
    """Only whoever came to an event that teaches it reads it and answers its quiz."""


class AnswerQuiz(Struct, frozen=True, omit_defaults=True):
    """A member answers the quiz of a lesson: one choice for each question, counted from 0."""

    member: MemberRef
    lesson: str
    answers: tuple[int, ...]
    asked: Asked = Asked()


class QuizTold(Struct, frozen=True, omit_defaults=True):
    """How many were right, and since when the member has passed."""

    member_id: UUID
    lesson_id: UUID
    lesson: str
    right: int
    of: int
    needed: int
    passed_at: datetime | None = None
    replayed: bool = False


KeepLessonOutcome = Lesson | Fault
AnswerOutcome = QuizTold | Refused | Fault
