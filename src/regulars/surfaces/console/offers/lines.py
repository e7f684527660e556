"""Whoever looks after members sees their own: who waits for an answer, what was said, what is to be
done."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from litestar import Response

from regulars.base.faults import Fault, Invalid, NotFound, Outage, Refused
from regulars.flows.membership.benefits.lines.commands import (
    FinishTask,
    HeedWords,
    NoteTask,
    WriteWord,
)
from regulars.flows.membership.benefits.lines.heed_words import heed_words
from regulars.flows.membership.benefits.lines.keep_tasks import keep_tasks
from regulars.flows.membership.benefits.lines.show_lines import (
    Line,
    show_line,
    show_mine,
)
from regulars.flows.membership.office.alerts.show_alerts import Seen, looked_after_by, show_alerts
from regulars.records.access.office import read as office
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.read import chosen, some_staff
from regulars.records.activity import read as activities
from regulars.records.benefits.lines.types import TasksWanted
from regulars.records.members.consents import read as consents
from regulars.records.standing.alerts.read import Wanted
from regulars.records.standing.alerts.types import LONGEST_NOTE
from regulars.surfaces.api.operations.rewarding.benefits.lines import WAYS, word_flow
from regulars.surfaces.api.strict.ids import addressed, bare
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.first.left import left
from regulars.surfaces.console.first.winning import A_WEEK, act, item
from regulars.surfaces.console.first.winning import PAGE as WIN_BACK
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.mail import take_back, way_said
from regulars.surfaces.console.people.members import name_of
from regulars.surfaces.console.words import N

PATH: Final = "/console/my-members"
MOST: Final = 500
SHOWN: Final = 100
FEW: Final = 3
NAMES: Final = {
    "inbox": N("In the card"),
    "email": N("E-mail"),
    "sms": N("Text message"),
    "push": N("Notice on devices"),
}


async def clients(here: Here) -> Response[str]:
    """Everybody who is signed in looks after."""

    async def look(tx: Any, _: Any) -> Any:
        return await show_mine(tx, here.staff.staff_id, MOST)

    found, alerts = await here.read(look), await _alerts(here)
    return here.page(
        "offers/lines.html",
        clients=[
            (f"mem_{one.member.id.hex}", _name(one.member), one, alerts.get(one.member.id, {}))
            for one in found
        ],
        tasks=await left(here, TasksWanted(None, here.staff.stores), "my-members"),
        today=here.now.astimezone(here.zone).date(),
    )


async def _alerts(here: Here, member_id: UUID | None = None) -> dict[UUID, dict[str, Any]]:
    """Of members whoever is signed in looks after: the latest alert that waits for somebody."""

    async def look(tx: Any, terms: Any) -> tuple[list[Seen], int]:
        wanted = Wanted(state="open", member_id=member_id, staff_id=here.staff.staff_id)
        found = await show_alerts(tx, terms, wanted, None, SHOWN)
        return found, (await chosen(tx)).of("margin_percent")

    found, margin = await here.read(look)
    return {one.alert.member_id: item(here, one, ({}, {}), margin) for one in reversed(found)}


async def client(
    here: Here, member_id: str, form: Form | None = None, wrong: dict[str, str] | None = None
) -> Response[str]:
    """What was said with one of them. Faults: NotFound for whom somebody else looks after."""
    id_ = addressed("mem", member_id)

    async def look(tx: Any, _: Any) -> tuple[Line, Any, Any, Any]:
        line = await show_line(tx, id_, here.staff.staff_id, None, SHOWN)
        if line is None:
            raise NotFound("you look after nobody of this number")
        given = await consents.given(tx, [line.member.id])
        tags = await office.tags_of(tx, [line.member.id])
        known = await _known(tx, line.member.id)
        return line, given.get(line.member.id, set()), tags.get(line.member.id, []), known

    line, given, tags, known = await here.read(look)
    today = here.now.astimezone(here.zone).date()
    return here.page(
        "offers/line.html",
        status=422 if wrong else 200,
        id=f"mem_{line.member.id.hex}",
        name=_name(line.member),
        line=line,
        alert=(await _alerts(here, line.member.id)).get(line.member.id),
        acts=True,
        most=LONGEST_NOTE,
        soon=(today + A_WEEK).isoformat(),
        tomorrow=(today + timedelta(days=1)).isoformat(),
        tags=tags,
        **known,
        ways=[(one, here.reader.say(NAMES[one])) for one in WAYS if one in given],
        silences=[(one, way_said(here, one)) for one in sorted(given)],
        names=NAMES,
        typed=form or {},
        wrong=wrong or {},
        once=here.given.random_bytes(16).hex(),
        today=today,
    )


async def _known(tx: Any, member_id: UUID) -> dict[str, Any]:
    """What helps whoever looks after them, who may read no other member: notes, what they buy, and
    whether they wrote and nobody answered, nor anybody looks after them."""
    notes = await office.notes(tx, member_id)
    bought = await activities.bought(tx, [member_id], SHOWN)
    pieces = Counter[str]()
    for one in bought:
        for line in one.body.lines:
            pieces[line.category] += line.quantity
    del pieces[""]
    return {
        "notes": notes,
        "writers": await some_staff(tx, {one.staff_id for one in notes if one.staff_id}),
        "likes": [category for category, _ in pieces.most_common(FEW)],
        "nobodys": not await looked_after_by(tx, [member_id]),
    }


async def leave_be(here: Here, form: Form) -> Response[Any]:
    """What they wrote needs no answer."""
    member_id = addressed("mem", str(form.path["member_id"]))
    await here.do(heed_words, HeedWords(member_id, here.staff.staff_id))
    return redirect(WIN_BACK)


async def write(here: Here, form: Form) -> Response[Any]:
    """Write to them."""
    member_id = str(form.path["member_id"])
    way: Any = form.get("way") if form.get("way") in WAYS else "inbox"
    command = WriteWord(
        _once(here, form), addressed("mem", member_id), here.staff.staff_id, way, form.get("says")
    )
    wrong = await _slip(here, word_flow(here.given.keyed), command)
    if wrong:
        return await client(here, member_id, form, {"says": wrong})
    return redirect(f"{PATH}/{member_id}")


async def hear_no(here: Here, form: Form) -> Response[Any]:
    """They want no more letters, and said so to whoever looks after them.

    Faults: NotFound for whom somebody else looks after.
    """
    member_id = str(form.path["member_id"])
    id_ = addressed("mem", member_id)

    async def look(tx: Any, _: Any) -> Any:
        return await show_line(tx, id_, here.staff.staff_id, None, 1)

    line = await here.read(look)
    if line is None:
        raise NotFound("you look after nobody of this number")
    await take_back(here, form, line.member.id)
    return redirect(f"{PATH}/{member_id}")


async def note(here: Here, form: Form) -> Response[Any]:
    """Note what is to be done for them by a day."""
    member_id = str(form.path["member_id"])
    try:
        due_on = date.fromisoformat(form.get("due_on"))
    except ValueError:
        words = here.reader.say("This is no day, such as 2026-11-27")
        return await client(here, member_id, form, {"due_on": words})
    staff = here.staff.staff_id
    command = NoteTask(addressed("mem", member_id), staff, form.get("task"), due_on)
    wrong = await _slip(here, keep_tasks, command)
    if wrong:
        return await client(here, member_id, form, {"task": wrong})
    return redirect(f"{PATH}/{member_id}#tasks")


async def heed(here: Here, form: Form) -> Response[Any]:
    """They looked after a client of theirs who was pointed out, or let it wait."""
    member_id = str(form.path["member_id"])
    wrong = await act(here, form)
    return await client(here, member_id, form, wrong) if wrong else redirect(f"{PATH}/{member_id}")


async def finish(here: Here, form: Form) -> Response[Any]:
    """It is done."""
    member_id = str(form.path["member_id"])
    task = bare(form.path["task_id"])
    await here.do(keep_tasks, FinishTask(addressed("mem", member_id), here.staff.staff_id, task))
    return redirect(f"{PATH}/{member_id}#tasks")


async def _slip(here: Here, flow: Any, command: Any) -> str:
    try:
        outcome: Refused | Fault | Outage | Any = await here.do(flow, command)
    except Invalid as wrong:
        outcome = wrong
    return here.told(outcome) if isinstance(outcome, Refused | Fault) else ""


def _once(here: Here, form: Form) -> UUID:
    """The number of a word: the same when its form is sent twice."""
    try:
        return UUID(form.get("once"))
    except ValueError:  # sent by hand: each time is another word
        return UUID(bytes=here.given.random_bytes(16))


def _name(member: Any) -> str:
    return str(name_of(member) or member.number)


_P = Permission.TILL_SERVE
_ONE: Final = PATH + "/{member_id:str}"
PAGES: Final = (
    (PATH, _P, lambda here, _: clients(here)),
    (_ONE, _P, lambda here, path: client(here, path["member_id"])),
)
FORMS_DONE: Final = (
    (_ONE, _P, write),
    (_ONE + "/alerts/{member_alert_id:str}", _P, heed),
    (_ONE + "/heeded", Permission.MEMBERS_WRITE, leave_be),
    (_ONE + "/no-more", _P, hear_no),
    (_ONE + "/tasks", _P, note),
    (_ONE + "/tasks/{task_id:str}", _P, finish),
)
