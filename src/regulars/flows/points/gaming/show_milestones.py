"""How far a member is with milestones, and what they were given for them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.engine.calendar import local
from regulars.engine.compiling.stones import Stone
from regulars.engine.rewarding.milestones import promised
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.load import hold_members
from regulars.records.members.types import nobody
from regulars.records.program.parts.gaming import DeedMilestone


class AtMilestone(Struct, frozen=True):
    """A milestone, and how far a member is with it in the period that runs."""

    promise: DeedMilestone
    wallet: int
    together: int
    """Deeds, pieces or minor units so far."""
    given: int
    """What of its points they have for it, in wallet units."""
    next_at: int | None
    """How much it takes together until there is more."""
    next_units: int


class Milestones(Struct, frozen=True):
    """All milestones in force."""

    member_id: UUID
    as_of: datetime
    milestones: list[AtMilestone]


async def show_milestones(tx: Tx, terms: Terms, member_id: UUID) -> Milestones:
    """How far this member is at this instant; nothing is locked and nothing written.

    Faults: UnknownMember.
    """
    states = await hold_members(tx, terms, [member_id], lock=False)
    if member_id not in states:
        raise nobody()
    version = terms.at(tx.now)
    day = local(version.zone, tx.now).day
    found = [
        _at(states[member_id], stone, promised(terms, stone, version, day), day)
        for stone in version.stones
        if not stone.board
    ]
    return Milestones(member_id, tx.now, found)


def _at(state: MemberState, stone: Stone, judge: Stone, day: int) -> AtMilestone:
    period = stone.period(day)
    together = state.counters.get((stone.counter, period), 0)
    given = state.counters.get((stone.given, period), 0)
    ahead = judge.next_at(max(together, 0))
    more = 0 if ahead is None else max(judge.due(ahead) - given, 0)
    assert isinstance(judge.promise, DeedMilestone), judge
    return AtMilestone(judge.promise, stone.wallet, together, given, ahead, more)
