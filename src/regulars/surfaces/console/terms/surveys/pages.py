"""Surveys: a list, and one with its score, themes, answers and who is to be looked after."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

from litestar import Response

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.surveys.commands import KeepSurvey, LookAfter
from regulars.flows.telling.surveys.keep_surveys import keep_surveys
from regulars.flows.telling.surveys.look_after import look_after
from regulars.insight.estimators.asking.scored import scored
from regulars.insight.estimators.asking.themes import Said, themes
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.read import some_staff
from regulars.records.access.staff.types import principal_of, staff_of
from regulars.records.community.references import read as references
from regulars.records.members import read as members
from regulars.records.members.referrals import read as referrals
from regulars.records.members.unions import read as unions
from regulars.records.outbox.surveys import read
from regulars.records.outbox.surveys.types import Answer, Kind, Outcome, Question, Survey
from regulars.surfaces.api.strict.ids import meant, shown
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.members import name_of
from regulars.surfaces.console.terms.campaigns.tongues import own_tongue, tongues
from regulars.surfaces.console.terms.surveys.words import ASKS, KINDS, OUTCOMES, THANKS, WHY
from regulars.surfaces.console.terms.surveys.writing import (
    field_of,
    preview,
    rows_of,
    typed_survey,
)
from regulars.surfaces.ui.reader import Reader

PAGE: Final = "/console/surveys"
MOST_SHOWN: Final = 50
PROMOTERS_FROM: Final = 9
MOST_READ: Final = 2_000
"""So many of the latest answers themes are made of."""
_OUTCOMES: Final[dict[str, Outcome]] = {
    "solved": "solved", "unsolved": "unsolved", "not_reached": "not_reached",
}  # fmt: skip


async def listed(
    here: Here, form: Form | None = None, wrong: dict[str, str] | None = None
) -> Response[str]:
    """Every survey, and a form to begin one."""
    async with here.transaction as tx:
        found = await read.surveys(tx)
        many = [await read.how_many(tx, one.survey_id) for one in found]
    return here.page(
        "terms/surveys/list.html",
        status=422 if wrong else 200,
        items=list(zip(found, many, strict=True)),
        kinds_said=[(name, here.reader.say(says)) for name, says in KINDS.items()],
        kind_words=KINDS,
        form=form or Form({}),
        wrong=wrong or {},
    )


async def begin(here: Here, form: Form) -> Response[Any]:
    """A survey is begun, with our words in every language."""
    code = form.get("code").strip()
    async with here.transaction as tx:
        there = await read.survey(tx, code)
    if there is not None:
        no = Invalid("There is a survey of this code already; choose another", field="/code")
        return await listed(here, form, {"code": here.told(no)})
    kind = cast("Kind", form.get("kind") if form.get("kind") in KINDS else "nps")
    questions = tuple(
        Question(name, _everywhere(here, says), from_score=low, to_score=high)
        for name, says, low, high in WHY[kind]
    )
    kept = await _done(here, keep_surveys, KeepSurvey(
        code, form.get("name"), kind, _everywhere(here, ASKS[kind]), questions,
        _everywhere(here, THANKS), here.by,
    ))  # fmt: skip
    if isinstance(kept, Fault | Refused):
        field = kept.field.strip("/") if isinstance(kept, Fault) else "code"
        return await listed(here, form, {field: here.told(kept)})
    return redirect(f"{PAGE}/{kept.code}")


class _Typing(NamedTuple):
    """A survey as it was typed, and beside which field it is wrong."""

    typed: KeepSurvey
    field: str


async def survey(
    here: Here, code: str, wrong: str = "", typing: _Typing | None = None
) -> Response[str]:
    """One survey and what it comes to; of what was typed and is wrong, as it was typed."""
    own = own_tongue(here)

    async def look(tx: Tx, _: Terms) -> dict[str, Any]:
        found = await _there(tx, code)
        latest = await read.answers(tx, found.survey_id, None, MOST_READ)
        tasks = [one for one in latest if one.due_at and not one.done_at]
        happy = await _to_be_asked(tx, found, latest)
        people = {one.member_id for one in [*latest[:MOST_SHOWN], *tasks, *happy]}
        counts = await read.counts(tx, found.survey_id, str(here.zone))
        return {
            "one": found,
            "many": await read.how_many(tx, found.survey_id),
            "came_to": None if found.kind == "feedback" else scored(found.kind, counts),
            "themes": themes(_said(found, latest)),
            "answers": [_shown(one) for one in latest[:MOST_SHOWN]],
            "tasks": [_shown(one) for one in tasks],
            "promoters": [_shown(one) for one in happy],
            "agreed": await references.agreed(tx, [one.member_id for one in happy]),
            "names": await _names(tx, people),
            "owners": await _owners(tx, tasks),
            "read": preview(
                found, str(here.query.get("in", "")), str(here.query.get("score", "")), own
            ),
            "words": found if typing is None else typing.typed,
            "rows": rows_of(found if typing is None else typing.typed),
        }

    return here.page(
        "terms/surveys/one.html",
        status=422 if wrong else 200,
        own=own,
        written_in=tongues(here),
        wrong_at="" if typing is None else typing.field,
        kind_words=KINDS,
        outcomes=[(name, here.reader.say(says)) for name, says in OUTCOMES.items()],
        outcome_words=OUTCOMES,
        wrong=wrong,
        **await here.read(look),
    )


async def change(here: Here, form: Form) -> Response[Any]:
    """A survey is written anew, closed, or opened again."""
    code = str(form.path["survey"])
    async with here.transaction as tx:
        found = await _there(tx, code)
    if form.get("does") == "write":
        return await _written(here, form, found)
    state: Any = "closed" if form.get("does") == "close" else "open"
    done = await _done(here, keep_surveys, KeepSurvey(
        code, found.name, found.kind, found.asks, found.questions, found.thanks, here.by, state,
        found.review_url, found.review_site,
    ))  # fmt: skip
    if isinstance(done, Fault | Refused):
        return await survey(here, code, here.told(done))
    return redirect(f"{PAGE}/{code}")


async def _written(here: Here, form: Form, found: Survey) -> Response[Any]:
    typed = typed_survey(form, found, here.by)
    done = await _done(here, keep_surveys, typed)
    if isinstance(done, Fault | Refused):
        place = done.field if isinstance(done, Fault) else ""
        field = field_of(place, own_tongue(here))
        return await survey(here, found.code, here.told(done), _Typing(typed, field))
    return redirect(f"{PAGE}/{found.code}#asks")


async def looked_after(here: Here, form: Form) -> Response[Any]:
    """Somebody takes an unhappy answer on, or says what came of it."""
    code = str(form.path["survey"])
    async with here.transaction as tx:
        await _there(tx, code)
    which = meant("inv", form.get("answer"))
    if which is None:
        no = Invalid("this form is not whole; load the page again", field="answer")
        return await survey(here, code, here.told(no))
    outcome = _OUTCOMES.get(form.get("outcome")) if form.get("does") == "end" else None
    done = await _done(here, look_after, LookAfter(which, here.by, outcome, form.get("note")))
    if isinstance(done, Fault | Refused):
        return await survey(here, code, here.told(done))
    return redirect(f"{PAGE}/{code}")


async def _there(tx: Tx, code: str) -> Survey:
    found = await read.survey(tx, code)
    if found is None:
        raise NotFound("there is no such survey; look at the list again")
    return found


async def _to_be_asked(tx: Tx, found: Survey, latest: Sequence[Answer]) -> list[Answer]:
    """Who gave 9 or 10 and brought nobody since, the latest first: each once, by their last word
    in this survey."""
    if found.kind != "nps":
        return []
    last: dict[UUID, Answer] = {}
    for one in latest:
        last.setdefault(one.member_id, one)
    happy = [one for one in last.values() if (one.score or 0) >= PROMOTERS_FROM][:MOST_SHOWN]
    brought: dict[UUID, datetime] = {}
    ids = sorted({one.member_id for one in happy})
    for each in await referrals.page(tx, ids, None, MOST_READ) if ids else []:
        at = brought.get(each.referrer_id, each.named_at)
        brought[each.referrer_id] = max(at, each.named_at)
    return [
        one
        for one in happy
        if one.member_id not in brought or brought[one.member_id] < one.answered_at
    ]


async def _names(tx: Tx, ids: Collection[UUID]) -> dict[UUID, str]:
    """How each of these is called; who is erased by their number, or by nothing."""
    found = await members.members(tx, ids)
    stands = await unions.aliases(tx, sorted(ids))
    found |= await members.members(tx, set(stands.values()))
    named = {who: name_of(one) or one.number for who, one in found.items()}
    return {who: named.get(stands.get(who, who), "") or "–" for who in ids}


async def _owners(tx: Tx, tasks: Sequence[Answer]) -> dict[str, str]:
    """Who took them on, by name."""
    ids = {who for one in tasks if (who := staff_of(one.owner)) is not None}
    return {principal_of(who): one.name for who, one in (await some_staff(tx, ids)).items()}


def _said(found: Survey, latest: list[Answer]) -> list[Said]:
    texts = {one.id for one in found.questions if one.answer == "text"}
    return [
        Said(one.member_id.hex, "\n".join(one.says[name] for name in texts & one.says.keys()),
             one.due_at is not None)
        for one in latest
    ]  # fmt: skip


def _shown(one: Answer) -> tuple[str, str, Answer]:
    return shown("inv", one.invitation_id), shown("mem", one.member_id), one


def _everywhere(here: Here, says: str) -> dict[str, str]:
    return {one: Reader(one, here.reader.zone).say(says) for one in tongues(here)}


async def _done(here: Here, flow: Any, command: Any) -> Any:
    try:
        return await here.do(flow, command)
    except Fault as fault:
        return fault


PAGES: Final = (
    (PAGE, Permission.MEMBERS_READ, lambda here, _: listed(here)),
    (
        PAGE + "/{survey:str}",
        Permission.MEMBERS_READ,
        lambda here, path: survey(here, path["survey"]),
    ),
)
FORMS_DONE: Final = (
    (PAGE, Permission.MESSAGES_WRITE, begin),
    (PAGE + "/{survey:str}", Permission.MESSAGES_WRITE, change),
    (PAGE + "/{survey:str}/answers", Permission.MEMBERS_WRITE, looked_after),
)
