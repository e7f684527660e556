"""Whoever looks after a member notes what is to be done for them, and that it is done."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.faults import Fault, Forbidden, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.benefits.lines.commands import (
    FinishTask,
    NoteTask,
    TaskCommand,
    TaskOutcome,
)
from regulars.records.benefits.associates import read as associates
from regulars.records.benefits.lines import read, write
from regulars.records.benefits.lines.types import LONGEST_TASK, Task
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.records.members.unions import read as unions


async def keep_tasks(tx: Tx, _: Terms, batch: Sequence[TaskCommand]) -> list[TaskOutcome]:
    """Each is noted, or done.

    Order: as sent. Faults, each for its own item: `unknown_member`, `forbidden` for whoever does
    not look after the member, `invalid` (nothing said, or too much), `not_found`.
    """
    return [await _one(tx, one) for one in batch]


async def _one(tx: Tx, one: TaskCommand) -> TaskOutcome:
    who = (await unions.aliases(tx, [one.member_id])).get(one.member_id, one.member_id)
    await members.lock(tx, [who])
    member = (await members.members(tx, [who])).get(who)
    if member is None or member.state == "erased":
        return nobody()
    looked = (await associates.of(tx, [who])).get(who, [])
    if one.staff_id not in {each.staff_id for each in looked if each.lasts(tx.now)}:
        return Forbidden("only whoever looks after a member notes what is to be done for them")
    if isinstance(one, FinishTask):
        return await _finish(tx, one)
    wrong = _wrong(one)
    if wrong is not None:
        return wrong
    task = Task(
        tx.new_id(), who, one.staff_id, one.says.replace("\0", "").strip(), one.due_on, tx.now
    )
    await tx.write(write.note(tx, [task]))
    return task


async def _finish(tx: Tx, one: FinishTask) -> TaskOutcome:
    there = await read.tasks(tx, [one.member_id])
    found = next((each for each in there if each.task_id == one.task_id), None)
    if found is None:
        return NotFound("there is nothing of this number left to do for this member")
    await tx.write(write.done(tx, [found.task_id]))
    return found


def _wrong(one: NoteTask) -> Fault | None:
    if 0 < len(one.says.replace("\0", "").strip()) <= LONGEST_TASK:
        return None
    return Invalid("Say what is to be done", field="/says", mend=f"up to {LONGEST_TASK} letters")
