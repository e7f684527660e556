"""When members last took rewards that are not had twice in a short while."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.rewarding.having import cooling
from regulars.engine.state import MemberState
from regulars.engine.terms import Version
from regulars.records.rewards import read


async def load_taken(
    tx: Tx, version: Version, states: Mapping[UUID, MemberState], wanted: Sequence[str]
) -> None:
    """Tell these members apart by when they last took one of the rewards they want now.

    Order: after the members are locked. Where no reward asks for it, nothing is read.
    """
    asked = cooling(version, wanted)
    if not asked:
        return
    mine = {state.member_id: state for state in states.values()}
    for member_id, last in (await read.last_taken(tx, sorted(mine), asked)).items():
        mine[member_id].taken |= last
