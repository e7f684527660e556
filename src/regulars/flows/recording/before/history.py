"""History brought over from elsewhere: its own ids, and the nights that passed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.engine.deciding.bring_over import up_to_now
from regulars.engine.state import MemberState
from regulars.flows.commands import History
from regulars.flows.recording.decide_one import Item
from regulars.flows.recording.decided import Decided
from regulars.records.activity import read as activities


async def refuse_known_ids(tx: Tx, fresh: Sequence[Item]) -> None:
    """An activity that keeps its id must be the only one with it."""
    ids = [item.command.activity_id for item in fresh if item.open and item.command.activity_id]
    if not ids:
        return
    known = await activities.whose(tx, ids)
    for item in fresh:
        if item.open and item.command.activity_id in known:
            item.outcome = Invalid(
                "another activity with this id is here already", field="/activity_id"
            )


def bring_over(states: Mapping[UUID, MemberState], history: History | None) -> None:
    """Remember of these members whether what is told of them is history, however long ago."""
    for state in states.values():
        state.brought = history is not None


def catch_up_with_nights(batch: Decided, todo: Sequence[Item], history: History) -> None:
    """Do for each member what every night since would have done, once all of theirs is decided.

    Order: after the member's last activity; a tier that was reviewed as of today would judge the
    purchases of years ago by today's step.
    """
    going_on = _last_member(batch, todo) if history.cut else None
    version = batch.terms.at(batch.tx.now)
    for state in batch.states.values():
        if state.member_id != going_on:
            up_to_now(batch.changes, state, version, batch.tx.now)


def _last_member(batch: Decided, todo: Sequence[Item]) -> UUID | None:
    for item in reversed(todo):
        member_id: UUID | None = getattr(item.outcome, "member_id", None)
        return member_id or batch.newcomers.of(item.place)
    return None
