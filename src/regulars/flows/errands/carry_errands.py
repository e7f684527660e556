"""What the worker does with an errand: take it, tell how far it is, end it or put it back."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.errands import read, write
from regulars.records.errands.types import Errand, State

MOST_FALLS: Final = 3
"""Who fell so often would fall again."""
FELL: Final = "its program fell three times; look in the log, and report it to us"


async def take_errand(tx: Tx, errand_id: UUID) -> Errand | None:
    """Begin with an errand that waits, as one more attempt; nothing where it waits no more."""
    if await write.take(tx, errand_id) is None:
        return None
    return await read.errand(tx, errand_id)


async def tell_errand(tx: Tx, errand_id: UUID, tries: int, how_far: tuple[str, int, int]) -> bool:
    """Keep how far this attempt is; whether it may go on."""
    return await write.tell(tx, errand_id, tries, how_far)


async def end_errand(
    tx: Tx, errand_id: UUID, tries: int, came: tuple[State, str, dict[str, Any] | None]
) -> bool:
    """Keep what came of this attempt: state, why, the outcome; whether it was still its to say."""
    return await write.end(tx, errand_id, tries, came)


async def give_up_errand(tx: Tx, errand_id: UUID, *, fell: bool) -> State | None:
    """The program that did it is gone: it has stopped, waits for another, or has failed for good.

    Order: whoever was asked to stop has stopped, however it came to its end. Who goes with its
    worker has not fallen, however often a server starts anew.
    """
    one = await read.errand(tx, errand_id)
    if one is None or one.state != "running":
        return None
    if one.stop:
        await write.end(tx, errand_id, one.tries, ("stopped", "", None))
        return "stopped"
    if one.falls + fell >= MOST_FALLS:
        await write.end(tx, errand_id, one.tries, ("failed", FELL, None))
        return "failed"
    await tx.write(write.put_back(tx, errand_id, one.tries, int(fell)))
    return "waiting"
