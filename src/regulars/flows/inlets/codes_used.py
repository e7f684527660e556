"""Codes of rewards that were used in a web shop, as its orders tell: used here, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.points.codes.commands import UseCode
from regulars.flows.points.codes.use_codes import use_codes
from regulars.records.members.types import Asked
from regulars.records.rewards.codes.lettering import LONGEST, folded
from regulars.records.rewards.codes.shops import read, write

MOST: Final = 100
"""Codes of one order that are looked at."""


async def codes_used(tx: Tx, terms: Terms, told: Mapping[UUID, Sequence[str]]) -> None:
    """By source, the codes its paid orders name: whichever are ours there are used.

    An order is told again and again; a code that is used already stays as it is. What the books
    say no to (a member who is blocked) the shop gave all the same: nobody is refused the sale. A
    code that was over here before is said to be used twice, on the page of the source.
    """
    wishes = []
    twice: list[UUID] = []
    for inlet_id, codes in told.items():
        said = {folded(code): code for code in codes if 1 <= len(folded(code)) <= LONGEST}
        if not said:
            continue
        mine = await read.issued_there(tx, inlet_id, sorted(said)[:MOST])
        asked = Asked(f"inlet_{inlet_id.hex}")
        wishes += [UseCode(code, channel="online", asked=asked) for code in mine]
        twice += await read.over_here(tx, inlet_id, sorted(said)[:MOST], asked.principal)
    await tx.write(write.used_twice(tx, twice))
    if wishes:
        await use_codes(tx, terms, wishes)
