"""What members pay for, told to those who are asked about."""

from __future__ import annotations

from collections.abc import Iterable

from regulars.base.tx import Tx
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.records.benefits.plans import read


async def load_plans(tx: Tx, terms: Terms, states: Iterable[MemberState]) -> None:
    """Tell these states what their members pay for; a program without plans asks nothing."""
    if any(version.plans for version in terms.versions):
        apart = {state.member_id: state for state in states}
        for member_id, found in (await read.of_members(tx, sorted(apart))).items():
            apart[member_id].plans = found
