"""Read who looks after whom; who was merged into somebody is read as a part of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.benefits.associates.types import Associate

SOON: Final = "1 minute"
LATER: Final = "6 hours"
"""Who stands too low is looked at soon; everybody else now and then."""
_COLUMNS = """a.associate_id, a.member_id, a.benefit, a.staff_id, a.store, a.how, a.begun_at,
       a.begun_by, a.ended_at, a.why"""
# A member's own comes before what came with somebody who was merged into them.
_OF = f"""
with family as (
    select who.member_id, who.member_id as stands_as from unnest($2::uuid[]) as who (member_id)
     union
    select l.member_id, l.into_id from member_alias l
     where l.program_id = $1::int and l.into_id = any($2::uuid[])
)
select {_COLUMNS}, f.stands_as
  from family f
  join benefit_associate a on a.program_id = $1::int and a.member_id = f.member_id
 order by f.stands_as, a.member_id <> f.stands_as, a.associate_id desc
"""  # noqa: S608
_COUNTED = """
select a.staff_id, count(distinct coalesce(l.into_id, a.member_id))::int as members
  from benefit_associate a
  left join member_alias l on l.program_id = a.program_id and l.member_id = a.member_id
 where a.program_id = $1::int and (a.ended_at is null or a.ended_at > $2::timestamptz)
 group by a.staff_id
"""
_BY = """
select distinct coalesce(l.into_id, a.member_id) as member_id
  from benefit_associate a
  left join member_alias l on l.program_id = a.program_id and l.member_id = a.member_id
 where a.program_id = $1::int and a.staff_id = $2::uuid
   and (a.ended_at is null or a.ended_at > $4::timestamptz)
 order by 1 limit $3::int
"""
# Where somebody was most often within a year; of two, where they were last.
_STORES = """
select distinct on (x.member_id) x.member_id, x.store
  from (select f.stands_as as member_id, v.store, count(*) as times, max(v.occurred_at) as last_at
          from (select who.member_id, who.member_id as stands_as
                  from unnest($2::uuid[]) as who (member_id)
                 union
                select l.member_id, l.into_id from member_alias l
                 where l.program_id = $1::int and l.into_id = any($2::uuid[])) f
          join activity v on v.program_id = $1::int and v.member_id = f.member_id
                         and v.occurred_at > $3::timestamptz - interval '1 year'
         where v.store <> ''
         group by 1, 2) x
 order by x.member_id, x.times desc, x.last_at desc, x.store
"""
_HAS = """
   (($3::bool and ($4::text[] is null or s.tier = any($4::text[])))
    or ($5::text <> '' and exists (
           select from membership_clock c
            where c.program_id = s.program_id and c.member_id = s.member_id and c.plan = $5::text))
    or exists (
           select from benefit_grant g
            where g.program_id = s.program_id and g.member_id = s.member_id
              and g.benefit = $2::text and g.from_at <= $6::timestamptz
              and (g.until_at is null or g.until_at > $6::timestamptz)))
"""
# So many are asked for at once, each minute others: whoever only seems to have it, or whom nobody
# here can look after, stands in nobody's way. Everybody's turn comes once in as many minutes as
# there are parts.
_THEIR_TURN = """
parts as (
    select member_id, place, (members + $7::int - 1) / $7::int as parts,
           floor(extract(epoch from $6::timestamptz) / 60)::bigint as minute
      from here
)
select member_id from parts where place % parts = minute % parts order by member_id
"""
_LACKING = f"""
with here as (
    select s.member_id, row_number() over (order by s.member_id) - 1 as place,
           count(*) over () as members
      from standing s
      join member m on m.program_id = s.program_id and m.member_id = s.member_id
                   and m.state in ('active', 'unregistered')
     where s.program_id = $1::int and s.member_id <> all($8::uuid[]) and {_HAS}
       and coalesce((select a.why from benefit_associate a
                      where a.program_id = s.program_id and a.benefit = $2::text
                        and a.member_id in (select s.member_id union all
                                            select l.member_id from member_alias l
                                             where l.program_id = s.program_id
                                               and l.into_id = s.member_id)
                      order by a.ended_at is not null, a.associate_id desc limit 1), 'over')
           = 'over'
), {_THEIR_TURN}"""  # noqa: S608
# As `_ON_LADDER` of standing/crowd: who has credit there, or was given something; by turns, too.
_LACKING_ON = """
with who as (
    select member_id from counter
     where program_id = $1::int and counter = any($3::smallint[]) and value > 0
     union
    select member_id from tier_grant
     where program_id = $1::int and tier = any($4::text[])
), here as (
    select m.member_id, row_number() over (order by m.member_id) - 1 as place,
           count(*) over () as members
      from who
      join member m on m.program_id = $1::int and m.member_id = who.member_id
                   and m.state in ('active', 'unregistered')
     where m.member_id <> all($7::uuid[])
       and not exists (select from member_alias l
                        where l.program_id = $1::int and l.member_id = m.member_id)
       and coalesce((select a.why from benefit_associate a
                      where a.program_id = $1::int and a.benefit = $2::text
                        and a.member_id in (select m.member_id union all
                                            select l.member_id from member_alias l
                                             where l.program_id = $1::int
                                               and l.into_id = m.member_id)
                      order by a.ended_at is not null, a.associate_id desc limit 1), 'over')
           = 'over'
), parts as (
    select member_id, place, (members + $6::int - 1) / $6::int as parts,
           floor(extract(epoch from $5::timestamptz) / 60)::bigint as minute
      from here
)
select member_id from parts where place % parts = minute % parts order by member_id
"""
_TO_LOOK = f"""
select {_COLUMNS}, coalesce(l.into_id, a.member_id) as stands_as
  from benefit_associate a
  left join member_alias l on l.program_id = a.program_id and l.member_id = a.member_id
  join standing s on s.program_id = a.program_id and s.member_id = coalesce(l.into_id, a.member_id)
 where a.program_id = $1::int and a.ended_at is null and a.benefit = $2::text
   and s.member_id <> all($8::uuid[])
   and a.looked_at <= $6::timestamptz
       - case when {_HAS} then interval '{LATER}' else interval '{SOON}' end
 order by a.looked_at, a.associate_id limit $7::int
