"""What members had given to causes: all of them, or one."""

from __future__ import annotations

from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.batch.load import hold_members
from regulars.records.members.types import nobody
from regulars.records.rewards.causes import read
from regulars.records.rewards.causes.types import Given


async def show_causes(tx: Tx, terms: Terms, member_id: UUID | None = None) -> list[Given]:
    """What was given to each cause in the place of all members, or of this one; the most first.

    Keeps: each donation counts as it was promised on its day; what was reserved and let go does
    not, and what somebody who is one with them now had given does.
    Faults: UnknownMember.
    Example: a tree of 5.00 taken twice by Ada and once by Ben are 15.00 of two members.
    """
    if member_id is not None:
        states = await hold_members(tx, terms, [member_id], lock=False)
        if member_id not in states:
            raise nobody()
        member_id = states[member_id].member_id
    return await read.given(tx, member_id)
