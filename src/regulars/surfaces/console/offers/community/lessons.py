"""Lessons: a list, and one with its quiz as it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from litestar import Response
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.flows.community.learn import keep_lessons
from regulars.flows.community.learning import KeepLesson
from regulars.records.access.staff.permissions import Permission
from regulars.records.community.clubs import read as clubs
from regulars.records.community.gatherings import read as gatherings
from regulars.records.community.lessons import read
from regulars.records.community.lessons.types import Learned, Lesson, QuizQuestion
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.offers.community.typed import clubs_of, texts_of
from regulars.surfaces.console.offers.community.words import HELD, NO_CLUB
from regulars.surfaces.console.terms.campaigns.tongues import own_tongue, tongues

PAGE: Final = "/console/lessons"
MOST_TAUGHT: Final = 20


async def listed(
    here: Here, form: Form | None = None, wrong: dict[str, str] | None = None
) -> Response[str]:
    """Every lesson with how many passed it, and a form to write one."""
    async with here.transaction as tx:
        found = await read.lessons(tx)
        many = await read.learned(tx)
    return here.page(
        "offers/community/lessons.html",
        status=422 if wrong else 200,
        items=[(one, many.get(one.lesson_id, Learned())) for one in found],
        **await _plan(here, form or Form({})),
        wrong=wrong or {},
    )


async def begin(here: Here, form: Form) -> Response[Any]:
    """A lesson is written."""
    code = form.get("code").strip()
    async with here.transaction as tx:
        there = await read.lesson(tx, code)
    if there is not None:
        no = Invalid("There is a lesson of this code already; choose another", field="/code")
        return await listed(here, form, {"code": here.told(no)})
    kept = await _kept(here, _meant(here, code, form, None))
    if isinstance(kept, Fault):
        return await listed(here, form, _slip(here, kept))
    return redirect(f"{PAGE}/{kept.code}")


async def lesson(
    here: Here, code: str, form: Form | None = None, wrong: dict[str, str] | None = None
) -> Response[str]:
    """One lesson, as its form shows it."""
    async with here.transaction as tx:
        one = await _there(tx, code)
        many = (await read.learned(tx)).get(one.lesson_id, Learned())
        of = await clubs.by_id(tx, [one.club_id]) if one.club_id else {}
        taught = await gatherings.teaching(tx, code, MOST_TAUGHT)
    club = of[one.club_id].code if one.club_id else ""
    return here.page(
        "offers/community/lesson.html",
        status=422 if wrong else 200,
        one=one,
        many=many,
        taught=taught,
        **await _plan(here, form or _typed(here, one, club), club),
        wrong=wrong or {},
    )


async def change(here: Here, form: Form) -> Response[Any]:
    """A lesson is changed, closed, or opened again."""
    code = str(form.path["lesson"])
    async with here.transaction as tx:
        one = await _there(tx, code)
        of = await clubs.by_id(tx, [one.club_id]) if one.club_id else {}
    if form.get("does") in ("close", "open"):
        club = of[one.club_id].code if one.club_id else ""
        state: Any = "closed" if form.get("does") == "close" else "open"
        wish = KeepLesson(code, one.name, one.says, one.questions, one.needed, here.by, club, state,
                          one.held)  # fmt: skip
    else:
        wish = _meant(here, code, form, one)
    kept = await _kept(here, wish)
    if isinstance(kept, Fault):
        return await lesson(here, code, form, _slip(here, kept))
    return redirect(f"{PAGE}/{code}")


def questions_of(text: str, language: str) -> tuple[QuizQuestion, ...]:
    """Questions as they are typed: a line that asks, then a line for each choice, with a star
    before the right one and a hyphen before the others; an empty line between questions.

    Example: `How much?`, `* 60 g`, `- 20 g` is one question, whose first choice is right.
    """
    found = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        if not lines:
            continue
        choices = [line[1:].strip() for line in lines if line[0] in "*-"]
        asks = " ".join(line for line in lines if line[0] not in "*-")
        stars = [at for at, line in enumerate(one for one in lines if one[0] in "*-")
                 if line[0] == "*"]  # fmt: skip
        right = stars[0] if len(stars) == 1 else -1
        texts = tuple({language: one} for one in choices)
        found.append(QuizQuestion({language: asks}, texts, right))
    return tuple(found)


def typed_questions(questions: Sequence[QuizQuestion], language: str) -> str:
    """The same the other way round."""
    return "\n\n".join(
        "\n".join([
            one.asks.get(language, ""),
            *(f"{'*' if at == one.right else '-'} {choice.get(language, '')}"
              for at, choice in enumerate(one.choices)),
        ])
        for one in questions
    )  # fmt: skip


async def _plan(here: Here, form: Form, club: str = "") -> dict[str, Any]:
    return {
        "form": form,
        "own": own_tongue(here),
        "written_in": tongues(here),
        "held_words": [(name, here.reader.say(says)) for name, says in HELD.items()],
        "clubs": [("", here.reader.say(NO_CLUB)), *await clubs_of(here, club)],
    }


def _typed(here: Here, one: Lesson, club: str) -> Form:
    fields = {"name": (one.name,), "needed": (str(one.needed),), "club": (club,),
              "held": ("held" if one.held else "",),
              "questions": (typed_questions(one.questions, own_tongue(here)),)}  # fmt: skip
    return Form({**fields, **{f"says_{name}": (text,) for name, text in one.says.items()}})


def _meant(here: Here, code: str, form: Form, there: Lesson | None) -> KeepLesson:
    own = own_tongue(here)
    asked = questions_of(form.get("questions")[:40_000], own)
    if there is not None and typed_questions(there.questions, own) == typed_questions(asked, own):
        asked = there.questions  # what other languages say stays
    seats = form.get("needed").strip()
    needed = int(seats) if seats.isascii() and seats.isdigit() and len(seats) < 4 else 0
    wish = KeepLesson(code, form.get("name"), texts_of(form, "says"), asked, needed, here.by,
                      form.get("club"), held=form.get("held") == "held")  # fmt: skip
    return wish if there is None else replace(wish, state=there.state)


async def _kept(here: Here, wish: KeepLesson) -> Any:
    try:
        return await here.do(keep_lessons, wish)
    except Fault as fault:
        return fault


def _slip(here: Here, fault: Fault) -> dict[str, str]:
    """What is wrong, at its field of the form; the quiz is one field."""
    field = fault.field.strip("/").replace("/", "_")
    if field.startswith("questions"):
        said, number = here.told(fault), field.split("_")[1:2]
        if number:
            place = here.reader.number(int(number[0]) + 1)
            said = here.reader.say("Question %(n)s: %(wrong)s", n=place, wrong=said)
        return {"questions": said}
    return {f"says_{own_tongue(here)}" if field == "says" else field: here.told(fault)}


async def _there(tx: Tx, code: str) -> Lesson:
    found = await read.lesson(tx, code)
    if found is None:
        raise NotFound("there is no such lesson; look at the list again")
    return found


PAGES: Final = (
    (PAGE, Permission.MEMBERS_READ, lambda here, _: listed(here)),
    (
        PAGE + "/{lesson:str}",
        Permission.MEMBERS_READ,
        lambda here, path: lesson(here, path["lesson"]),
    ),
)
FORMS_DONE: Final = (
    (PAGE, Permission.MESSAGES_WRITE, begin),
    (PAGE + "/{lesson:str}", Permission.MESSAGES_WRITE, change),
)
