"""What events hinted at was asked for; what it is by now was kept as an event of its own."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.inlets import write
from regulars.records.inlets.types import Ended


async def settle_hints(tx: Tx, events: Sequence[UUID], *, found: bool) -> None:
    """Each of these events hints at nothing any more; told again, nothing changes."""
    code, says = ("asked", "what it is about was asked for")
    if not found:
        code, says = ("nothing", "there is nothing behind it")
    ended = [Ended(one, "passed", code, "", says) for one in events]
    await tx.write(write.end(tx, ended))
