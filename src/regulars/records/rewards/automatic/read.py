"""Read whom to look at, and the codes that were taken by themselves and are not used."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.rewards.automatic.types import Walk

_DUE = """
select member_id from automatic_clock
 where program_id = $1 and due_at <= $2 and member_id <> all($4::uuid[])
 order by due_at, member_id limit $3
"""
_WALK = "select last_id, done_at from automatic_walk where program_id = $1 and version = $2"
_UNUSED = """
select c.code_id, coalesce(a.into_id, c.member_id) as stands_as
  from reward_code c
  join redemption r on r.program_id = c.program_id and r.redemption_id = c.redemption_id
                   and r.actor = $4::text and r.state = 'captured' and r.paid_for is null
  left join member_alias a on a.program_id = c.program_id and a.member_id = c.member_id
 where c.program_id = $1 and c.state = 'issued' and (c.ends_at is null or c.ends_at > $3)
   and c.member_id in (select unnest($2::uuid[]) union all
                       select member_id from member_alias
                        where program_id = $1 and into_id = any($2::uuid[]))
 order by c.code_id desc
"""


async def due(tx: Tx, most: int, parked: Sequence[UUID] | frozenset[UUID]) -> list[UUID]:
    """Members whose balance reached a price, those who wait longest first."""
    rows = await tx.fetch(_DUE, tx.program_id, tx.now, most, list(parked))
    return [row["member_id"] for row in rows]


async def unused(tx: Tx, member_ids: Sequence[UUID], actor: str) -> dict[UUID, list[UUID]]:
    """Codes of these members that this actor took for them and nobody used, the newest first."""
    found: dict[UUID, list[UUID]] = {}
    if member_ids:
        for row in await tx.fetch(_UNUSED, tx.program_id, member_ids, tx.now, actor):
            found.setdefault(row["stands_as"], []).append(row["code_id"])
    return found


async def walk(tx: Tx, version: int) -> Walk:
    """How far those are listed who had reached a price before this version promised it."""
    rows = await tx.fetch(_WALK, tx.program_id, version)
    return Walk(*rows[0].values()) if rows else Walk()
