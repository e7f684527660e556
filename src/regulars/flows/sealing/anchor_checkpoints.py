"""The world outside is told where the chains end, so that nobody here can take it back."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.tx import Tx
from regulars.records.seal import read, write
from regulars.records.seal.types import Checkpoint


async def untold(tx: Tx, place: str, most: int) -> list[Checkpoint]:
    """What this place outside does not know yet, oldest first.

    After a long silence only the newest `most`: the newest of them covers all that came before.
    """
    return await read.untold(tx, place, most)


async def keep_told(tx: Tx, place: str, told: Sequence[Checkpoint]) -> None:
    """This place knows these now."""
    await tx.write(write.anchored(tx, place, told))


async def newest(tx: Tx) -> list[Checkpoint]:
    """Where each chain ends, as it was last signed."""
    tips = await read.tips(tx)
    return [tip.checkpoint for tip in tips.values() if tip.checkpoint is not None]
