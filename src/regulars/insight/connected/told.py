"""What other systems are told of members beside their points: who moved, ordered, or answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx

_MEMBERS: Final = """
select member_id from member
 where program_id = $1::int and member_id > $2::uuid order by member_id limit $3::int
"""
# Who joined, did something or answered from then on.
_SINCE: Final = """
select m.member_id from member m
 where m.program_id = $1::int and m.member_id = any($2::uuid[])
   and (m.joined_at >= $3::timestamptz
        or exists (select from outbox o where o.program_id = $1::int
                      and o.member_id = m.member_id and o.recorded_at >= $3::timestamptz)
        or exists (select from member_orders d where d.program_id = $1::int
                      and d.member_id = m.member_id and d.last_on >= ($3::timestamptz)::date)
        or exists (select from survey_answer a where a.program_id = $1::int
                      and a.member_id = m.member_id and a.answered_at >= $3::timestamptz))
"""
_ANSWERED: Final = """
select distinct a.member_id
  from survey s
  join survey_answer a on a.program_id = s.program_id and a.survey_id = s.survey_id
                      and a.answered_at >= $2::timestamptz
 where s.program_id = $1::int
"""
# Of several answers the last; what somebody said before a merge is theirs.
_SAID: Final = """
select distinct on (w.member_id, s.kind) w.member_id, s.kind, a.score, a.answered_at
  from (select u.member_id, u.member_id as said_as
          from unnest($2::uuid[]) as u (member_id)
        union all
        select into_id, member_id from member_alias
         where program_id = $1::int and into_id = any($2::uuid[])) w
  join survey_answer a on a.program_id = $1::int and a.member_id = w.said_as
                      and a.score is not null
  join survey s on s.program_id = $1::int and s.survey_id = a.survey_id
 where s.kind in ('nps', 'csat')
 order by w.member_id, s.kind, a.answered_at desc, a.invitation_id
"""
_ORDERED: Final = """
select member_id, last_on, orders, net_minor from member_orders
 where program_id = $1::int and member_id = any($2::uuid[])
"""


class Score(NamedTuple):
    """What somebody said last, and when."""

    score: int
    at: datetime


class Ordered(NamedTuple):
    """When somebody ordered last, on how many days, and what was left of it in minor units."""

    last_on: date
    orders: int
    net_minor: int


async def members_after(tx: Tx, after: UUID, most: int) -> list[UUID]:
    """The next members, whoever they are, in the order of their ids."""
    rows = await tx.fetch(_MEMBERS, tx.program_id, after, most)
    return [row["member_id"] for row in rows]


async def moved_since(tx: Tx, members: Sequence[UUID], since: datetime) -> list[UUID]:
    """Of these, who joined, did something or answered from then on."""
    rows = await tx.fetch(_SINCE, tx.program_id, list(members), since) if members else []
    return [row["member_id"] for row in rows]


async def answered(tx: Tx, since: datetime) -> list[UUID]:
    """Who answered a survey since then; no event tells of it."""
    return [row["member_id"] for row in await tx.fetch(_ANSWERED, tx.program_id, since)]


async def said(tx: Tx, members: Sequence[UUID]) -> dict[tuple[UUID, str], Score]:
    """The last score of each kind that these gave, by member and kind."""
    rows = await tx.fetch(_SAID, tx.program_id, list(members)) if members else []
    return {
        (row["member_id"], row["kind"]): Score(row["score"], row["answered_at"]) for row in rows
    }


async def ordered(tx: Tx, members: Sequence[UUID]) -> dict[UUID, Ordered]:
    """When these ordered last, and how much they ever did."""
    rows = await tx.fetch(_ORDERED, tx.program_id, list(members)) if members else []
    return {row["member_id"]: Ordered(*list(row.values())[1:]) for row in rows}
