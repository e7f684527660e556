"""Lessons: written, and their quiz answered."""

from __future__ import annotations

from typing import Any, Final

from regulars.base.tx import Tx
from regulars.flows.community.allowed import no_lesson
from regulars.flows.community.learn import answer_quizzes, keep_lessons
from regulars.flows.community.learning import AnswerQuiz, KeepLesson
from regulars.records.access.types import Scope
from regulars.records.community.clubs import read as clubs
from regulars.records.community.lessons import read
from regulars.records.community.lessons.types import Lesson, QuizQuestion
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.belonging.community import examples
from regulars.surfaces.api.operations.belonging.community.lesson_wire import (
    LessonSent,
    LessonShown,
    LessonsShown,
    QuizAnswered,
    QuizDone,
    lesson_shown,
    quiz_done,
)
from regulars.surfaces.api.operations.belonging.community.refusals import RECORDING
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import member_of

_TAG: Final = "Community"
_READ = (Scope.MEMBERS_READ,)
_WRITE = (Scope.MEMBERS_WRITE,)


async def listed(call: Call) -> Reply:
    """Every lesson."""
    async with call.transaction as tx:
        return Reply(LessonsShown(await _shown(tx, await read.lessons(tx))))


async def one(call: Call) -> Reply:
    """One lesson."""
    async with call.transaction as tx:
        found = await read.lesson(tx, call.ids["lesson"])
        if found is None:
            raise no_lesson(call.ids["lesson"])
        (shown,) = await _shown(tx, [found])
    return Reply(shown)


async def keep(call: Call) -> Reply:
    """A lesson is written."""
    sent: LessonSent = call.sent
    questions = tuple(
        QuizQuestion(_plain(each.asks), tuple(_plain(text) for text in each.choices), each.right)
        for each in sent.questions
    )
    await call.do(keep_lessons, KeepLesson(
        call.ids["lesson"], sent.name, _plain(sent.says), questions, sent.needed, call.by,
        sent.club, sent.state, sent.held,
    ))  # fmt: skip
    return await one(call)


async def answer(call: Call) -> Reply:
    """A member answers."""
    sent: QuizAnswered = call.sent
    command = AnswerQuiz(
        member_of(sent.member), call.ids["lesson"], tuple(sent.answers), call.asked
    )
    done = await call.do(answer_quizzes, command)
    return Reply(quiz_done(done), 200, done.replayed)


def _plain(texts: dict[Any, str]) -> dict[str, str]:
    return {str(language): text for language, text in texts.items()}


async def _shown(tx: Tx, some: list[Lesson]) -> list[LessonShown]:
    many = await read.learned(tx)
    of = await clubs.by_id(tx, sorted({each.club_id for each in some if each.club_id is not None}))
    return [lesson_shown(each, many.get(each.lesson_id), of) for each in some]


def _operation(method: str, path: str, name: str, **told: Any) -> Operation:
    return Operation(method=method, path=path, name=name, tag=_TAG, **told)


OPERATIONS = (
    _operation(
        "GET", "/v1/lessons", "list_lessons",
        says="Every lesson, by name, with what is right",
        notes="For the shop: a screen for members leaves `right` out.",
        scopes=_READ,
        answers={200: LessonsShown},
        answer_example={"items": [examples.LESSON]},
        do=listed,
    ),
    _operation(
        "GET", "/v1/lessons/{lesson}", "get_lesson",
        says="One lesson, and how many passed it",
        scopes=_READ,
        answers={200: LessonShown},
        answer_example=examples.LESSON,
        codes=("not_found",),
        do=one,
    ),
    _operation(
        "PUT", "/v1/lessons/{lesson}", "keep_lesson",
        once=Once.AGAIN,
        says="Write a lesson with its quiz",
        notes="Plain text in the language of the program, and in others as you like; for each "
        "question from 2 to 8 choices, of which one is right. Whoever has passed has passed, "
        "whatever it asks from then on. With `held` it is taught at events that name it "
        "(`lesson` of a gathering), which have seats and a waiting list, and read and answered by "
        "whoever came.",
        scopes=_WRITE,
        sent=LessonSent,
        answers={200: LessonShown},
        example=examples.LESSON_SENT,
        answer_example=examples.LESSON,
        codes=("not_found",),
        do=keep,
    ),
    _operation(
        "POST", "/v1/lessons/{lesson}/answers", "answer_quiz",
        says="A member answers the quiz of a lesson",
        notes="Passed once, by `needed` right answers: an activity of the kind `lesson-passed` "
        "with the detail `lesson`, for which rules may give something. How many were right is "
        "told, which ones is not; after a try that failed the next one comes ten minutes later.",
        scopes=_WRITE,
        sent=QuizAnswered,
        answers={200: QuizDone},
        example={"member": {"card": "4711"}, "answers": [0]},
        answer_example=examples.QUIZ,
        codes=(
            "unknown_member", "not_found", "member_erased", "member_blocked", "lesson_closed",
            "lesson_again_later", "club_only", "came_only", *RECORDING,
        ),
        do=answer,
    ),
)  # fmt: skip
