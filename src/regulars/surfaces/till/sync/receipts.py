"""Purchases by the number on their receipt, whichever till system of the store printed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.flows.recording.sales import LATE, late_key
from regulars.records.activity import read as activities
from regulars.records.activity.types import NOBODY, Activity, SaleRef
from regulars.records.once.read import known
from regulars.records.once.types import natural_key
from regulars.records.tills.types import Till

MOST_SALES: Final = 20
MOST_PRINTED: Final = 100
"""So many purchases with one number are looked at: one of each till system, the latest first."""


async def by_receipt(tx: Tx, till: Till, receipt: str) -> list[Activity]:
    """The purchases with this receipt as they stand now, the latest first.

    Keeps: what was sold in another store is not listed, whose numbers may be the same; and what
    became a member's afterwards is theirs alone. A purchase that names no store is anybody's.
    """
    printed = (await _printed(tx, till, [receipt])).get(receipt, [])
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


async def sold_here(tx: Tx, till: Till, receipts: Iterable[str]) -> dict[str, SaleRef]:
    """What a till noted down by its store and a receipt, where another system of it printed it.

    Keeps: only what was surely sold in this store and is one purchase; and it is named as it was
    told first, so that the same record asks for the same thing also after a late credit.
    """
    own = {natural_key(till.store, one, "purchase"): one for one in set(receipts)}
    there = {own[key] for key in await known(tx, list(own))}
    printed = await _printed(tx, till, sorted(set(own.values()) - there))
    found = {
        receipt: [one for one in sales if one.store == till.store]
        for receipt, sales in printed.items()
    }
    return {
        receipt: SaleRef(id=sales[0].activity_id)
        for receipt, sales in found.items()
        if len(sales) == 1
    }


async def told_by_now(tx: Tx, till: Till, sales: Mapping[UUID, SaleRef]) -> set[UUID]:
    """Of these, by whatever name, the ones whose receipt is in the books."""
    keys = {
        id_: natural_key(one.source, one.external_id, "purchase")
        for id_, one in sales.items()
        if one.id is None
    }
    there = await known(tx, list(keys.values()))
    noted = {id_: sales[id_].external_id for id_ in keys if sales[id_].source == till.store}
    here = await sold_here(tx, till, noted.values())
    return {id_ for id_, key in keys.items() if key in there or noted.get(id_) in here}


async def _printed(tx: Tx, till: Till, receipts: list[str]) -> dict[str, list[Activity]]:
    """Purchases with each of these numbers, as they were told first; of this store, or of none
    that was said."""
    most = MOST_PRINTED * len(receipts)
    found: dict[str, list[Activity]] = {}
    for one in await activities.printed(tx, receipts, [till.store, ""], most):
        if one.source != LATE:
            found.setdefault(one.external_id, []).append(one)
    return found
