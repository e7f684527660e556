"""Points that connected tills say by themselves: booked at the store they are told from."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust, Adjusted
from regulars.flows.tills.commands import TellOutcome, TellPoints, ToldPoints
from regulars.records.tills import read
from regulars.records.tills.types import Store, no_store, store_meant


async def tell_points(tx: Tx, terms: Terms, batch: Sequence[TellPoints]) -> list[TellOutcome]:
    """Book the points that each till tells, each once.

    Order: stores are looked for first, in the transaction that books.
    Keeps: what an erased member left is for staff alone to write off. That no till may is no field
    of the command: a retry across an upgrade has the content it had.
    Refuses and faults: as corrections by hand do; a place where there is no store (`/place`).
    """
    placed = any(one.place is not None for one in batch)
    stores = list((await read.stores(tx)).values()) if placed else []
    found = [_at_store(one, stores) for one in batch]
    booked = [one for one in found if isinstance(one, Adjust)]
    done = iter(await adjust_balances(tx, terms, booked, living=True))
    told: list[TellOutcome] = []
    for one in found:
        outcome = one if isinstance(one, Fault) else next(done)
        if isinstance(one, Adjust) and isinstance(outcome, Adjusted):
            told.append(ToldPoints(outcome, one, tx.now))
        else:
            assert not isinstance(outcome, Adjusted), outcome
            told.append(outcome)
    return told


def _at_store(one: TellPoints, stores: Sequence[Store]) -> Adjust | Fault:
    if one.place is None:
        return one.points
    store = store_meant(stores, one.place)
    return no_store() if store is None else replace(one.points, store=store)
