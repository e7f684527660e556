"""Lessons on the card: read, answered, passed once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Fault, NotFound
from regulars.base.tx import Tx
from regulars.flows.community.learn import answer_quizzes
from regulars.flows.community.learning import AnswerQuiz
from regulars.records.community.clubs import read as clubs
from regulars.records.community.clubs.rules import is_in
from regulars.records.community.clubs.types import Place
from regulars.records.community.gatherings.types import Gathering
from regulars.records.community.lessons import read
from regulars.records.community.lessons.types import AGAIN_AFTER, Lesson, Try
from regulars.records.community.texts import words_in
from regulars.records.members.types import MemberRef
from regulars.surfaces.api.answers import No
from regulars.surfaces.card.desk import Desk, Sender, moved
from regulars.surfaces.card.forms import Form
from regulars.surfaces.card.inside import Asked, Visit
from regulars.surfaces.in_words.refusals import told_to

LESSON: Final = "/card/me/lessons/{lesson:str}"


def lesson_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The page of a lesson, and its quiz."""
    return [
        desk.shows(LESSON, "community/lesson.html", look_at_lesson),
        desk.acts(LESSON, answer),
    ]


async def open_lessons(tx: Tx, visit: Visit, places: Sequence[Place]) -> list[dict[str, Any]]:
    """Every lesson this member may read, by name; those that are closed only once passed."""
    id_ = visit.member.id
    done, came = await read.tries(tx, [id_]), await read.came_to(tx, [id_])
    return [
        {"name": one.name, "to": LESSON.replace("{lesson:str}", one.code), "passed": _passed(there)}
        for one in await read.lessons(tx)
        for there in [done.get((id_, one.lesson_id))]
        if _may_read(one, there, places, (id_, one.code) in came)
    ]


async def taught(tx: Tx, visit: Visit, there: Gathering) -> dict[str, Any] | None:
    """The lesson that was taught at an event this member came to; nothing where they may not read
    it."""
    id_ = visit.member.id
    places = (await clubs.places(tx, [id_])).get(id_, [])
    to = LESSON.replace("{lesson:str}", there.lesson)
    return next((one for one in await open_lessons(tx, visit, places) if one["to"] == to), None)


async def look_at_lesson(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
    """What is taught, and what is asked; which choice is right leaves the house for nobody.

    Faults: NotFound.
    """
    one = await read.lesson(tx, str(request.path_params["lesson"]))
    id_ = visit.member.id
    places = (await clubs.places(tx, [id_])).get(id_, [])
    there = None if one is None else (await read.tries(tx, [id_])).get((id_, one.lesson_id))
    came = await read.came_to(tx, [id_])
    if one is None or not _may_read(one, there, places, (id_, one.code) in came):
        raise NotFound("there is no such lesson")
    language, own = visit.reader.language, visit.version.program.locale[:2]
    again_at = None if there is None else there.last_at + AGAIN_AFTER
    return {
        "name": one.name,
        "here": LESSON.replace("{lesson:str}", one.code),
        "says": words_in(one.says, language, own),
        "questions": [
            (words_in(each.asks, language, own),
             [words_in(choice, language, own) for choice in each.choices])
            for each in one.questions
        ],
        "needed": one.needed,
        "passed": _passed(there),
        "best": 0 if there is None else there.best,
        "tried": there is not None,
        "again_at": again_at if again_at is not None and again_at > tx.now else None,
        "asks": one.state == "open",
        "wrong": "",
    }  # fmt: skip


async def answer(sender: Sender, form: Form) -> Response[Any]:
    """The member answers."""
    code = str(sender.request.path_params["lesson"])
    chosen = tuple(_chosen(form, at) for at in range(len(_answered(form))))
    command = AnswerQuiz(MemberRef(id=sender.member_id), code, chosen, sender.by("quiz"))
    try:
        await sender.do(answer_quizzes, command)
    except No as no:
        return await _slip(sender, told_to(sender.visit.reader, no.refused))
    except Fault as fault:
        if isinstance(fault, NotFound):
            raise
        return await _slip(sender, sender.visit.reader.say("Answer every question"))
    return moved(f"{LESSON.replace('{lesson:str}', code)}?done=yes#done")


def _answered(form: Form) -> list[str]:
    return sorted(name for name in form if name.startswith("answer-"))


def _chosen(form: Form, at: int) -> int:
    typed = form[f"answer-{at}"]
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 1 else -1


async def _slip(sender: Sender, wrong: str) -> Response[Any]:
    try:
        template = "community/lesson.html"
        return await sender.show(look_at_lesson, template, status=422, wrong=wrong)
    except Fault:
        return moved("/card/me/community")


def _passed(there: Try | None) -> datetime | None:
    return None if there is None else there.passed_at


def _may_read(one: Lesson, there: Try | None, places: Sequence[Place], came: bool) -> bool:
    if _passed(there) is not None:
        return True
    inside = one.club_id is None or is_in(places, one.club_id)
    return one.state == "open" and inside and (came or not one.held)
