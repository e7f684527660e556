"""The terms as they are published, and as they would be with one version more."""

from __future__ import annotations

from datetime import datetime

from regulars.base.tx import Tx
from regulars.engine.changing.following import codes_for
from regulars.engine.compiling.compile import compile_program
from regulars.engine.terms import Terms, terms_of
from regulars.flows.terms.comes.stand_ins import copies
from regulars.records.program import read
from regulars.records.program.reading import read_program
from regulars.records.program.types import Program


async def coming(tx: Tx, program: Program, start: datetime) -> tuple[Terms, Terms]:
    """The terms as they are published, and as they would be with this version.

    Order: of what is published to begin later than it, nothing.
    """
    published, known = await read.versions(tx), await read.codes(tx)
    there = [
        (one.version, one.effective_from, compile_program(read_program(one.source)))
        for one in published
    ]
    number = max(one.version for one in published) + 1
    news = compile_program(program)
    at = {one.version: one.published_at for one in published}
    again = copies(published, await read.withdrawals(tx))
    codes = known | codes_for(known, news)
    those = [*(one for one in there if one[1] <= start), (number, start, news)]
    return (
        terms_of(tx.program_id, "", there, known, at, again),
        terms_of(tx.program_id, "", those, codes, at | {number: tx.now}, again),
    )
