"""Rewards that run out have as many pieces left as they had elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.faults import Fault, Invalid, KeyReused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import History
from regulars.flows.importing.commands import Brought, OpenShelf
from regulars.records.activity.types import NOBODY
from regulars.records.program.parts.rewards import shelf_of, shelved
from regulars.records.rewards import read, write

ShelfOutcome = Brought | Fault


async def open_shelves(
    tx: Tx, terms: Terms, batch: Sequence[OpenShelf], history: History
) -> list[ShelfOutcome]:
    """Pieces that were gone there are gone here too, once for each shelf.

    Order: shelves are held in the order of their names. What was taken here by then is taken from
    what is left.
    Faults: a reward that does not run out here, more pieces than the program has, fewer than were
    taken here meanwhile, another number than came before.
    """
    assert history.import_id is not None, history
    begun = pieces_at_first(terms)
    names = sorted({one.shelf for one in batch} & begun.keys())
    remaining = await read.lock_stock(tx, names)
    known = await read.gone_before(tx, names)
    gone: dict[str, int] = {}
    outcomes: list[ShelfOutcome] = []
    for one in batch:
        fault = _wrong(one, begun, remaining, known)
        if fault is not None:
            outcomes.append(fault)
            continue
        fresh = begun[one.shelf] - one.left if one.shelf not in known else 0
        if fresh:
            known[one.shelf] = gone[one.shelf] = fresh
            remaining[one.shelf] -= fresh
        outcomes.append(Brought(NOBODY, replayed=one.shelf in known and not fresh))
    left = {shelf: remaining[shelf] for shelf in gone}
    await tx.write([*write.keep_gone(tx, history.import_id, gone), *write.keep_stock(tx, left)])
    return outcomes


def pieces_at_first(terms: Terms) -> dict[str, int]:
    """With how many pieces each shelf began, pools left out: they have as many as their codes."""
    found: dict[str, int] = {}
    for version in terms.versions:
        for reward in version.program.rewards:
            pieces = shelved(reward)
            if pieces is not None and shelf_of(reward) == reward.id:
                found.setdefault(reward.id, pieces)
    return found


def _wrong(
    one: OpenShelf, begun: dict[str, int], remaining: dict[str, int], known: dict[str, int]
) -> Fault | None:
    if one.shelf not in remaining:
        says = f"{one.shelf} does not run out here"
        mend = "say `stock:` in the program, or leave the line out"
        return Invalid(says, field="/reward", mend=mend)
    before, gone = known.get(one.shelf), begun[one.shelf] - one.left
    if before is not None:
        if before == gone:
            return None
        says = f"{begun[one.shelf] - before} were left of {one.shelf} when it came before"
        mend = "what is left is brought over once; leave the line out"
        return KeyReused(says, field="/remaining", mend=mend)
    if gone < 0 or one.left < 0:
        says = f"the program has {begun[one.shelf]} of {one.shelf}, and {one.left} would be left"
        mend = "write the number it had at first into the program before it is published"
        return Invalid(says, field="/remaining", mend=mend)
    if remaining[one.shelf] < gone:
        taken = begun[one.shelf] - remaining[one.shelf]
        says = f"{taken} of {one.shelf} were taken here already, and {one.left} were left there"
        return Invalid(says, field="/remaining", mend="take some back, or leave the line out")
    return None
