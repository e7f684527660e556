"""Somebody writes a lesson; members answer its quiz, and pass it once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, Refused
from regulars.base.tx import Tx
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.named import find_named
from regulars.flows.commands import RecordActivity
from regulars.flows.community.allowed import (
    barred,
    forbidden,
    no_club,
    no_lesson,
    own_language,
    wrong,
)
from regulars.flows.community.learning import (
    AnswerOutcome,
    AnswerQuiz,
    KeepLesson,
    KeepLessonOutcome,
    QuizTold,
)
from regulars.flows.recording.record_activities import record_activities
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.write import Done, acted
from regulars.records.activity.types import Body
from regulars.records.community.clubs import read as clubs
from regulars.records.community.clubs.rules import is_in
from regulars.records.community.clubs.types import Place
from regulars.records.community.clubs.write import hold
from regulars.records.community.lessons import read, write
from regulars.records.community.lessons.rules import MOST, ill_answered, ill_asked, right_of
from regulars.records.community.lessons.types import AGAIN_AFTER, Lesson, Try
from regulars.records.community.texts import ill_named, ill_told
from regulars.records.members.types import MemberRef
from regulars.records.once.write import keep

KIND: Final = "lesson-passed"
"""What rules call it."""
SOURCE: Final = "regulars-community"
_KEPT: Final = ("name", "says", "questions", "needed", "state", "held")


async def keep_lessons(
    tx: Tx, terms: Terms, batch: Sequence[KeepLesson]
) -> list[KeepLessonOutcome]:
    """Each of these is what its lesson is from now on; the same said again changes nothing.

    Keeps: whoever passed has passed, whatever it asks from now on.
    Faults, each for its own item: `invalid` at a field, `forbidden`, `not_found` at the club.
    """
    await hold(tx)
    return [await _kept(tx, terms, command) for command in batch]


async def answer_quizzes(tx: Tx, terms: Terms, batch: Sequence[AnswerQuiz]) -> list[AnswerOutcome]:
    """Each of these members answers, and passes once; whoever passed is told so again.

    Order: members are locked first, so that of two at once the second finds the first.
    Keeps: which answer was wrong is told to nobody; after a try that failed the next one waits.
    Refuses: `lesson_closed`, `lesson_again_later`, `club_only`, `came_only`,
    `member_erased`, `member_blocked`.
    Faults: unknown member, `not_found`, `invalid` at an answer, what recording says.
    """
    asked = askings("answer_quiz", batch, lambda _: None)
    await sort_out(tx, asked, QuizTold)
    fresh = [item for item in asked if item.open]
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    states = await hold_members(tx, terms, found.values()) if found else {}
    whose = sorted({one.member_id for one in states.values()})
    lessons = {one.code: one for one in await read.lessons(tx)} if found else {}
    before = await read.tries(tx, whose)
    places = await clubs.places(tx, whose)
    came = await read.came_to(tx, whose) if any(one.held for one in lessons.values()) else set()
    done: list[tuple[Asking[AnswerQuiz], Lesson, Try]] = []
    for item in [item for item in fresh if item.open]:
        state = states[found[item.place]]
        one = lessons.get(item.command.lesson)
        outcome = no_lesson(item.command.lesson) if one is None else _one(
            tx, item.command, (one, state, places.get(state.member_id, [])), (before, came)
        )  # fmt: skip
        if isinstance(outcome, Try) and one is not None:
            before[state.member_id, one.lesson_id] = outcome
            done.append((item, one, outcome))
        else:
            item.outcome = outcome
    await _record(tx, terms, done)
    rows = []
    for item, one, tried in done:
        if item.open:
            await tx.write(write.tried(tx, [tried]))
            item.outcome = _told(one, tried, right_of(one.questions, item.command.answers))
            rows += kept(item, tried.member_id, one.lesson_id)
    await tx.write(keep(tx, rows))
    return settle_followers(asked)


def happened(one: Lesson, tried: Try) -> RecordActivity:
    """What rules see: that somebody passed this lesson."""
    return RecordActivity(
        kind=KIND,
        member=MemberRef(id=tried.member_id),
        source=SOURCE,
        external_id=f"{one.lesson_id.hex}-{(tried.of_id or tried.member_id).hex}",
        channel="community",
        body=Body(details={"lesson": one.code}),
    )


async def _record(
    tx: Tx, terms: Terms, done: Sequence[tuple[Asking[AnswerQuiz], Lesson, Try]]
) -> None:
    """That somebody passed is recorded first; whose recording is refused has not."""
    passed = [one for one in done if one[2].passed_at == tx.now]
    told = await record_activities(tx, terms, [happened(one, tried) for _, one, tried in passed])
    for (item, _, _), booked in zip(passed, told, strict=True):
        if isinstance(booked, Fault | Refused):
            item.outcome = booked


def _one(
    tx: Tx,
    command: AnswerQuiz,
    who: tuple[Lesson, MemberState, Sequence[Place]],
    known: tuple[dict[tuple[UUID, UUID], Try], set[tuple[UUID, str]]],
) -> Any:
    (one, state, places), (before, came) = who, known
    there = before.get((state.member_id, one.lesson_id))
    if there is not None and there.passed_at is not None:
        return _told(one, there, there.best)
    no = barred(state) or _closed(tx, one, places, there)
    if no is None and one.held and (state.member_id, one.code) not in came:
        says = "This is for who came to an event at which it is taught"
        no = Refused("came_only", says, {"lesson": one.code})
    fault = no or wrong(ill_answered(one.questions, command.answers))
    if fault is not None:
        return fault
    right = right_of(one.questions, command.answers)
    passed = tx.now if right >= one.needed else None
    if there is None:
        return Try(state.member_id, one.lesson_id, 1, tx.now, right, passed)
    best = max(there.best, right)
    return replace(there, tries=there.tries + 1, last_at=tx.now, best=best, passed_at=passed)


def _closed(tx: Tx, one: Lesson, places: Sequence[Place], there: Try | None) -> Refused | None:
    told = {"lesson": one.code}
    if one.state == "closed":
        return Refused("lesson_closed", "Nobody is asked this any more", told)
    if one.club_id is not None and not is_in(places, one.club_id):
        return Refused("club_only", "This is for who is in its club", told)
    if there is not None and tx.now < there.last_at + AGAIN_AFTER:
        again = (there.last_at + AGAIN_AFTER).isoformat()
        says = "Read it once more; the next try comes in a while"
        return Refused("lesson_again_later", says, {**told, "again_at": again})
    return None


def _told(one: Lesson, tried: Try, right: int) -> QuizTold:
    return QuizTold(
        tried.member_id, one.lesson_id, one.code, right, len(one.questions), one.needed,
        tried.passed_at,
    )  # fmt: skip


async def _kept(tx: Tx, terms: Terms, command: KeepLesson) -> KeepLessonOutcome:
    no = await forbidden(tx, command.by, Permission.MESSAGES_WRITE)
    club = await clubs.club(tx, command.club) if command.club else None
    if no is not None or (command.club and club is None):
        return no or no_club(command.club)
    own = own_language(tx, terms)
    fault = wrong(
        ill_named(command.code, command.name)
        or ill_told(command.says, "/says", own)
        or ill_asked(command.questions, command.needed, own)
    )
    there = await read.lesson(tx, command.code)
    if fault is None and there is None and len(await read.lessons(tx)) >= MOST:
        fault = Invalid(f"There are {MOST} lessons already", field="/code")
    if fault is not None:
        return fault
    told: dict[str, Any] = {name: getattr(command, name) for name in _KEPT}
    told |= {"name": command.name.strip(), "club_id": None if club is None else club.club_id}
    who = command.by.actor
    if there is not None and all(getattr(there, name) == value for name, value in told.items()):
        return there
    now = replace(
        there, version=there.version + 1, changed_at=tx.now, changed_by=who, **told
    ) if there is not None else Lesson(
        lesson_id=tx.new_id(), code=command.code, version=1, made_at=tx.now, made_by=who,
        changed_at=tx.now, changed_by=who, **told,
    )  # fmt: skip
    after = {"name": now.name, "version": str(now.version)}
    did = "lesson.closed" if now.state == "closed" else "lesson.written"
    done = Done(command.by, did, "lesson", now.code, before={}, after=after)
    await tx.write([*write.keep(tx, now), *acted(tx, [done])])
    return now
