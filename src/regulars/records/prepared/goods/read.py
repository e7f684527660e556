"""Look up how far what members bought follows the books, and who is next."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.prepared.goods.types import GoodsReach

# Whoever holds this row goes on; a second worker finds it locked and leaves it to the first.
_REACH: Final = """
select cluster, zones, below_tx, after_id from goods_reach
 where program_id = $1::int for update skip locked
"""
_THERE: Final = "select exists (select from goods_reach where program_id = $1::int) as there"
_WHOLE: Final = """
select exists (select from goods_reach where program_id = $1::int and after_id is null) as whole
"""
_NEXT: Final = """
select member_id from member where program_id = $1::int and member_id > $2::uuid
 order by member_id limit $3::int
"""


async def reach(tx: Tx) -> GoodsReach | None:
    """How far they follow, under lock; nothing where there is none, or another has it."""
    rows = await tx.fetch(_REACH, tx.program_id)
    return GoodsReach(*rows[0].values()) if rows else None


async def any_reach(tx: Tx) -> bool:
    """Whether somebody began to follow, whoever has it at this moment."""
    return bool((await tx.fetch(_THERE, tx.program_id))[0]["there"])


async def whole(tx: Tx) -> bool:
    """Whether everybody's are there."""
    return bool((await tx.fetch(_WHOLE, tx.program_id))[0]["whole"])


async def following(tx: Tx, after: UUID, most: int) -> list[UUID]:
    """The next members by their ids."""
    return [row["member_id"] for row in await tx.fetch(_NEXT, tx.program_id, after, most)]
