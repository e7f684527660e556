"""Whom somebody of the shop looks after, what was said last, and what is to be done."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import Staff
from regulars.records.benefits.associates import read as associates
from regulars.records.benefits.lines import read
from regulars.records.benefits.lines.types import Task, Word
from regulars.records.members import read as members
from regulars.records.members.types import Member
from regulars.records.members.unions import read as unions


class Mine(Struct, frozen=True):
    """A member somebody looks after."""

    member: Member
    last: Word | None
    tasks: tuple[Task, ...]

    @property
    def waits(self) -> bool:
        """Whether the member said something that nobody answered."""
        return self.last is not None and self.last.staff_id is None


class Line(Struct, frozen=True):
    """What a member and those who look after them said, the latest first."""

    member: Member
    words: tuple[Word, ...]
    staff: dict[UUID, Staff]
    tasks: tuple[Task, ...]


async def show_mine(tx: Tx, staff_id: UUID, most: int) -> list[Mine]:
    """Everybody somebody looks after: who waits for an answer first, then by the day of what is to
    be done for them."""
    ids = await associates.members_of(tx, staff_id, most)
    people, last = await members.members(tx, ids), await read.last(tx, ids)
    tasks: dict[UUID, list[Task]] = {}
    for one in await read.tasks(tx, ids):
        tasks.setdefault(one.member_id, []).append(one)
    found = [
        Mine(people[id_], last.get(id_), tuple(tasks.get(id_, ())))
        for id_ in ids
        if id_ in people and people[id_].state != "erased"
    ]
    return sorted(found, key=_turn)


def _turn(one: Mine) -> tuple[bool, bool, str, UUID]:
    return (
        not one.waits,
        not one.tasks,
        str(one.tasks[0].due_on) if one.tasks else "",
        one.member.id,
    )


async def show_line(
    tx: Tx,
    member_id: UUID,
    staff_id: UUID | None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> Line | None:
    """What was said with a member; nothing where this person of the shop does not look after them.
    Without a person it is for the member, or for a key of the shop's own machines."""
    who = (await unions.aliases(tx, [member_id])).get(member_id, member_id)
    member = (await members.members(tx, [who])).get(who)
    if member is None or member.state == "erased":
        return None
    if staff_id is not None and not await looks_after(tx, staff_id, who):
        return None
    words = tuple(await read.words(tx, who, before, limit))
    staff = await staff_read.some_staff(tx, [one.staff_id for one in words if one.staff_id])
    return Line(member, words, dict(staff), tuple(await read.tasks(tx, [who])))


async def looks_after(tx: Tx, staff_id: UUID, member_id: UUID) -> bool:
    """Whether somebody looks after this member now; of whom nobody does, whether they keep members,
    and so answer."""
    there = (await associates.of(tx, [member_id])).get(member_id, [])
    lasting = [one for one in there if one.lasts(tx.now)]
    if lasting:
        return any(one.staff_id == staff_id for one in lasting)
    staff = await staff_read.one_staff(tx, staff_id)
    return staff is not None and staff.may(Permission.MEMBERS_WRITE)
