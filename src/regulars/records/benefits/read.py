"""Read grants and uses of members; who was merged into somebody is read as a part of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.benefits.types import Grant, Included, Use

# What was won and taken back ends when it was taken back.
_GRANTS = """
with family as (
    select m.member_id, coalesce(a.into_id, m.member_id) as stands_as
      from unnest($2::uuid[]) as who (member_id)
      join member m on m.program_id = $1 and m.member_id = who.member_id
      left join member_alias a on a.program_id = $1 and a.member_id = m.member_id
     union
    select a.member_id, a.into_id from member_alias a
     where a.program_id = $1 and a.into_id = any($2::uuid[])
)
select g.grant_id, f.stands_as as member_id, g.benefit, g.times, g.from_at,
       least(g.until_at, (select max(z.undone_at) from prize z
                           where z.program_id = $1 and z.grant_id = g.grant_id)) as until_at,
       g.actor, g.reason,
       (select coalesce(sum(coalesce((u.terms ->> 'times')::int, 1)), 0)::int from benefit_use u
         where u.program_id = $1 and u.grant_id = g.grant_id and u.state <> 'undone') as used
  from family f
  join benefit_grant g on g.program_id = $1 and g.member_id = f.member_id
 order by until_at nulls last, g.grant_id
"""
# Whoever was merged is a part of who stays.
_HAVING = """
select g.benefit, count(distinct coalesce(a.into_id, g.member_id))::bigint as members
  from benefit_grant g
  left join member_alias a on a.program_id = $1 and a.member_id = g.member_id
 where g.program_id = $1 and g.from_at <= $2::timestamptz
   and coalesce(g.until_at > $2::timestamptz, true)
   and not exists (select from prize z where z.program_id = $1 and z.grant_id = g.grant_id
                      and z.undone_at <= $2::timestamptz)
 group by g.benefit
"""
# What was used before they came here counts as well.
_STANDING = """
select counter, period, sum(times)::bigint as times from (
    select (terms ->> 'counter')::int as counter, (terms ->> 'period')::int as period,
           coalesce((terms ->> 'times')::int, 1) as times
      from benefit_use
     where program_id = $1 and member_id = any($2::uuid[]) and state <> 'undone'
    union all
    select counter, period, value from used_before
     where program_id = $1 and member_id = any($2::uuid[])) u
 group by 1, 2
"""
_COLUMNS = """use_id, member_id, benefit, version, terms::text as terms, grant_id, state, store,
       channel, sku, details::text as details, actor, used_at, undone_at, came_at"""
_WHOSE = """
select use_id, member_id from benefit_use where program_id = $1 and use_id = any($2::uuid[])
"""
_SOME = f"""
select {_COLUMNS} from benefit_use where program_id = $1 and use_id = any($2::uuid[])
"""  # noqa: S608
_PAGE = f"""
select {_COLUMNS}
  from benefit_use
 where program_id = $1
   and member_id in (select $2::uuid union all
                     select member_id from member_alias where program_id = $1 and into_id = $2)
   and ($3::uuid is null or use_id < $3)
 order by use_id desc limit $4
"""  # noqa: S608
_BOOKED = """
select k.benefit, k.store, k.from_at, u.place,
       1 + coalesce((u.terms ->> 'guests')::int, 0) as people
  from unnest($2::text[], $3::text[], $4::timestamptz[]) as k (benefit, store, from_at)
  join benefit_use u on u.program_id = $1 and u.benefit = k.benefit and u.store = k.store
                    and u.from_at = k.from_at and u.state = 'used'
"""
_COMING = f"""
select {_COLUMNS}
  from benefit_use
 where program_id = $1 and state = 'used' and from_at > $3
   and member_id in (select $2::uuid union all
                     select member_id from member_alias where program_id = $1 and into_id = $2)
 order by from_at, use_id limit $4
