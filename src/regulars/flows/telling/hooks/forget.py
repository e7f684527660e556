"""What was sent long ago, or to a webhook that is deleted, is forgotten portion by portion."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.hooks import read
from regulars.records.outbox.hooks.rules import KEPT_FOR
from regulars.records.outbox.hooks.tidying import read as found
from regulars.records.outbox.hooks.tidying import write

MOST: Final = 5000
"""Rows of one portion."""


async def forget_settled_sendings(tx: Tx, hook_id: UUID, after: UUID) -> UUID | None:
    """Of the next events past this one forget what was delivered or dead long ago, with its
    tries; where to go on, or nothing at the end.

    Keeps: since when everything is there, so that a replay from before is refused.
    """
    before = tx.now - KEPT_FOR
    await read.reach(tx, hook_id)  # held: nothing is planned or sent anew meanwhile
    old, following = await found.walk(tx, hook_id, after, before, MOST)
    await tx.write(write.forget(tx, hook_id, old, before))
    return following


async def clear_deleted_hooks(tx: Tx) -> bool:
    """Delete some of what was on its way to webhooks that are deleted; whether there is more.

    Keeps: the webhook itself, as the audit log names it.
    """
    for hook_id in await found.deleted(tx):
        if await write.clear(tx, hook_id, MOST):
            return True
    return False
