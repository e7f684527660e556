"""Look up why."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.trail.types import Trail, unpack

_OF_SALES = """
select member_id, activity_id, sale_id, packed from trail
 where program_id = $1 and member_id = any($2::uuid[])
   and (activity_id = any($3::uuid[]) or sale_id = any($3::uuid[]))
 order by recorded_at, activity_id
"""
_SOME = """
select member_id, activity_id, sale_id, packed from trail
 where program_id = $1 and member_id = $2 and activity_id = any($3::uuid[])
"""
_ONE = """
select member_id, activity_id, sale_id, packed from trail
 where program_id = $1 and member_id = $2 and activity_id = $3
"""


async def of_sales(
    tx: Tx, member_ids: Sequence[UUID], sale_ids: Sequence[UUID]
) -> dict[UUID, list[Trail]]:
    """The trails of these sales and of their returns, oldest first."""
    found: dict[UUID, list[Trail]] = {}
    if not sale_ids:
        return found
    for row in await tx.fetch(_OF_SALES, tx.program_id, member_ids, sale_ids):
        trail = Trail(row["activity_id"], row["member_id"], row["sale_id"], unpack(row["packed"]))
        found.setdefault(row["sale_id"] or row["activity_id"], []).append(trail)
    return found


async def some(tx: Tx, member_id: UUID, activity_ids: Sequence[UUID]) -> list[Trail]:
    """The trails of these activities of a member."""
    rows = await tx.fetch(_SOME, tx.program_id, member_id, activity_ids)
    return [
        Trail(row["activity_id"], row["member_id"], row["sale_id"], unpack(row["packed"]))
        for row in rows
    ]


async def one(tx: Tx, member_id: UUID, activity_id: UUID) -> Trail | None:
    """The trail of one activity, if rules ever saw it."""
    rows = await tx.fetch(_ONE, tx.program_id, member_id, activity_id)
    if not rows:
        return None
    row = rows[0]
    return Trail(row["activity_id"], row["member_id"], row["sale_id"], unpack(row["packed"]))
