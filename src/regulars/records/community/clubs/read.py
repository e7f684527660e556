"""Look up clubs and who is in them; who was merged is read as whom they stand as now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.community.clubs.types import Club, Count, Mate, Place

_COLUMNS = """
select club_id, code, name, says::text as says, joins, tiers, store, state, version, made_at,
       made_by, changed_at, changed_by
  from club where program_id = $1::int
"""
_ALL = f"{_COLUMNS} order by name, code"
_ONE = f"{_COLUMNS} and code = $2::text"
_BY_ID = f"{_COLUMNS} and club_id = any($2::uuid[])"
# Whoever stands as one of these now came in under the id of then, too.
_FAMILY = """any(array(
       select unnest($2::uuid[]) union all
       select member_id from member_alias where program_id = $1::int and into_id = any($2::uuid[])))
"""
# A place in a club by tier rests while its member stands on none of its tiers.
_PLACES = """
select coalesce(l.into_id, p.member_id) as member_id, p.place_id, p.club_id, p.since, p.until,
       p.shows, p.told_of,
       c.joins = 'tier' and not coalesce(s.tier = any(c.tiers), false) as rests
  from club_place p
  join club c using (program_id, club_id)
  left join member_alias l on l.program_id = p.program_id and l.member_id = p.member_id
  left join standing s on s.program_id = p.program_id
                      and s.member_id = coalesce(l.into_id, p.member_id)
 where p.program_id = $1::int
"""
_OF = f"{_PLACES} and p.member_id = {_FAMILY} order by p.since, p.place_id"
# As whom somebody stands now, and their other places in the club, under whichever id.
_WHO = """
coalesce((select l.into_id from member_alias l
           where l.program_id = p.program_id and l.member_id = p.member_id), p.member_id)"""
_OTHERS = f"""
select from club_place o
 where o.program_id = p.program_id and o.club_id = p.club_id and o.until is null
   and o.place_id <> p.place_id
   and o.member_id = any(array(select {_WHO} union all select a.member_id from member_alias a
                                where a.program_id = p.program_id and a.into_id = {_WHO}))
"""  # noqa: S608 - ours
_OLDER = f"{_OTHERS} and (o.since, o.place_id) < (p.since, p.place_id)"
# Of two places of one person in one club the older one is theirs; seen are they by all or by none.
_IN = f"""
select w.who as member_id, w.place_id, w.club_id, w.since, w.until, w.seen as shows, w.told_of,
       c.joins = 'tier' and not coalesce(s.tier = any(c.tiers), false) as rests
  from (select p.*, {_WHO} as who, p.shows and not exists ({_OTHERS} and not o.shows) as seen
          from club_place p
         where p.program_id = $1::int and p.club_id = $2::uuid and p.until is null
           and (p.since, p.place_id) > (coalesce($3::timestamptz, '-infinity'),
                                        coalesce($4::uuid, '{UUID(int=0)}'))
           and not exists ({_OLDER})
         order by p.since, p.place_id limit $5::int) w
  join club c on c.program_id = $1::int and c.club_id = w.club_id
  left join standing s on s.program_id = $1::int and s.member_id = w.who
 order by w.since, w.place_id
"""  # noqa: S608 - ours
# Whoever was merged is counted once, and seen where they said so in each of their places.
_MANY = """
select club_id, count(*)::int as members, count(*) filter (where shows)::int as shown
  from (select club_id, member_id, bool_and(shows) as shows from ({places}) w
         where not rests group by club_id, member_id) m
 group by club_id
"""
_MANY_ALL = _MANY.format(places=f"{_PLACES} and p.until is null")
_MANY_OF = _MANY.format(places=f"{_PLACES} and p.club_id = $2::uuid and p.until is null")
# Nobody is shown who did not say so, who is gone or blocked, or who has no name.
_MATES = f"""
select w.who as member_id, concat_ws(' ', trim(m.given_name),
                           upper(nullif(left(trim(m.family_name), 1), '')) || '.') as called,
       w.since
  from (select p.*, {_WHO} as who from club_place p
         where p.program_id = $1::int and p.club_id = $2::uuid and p.until is null and p.shows
           and p.since >= coalesce($3::timestamptz, '-infinity')
           and not exists ({_OTHERS} and (not o.shows
                                          or (o.since, o.place_id) < (p.since, p.place_id)))
         order by p.since desc, p.place_id offset 0) w
  join member m on m.program_id = $1::int and m.member_id = w.who and m.state = 'active'
  join club c on c.program_id = $1::int and c.club_id = w.club_id
  left join standing s on s.program_id = $1::int and s.member_id = w.who
 where trim(m.given_name) <> ''
   and not (c.joins = 'tier' and not coalesce(s.tier = any(c.tiers), false))
 order by w.since desc, w.place_id limit $4::int
