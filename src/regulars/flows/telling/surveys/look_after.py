"""Somebody looks after whoever was unhappy, and says what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from regulars.base.faults import Forbidden, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.surveys.commands import LookAfter, LookAfterOutcome
from regulars.records.access.staff import read as staff
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.write import Done, acted
from regulars.records.outbox.surveys import read, write
from regulars.records.outbox.surveys.types import LONGEST_NOTE, Answer

_MEND: Final = f"Write up to {LONGEST_NOTE} letters, or nothing"


async def look_after(tx: Tx, _terms: Terms, batch: Sequence[LookAfter]) -> list[LookAfterOutcome]:
    """Each of these answers is somebody's from now on, or is over with what came of it.

    Order: as sent; the last word counts, and the same said again changes nothing.
    Refuses: `nothing_to_do` for who was not unhappy.
    Faults, each for its own item: `forbidden`, `not_found`, `invalid` at the note.
    """
    return [await _one(tx, command) for command in batch]


async def _one(tx: Tx, command: LookAfter) -> LookAfterOutcome:
    by = command.by
    if by.staff_id is not None:
        who = await staff.one_staff(tx, by.staff_id)
        if who is None or not who.may(Permission.MEMBERS_WRITE):
            return Forbidden("your role does not do this; ask an owner")
    note = command.note.strip()
    if len(note) > LONGEST_NOTE or "\0" in note:
        return Invalid("This note is too long, or no text", field="/note", mend=_MEND)
    there = await read.answer(tx, command.invitation_id)
    if there is None:
        return NotFound("nothing was answered to this", field="/invitation_id")
    if there.due_at is None:
        return Refused("nothing_to_do", "Nobody has to look after this answer", {})
    if _is_so(there, command, note):
        return there
    return await _kept(tx, command, there, note)


def _is_so(there: Answer, command: LookAfter, note: str) -> bool:
    if command.outcome is None:
        return there.owner == command.by.actor
    return there.outcome == command.outcome and there.note == note


async def _kept(tx: Tx, command: LookAfter, there: Answer, note: str) -> Answer:
    who, which = command.by.actor, there.invitation_id
    if command.outcome is None:
        writes, did = write.take(tx, which, who), "survey_answer.taken"
    else:
        writes, did = write.end(tx, which, who, command.outcome, note), "survey_answer.ended"
    # What was written stands beside the answer and goes with the member; the log has none of it.
    await tx.write([*writes, *acted(tx, [Done(command.by, did, "member", there.member_id.hex)])])
    found = await read.answer(tx, which)
    assert found is not None, there
    return found
