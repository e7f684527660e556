"""In which tier members were at two instants, and who joined between."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from regulars.base.tx import Tx
from regulars.records.prepared.types import HERE

# Whoever is erased is known by when, and by their moves, not by who they were.
# The last move before an instant says where somebody stood then; of two at once, the later made.
_MOVES: Final = f"""
with was as (
    select distinct on (member_id) member_id, to_tier as tier from tier_move
     where program_id = $1::int and occurred_at < $2::timestamptz
     order by member_id, occurred_at desc, move_id desc
), now as (
    select distinct on (member_id) member_id, to_tier as tier from tier_move
     where program_id = $1::int and occurred_at < $3::timestamptz
     order by member_id, occurred_at desc, move_id desc
)
select case when m.joined_at < $2::timestamptz then coalesce(t.tier, '') end as before,
       case when e.erased_at < $3::timestamptz then null else coalesce(n.tier, '') end as after,
       count(*) as members
  from member m left join was t using (member_id) left join now n using (member_id)
  left join erasure e on e.program_id = m.program_id and e.member_id = m.member_id
 where m.program_id = $1::int and m.joined_at < $3::timestamptz
   and ({HERE}
        or e.erased_at >= $3::timestamptz
        or e.erased_at >= $2::timestamptz and m.joined_at < $2::timestamptz)
 group by 1, 2
"""  # noqa: S608 - a statement of ours


class Stood(NamedTuple):
    """So many members were in one tier and are in another: '' is none; None is not joined yet, or
    gone: erased by the end. Who was merged is one with somebody else and has not gone."""

    before: str | None
    after: str | None
    members: int


async def stood(tx: Tx, begin: datetime, end: datetime) -> list[Stood]:
    """Where members stood just before two instants."""
    return [Stood(*row.values()) for row in await tx.fetch(_MOVES, tx.program_id, begin, end)]
