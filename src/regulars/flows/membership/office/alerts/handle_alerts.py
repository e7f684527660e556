"""Somebody says of an alert about a member that they looked after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from regulars.base.faults import Forbidden, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.office.alerts.commands import HandleAlert, HandleOutcome
from regulars.records.access.staff import read as staff
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.standing.alerts import read, write
from regulars.records.standing.alerts.types import LONGEST_NOTE, MemberAlert

_MEND: Final = f"Write up to {LONGEST_NOTE} letters, or nothing"


async def handle_alerts(tx: Tx, _terms: Terms, batch: Sequence[HandleAlert]) -> list[HandleOutcome]:
    """Each of these is marked as looked after, with a note; or not any more.

    Order: as sent; the last word counts, and the same said again changes nothing. What became of
    the member goes on being looked at.
    Faults, each for its own item: `forbidden`, `not_found`, `invalid` at the note.
    """
    return [await _one(tx, command) for command in batch]


async def _one(tx: Tx, command: HandleAlert) -> HandleOutcome:
    if not await _may(tx, command.by):
        return Forbidden("your role does not do this; ask an owner")
    note = command.note.strip()
    if len(note) > LONGEST_NOTE or "\0" in note:
        return Invalid("This note is too long, or no text", field="/note", mend=_MEND)
    there = await read.alert(tx, command.alert_id)
    if there is None:
        return NotFound("there is no such alert here", field="/alert_id")
    if command.undone:
        return there if there.handled_at is None else await _kept(tx, command, there, undone=True)
    if there.handled_at is not None and there.note == note:
        return there
    return await _kept(tx, command, there, note)


async def _kept(
    tx: Tx, command: HandleAlert, there: MemberAlert, note: str = "", *, undone: bool = False
) -> HandleOutcome:
    writes = (
        write.reopen(tx, there.alert_id)
        if undone
        else write.handle(tx, there.alert_id, command.by.actor, note)
    )
    did = "member_alert.reopened" if undone else "member_alert.handled"
    # What was written stands beside the alert and goes with the member; the log has none of it.
    done = Done(command.by, did, "member", there.member_id.hex)
    await tx.write([*writes, *acted(tx, [done])])
    found = await read.alert(tx, there.alert_id)
    assert found is not None, there
    return found


async def _may(tx: Tx, by: By) -> bool:
    if by.staff_id is None:
        return True
    who = await staff.one_staff(tx, by.staff_id)
    return who is not None and who.may(Permission.MEMBERS_WRITE)
