"""No reward is made for a receipt that is paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from regulars.base.faults import NotFound, Refused
from regulars.base.tx import Tx
from regulars.flows.batch.askings import Asking
from regulars.flows.commands import Redeem
from regulars.records.receipts import read


async def refuse_paid(tx: Tx, asked: Sequence[Asking[Any]]) -> None:
    """Answer every wish for a receipt that is paid or unknown; the others stay open for it.

    Order: locks the receipts, before any member is locked.
    """
    wishes = [
        one
        for one in asked
        if one.open and isinstance(one.command, Redeem) and one.command.receipt is not None
    ]
    found = await read.receipts(tx, sorted({one.command.receipt for one in wishes}), lock=True)
    for one in wishes:
        receipt = found.get(one.command.receipt)
        if receipt is None:
            one.outcome = NotFound("there is no such receipt here", field="/receipt")
        elif receipt.state == "paid":
            one.outcome = Refused("already_paid", "this receipt was paid before")
