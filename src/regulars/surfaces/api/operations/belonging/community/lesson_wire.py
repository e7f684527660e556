"""Lessons on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from regulars.flows.community.learning import QuizTold
from regulars.records.community.clubs.types import Club
from regulars.records.community.lessons.types import Learned, Lesson, QuizQuestion
from regulars.surfaces.api.operations.belonging.community.wire import Name, SlugOrNone, Words
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Whom

Choice = Annotated[int, Meta(ge=0, le=7)]


class QuizQuestionSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A question, what may be chosen, and which of it is right, counted from 0."""

    asks: Words
    choices: Annotated[list[Words], Meta(min_length=2, max_length=8)]
    right: Choice


class LessonSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What a lesson is to be."""

    name: Name
    says: Words
    """What is taught: plain text."""
    questions: Annotated[list[QuizQuestionSent], Meta(min_length=1, max_length=20)]
    needed: Annotated[int, Meta(ge=1, le=20)]
    """So many right answers pass."""
    club: SlugOrNone = ""
    """For whoever is in this club."""
    state: Literal["open", "closed"] = "open"
    held: bool = False
    """Only whoever came to an event that teaches it (`lesson` of a gathering) reads and answers
    it."""


class LessonShown(Struct, frozen=True):
    """A lesson as it is, for the shop: with what is right."""

    code: str
    name: str
    says: dict[str, str]
    questions: list[QuizQuestion]
    needed: int
    club: str
    state: Literal["open", "closed"]
    tried: int
    passed: int
    version: int
    made_at: datetime
    made_by: str
    changed_at: datetime
    changed_by: str
    held: bool = False


class LessonsShown(Struct, frozen=True):
    """All of them, by name."""

    items: list[LessonShown]


class QuizAnswered(Struct, frozen=True, forbid_unknown_fields=True):
    """Who answers, and one choice for each question, counted from 0."""

    member: Whom
    answers: Annotated[list[Choice], Meta(min_length=1, max_length=20)]


class QuizDone(Struct, frozen=True):
    """How many were right; `passed_at` is since when the member has passed."""

    lesson: str
    member_id: str
    right: int
    of: int
    needed: int
    passed_at: datetime | None


def lesson_shown(one: Lesson, many: Learned | None, clubs: Mapping[UUID, Club]) -> LessonShown:
    """A lesson for the wire."""
    count = many or Learned()
    club = "" if one.club_id is None else clubs[one.club_id].code
    return LessonShown(
        one.code, one.name, dict(one.says), list(one.questions), one.needed, club, one.state,
        count.tried, count.passed, one.version, one.made_at, one.made_by, one.changed_at,
        one.changed_by, one.held,
    )  # fmt: skip


def quiz_done(told: QuizTold) -> QuizDone:
    """What became of answering."""
    who = shown("mem", told.member_id)
    return QuizDone(told.lesson, who, told.right, told.of, told.needed, told.passed_at)
