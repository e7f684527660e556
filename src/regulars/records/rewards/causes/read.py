"""Read what was given to causes; who was merged into somebody is read as a part of them."""

from __future__ import annotations

from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.rewards.causes.types import Given

# Only what was taken for good: what is reserved, was let go or lapsed gave nothing. The promise of
# that day says how much, whatever the program says by now.
_GIVEN = """
select r.terms -> 'told' ->> 'cause' as cause, coalesce(r.terms ->> 'currency', '') as currency,
       sum((r.terms -> 'told' ->> 'amount_minor')::bigint)::bigint as amount_minor,
       count(*)::int as times,
       count(distinct coalesce(a.into_id, r.member_id))::int as members,
       min(r.closed_at) as first_at, max(r.closed_at) as last_at
  from redemption r
  left join member_alias a on a.program_id = r.program_id and a.member_id = r.member_id
 where r.program_id = $1::int and r.state = 'captured' and r.terms ->> 'kind' = 'donation'
   and {whose}
 group by 1, 2
 order by amount_minor desc, cause, currency
"""


_OF_ALL = _GIVEN.format(whose="$2::uuid is null")
_OF_ONE = _GIVEN.format(
    whose="""r.member_id = any(array(
        select $2::uuid union all
        select m.member_id from member_alias m
         where m.program_id = $1::int and m.into_id = $2::uuid))"""
)


async def given(tx: Tx, member_id: UUID | None = None) -> list[Given]:
    """What was given to each cause by all members, or by this one; the most first."""
    sql = _OF_ALL if member_id is None else _OF_ONE
    return [Given(**dict(row)) for row in await tx.fetch(sql, tx.program_id, member_id)]
