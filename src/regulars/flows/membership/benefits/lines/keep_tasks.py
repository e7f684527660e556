"""Whoever looks after a member notes what is to be done for them, and that it is done."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Forbidden, Invalid, KeyReused, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.benefits.lines.commands import (
    FinishTask,
    NoteTask,
    TaskCommand,
    TaskOutcome,
)
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import principal_of
from regulars.records.benefits.associates import read as associates
from regulars.records.benefits.lines import read, write
from regulars.records.benefits.lines.types import LONGEST_TASK, Task
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.records.members.unions import read as unions

_RESULT: Final = f"Say in up to {LONGEST_TASK} letters what came of it, or nothing"


async def keep_tasks(tx: Tx, _: Terms, batch: Sequence[TaskCommand]) -> list[TaskOutcome]:
    """Each is noted, or done.

    Order: as sent; done once more it stays as it was done first. Faults, each for its own item:
    `unknown_member`, `forbidden` for who does not look after the member (of whom nobody does: for
    who is not of the store and keeps no members), `invalid` (nothing said, or too much),
    `not_found`.
    """
    return [await _one(tx, one) for one in batch]


async def _one(tx: Tx, one: TaskCommand) -> TaskOutcome:
    who = await _whose(tx, one.member_id)
    await members.lock(tx, [who])
    member = (await members.members(tx, [who])).get(who)
    if member is None or member.state == "erased":
        return nobody()
    looked = (await associates.of(tx, [who])).get(who, [])
    after = {each.staff_id for each in looked if each.lasts(tx.now)}
    if isinstance(one, FinishTask):
        return await _finish(tx, one, who, after)
    if not await _notes(tx, one.staff_id, after):
        return Forbidden("only whoever looks after a member notes what is to be done for them")
    wrong = _wrong(one)
    if wrong is not None:
        return wrong
    before = None if one.task_id is None else await read.task(tx, one.task_id)
    id_ = one.task_id or tx.new_id()
    task = Task(id_, who, one.staff_id, _plain(one.says), one.due_on, tx.now)
    if before is not None:
        return _again(before, task)
    await tx.write(write.note(tx, [task]))
    return task


async def _finish(tx: Tx, one: FinishTask, who: UUID, after: Collection[UUID]) -> TaskOutcome:
    result = _plain(one.result)
    if len(result) > LONGEST_TASK:
        return Invalid("This is too long", field="/result", mend=_RESULT)
    found = await read.task(tx, one.task_id)
    if found is not None and await _whose(tx, found.member_id) != who:
        found = None
    if not await _may(tx, one.staff_id, after, "" if found is None else found.store):
        return Forbidden("this is left to whoever looks after the member, or to the store")
    if found is None:
        return NotFound("there is nothing of this number to do for this member")
    if found.done_at is not None:
        return found
    by = principal_of(one.staff_id)
    await tx.write(write.done(tx, found.task_id, by, result))
    return replace(found, done_at=tx.now, done_by=by, result=result)


def _again(before: Task, task: Task) -> TaskOutcome:
    """Asked again it is the same; something else under its number is not."""
    same = (before.member_id, before.staff_id, before.says, before.due_on)
    if same == (task.member_id, task.staff_id, task.says, task.due_on):
        return replace(before, replayed=True)
    return KeyReused("something else was noted under this key")


async def _whose(tx: Tx, member_id: UUID) -> UUID:
    return (await unions.aliases(tx, [member_id])).get(member_id, member_id)


async def _notes(tx: Tx, staff_id: UUID, after: Collection[UUID]) -> bool:
    """Whether they note something: whose member it is or, of nobody's, whoever keeps members."""
    if after:
        return staff_id in after
    staff = await staff_read.one_staff(tx, staff_id)
    return staff is not None and staff.may(Permission.MEMBERS_WRITE)


async def _may(tx: Tx, staff_id: UUID, after: Collection[UUID], store: str) -> bool:
    """Whether they do what is left for a member: whose member it is or, of whom it is nobody's,
    the people of the store and whoever keeps members."""
    if after:
        return staff_id in after
    staff = await staff_read.one_staff(tx, staff_id)
    if staff is None:
        return False
    served = staff.may(Permission.TILL_SERVE) and staff.works_in(store)
    return served or staff.may(Permission.MEMBERS_WRITE)


def _wrong(one: NoteTask) -> Fault | None:
    if 0 < len(_plain(one.says)) <= LONGEST_TASK:
        return None
    return Invalid("Say what is to be done", field="/says", mend=f"up to {LONGEST_TASK} letters")


def _plain(says: str) -> str:
    """Without what no column keeps, and without empty ends."""
    return says.replace("\0", "").strip()
