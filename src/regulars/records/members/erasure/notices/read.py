"""Who was told that they will be erased, and which nights were gone through."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.members.erasure.notices.types import Night, Waiting

_TOLD = """
select member_id from erasure_notice where program_id = $1::int and member_id = any($2::uuid[])
"""
_DUE = """
select member_id from erasure_notice
 where program_id = $1::int and due_at <= $2::timestamptz
 order by due_at, member_id limit $3::int
"""
_WAITING = """
select count(*) as many, min(due_at) as first_at from erasure_notice where program_id = $1::int
"""
_LAST = """
select day, noticed, erased, stayed from retention_day
 where program_id = $1::int order by day desc limit 1
"""


async def told(tx: Tx, ids: Sequence[UUID]) -> Collection[UUID]:
    """Those of these members who were told."""
    rows = await tx.fetch(_TOLD, tx.program_id, list(ids)) if ids else ()
    return {row["member_id"] for row in rows}


async def due(tx: Tx, by: datetime, most: int) -> list[UUID]:
    """Whose time was over by then, those first who wait the longest."""
    return [row["member_id"] for row in await tx.fetch(_DUE, tx.program_id, by, most)]


async def waiting(tx: Tx) -> Waiting:
    """Who was told and is not erased yet."""
    return Waiting(*(await tx.fetch(_WAITING, tx.program_id))[0].values())


async def last_night(tx: Tx) -> Night | None:
    """The night that was gone through last."""
    rows = await tx.fetch(_LAST, tx.program_id)
    return Night(*rows[0].values()) if rows else None
