"""Where all members stand at once, by tier and by the steps their credit reaches on a ladder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.standing.crowd.types import (
    NOBODY_BEFORE,
    Crowd,
    Ladder,
    OnLadder,
    Place,
    Stander,
    Walk,
)

# One look-up of a few counters per member, in the order of their ids, so that it can be gone on
# with anywhere. `width_bucket` says how many steps ask for no more than the credit.
_STAND = """
with windows as (
    select joined_on, starts, ends, starts_before, ends_before
      from unnest($4::int[], $5::int[], $6::int[], $7::int[], $8::int[])
           as w (joined_on, starts, ends, starts_before, ends_before)
), here as (
    select member_id, tier, tier_until, moved_at from standing
     where program_id = $1::int and member_id > $9::uuid
     order by member_id limit $10::bigint
), stand as (
    select st.member_id, m.given_name, m.number, st.tier,
           width_bucket(c.running, $3::bigint[]) as running,
           width_bucket(c.before, $3::bigint[]) as before,
           coalesce(st.tier_until <= $13::timestamptz, false) as over,
           case when st.tier_until is null then 0 when st.tier_until < $14::timestamptz then 1
                else 2 end as ends
      from here st
      join member m on m.program_id = $1::int and m.member_id = st.member_id
      join windows w on w.joined_on = case when $11::text = '' then 0
           else (m.joined_at at time zone $11::text)::date - date '0001-01-01' + 1 end
     cross join lateral (
           select coalesce(sum(value) filter (where period >= w.starts and period < w.ends), 0)
                      ::bigint as running,
                  coalesce(case when $12::bool then max(value)
                       else sum(value) filter (where period >= w.starts_before
                                                 and period < w.ends_before) end, 0)
                      ::bigint as before
             from counter
            where program_id = $1::int and member_id = st.member_id
              and counter = $2::smallint) c
     where (st.moved_at is null or st.moved_at < $13::timestamptz)
       and m.recorded_at < $13::timestamptz
       and not exists (select from member_alias a
                        where a.program_id = $1::int and a.member_id = st.member_id)
)
"""
_COUNTS = (
    _STAND
    + """
select tier, running, before, over, ends, count(*) as members from stand
 group by tier, running, before, over, ends
 order by tier nulls first, running, before, over, ends
"""
)
_SOME = (
    _STAND
    + """
select member_id, given_name, number, tier, running, before, over, ends from stand
 order by member_id
"""
)
_LAST = """
select member_id from standing where program_id = $1 and member_id > $2
 order by member_id offset $3 limit 1
"""
_JOIN_DAYS = """
select (min(joined_at) at time zone $2)::date - date '0001-01-01' + 1 as first,
       (max(joined_at) at time zone $2)::date - date '0001-01-01' + 1 as last
  from member where program_id = $1
"""
_WALKED = """
select version, cut_at, last_id, moved, done_at from changeover_walk where program_id = $1
"""


# Who has credit there or was given something; whoever was merged is a part of who stays.
_ON_LADDER = """
select m.member_id, m.given_name, m.number
  from (select member_id from counter
         where program_id = $1 and counter = any($2::smallint[]) and member_id > $4 and value > 0
         union
        select member_id from tier_grant
         where program_id = $1 and tier = any($3::text[]) and member_id > $4) who
  join member m on m.program_id = $1 and m.member_id = who.member_id
 where not exists (select from member_alias a
                    where a.program_id = $1 and a.member_id = m.member_id)
 order by m.member_id limit $5
"""


_BY_TIER = """
select st.tier, count(*)::bigint as members from standing st
 where st.program_id = $1
   and not exists (select from member_alias a
                    where a.program_id = $1 and a.member_id = st.member_id)
 group by st.tier
"""


async def on_ladder(
    tx: Tx, asked: tuple[Sequence[int], Sequence[str]], after: UUID, most: int
) -> list[OnLadder]:
    """The next members with credit under one of these counters, or who were ever given one of
    these tiers, in the order of their ids."""
    rows = await tx.fetch(_ON_LADDER, tx.program_id, *asked, after, most)
    return [OnLadder(*row.values()) for row in rows]


async def by_tier(tx: Tx) -> dict[str | None, int]:
    """How many members stand on each tier; whoever was merged is a part of who stays."""
    rows = await tx.fetch(_BY_TIER, tx.program_id)
    return {row["tier"]: row["members"] for row in rows}


async def walks(tx: Tx) -> dict[tuple[int, datetime], Walk]:
    """How far each change of the ladder has come."""
    rows = await tx.fetch(_WALKED, tx.program_id)
    return {(row["version"], row["cut_at"]): Walk(*row.values()) for row in rows}


async def joined_between(tx: Tx, zone: str) -> tuple[int, int] | None:
    """The first and the last local day on which anybody joined."""
    (row,) = await tx.fetch(_JOIN_DAYS, tx.program_id, zone)
    return None if row["first"] is None else (row["first"], row["last"])


async def counts(tx: Tx, ladder: Ladder) -> list[Crowd]:
    """How many members stand where; in one statement, whoever they are."""
    rows = await tx.fetch(_COUNTS, *_args(tx, ladder, NOBODY_BEFORE, None))
    return [Crowd(_place(row), row["members"]) for row in rows]


async def some(tx: Tx, ladder: Ladder, after: UUID, most: int) -> tuple[list[Stander], UUID | None]:
    """Where the next so many members stand, in the order of their ids, and where to go on."""
    rows = await tx.fetch(_SOME, *_args(tx, ladder, after, most))
    ends = await tx.fetch(_LAST, tx.program_id, after, most - 1)
    found = [
        Stander(row["member_id"], row["given_name"], row["number"], _place(row)) for row in rows
    ]
    return found, ends[0]["member_id"] if ends else None


def _args(tx: Tx, ladder: Ladder, after: UUID, most: int | None) -> tuple[object, ...]:
    windows = tuple(map(list, zip(*ladder.windows, strict=True)))
    zone = ladder.zone if windows[0][0] else ""
    return (
        tx.program_id, ladder.counter, list(ladder.steps), *windows, after, most, zone,
        ladder.best, ladder.at, ladder.named,
    )  # fmt: skip


def _place(row: Mapping[str, Any]) -> Place:
    return Place(row["tier"], row["running"], row["before"], row["over"], row["ends"])
