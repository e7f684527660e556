"""Read what came back of sales."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from regulars.base.tx import Tx

_RETURNS = """
select activity_id, sale_id, source, external_id,
       coalesce(jsonb_array_length(body -> 'returned'), 0) = 0 as is_whole
  from activity
 where program_id = $1::int and sale_id = any($2::uuid[]) and kind = 'return'
 order by activity_id
"""


class Back(NamedTuple):
    """A return."""

    activity_id: UUID
    sale_id: UUID
    source: str
    external_id: str
    is_whole: bool
    """Whether it took back all that was left."""


async def returns_of(tx: Tx, sale_ids: Sequence[UUID]) -> list[Back]:
    """Everything that came back of these sales, by index."""
    rows = await tx.fetch(_RETURNS, tx.program_id, list(sale_ids))
    return [Back(*row.values()) for row in rows]
