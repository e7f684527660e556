"""Read how members moved between tiers; who was merged into somebody is read as a part of them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.standing.types import TierMove

_MOVES = """
with family as (
    select m.member_id, coalesce(a.into_id, m.member_id) as stands_as
      from unnest($2::uuid[]) as who (member_id)
      join member m on m.program_id = $1 and m.member_id = who.member_id
      left join member_alias a on a.program_id = $1 and a.member_id = m.member_id
     union
    select a.member_id, a.into_id from member_alias a
     where a.program_id = $1 and a.into_id = any($2::uuid[])
)
select m.move_id, f.stands_as as member_id, m.from_tier, m.to_tier, m.reason, m.cause_id,
       m.until_at, m.occurred_at, m.counted
  from family f
  join tier_move m on m.program_id = $1 and m.member_id = f.member_id
 order by m.occurred_at, m.move_id
"""


async def moves(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, list[TierMove]]:
    """Every move between tiers of these members and of who became one with them, oldest first."""
    found: dict[UUID, list[TierMove]] = {}
    for row in await tx.fetch(_MOVES, tx.program_id, member_ids):
        move = TierMove(**dict(row))
        found.setdefault(move.member_id, []).append(move)
    return found
