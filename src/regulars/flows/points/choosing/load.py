"""What members chose, told to those who are asked about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.rewarding.including.options import words
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.records.members.admission import read as admissions
from regulars.records.rewards.choices import read
from regulars.records.rewards.choices.types import Choice

Made = dict[tuple[UUID, str, int, str], Choice]
"""Per member, word, period and what was chosen."""


async def load_choices(tx: Tx, terms: Terms, states: Iterable[MemberState]) -> Made:
    """Tell these states what their members chose, and when they were born.

    Order: after the members are locked. A program in which nothing is chosen asks nothing, nor
    does one in which nothing is bound to a birthday.
    """
    apart = {state.member_id: state for state in states}
    await _load_births(tx, terms, apart)
    if not words(terms.at(tx.now)):
        return {}
    made: Made = {}
    for one in await read.choices(tx, sorted(apart)):
        said = apart[one.member_id].chosen
        said[one.word, one.period] = (*said.get((one.word, one.period), ()), one.chosen)
        # Of two who became one and chose alike the first word is the answer.
        made.setdefault((one.member_id, one.word, one.period, one.chosen), one)
    return made


async def _load_births(tx: Tx, terms: Terms, apart: Mapping[UUID, MemberState]) -> None:
    if any(one.birthday for version in terms.versions for one in version.program.benefits):
        for member_id, told in (await admissions.some(tx, sorted(apart))).items():
            if told.birthday is not None:
                apart[member_id].born = told.birthday.isoformat()
