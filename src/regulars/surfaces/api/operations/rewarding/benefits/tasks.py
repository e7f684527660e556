"""What is to be done for members over the API, and whom somebody looks after."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from msgspec import Meta, Struct

from regulars.base.faults import Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.benefits.lines.commands import FinishTask, NoteTask
from regulars.flows.membership.benefits.lines.keep_tasks import keep_tasks
from regulars.flows.membership.benefits.lines.show_lines import Mine, show_mine
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.types import principal_of, staff_of
from regulars.records.access.types import Scope
from regulars.records.benefits.lines import read
from regulars.records.benefits.lines.types import LONGEST_TASK, Task, TasksWanted
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import benefits as examples
from regulars.surfaces.api.operations.rewarding.benefits.lines import (
    DirectWordShown,
    number_of,
    word_shown,
)
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import Limit

Text = Annotated[str, Meta(min_length=1, max_length=200)]
Who = Annotated[str, Meta(min_length=1, max_length=60)]
MOST_MINE: Final = 500


class TasksQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which tasks; those of both, where both are said; all that wait, where neither is."""

    staff_id: Text | None = None
    """Of members this person of the shop looks after."""
    store: Text | None = None
    """Of members nobody looks after, who had bought last in this store."""
    limit: Limit = 50
    cursor: Text | None = None


