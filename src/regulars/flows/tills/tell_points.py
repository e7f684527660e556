"""Points that connected tills worked out by themselves: booked at the store they are told from."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from regulars.base.faults import NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust, Adjusted
from regulars.flows.tills.commands import TellOutcome, TellPoints, ToldPoints
from regulars.records.tills import read
from regulars.records.tills.types import store_meant


async def tell_points(tx: Tx, terms: Terms, batch: Sequence[TellPoints]) -> list[TellOutcome]:
    """Book what each till says that a purchase earns, each once.

    Order: the store is looked for first, in the transaction that books.
    Refuses and faults: as corrections by hand do; a place where there is no store (`/place`).
    """
    stores = (await read.stores(tx)).values()
    meant = [store_meant(stores, one.place) for one in batch]
    booked: dict[int, Adjust] = {
        at: replace(batch[at].points, store=store)
        for at, store in enumerate(meant)
        if store is not None
    }
    nowhere = NotFound("there is no such store here; list the stores to see theirs", field="/place")
    told: list[TellOutcome] = [nowhere] * len(batch)
    done = await adjust_balances(tx, terms, list(booked.values()))
    for (at, command), outcome in zip(booked.items(), done, strict=True):
        told[at] = outcome
        if isinstance(outcome, Adjusted):
            told[at] = ToldPoints(outcome, command.store, tx.now)
    return told
