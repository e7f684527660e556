"""Read tiers given by hand; who was merged into somebody is read as a part of them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.standing.grants.types import TierGrant

_COLUMNS = """g.grant_id, g.member_id, g.kind, g.tier, g.reason, g.actor, g.given_at, g.asks,
       g.proof, g.answer_by, b.at as begun_at, b.until_at, b.was_tier, b.was_until,
       coalesce(b.had, 0) as had, c.at as closed_at, c.what as closed_as
  from tier_grant g
  left join tier_turn b on b.program_id = g.program_id and b.member_id = g.member_id
                       and b.grant_id = g.grant_id and b.what = 'begun'
  left join tier_turn c on c.program_id = g.program_id and c.member_id = g.member_id
                       and c.grant_id = g.grant_id and c.what <> 'begun'"""
_OF = f"""
with family as (
    select who.member_id, who.member_id as stands_as from unnest($2::uuid[]) as who (member_id)
     union
    select a.member_id, a.into_id from member_alias a
     where a.program_id = $1 and a.into_id = any($2::uuid[])
)
select f.stands_as, {_COLUMNS}
  join family f on f.member_id = g.member_id
 where g.program_id = $1
 order by coalesce(b.at, g.given_at), g.grant_id
"""  # noqa: S608
_SOME = f"""
select {_COLUMNS} where g.program_id = $1 and g.grant_id = any($2::uuid[])
"""


async def of_members(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, list[TierGrant]]:
    """Everything ever given to these members by hand, oldest first, by whom they stand under."""
    found: dict[UUID, list[TierGrant]] = {}
    if not member_ids:
        return found
    for row in await tx.fetch(_OF, tx.program_id, member_ids):
        fields = dict(row)
        found.setdefault(fields.pop("stands_as"), []).append(TierGrant(**fields))
    return found


async def some(tx: Tx, grant_ids: Sequence[UUID]) -> dict[UUID, TierGrant]:
    """These grants and what became of them."""
    rows = await tx.fetch(_SOME, tx.program_id, grant_ids)
    return {row["grant_id"]: TierGrant(**dict(row)) for row in rows}
