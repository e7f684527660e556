"""Purchases by the number on their receipt, whichever till system of the store printed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.flows.recording.sales import LATE, late_key
from regulars.records.activity import read as activities
from regulars.records.activity.types import NOBODY, Activity, SaleRef
from regulars.records.once.read import known
from regulars.records.once.types import key_of
from regulars.records.tills.types import Till

MOST_SALES: Final = 20
MOST_PRINTED: Final = 100
"""So many purchases with one number are looked at: one of each till system, the latest first."""
CLOCKS: Final = timedelta(minutes=10)
"""By so much the clock of a register may be ahead of a till's."""


class Noted(NamedTuple):
    """A number that was noted down from a receipt, and when."""

    receipt: str
    at: datetime
    kind: str = "purchase"
    """What it is the number of; only purchases have one that another system printed."""


async def by_receipt(tx: Tx, till: Till, receipt: str) -> list[Activity]:
    """The purchases with this receipt as they stand now, the latest first.

    Keeps: what was sold in another store is not listed, whose numbers may be the same; and what
    became a member's afterwards is theirs alone. A purchase that names no store is anybody's.
    """
    (printed,) = await _printed(tx, [(receipt, None)], [till.store, ""], MOST_PRINTED)
    sold = {one.activity_id: one for one in printed}
    nobodys = [id_ for id_, one in sold.items() if one.member_id == NOBODY]
    late = await known(tx, [late_key(id_) for id_ in nobodys])
    now = await activities.some(
        tx, [one.member_id for one in late.values()], [one.subject_id for one in late.values()]
    )
    for id_ in nobodys:
        if (one := late.get(late_key(id_))) is not None:
            del sold[id_]
            sold |= {one.subject_id: now[one.subject_id]}
    return sorted(sold.values(), key=lambda one: one.occurred_at, reverse=True)[:MOST_SALES]


async def sold_here(tx: Tx, till: Till, noted: Iterable[Noted]) -> dict[Noted, SaleRef | None]:
    """What a till noted down by its store and a receipt, whichever system of the store printed it.

    Shape: nothing of a number that no purchase has; None where several have it.
    Keeps: only what was surely sold in this store, and before it was noted, as numbers come again;
    and it is named as it was told first, so that the same record asks for the same thing also after
    a late credit.
    """
    asked = sorted(set(noted))
    own = await _own(tx, till, asked)
    others = [one for one in asked if one.kind == "purchase" and _named(till, one) not in own]
    until = [(one.receipt, one.at + CLOCKS) for one in others]
    found: dict[Noted, SaleRef | None] = {
        one: said
        for one in asked
        if (said := _named(till, one)) in own and own[said] <= one.at + CLOCKS
    }
    for one, sales in zip(others, await _printed(tx, until, [till.store], 2), strict=True):
        if sales:
            found[one] = SaleRef(id=sales[0].activity_id) if len(sales) == 1 else None
    return found


async def told_by_now(
    tx: Tx, till: Till, sales: Mapping[UUID, tuple[SaleRef, datetime]]
) -> set[UUID]:
    """Of these, by whatever name and noted down when, the ones whose receipt is in the books."""
    keys = {
        id_: key_of(one)
        for id_, (one, _) in sales.items()
        if one.id is None and one.source != till.store
    }
    there = await known(tx, list(keys.values()))
    noted = {
        id_: Noted(one.external_id, at, one.kind)
        for id_, (one, at) in sales.items()
        if one.id is None and one.source == till.store
    }
    here = await sold_here(tx, till, noted.values())
    told = {id_ for id_, key in keys.items() if key in there}
    return told | {id_ for id_, one in noted.items() if one in here}


def _named(till: Till, one: Noted) -> SaleRef:
    return SaleRef(source=till.store, external_id=one.receipt, kind=one.kind)


async def _own(tx: Tx, till: Till, noted: Iterable[Noted]) -> dict[SaleRef, datetime]:
    """Receipts that were told under the name of the store itself, and when that happened."""
    keys = {key_of(said): said for one in noted if (said := _named(till, one))}
    there = await known(tx, list(keys))
    sold = await activities.some(
        tx, [one.member_id for one in there.values()], [one.subject_id for one in there.values()]
    )
    return {
        keys[key]: sold[one.subject_id].occurred_at
        for key, one in there.items()
        if one.subject_id in sold
    }


async def _printed(
    tx: Tx, asked: Sequence[tuple[str, datetime | None]], stores: Sequence[str], most: int
) -> list[list[Activity]]:
    """Purchases with each of these numbers, as they were told first."""
    found = await activities.printed(tx, asked, stores, most)
    return [[one for one in sales if one.source != LATE] for sales in found]
