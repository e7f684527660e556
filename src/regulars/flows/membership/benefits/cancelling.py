"""Appointments to come of who comes no more: cancelled, so that somebody else can have the time."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.engine.deciding.benefit import ACTOR, undo
from regulars.engine.rewarding.correcting import Why
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.load import hold_members
from regulars.records.benefits import read, write


async def cancelled(
    tx: Tx, terms: Terms, changes: Changes, gone: Iterable[MemberState]
) -> list[Write]:
    """Take back what these members booked and what has not begun; what is to be written of it.

    Assumes: they are locked. An appointment gives no points (the checks of a program), so that
    nothing but its count comes back. Guests, and who is a guest elsewhere, are not asked.
    """
    states = {state.member_id: state for state in gone}
    coming = await read.coming_of(tx, sorted(states))
    for whose, used in coming:
        assert used.included.entry_id is None, used
        why = Why(tx.now, ACTOR, used.included.name)
        undo(changes, states[whose], used, (terms.numbered(used.version), 0, why))
    return write.undo(tx, [used for _, used in coming])


async def cancel_for_good(tx: Tx, terms: Terms, member_ids: Iterable[UUID]) -> None:
    """Cancel what is booked for members who are about to be erased. Assumes: they are locked."""
    asked = sorted(set(member_ids))
    booked = await read.coming_of(tx, asked)
    if not booked:
        return
    held = await hold_members(tx, terms, asked)
    changes = Changes(tx.new_id)
    gone = {state.member_id: state for state in held.values()}
    taken_back = await cancelled(tx, terms, changes, gone.values())
    await tx.write([*taken_back, *writes_of(tx, terms, changes)])
