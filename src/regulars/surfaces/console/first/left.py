"""What journeys left to people, and nobody did yet."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response

from regulars.base.faults import NotFound
from regulars.flows.membership.benefits.lines.commands import FinishTask
from regulars.flows.membership.benefits.lines.keep_tasks import keep_tasks
from regulars.records.access.staff.permissions import Permission
from regulars.records.benefits.lines import read
from regulars.records.benefits.lines.types import LONGEST_TASK, TasksWanted
from regulars.records.members import read as members
from regulars.surfaces.api.strict.ids import bare, shown
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.members import name_of

PATH: Final = "/console/left"
MOST: Final = 100
_BACK: Final = {"win-back": "/console/win-back", "my-members": "/console/my-members"}


async def left(here: Here, wanted: TasksWanted, back: str) -> list[dict[str, Any]]:
    """Tasks that wait, by their day; `back` is the page they stand on."""
    async with here.transaction as tx:
        tasks = await read.waiting(tx, wanted, None, MOST)
        people = await members.members(tx, [one.member_id for one in tasks])
    sees, serves = here.may(Permission.MEMBERS_READ), here.may(Permission.TILL_SERVE)
    return [
        {
            "task": one,
            "name": name_of(who) or who.number,
            "href": f"/console/members/{shown('mem', one.member_id)}" if sees else "",
            "action": f"{PATH}/{one.task_id.hex}",
            "back": back,
            "may": serves,
        }
        for one in tasks
        if (who := people.get(one.member_id)) is not None and who.state != "erased"
    ]


async def wrote(here: Here) -> list[dict[str, Any]]:
    """Members who wrote, whom nobody answered and nobody looks after: who waits longest first."""
    async with here.transaction as tx:
        words = await read.unanswered(tx, MOST)
        people = await members.members(tx, [one.member_id for one in words])
    return [
        {
            "word": one,
            "name": name_of(who) or who.number,
            "href": f"/console/my-members/{shown('mem', one.member_id)}",
        }
        for one in words
        if (who := people.get(one.member_id)) is not None and who.state != "erased"
    ]


async def finish(here: Here, form: Form) -> Response[Any]:
    """Somebody did it. Faults: NotFound, Forbidden."""
    id_ = bare(form.path["task_id"])
    back = _BACK.get(form.get("back"), _BACK["my-members"])
    async with here.transaction as tx:
        there = await read.task(tx, id_)
    if there is None:
        raise NotFound("there is no such task here")
    result = form.get(f"result-{id_.hex}")[:LONGEST_TASK]
    await here.do(keep_tasks, FinishTask(there.member_id, here.staff.staff_id, id_, result))
    return redirect(back)


FORMS_DONE: Final = ((PATH + "/{task_id:str}", Permission.TILL_SERVE, finish),)