"""  # noqa: S608 - ours
_INVITED = f"""
select distinct i.club_id, coalesce(l.into_id, i.member_id) as member_id from club_invitation i
  left join member_alias l on l.program_id = i.program_id and l.member_id = i.member_id
 where i.program_id = $1::int and i.member_id = {_FAMILY}
"""  # noqa: S608 - ours
_ASKED = """
select coalesce(l.into_id, i.member_id) as member_id, i.made_at, i.made_by from club_invitation i
  left join member_alias l on l.program_id = i.program_id and l.member_id = i.member_id
 where i.program_id = $1::int and i.club_id = $2::uuid
   and not exists (select from club_place p
                    where p.program_id = i.program_id and p.club_id = i.club_id
                      and p.member_id = i.member_id and p.until is null)
 order by i.made_at desc, i.member_id limit $3::int
"""
_texts = msgspec.json.Decoder(dict[str, str]).decode


async def clubs(tx: Tx) -> list[Club]:
    """Every club, by name."""
    return [_club(row) for row in await tx.fetch(_ALL, tx.program_id)]


async def club(tx: Tx, code: str) -> Club | None:
    """The club of this code."""
    return next((_club(row) for row in await tx.fetch(_ONE, tx.program_id, code)), None)


async def by_id(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Club]:
    """These clubs."""
    rows = await tx.fetch(_BY_ID, tx.program_id, ids) if ids else []
    return {row["club_id"]: _club(row) for row in rows}


async def places(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, list[Place]]:
    """Every place that each of these has or had, the oldest first."""
    found: dict[UUID, list[Place]] = {}
    for row in await tx.fetch(_OF, tx.program_id, member_ids):
        found.setdefault(row["member_id"], []).append(Place(**row))
    return found


async def inside(
    tx: Tx, club_id: UUID, after: tuple[datetime, UUID] | None, limit: int
) -> list[Place]:
    """Who is in a club, the first ones first."""
    since, place_id = after or (None, None)
    rows = await tx.fetch(_IN, tx.program_id, club_id, since, place_id, limit)
    return [Place(**row) for row in rows]


async def counts(tx: Tx) -> dict[UUID, Count]:
    """How many are in each club; clubs that nobody is in are left out."""
    rows = await tx.fetch(_MANY_ALL, tx.program_id)
    return {row["club_id"]: Count(row["members"], row["shown"]) for row in rows}


async def count_of(tx: Tx, club_id: UUID) -> Count:
    """How many are in this club."""
    rows = await tx.fetch(_MANY_OF, tx.program_id, club_id)
    return next((Count(row["members"], row["shown"]) for row in rows), Count(0, 0))


async def mates(tx: Tx, club_id: UUID, since: datetime | None, limit: int) -> list[Mate]:
    """Who of a club lets the others see them, the latest first."""
    rows = await tx.fetch(_MATES, tx.program_id, club_id, since, limit)
    return [Mate(**row) for row in rows]


async def invited(tx: Tx, member_ids: Sequence[UUID]) -> set[tuple[UUID, UUID]]:
    """Which of these are asked to join which club: club, then member."""
    rows = await tx.fetch(_INVITED, tx.program_id, member_ids)
    return {(row["club_id"], row["member_id"]) for row in rows}


async def asked(tx: Tx, club_id: UUID, limit: int) -> list[tuple[UUID, datetime]]:
    """Who was asked to join a club and has not, the latest first."""
    rows = await tx.fetch(_ASKED, tx.program_id, club_id, limit)
    return [(row["member_id"], row["made_at"]) for row in rows]


def _club(row: Mapping[str, Any]) -> Club:
    told = dict(row)
    return Club(**{**told, "says": _texts(told["says"]), "tiers": tuple(told["tiers"])})