class TaskNoted(Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody means to do for a member they look after."""

    staff_id: Who
    says: Annotated[str, Meta(min_length=1, max_length=LONGEST_TASK)]
    due_on: date


class TaskFinished(Struct, frozen=True, forbid_unknown_fields=True):
    """Who did it, and what came of it."""

    staff_id: Who
    result: Annotated[str, Meta(max_length=LONGEST_TASK)] = ""


class TaskShown(Struct, frozen=True):
    """Something to be done for a member by a day."""

    id: str
    member_id: str
    staff_id: str | None
    """Who wrote it down; nobody: a step of a journey left it."""
    says: str
    due_on: date
    made_at: datetime
    store: str
    """Where the member had bought last when it was left; its people do it of whom nobody looks
    after."""
    journey: str
    """The name of the journey that left it."""
    done_at: datetime | None
    done_by: str
    result: str


class TasksPage(Struct, frozen=True):
    """Some of what waits, by its day."""

    items: list[TaskShown]
    has_more: bool
    next_cursor: str | None


class ClientShown(Struct, frozen=True):
    """A member somebody looks after."""

    member_id: str
    waits: bool
    """Whether the member said something that nobody answered."""
    last: DirectWordShown | None
    tasks: list[TaskShown]


class ClientsShown(Struct, frozen=True):
    """Who waits for an answer first, then by the day of what is to be done for them; the first 500
    members."""

    items: list[ClientShown]


async def waiting(call: Call) -> Reply:
    """What is still to be done."""
    query: TasksQuery = call.query
    after = place_of(query.cursor, tuple[date, UUID])
    staff = None if query.staff_id is None else _staff(query.staff_id)
    stores = () if query.store is None else (query.store,)
    wanted = TasksWanted(staff, stores, everything=staff is None and not stores)
    async with call.transaction as tx:
        found = await read.waiting(tx, wanted, after, query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].due_on, page[-1].task_id)) if more else None
    return Reply(TasksPage([task_shown(one) for one in page], more, cursor))


async def note(call: Call) -> Reply:
    """Somebody means to do something for a member."""
    sent: TaskNoted = call.sent
    id_ = addressed("mem", call.ids["member_id"])
    number = number_of(call, "task")
    command = NoteTask(id_, _staff(sent.staff_id), sent.says, sent.due_on, number)
    task: Task = await call.do(keep_tasks, command)
    return Reply(task_shown(task), 201, task.replayed)


async def finish(call: Call) -> Reply:
    """It is done."""
    sent: TaskFinished = call.sent
    id_, task_id = (
        addressed("mem", call.ids["member_id"]),
        addressed("tsk", call.ids["member_task_id"]),
    )
    command = FinishTask(id_, _staff(sent.staff_id), task_id, sent.result)
    task: Task = await call.do(keep_tasks, command)
    return Reply(task_shown(task))


async def clients(call: Call) -> Reply:
    """Whom somebody looks after."""
    staff_id = staff_of(call.ids["staff_id"])

    async def look(tx: Tx, _: Terms) -> list[Mine]:
        if staff_id is None or await staff_read.one_staff(tx, staff_id) is None:
            raise NotFound("nobody of this id works here")
        return await show_mine(tx, staff_id, MOST_MINE)

    return Reply(ClientsShown([_client(one) for one in await call.read(look)]))


def _client(one: Mine) -> ClientShown:
    return ClientShown(
        shown("mem", one.member.id), one.waits, None if one.last is None else word_shown(one.last),
        [task_shown(each) for each in one.tasks],
    )  # fmt: skip


def task_shown(one: Task) -> TaskShown:
    """A task as the world sees it."""
    return TaskShown(
        shown("tsk", one.task_id), shown("mem", one.member_id),
        None if one.staff_id is None else principal_of(one.staff_id), one.says, one.due_on,
        one.made_at, one.store, one.journey, one.done_at, one.done_by, one.result,
    )  # fmt: skip


def _staff(told: str) -> UUID:
    staff = staff_of(told)
    if staff is None:
        raise Invalid("this is not the id of somebody who works here", field="/staff_id")
    return staff


_STAFF: Final = "staff_0198f3a2b4c87d10a1b2c3d4e5f60721"
_TASK: Final[dict[str, Any]] = {
    "id": "tsk_01920000000070008000000000000001",
    "member_id": examples.MEMBER,
    "staff_id": _STAFF,
    "says": "Call about the coat",
    "due_on": "2026-03-09",
    "made_at": "2026-03-02T09:00:00Z",
    "store": "",
    "journey": "",
    "done_at": None,
    "done_by": "",
    "result": "",
}
_LEFT: Final = _TASK | {
    "staff_id": None,
    "says": "Read what they answered and get in touch",
    "store": "main-street",
    "journey": "Make it right",
}
_DONE: Final = _TASK | {
    "done_at": "2026-03-03T09:00:00Z",
    "done_by": _STAFF,
    "result": "Comes by on Friday",
}
_TAG: Final = "Benefits"
_SCOPES: Final = (Scope.BENEFITS_WRITE,)

OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/tasks",
        name="list_tasks",
        tag=_TAG,
        says="What is still to be done for members, by its day",
        notes="Noted by whoever looks after a member, or left by a step of a journey: that is done "
        "by whoever looks after the member now or, where nobody does, by the people of the store "
        "they had bought in last.",
        scopes=_SCOPES,
        query=TasksQuery,
        answers={200: TasksPage},
        answer_example={"items": [_LEFT, _TASK], "has_more": False, "next_cursor": None},
        codes=("bad_cursor", "invalid"),
        do=waiting,
    ),
    Operation(
        method="POST",
        path="/v1/members/{member_id}/tasks",
        name="note_task",
        tag=_TAG,
        says="Note what is to be done for a member",
        notes="By somebody who looks after them now.",
        scopes=_SCOPES,
        sent=TaskNoted,
        answers={201: TaskShown},
        example={"staff_id": _STAFF, "says": "Call about the coat", "due_on": "2026-03-09"},
        answer_example=_TASK,
        codes=("unknown_member", "forbidden"),
        do=note,
    ),
    Operation(
        method="POST",
        path="/v1/members/{member_id}/tasks/{member_task_id}/finish",
        name="finish_task",
        once=Once.AGAIN,
        tag=_TAG,
        says="Say that it is done, and what came of it",
        notes="By whoever looks after the member; of whom nobody does, by somebody of the store, "
        "or who keeps members. Said again it stays as it was done first.",
        scopes=_SCOPES,
        sent=TaskFinished,
        answers={200: TaskShown},
        example={"staff_id": _STAFF, "result": "Comes by on Friday"},
        answer_example=_DONE,
        codes=("unknown_member", "forbidden", "not_found"),
        do=finish,
    ),
    Operation(
        method="GET",
        path="/v1/associates/{staff_id}/members",
        name="list_clients",
        tag=_TAG,
        says="Whom somebody looks after, with the last word and what is to be done",
        scopes=_SCOPES,
        answers={200: ClientsShown},
        answer_example={
            "items": [
                {"member_id": examples.MEMBER, "waits": False, "last": None, "tasks": [_TASK]}
            ]
        },
        codes=("not_found",),
        do=clients,
    ),
)