"""  # noqa: S608
_COMING_OF = f"""
with family as (
    select who.member_id, who.member_id as stands_as from unnest($2::uuid[]) as who (member_id)
     union
    select a.member_id, a.into_id from member_alias a
     where a.program_id = $1 and a.into_id = any($2::uuid[])
)
select {", ".join("u." + one.strip() for one in _COLUMNS.split(","))}, f.stands_as
  from family f
  join benefit_use u on u.program_id = $1 and u.member_id = f.member_id
 where u.state = 'used' and u.from_at > $3
 order by u.from_at, u.use_id
"""  # noqa: S608
At = tuple[str, str, datetime]
"""A time at which a benefit can be used in a store."""
_terms = msgspec.json.Decoder(Included).decode
_details = msgspec.json.Decoder(dict[str, str]).decode


async def grants(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, list[Grant]]:
    """What was granted by hand to these members, what ends soonest first."""
    found: dict[UUID, list[Grant]] = {}
    for row in await tx.fetch(_GRANTS, tx.program_id, member_ids):
        grant = Grant(**dict(row))
        found.setdefault(grant.member_id, []).append(grant)
    return found


async def standing(tx: Tx, member_ids: Sequence[UUID]) -> dict[tuple[int, int], int]:
    """How often these members have used benefits and not given that back, by counter and period;
    each by themselves, whoever they stand under."""
    rows = await tx.fetch(_STANDING, tx.program_id, member_ids)
    return {(row["counter"], row["period"]): row["times"] for row in rows}


async def having(tx: Tx) -> dict[str, int]:
    """How many members have each benefit by a grant that has begun and has not ended."""
    rows = await tx.fetch(_HAVING, tx.program_id, tx.now)
    return {row["benefit"]: row["members"] for row in rows}


async def whose(tx: Tx, use_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The member of each of these uses."""
    if not use_ids:
        return {}
    rows = await tx.fetch(_WHOSE, tx.program_id, use_ids)
    return {row["use_id"]: row["member_id"] for row in rows}


async def some(tx: Tx, use_ids: Sequence[UUID]) -> dict[UUID, Use]:
    """These uses."""
    rows = await tx.fetch(_SOME, tx.program_id, use_ids)
    return {row["use_id"]: _use(row) for row in rows}


async def page(tx: Tx, member_id: UUID, before: UUID | None, limit: int) -> list[Use]:
    """What a member used, newest first."""
    rows = await tx.fetch(_PAGE, tx.program_id, member_id, before, limit)
    return [_use(row) for row in rows]


async def booked(tx: Tx, times: Sequence[At]) -> dict[At, dict[int, int]]:
    """Who is there at these times: per time, from which place on, and how many they are."""
    found: dict[At, dict[int, int]] = {one: {} for one in times}
    if times:
        rows = await tx.fetch(
            _BOOKED, tx.program_id, *(list(one) for one in zip(*times, strict=True))
        )
        for row in rows:
            found[row["benefit"], row["store"], row["from_at"]][row["place"]] = row["people"]
    return found


async def coming(tx: Tx, member_id: UUID, after: datetime, limit: int) -> list[Use]:
    """The appointments of a member that are still to come, the next one first."""
    rows = await tx.fetch(_COMING, tx.program_id, member_id, after, limit)
    return [_use(row) for row in rows]


async def coming_of(tx: Tx, member_ids: Sequence[UUID]) -> list[tuple[UUID, Use]]:
    """The appointments of some members that are still to come, each with the one of these whose it
    is, also where who booked it was merged into them."""
    if not member_ids:
        return []
    rows = [dict(row) for row in await tx.fetch(_COMING_OF, tx.program_id, member_ids, tx.now)]
    found = {row["use_id"]: (row.pop("stands_as"), _use(row)) for row in rows}
    return list(found.values())


def _use(row: Mapping[str, Any]) -> Use:
    fields = dict(row)
    included, details = _terms(fields.pop("terms")), _details(fields.pop("details"))
    return Use(included=included, details=details, **fields)
