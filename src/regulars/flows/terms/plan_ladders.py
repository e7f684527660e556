"""What a version would change for whoever stands on a further ladder, member by member."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.changing.crowd import Fate, fate_on
from regulars.engine.changing.following import codes_for
from regulars.engine.compiling.compile import compile_program
from regulars.engine.ladder.counting import measured
from regulars.engine.terms import Terms, Version, counts_alike, same_ladder, terms_of
from regulars.flows.batch.load import hold_members
from regulars.flows.terms.comes.stand_ins import copies
from regulars.records.program import read
from regulars.records.program.reading import read_program
from regulars.records.program.types import Program
from regulars.records.standing.crowd import read as crowd
from regulars.records.standing.crowd.types import NOBODY_BEFORE

AT_ONCE: Final = 2_000
"""So many members are read at once."""


class Change(NamedTuple):
    """A further ladder whose terms would be others from an instant on, and how it is now."""

    at: datetime
    before: Version
    after: Version
    now: Terms
    """The terms as they are published."""

    @property
    def foretold(self) -> bool:
        """Whether the new ladder counts what was counted already."""
        return counts_alike(self.before, self.after)


class Moved(NamedTuple):
    """A member on a ladder that changes, and what becomes of them."""

    member_id: UUID
    given_name: str
    number: str
    tier: str | None
    fate: Fate


async def changes_of(tx: Tx, program: Program, start: datetime) -> dict[str, Change]:
    """The further ladders that a program file would change, by name."""
    published, known = await read.versions(tx), await read.codes(tx)
    before = read.before(published, start)
    if before is None or not program.ladders:
        return {}
    there = [
        (one.version, one.effective_from, compile_program(read_program(one.source)))
        for one in published
    ]
    number = max(one.version for one in published) + 1
    news = compile_program(program)
    at = {one.version: one.published_at for one in published}
    again = copies(published, await read.withdrawals(tx))
    now = terms_of(tx.program_id, "", there, known, at, again)
    then = [one for one in there if one[1] < start]
    codes = known | codes_for(known, news)
    coming = terms_of(tx.program_id, "", [*then, (number, start, news)], codes, at, again)
    old, new = coming.numbered(before.version), coming.numbered(number)
    return {
        name: Change(start, old.further[name], view, now)
        for name, view in new.further.items()
        if name in old.further and not same_ladder(old.further[name], view)
    }


async def moved_by(
    tx: Tx, change: Change, after: UUID | None, most: int = AT_ONCE
) -> AsyncIterator[list[Moved]]:
    """Everybody who has something on a ladder and what becomes of them, in the order of their ids,
    so many at a time."""
    codes = [one.credit_counter for one in measured(change.before)]
    codes += [one.back_counter for one in measured(change.before) if one.back_counter]
    asked = (codes, list(change.before.compiled.tiers))
    place = after or NOBODY_BEFORE
    while found := await crowd.on_ladder(tx, asked, place, most):
        place = found[-1].member_id
        ids = [one.member_id for one in found]
        states = await hold_members(tx, change.now, ids, lock=False)
        yield [
            Moved(*one, *fate_on((change.before, change.after), states[one.member_id], change.at))
            for one in found
        ]
        if len(found) < most:
            return


def named(changes: dict[str, Change]) -> Iterator[tuple[str, Change]]:
    """Those of which it can be foretold whom they touch."""
    return ((name, one) for name, one in changes.items() if one.foretold)
