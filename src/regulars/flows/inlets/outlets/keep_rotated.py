"""Keys of a system that the system itself gave anew are kept in place of those before."""

from __future__ import annotations

from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.inlets.catching import write as catching
from regulars.records.outbox.hooks.outlets import write as outlets


async def keep_rotated(tx: Tx, inlet_id: UUID, before: bytes, after: bytes) -> None:
    """These encrypted keys stand where those stood, for telling a system and for asking it.

    Keeps: where somebody entered others meanwhile, those stay; nothing else of it changes, so it is
    told and asked on at its own pace.
    """
    both = (inlet_id, before, after)
    await tx.write([*outlets.rotate(tx, *both), *catching.rotate(tx, *both)])
