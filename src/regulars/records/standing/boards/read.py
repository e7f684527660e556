"""Read leaderboards; of members only what they are called there leaves the database."""

from __future__ import annotations

from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.standing.boards.types import Asked, Place

# Nobody is shown who is blocked, was merged or erased, does not want to, or has no name to show.
# `period < 0` is what the index of boards is about.
_SHOWN = """
select c.member_id, c.value as score,
       coalesce(case when $4::bool then nullif(trim(m.attributes ->> 'nickname'), '') end,
                concat_ws(' ', upper(nullif(left(trim(m.given_name), 1), '')) || '.',
                               upper(nullif(left(trim(m.family_name), 1), '')) || '.')) as called
  from counter c
  join member m on m.program_id = c.program_id and m.member_id = c.member_id
 where c.program_id = $1 and c.counter = $2::smallint and c.period = $3::int and c.period < 0
   and c.value > 0 and m.state = 'active'
   and m.attributes -> $5::text is distinct from 'true'::jsonb
   and (trim(m.given_name) <> '' or trim(m.family_name) <> ''
        or ($4::bool and coalesce(trim(m.attributes ->> 'nickname'), '') <> ''))
"""
_TOP = f"""
with shown as ({_SHOWN} order by c.value desc, c.member_id)
select rank() over (order by score desc) as rank, called, score from shown
 order by score desc, member_id limit $6
"""  # noqa: S608
# Not materialized: who stands before a member is counted by the index, and nobody else is read.
_OWN = f"""
with shown as not materialized ({_SHOWN})
select 1 + (select count(*) from shown other where other.score > own.score) as rank, called, score
  from shown own where member_id = $6
"""  # noqa: S608


async def top(tx: Tx, asked: Asked, most: int) -> list[Place]:
    """The first places of a board; who has as much as another has the same one."""
    rows = await tx.fetch(_TOP, *_args(tx, asked), most)
    return [Place(row["rank"], row["called"], row["score"]) for row in rows]


async def own(tx: Tx, asked: Asked, member_id: UUID) -> Place | None:
    """The place of one member; nothing where they are not shown or have nothing."""
    rows = await tx.fetch(_OWN, *_args(tx, asked), member_id)
    return next((Place(row["rank"], row["called"], row["score"]) for row in rows), None)


def _args(tx: Tx, asked: Asked) -> tuple[object, ...]:
    return tx.program_id, asked.counter, asked.period, asked.nicknames, asked.unlisted
