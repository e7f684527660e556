"""Read what came along already, and what stands where something wants to come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.imports.came.types import Place

NOBODYS: Final = UUID(int=0)
_KNOWN = """
select about from came_along where program_id = $1 and about = any($2::uuid[])
"""
# Of each kind where there is room for one: the same thing made here, or another that is in the way.
_PLACES = """
select 'choice' as kind, member_id as whose, concat_ws(' ', word, period, chosen) as words
  from choice where program_id = $1 and member_id = any($2::uuid[])
union all
select 'grant', $4::uuid, grant_id::text from benefit_grant
 where program_id = $1 and grant_id = any($3::uuid[])
union all
select 'membership', member_id, '' from membership_clock
 where program_id = $1 and member_id = any($2::uuid[])
union all
select 'membership', $4::uuid, membership_id::text from membership_turn
 where program_id = $1 and membership_id = any($3::uuid[])
union all
select 'trial', $4::uuid, digest::text from trial_taken
 where program_id = $1 and digest = any($3::uuid[])
union all
select 'friend_code', member_id, '' from referral_code
 where program_id = $1 and member_id = any($2::uuid[])
union all
select 'friend_code', $4::uuid, code from referral_code
 where program_id = $1 and code = any($5::text[])
union all
select 'referral', member_id, '' from referral
 where program_id = $1 and member_id = any($2::uuid[]) and state <> 'rejected'
union all
select 'part', member_id, challenge from challenge_part
 where program_id = $1 and member_id = any($2::uuid[])
union all
select 'prize', member_id, concat_ws(' ', game, name, began_on, place,
                                        nullif(about, ''))
  from prize
 where program_id = $1 and member_id = any($2::uuid[]) and undone_at is null
union all
select 'team', $4::uuid, code from team where program_id = $1 and code = any($5::text[])
union all
select 'tier', $4::uuid, grant_id::text from tier_grant
 where program_id = $1 and grant_id = any($3::uuid[])
union all
select 'household', $4::uuid, household_id::text from household
 where program_id = $1 and household_id = any($3::uuid[])
union all
select 'household', member_id, '' from household_member
 where program_id = $1 and member_id = any($2::uuid[]) and left_at is null
union all
select 'place', p.member_id, t.challenge
  from team_place p join team t using (program_id, team_id)
 where p.program_id = $1 and p.member_id = any($2::uuid[]) and p.until is null
"""


async def known(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these came already."""
    rows = await tx.fetch(_KNOWN, tx.program_id, list(ids))
    return {row["about"] for row in rows}


async def places(
    tx: Tx, member_ids: Sequence[UUID], ids: Sequence[UUID], codes: Sequence[str]
) -> set[Place]:
    """Where something stands of these members, under these numbers and codes."""
    args = (list(member_ids), list(ids), NOBODYS, list(codes))
    return {Place(*row.values()) for row in await tx.fetch(_PLACES, tx.program_id, *args)}
