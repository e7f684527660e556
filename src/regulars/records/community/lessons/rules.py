"""Whether a lesson is well written, and how many answers are right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from regulars.records.community.lessons.types import QuizQuestion
from regulars.records.community.texts import Wrong, ill_told

MOST: Final = 500
MOST_QUESTIONS: Final = 20
MOST_CHOICES: Final = 8


def ill_asked(questions: Sequence[QuizQuestion], needed: int, own: str) -> Wrong | None:
    """What is wrong with the questions of a lesson, at its place; nothing where they are well."""
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        return Wrong("/questions", f"A lesson asks from 1 to {MOST_QUESTIONS} questions")
    if not 1 <= needed <= len(questions):
        return Wrong("/needed", "At least one right answer, and no more than there are questions")
    for at, one in enumerate(questions):
        place = f"/questions/{at}"
        wrong = ill_told(one.asks, f"{place}/asks", own)
        if wrong is None and not 2 <= len(one.choices) <= MOST_CHOICES:
            wrong = Wrong(f"{place}/choices", f"From 2 to {MOST_CHOICES} choices")
        if wrong is None and not 0 <= one.right < len(one.choices):
            wrong = Wrong(f"{place}/right", "One of the choices is right, counted from 0")
        for number, choice in enumerate(one.choices):
            wrong = wrong or ill_told(choice, f"{place}/choices/{number}", own)
        if wrong is not None:
            return wrong
    return None


def ill_answered(questions: Sequence[QuizQuestion], answers: Sequence[int]) -> Wrong | None:
    """What is wrong with what was chosen: one choice for each question."""
    if len(answers) != len(questions):
        return Wrong("/answers", f"One answer for each of {len(questions)} questions")
    for at, (one, chosen) in enumerate(zip(questions, answers, strict=True)):
        if not 0 <= chosen < len(one.choices):
            return Wrong(f"/answers/{at}", "There is no such choice")
    return None


def right_of(questions: Sequence[QuizQuestion], answers: Sequence[int]) -> int:
    """How many are right.

    Example: of right choices 0, 1, 1 the answers 0, 0, 1 are two.
    """
    return sum(one.right == chosen for one, chosen in zip(questions, answers, strict=True))
