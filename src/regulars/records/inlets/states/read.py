"""Of one thing the states are booked by one worker at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from regulars.base.alone import Alone, waiting_for_each
from regulars.base.tx import Tx
from regulars.records.inlets.types import Arrival

_ALONE: Final = waiting_for_each(Alone.STATES)


async def alone_with(tx: Tx, arrivals: Sequence[Arrival]) -> None:
    """Wait until nobody else books a state of what these tell, and keep others waiting until this
    transaction ends.

    Order: before it is looked up what is booked of it, and before any member is held.
    """
    names = sorted({f"{one.inlet_id.hex}:{one.name}" for one in arrivals if one.told_at})
    if names:
        await tx.fetch(_ALONE, tx.program_id, names)
