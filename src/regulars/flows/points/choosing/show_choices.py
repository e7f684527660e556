"""What a member may choose from, and what they chose; nothing is locked and nothing written."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.engine.rewarding.including.options import (
    Chosen,
    Option,
    chosen,
    counts_at,
    ends_on,
    options,
    words,
)
from regulars.engine.terms import Terms
from regulars.flows.batch.load import hold_members
from regulars.flows.points.choosing.load import load_choices
from regulars.records.members.types import nobody


class ChoiceOpen(Struct, frozen=True):
    """What is chosen from under a word, and what this member chose for this period."""

    word: str
    options: list[Option]
    chosen: Chosen | None
    ends_on: date | None
    """The first local day on which one chooses anew; nothing when it is for ever."""


async def show_choices(tx: Tx, terms: Terms, member_id: UUID) -> list[ChoiceOpen]:
    """Every choice of the program in force, as this member stands with it.

    Faults: UnknownMember.
    """
    states = await hold_members(tx, terms, [member_id], lock=False)
    if member_id not in states:
        raise nobody()
    state, version = states[member_id], terms.at(tx.now)
    await load_choices(tx, terms, [state])
    return [
        ChoiceOpen(
            word,
            options(version, word),
            chosen(version, state, word, tx.now),
            ends_on(version, word, counts_at(version, state, word, tx.now)),
        )
        for word in words(version)
    ]
