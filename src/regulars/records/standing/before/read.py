"""Read what was counted elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.standing.before.types import Before

_SOME = """
select member_id, counter, period, value from used_before
 where program_id = $1 and (member_id, counter, period) in (
       select * from unnest($2::uuid[], $3::smallint[], $4::int[]))
"""
_OF = """
select member_id, counter, period, value from used_before
 where program_id = $1 and member_id = any($2::uuid[])
"""


async def some(tx: Tx, keys: Sequence[tuple[UUID, int, int]]) -> dict[tuple[UUID, int, int], int]:
    """What came of these (member, counter, period) already."""
    if not keys:
        return {}
    rows = await tx.fetch(_SOME, tx.program_id, *map(list, zip(*keys, strict=True)))
    return {(row["member_id"], row["counter"], row["period"]): row["value"] for row in rows}


async def of_members(tx: Tx, member_ids: Sequence[UUID]) -> list[Before]:
    """Everything that was counted elsewhere of these members."""
    rows = await tx.fetch(_OF, tx.program_id, member_ids) if member_ids else []
    return [Before(*row.values()) for row in rows]
