"""Find what is long over, and what deleted hooks have left."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx

# All are walked through by their key: it is read a little each time, and no index is kept for it.
_WALK = """
select event_id, settled_at < $4::timestamptz as old from hook_sending
 where program_id = $1::int and hook_id = $2::uuid and event_id > $3::uuid
 order by event_id limit $5
"""
# How far the events were looked at goes last, so that it says whether there is anything left.
_DELETED = """
select h.hook_id from hook h join hook_reach r using (program_id, hook_id)
 where h.program_id = $1::int and h.state = 'deleted' order by h.hook_id
"""


async def walk(
    tx: Tx, hook_id: UUID, after: UUID, before: datetime, most: int
) -> tuple[list[UUID], UUID | None]:
    """Of the next events on their way those settled before this instant, and where to go on."""
    args = (tx.program_id, hook_id, after, before, most)
    rows = await tx.fetch(_WALK, *args)
    old = [row["event_id"] for row in rows if row["old"]]
    return old, rows[-1]["event_id"] if len(rows) == most else None


async def deleted(tx: Tx) -> list[UUID]:
    """Hooks that are deleted and of which something is still kept."""
    return [row["hook_id"] for row in await tx.fetch(_DELETED, tx.program_id)]
