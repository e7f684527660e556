"""Read when what was booked was told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx

_TOLD_AT = """
select g.activity_id, max(a.told_at) as told_at
  from arrival_activity g
  join arrival a on a.program_id = g.program_id and a.arrival_id = g.arrival_id
 where g.program_id = $1::int and g.activity_id = any($2::uuid[]) and g.first
 group by g.activity_id
"""


async def told_at(tx: Tx, activity_ids: Sequence[UUID]) -> dict[UUID, datetime | None]:
    """Of each of these that an event told first, since when it was so by its sender's clock."""
    rows = await tx.fetch(_TOLD_AT, tx.program_id, list(activity_ids))
    return {row["activity_id"]: row["told_at"] for row in rows}
