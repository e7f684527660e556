"""A bill that was paid is credited to somebody: what it earns, less what came back of it."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import Recorded
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.tills.bills.bring_back import bring_back
from regulars.flows.tills.bills.commands import CreditBill
from regulars.records.tills.bills import read


async def credit_bills(
    tx: Tx, terms: Terms, batch: Sequence[CreditBill]
) -> list[Recorded | Refused | Fault]:
    """Book what each of these bills earns, and what was given back of it before.

    Order: bills are held first, so that no refund comes in between. Refuses and faults: as
    whatever records the purchase.
    """
    await read.bills(tx, sorted({one.bill_id for one in batch}), lock=True)
    done = await record_activities(tx, terms, [one.purchase for one in batch])
    for one, outcome in zip(batch, done, strict=True):
        if isinstance(outcome, Recorded):
            await bring_back(tx, terms, [one.bill_id], one.purchase.asked.principal)
    return list(done)
