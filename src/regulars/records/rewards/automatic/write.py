"""Keep whom to look at because a reward may be taken by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.rewards.automatic.types import Walk

_WATCH = """
insert into automatic_clock (program_id, member_id, due_at)
select $1::int, w.id, $3::timestamptz from unnest($2::uuid[]) as w (id) order by w.id
    on conflict (program_id, member_id) do update set due_at = excluded.due_at
"""
_LOOKED = "delete from automatic_clock where program_id = $1::int and member_id = any($2::uuid[])"
# Some at a time, by their ids; nobody is locked, since who is listed is looked at under lock.
_WALK_ON = """
with here as (
    select b.member_id, bool_or(b.available >= p.least) as reached
      from balance b
      join unnest($2::smallint[], $3::bigint[]) as p (wallet, least) on p.wallet = b.wallet
     where b.program_id = $1::int
       and b.member_id > coalesce($5::uuid, '00000000-0000-0000-0000-000000000000')
     group by b.member_id order by b.member_id limit $6
), made as (
    insert into automatic_clock (program_id, member_id, due_at)
    select $1::int, member_id, $4::timestamptz from here where reached order by member_id
        on conflict (program_id, member_id) do nothing)
select count(*) as looked, count(*) filter (where reached) as reached,
       (array_agg(member_id order by member_id desc))[1] as last_id
  from here
"""
_WALKED = """
insert into automatic_walk (program_id, version, last_id, done_at)
values ($1::int, $2::int, $3::uuid, $4::timestamptz)
    on conflict (program_id, version) do update
   set last_id = excluded.last_id, done_at = excluded.done_at
"""


def watch(tx: Tx, member_ids: Collection[UUID], at: datetime) -> list[Write]:
    """Have these members looked at, at this instant."""
    if not member_ids:
        return []
    return [Write(_WATCH, (tx.program_id, sorted(member_ids), at), rows=member_ids)]


def looked(tx: Tx, member_ids: Collection[UUID]) -> list[Write]:
    """These members were looked at, under their lock."""
    if not member_ids:
        return []
    return [Write(_LOOKED, (tx.program_id, sorted(member_ids)), rows=member_ids)]


async def walk_on(tx: Tx, prices: Mapping[int, int], walk: Walk, most: int) -> tuple[Walk, int]:
    """List the next members whose balance has reached a price, to be looked at now.

    Shape: `prices` per wallet; so many members are looked through `most`. Who is listed already
    stays so. How far the walk is then, and how many were listed.
    """
    least = (list(prices), list(prices.values()))
    ((looked, reached, last_id),) = [
        row.values()
        for row in await tx.fetch(_WALK_ON, tx.program_id, *least, tx.now, walk.last_id, most)
    ]
    done_at = tx.now if looked < most else None
    return Walk(last_id or walk.last_id, done_at), reached


def walked(tx: Tx, version: int, walk: Walk) -> list[Write]:
    """Keep how far the walk for a version is."""
    return [Write(_WALKED, (tx.program_id, version, *walk))]
