"""What members chose, told to those who are asked about."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.rewarding.including.options import words
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.records.rewards.choices import read
from regulars.records.rewards.choices.types import Choice

Made = dict[tuple[UUID, str, int, str], Choice]
"""Per member, word, period and what was chosen."""


async def load_choices(tx: Tx, terms: Terms, states: Iterable[MemberState]) -> Made:
    """Tell these states what their members chose.

    Order: after the members are locked. A program in which nothing is chosen asks nothing.
    """
    if not words(terms.at(tx.now)):
        return {}
    apart = {state.member_id: state for state in states}
    made: Made = {}
    for one in await read.choices(tx, sorted(apart)):
        said = apart[one.member_id].chosen
        said[one.word, one.period] = (*said.get((one.word, one.period), ()), one.chosen)
        # Of two who became one and chose alike the first word is the answer.
        made.setdefault((one.member_id, one.word, one.period, one.chosen), one)
    return made
