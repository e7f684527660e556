"""Who may keep segments, and which list somebody means."""

from __future__ import annotations

from typing import Final

from regulars.base.faults import Fault, Forbidden, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import By
from regulars.records.program.changes.segments import read as segments
from regulars.records.program.changes.segments.types import Segment

FORBIDDEN: Final = "your role does not do this; ask an owner"


async def may(tx: Tx, by: By) -> bool:
    """Whether whoever asks keeps segments; keys and verbs were asked at their door."""
    if by.staff_id is None:
        return True
    who = await staff_read.one_staff(tx, by.staff_id)
    return who is not None and who.may(Permission.MESSAGES_WRITE)


async def the_list(tx: Tx, by: By, code: str) -> Segment | Fault:
    """The list of this code, if whoever asks may fill it."""
    if not await may(tx, by):
        return Forbidden(FORBIDDEN)
    there = await segments.segment(tx, code)
    if there is None:
        return nothing(code)
    if there.kind != "list":
        says = "who is in it says its condition; put members on a list instead"
        return Invalid(says, field="/code")
    return there


def nothing(code: str) -> Fault:
    """There is no such segment."""
    return NotFound(f"there is no segment {code[:40]}", field="/code")
