"""Another system hears what happens as journals, beside being told of members."""

from __future__ import annotations

from typing import Final

from regulars.base.tx import Tx
from regulars.flows.telling.follow import LONGEST_TRANSACTION
from regulars.records.access.staff.types import By
from regulars.records.activity.types import NOBODY
from regulars.records.inlets.types import Inlet
from regulars.records.outbox.following import read as following
from regulars.records.outbox.hooks import read as hooks
from regulars.records.outbox.hooks.outlets.journals import write as journals

JOURNALS: Final = "Salesforce: journals"


async def hear(tx: Tx, inlet: Inlet, address: str, by: By) -> None:
    """It hears what happens from now on, or goes on hearing it at this address.

    Keeps: while its source waits, so does this; what happens meanwhile is told then.
    """
    from_tx, cluster, _ = await following.horizon(tx)
    if await is_heard(tx, inlet):
        await tx.write(journals.wake(tx, inlet.inlet_id, address, from_tx))
    else:
        floor = tx.now - LONGEST_TRANSACTION
        reach = hooks.Reach(inlet.inlet_id, from_tx, NOBODY, cluster, floor)
        await tx.write(journals.begin(tx, (JOURNALS, address), by.actor, reach))
    await tx.write(journals.follow(tx, inlet.inlet_id, paused=inlet.state == "paused"))


async def hear_no_more(tx: Tx, inlet: Inlet) -> None:
    """Nothing of what happens is told there, where it was."""
    if await is_heard(tx, inlet):
        await tx.write(journals.over(tx, [inlet.inlet_id]))


async def is_heard(tx: Tx, inlet: Inlet) -> bool:
    """Whether it hears what happens, or would if nothing were wrong."""
    hook = (await hooks.some_hooks(tx, [inlet.inlet_id], held=True)).get(inlet.inlet_id)
    return hook is not None and hook.state != "deleted"
