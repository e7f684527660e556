"""Service cases: what waits, the most urgent first, with what was noted; and what ended last."""

from __future__ import annotations

from typing import Any, Final, cast
from urllib.parse import urlencode

from litestar import Response

from regulars.base.faults import Fault, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.community.caring.commands import CloseCase, NoteCase, OpenCase
from regulars.flows.community.caring.work_on_cases import close_cases, note_cases, open_cases
from regulars.records.access.staff import read as staff
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import staff_of
from regulars.records.community.support import read
from regulars.records.community.support.types import CaseOutcome, Priority, SupportCase
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef
from regulars.surfaces.api.operations.belonging.caring.cases import OpenPlace
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import meant, shown
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.offers.caring.words import CASE_OUTCOMES, PRIORITY_WORDS
from regulars.surfaces.console.people.members import name_of

PAGE: Final = "/console/cases"
MOST: Final = 100
LATELY: Final = 20
_PRIORITIES: Final = {"high": 0, "raised": 1, "normal": 2}


async def listed(
    here: Here, form: Form | None = None, wrong: dict[str, str] | None = None, of: str = ""
) -> Response[str]:
    """What waits, and what ended last; of what was typed and is wrong, as it was typed."""

    cursor = here.query.get("cursor") or None
    place = place_of(cursor, OpenPlace)

    async def look(tx: Tx, _: Terms) -> dict[str, Any]:
        found, over = await read.opened(tx, place, MOST + 1), await read.closed(tx, None, LATELY)
        waits = found[:MOST]
        noted = await read.notes(tx, [one.case_id for one in waits])
        people = await members.members(tx, {one.member_id for one in (*waits, *over)})
        whom = [one.opened_by for one in waits] + [
            each.made_by for some in noted.values() for each in some
        ]
        ids = {id_ for one in whom if (id_ := staff_of(one)) is not None}
        known = await staff.some_staff(tx, sorted(ids))
        last = waits[-1] if len(found) > MOST else None
        return {
            "following": cursor_of((last.priority, last.due_at, last.case_id)) if last else None,
            "waits": [(*_line(one), noted[one.case_id], one.due_at < tx.now) for one in waits],
            "over": [_line(one) for one in over],
            "many": await read.how_many(tx),
            "names": {who: name_of(one) or one.number for who, one in people.items()},
            "writers": {f"staff_{id_.hex}": one.name for id_, one in known.items()},
        }

    seen = await here.read(look)
    following = seen.pop("following")
    urgent = [(name, here.reader.say(PRIORITY_WORDS[at][0])) for name, at in _PRIORITIES.items()]
    return here.page(
        "offers/caring/cases.html",
        status=422 if wrong else 200,
        priority_words=PRIORITY_WORDS,
        priorities=[("", here.reader.say("as their tier says")), *urgent],
        outcomes=[(name, here.reader.say(says)) for name, says in CASE_OUTCOMES.items()],
        outcome_words=CASE_OUTCOMES,
        form=form or Form({}),
        wrong=wrong or {},
        of=of,
        **seen,
        key=own_key(here.given.random_bytes),
        at=_at(cursor),
        first=PAGE if cursor else "",
        following=f"{PAGE}{_at(following)}" if following else "",
    )


async def begin(here: Here, form: Form) -> Response[Any]:
    """A case is opened."""
    typed = form.get("member").strip()
    who = MemberRef(email=typed) if "@" in typed else MemberRef(number=typed)
    urgent = form.get("priority")
    wish = OpenCase(
        who, form.get("subject"), here.by, form.get("text").replace("\r\n", "\n"),
        priority=cast("Priority", urgent) if urgent in _PRIORITIES else None,
        asked=here.asked(form.get("key")[:80]),
    )  # fmt: skip
    return await _done(here, form, open_cases, wish)


async def work(here: Here, form: Form) -> Response[Any]:
    """Something is noted, or it is over."""
    which = meant("cas", str(form.path["case_id"]))
    if which is None:
        raise NotFound("there is no such case; look at the list again")
    if form.get("does") == "note":
        text = form.get("text").replace("\r\n", "\n")
        asked = here.asked(form.get("key")[:80])
        return await _done(here, form, note_cases, NoteCase(which, text, here.by, asked))
    outcome = cast("CaseOutcome", form.get("outcome"))
    if outcome not in CASE_OUTCOMES:
        says = here.reader.say("Say how it ended")
        return await listed(here, form, {"outcome": says}, str(form.path["case_id"]))
    return await _done(here, form, close_cases, CloseCase(which, outcome, here.by))


async def _done(here: Here, form: Form, flow: Any, wish: Any) -> Response[Any]:
    of = str(form.path.get("case_id", ""))
    try:
        done = await here.do(flow, wish)
    except Fault as fault:
        if isinstance(fault, NotFound) and of:
            raise
        done = fault
    if isinstance(done, Fault | Refused):
        field = done.field.strip("/") if isinstance(done, Fault) else ""
        place = field if field in ("member", "subject", "text") else "member" if not of else "text"
        return await listed(here, form, {place: here.told(done)}, of)
    return redirect(PAGE + _at(here.query.get("cursor")))


def _at(cursor: str | None) -> str:
    """Which page of what waits, as an address goes on."""
    return f"?{urlencode({'cursor': cursor})}" if cursor else ""


def _line(one: SupportCase) -> tuple[str, str, SupportCase]:
    return shown("cas", one.case_id), shown("mem", one.member_id), one


PAGES: Final = ((PAGE, Permission.MEMBERS_READ, lambda here, _: listed(here)),)
FORMS_DONE: Final = (
    (PAGE, Permission.MEMBERS_WRITE, begin),
    (PAGE + "/{case_id:str}", Permission.MEMBERS_WRITE, work),
)