"""  # noqa: S608
_OTHERS = f"""
select {_COLUMNS}, a.member_id as stands_as
  from benefit_associate a
 where a.program_id = $1::int and a.ended_at is null and a.benefit <> all($2::text[])
 order by a.associate_id limit $3::int
"""  # noqa: S608
_STILL = """
select associate_id from benefit_associate
 where program_id = $1::int and associate_id = any($2::uuid[]) and ended_at is null
"""
Asks = tuple[str, bool, list[str] | None, str]
"""Of a benefit: its name, whether standing gives it, on which of these steps (all, where it is
nothing), and by which plan."""


async def of(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, list[Associate]]:
    """Who looks and looked after these members: their own first, the latest first."""
    found: dict[UUID, list[Associate]] = {}
    for row in await tx.fetch(_OF, tx.program_id, list(member_ids)):
        told = dict(row)
        found.setdefault(told.pop("stands_as"), []).append(Associate(**told))
    return found


async def counted(tx: Tx) -> dict[UUID, int]:
    """How many members each person of the shop looks after now."""
    rows = await tx.fetch(_COUNTED, tx.program_id, tx.now)
    return {row["staff_id"]: row["members"] for row in rows}


async def members_of(tx: Tx, staff_id: UUID, most: int) -> list[UUID]:
    """Members somebody looks after now, the first so many by their ids."""
    rows = await tx.fetch(_BY, tx.program_id, staff_id, most, tx.now)
    return [row["member_id"] for row in rows]


async def stores(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The store of each of these: where they were most often within a year."""
    rows = await tx.fetch(_STORES, tx.program_id, list(member_ids), tx.now)
    return {row["member_id"]: row["store"] for row in rows}


async def lacking(tx: Tx, asks: Asks, most: int, but: Sequence[UUID]) -> list[UUID]:
    """Members who seem to have a benefit and nobody who looks after them, by id.

    Order: whoever had somebody until it was ended by hand is left out; of more than so many each
    minute another part, until all had their turn (ADR 0616).
    """
    rows = await tx.fetch(_LACKING, tx.program_id, *asks, tx.now, most, list(but))
    return [row["member_id"] for row in rows]


async def lacking_on(
    tx: Tx, asked: tuple[str, Sequence[int], Sequence[str]], most: int, but: Sequence[UUID]
) -> list[UUID]:
    """Members with something on a further ladder and nobody who looks after them, by id: whether
    they stand high enough is not said here.

    Shape: `asked` is the benefit, the counters of the ladder's credit, and its steps.
    Order: of more than so many each minute another part, until all had their turn.
    """
    rows = await tx.fetch(_LACKING_ON, tx.program_id, *asked, tx.now, most, list(but))
    return [row["member_id"] for row in rows]


async def to_look(
    tx: Tx, asks: Asks, most: int, but: Sequence[UUID]
) -> list[tuple[UUID, Associate]]:
    """Of a benefit: who is looked after and is to be looked at again, with whose it is now."""
    rows = await tx.fetch(_TO_LOOK, tx.program_id, *asks, tx.now, most, list(but))
    return _told(rows)


async def last_still(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these stretches nobody ended yet."""
    rows = await tx.fetch(_STILL, tx.program_id, list(ids)) if ids else []
    return {row["associate_id"] for row in rows}


async def of_others(tx: Tx, benefits: Sequence[str], most: int) -> list[tuple[UUID, Associate]]:
    """Those that last because of a benefit that is none of these: it is no more."""
    return _told(await tx.fetch(_OTHERS, tx.program_id, list(benefits), most))


def _told(rows: Sequence[object]) -> list[tuple[UUID, Associate]]:
    found = []
    for row in rows:
        told = dict(row)  # type: ignore[call-overload]
        found.append((told.pop("stands_as"), Associate(**told)))
    return found
