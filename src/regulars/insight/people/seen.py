"""What the lines of a page say beside the member: the last visit, and what lapses next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx

_SEEN: Final = """
select k.member_id,
       (select a.occurred_at from activity a
         where a.program_id = $1::int and a.member_id = k.member_id
           and a.member_id <> '00000000-0000-0000-0000-000000000000'
         order by a.occurred_at desc limit 1) as visited_at,
       l.expires_at as lapses_at, l.units as lapses
  from unnest($2::uuid[]) as k (member_id)
  left join lateral (
       select expires_at, sum(remaining)::bigint as units from lot
        where program_id = $1::int and member_id = k.member_id and wallet = $3::smallint
          and remaining > 0 and expires_at > $4::timestamptz and expires_at < '9999-01-01'
        group by expires_at order by expires_at limit 1) l on true
"""


class Seen(NamedTuple):
    """When a member was last here, and how much of their points lapses next, and when."""

    visited_at: datetime | None
    lapses_at: datetime | None
    lapses: int


async def seen(tx: Tx, member_ids: Sequence[UUID], wallet: int) -> dict[UUID, Seen]:
    """Of each of these members, for one wallet by its small number."""
    if not member_ids:
        return {}
    rows = await tx.fetch(_SEEN, tx.program_id, list(member_ids), wallet, tx.now)
    return {
        row["member_id"]: Seen(row["visited_at"], row["lapses_at"], row["lapses"] or 0)
        for row in rows
    }
