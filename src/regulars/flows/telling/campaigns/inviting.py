"""A campaign that invites to an event: whether that is to come, and what its messages say of it."""

from __future__ import annotations

from collections.abc import Iterable

from regulars.base.faults import Fault, Invalid
from regulars.base.tx import Tx
from regulars.flows.telling.campaigns.filling import Inviting
from regulars.records.community.gatherings import read
from regulars.records.tills import read as tills
from regulars.records.tills.types import Store


async def off(tx: Tx, code: str) -> Fault | None:
    """Why nobody is invited to the event of this code: there is none, it was called off, or it has
    begun. Nothing where it is to come, or none is named."""
    if not code or code in await to_come(tx, [code]):
        return None
    mend = "Name one that is to come, by its code"
    return Invalid(f"there is no event {code[:40]} to come", field="/event", mend=mend)


async def to_come(tx: Tx, codes: Iterable[str]) -> dict[str, Inviting]:
    """Those of these events that were not called off and have not begun, as messages say them.

    Order: a place by name comes before the store it is in.
    """
    wanted = sorted({one for one in codes if one})
    if not wanted:
        return {}
    there = await read.by_code(tx, wanted)
    stores = await tills.stores(tx)
    return {
        code: Inviting(code, one.name, one.at_place or _store(stores, one.store), one.begins_at)
        for code, one in there.items()
        if one.state == "open" and one.begins_at > tx.now
    }


def _store(stores: dict[str, Store], code: str) -> str:
    return stores[code].name if code in stores else ""
