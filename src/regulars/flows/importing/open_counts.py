"""What was used of limits and budgets, and counts towards something, goes on where it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Invalid, KeyReused
from regulars.base.money import LARGEST
from regulars.base.tx import Tx
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.load import hold_members
from regulars.flows.commands import History
from regulars.flows.importing.commands import Brought, OpenCount
from regulars.flows.importing.finding import find
from regulars.records.activity.types import NOBODY
from regulars.records.standing.before import read, write
from regulars.records.standing.before.types import Before
from regulars.records.standing.write import hold_budgets

CountOutcome = Brought | Fault
LATEST: Final = 2**31 - 1
"""The last number a period can have."""
_SIGNED: Final = "remainder:"
"""What rounding keeps may be below nothing."""


class _Batch(Struct):
    """Lines while they are booked: who is held, what came before, and what comes now."""

    changes: Changes
    codes: Mapping[str, int]
    states: Mapping[UUID, MemberState]
    known: dict[tuple[UUID, int, int], int] = {}
    fresh: list[Before] = []


async def open_counts(
    tx: Tx, terms: Terms, batch: Sequence[OpenCount], history: History
) -> list[CountOutcome]:
    """Each count goes on from there, once; what was counted here by then is added to it.

    Order: members are held, then budgets by number and period, as everywhere.
    Faults: an unknown member or counter, a budget of a member or a member's limit of nobody, a
    count that is none, another count than came before.
    """
    assert history.import_id is not None, history
    codes = terms.counters
    outcomes: list[CountOutcome | UUID] = [_wrong(codes, one) or NOBODY for one in batch]
    of_members = [n for n, one in enumerate(batch) if outcomes[n] == NOBODY and one.member]
    found = await find(tx, terms, [batch[n] for n in of_members])
    for n, member in zip(of_members, found, strict=True):
        outcomes[n] = member
    whom = [who for who in outcomes if isinstance(who, UUID) and who != NOBODY]
    states = await hold_members(tx, terms, whom)
    counts = _Batch(Changes(tx.new_id, history=history.import_id), codes, states)
    keys = [
        (states[who].member_id if who != NOBODY else NOBODY, codes[one.counter], one.period)
        for who, one in zip(outcomes, batch, strict=True)
        if isinstance(who, UUID)
    ]
    shared = sorted({(code, period) for who, code, period in keys if who == NOBODY})
    counts.changes.budgets = await hold_budgets(tx, shared)
    counts.known = await read.some(tx, keys)
    for n, (who, one) in enumerate(zip(outcomes, batch, strict=True)):
        if isinstance(who, UUID):
            outcomes[n] = _one(counts, who, one)
    await tx.write(
        [*write.keep(tx, history.import_id, counts.fresh), *writes_of(tx, terms, counts.changes)]
    )
    return [one for one in outcomes if not isinstance(one, UUID)]


def is_shared(counter: str) -> bool:
    """Whether all members draw on a counter together, by its name."""
    return counter.startswith("budget:") or counter.endswith(":everyone")


def _wrong(codes: Mapping[str, int], command: OpenCount) -> Fault | None:
    if command.counter not in codes:
        says = f"nothing is counted under {command.counter} here"
        mend = "publish every version of the program that came along, or leave the line out"
        return Invalid(says, field="/counter", mend=mend)
    return wrong_count(command)


def wrong_count(command: OpenCount) -> Fault | None:
    """What is wrong with a line whatever the program: whom it names, and its numbers."""
    if is_shared(command.counter) != (command.member is None):
        says = f"{command.counter} is counted of " + ("all together" if command.member else "each")
        mend = "take the member out of the line" if command.member else "say of which member it is"
        return Invalid(says, field="/member_id", mend=mend)
    least = -LARGEST if command.counter.startswith(_SIGNED) else 0
    if not least <= command.value <= LARGEST:
        says = f"a count is a whole number from {least} to {LARGEST}"
        return Invalid(says, field="/used", mend="export it again")
    if not -LATEST <= command.period <= LATEST:
        return Invalid("there is no such period", field="/period", mend="export it again")
    return None


def _one(counts: _Batch, who: UUID, command: OpenCount) -> CountOutcome:
    state = None if who == NOBODY else counts.states[who]
    member_id = NOBODY if state is None else state.member_id
    key = counts.codes[command.counter], command.period
    before = counts.known.get((member_id, *key))
    if before is not None and before != command.value:
        return KeyReused(
            f"{before} came before of {command.counter} in this period",
            field="/used",
            mend="a count is brought over once; leave the line out",
        )
    if before is not None or command.value == 0:
        return Brought(member_id, replayed=before is not None)
    counts.known[member_id, *key] = command.value
    counts.fresh.append(Before(member_id, *key, command.value))
    if state is None:
        counts.changes.spend(*key, command.value)
    else:
        counts.changes.keep(state, key, state.counters.get(key, 0) + command.value)
        counts.changes.touch(state)
    return Brought(member_id)
