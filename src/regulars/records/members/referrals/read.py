"""Read codes, referrals and milestones; who was merged into somebody is read as a part of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx
from regulars.records.members.referrals.types import Code, Due, Known, Milestone, Referral

_BY_CODE = """
select member_id, code, marks, made_at from referral_code
 where program_id = $1 and code = any($2::text[])
"""
_CODES = """
select member_id, code, marks, made_at from referral_code
 where program_id = $1 and member_id = any($2::uuid[])
"""
_COLUMNS = """referral_id, member_id, referrer_id, version, state, named_at, counts_from,
       buys_until, wallet, reason, marks, sale_id, due_at, settled_at, retracted_at,
       referrer_units, newcomer_units, referrer_entry, newcomer_entry, referrer_back,
       newcomer_back"""
_SOME = f"""
select {_COLUMNS} from referral where program_id = $1 and referral_id = any($2::uuid[])
"""  # noqa: S608
_PAGE = f"""
select {_COLUMNS} from referral
 where program_id = $1
   and (referrer_id = any($2::uuid[]) or member_id = any($2::uuid[]))
   and ($3::uuid is null or referral_id < $3)
 order by referral_id desc limit $4
"""  # noqa: S608
_FAMILY = """family as (
    select w.id as member_id, w.id as stands_as from unnest($2::uuid[]) as w (id)
     union
    select a.member_id, a.into_id from member_alias a
     where a.program_id = $1 and a.into_id = any($2::uuid[])
)"""
_BROUGHT = f"""
with {_FAMILY}
select f.stands_as, r.referral_id, r.state = 'rewarded' as paid from family f
  join referral r on r.program_id = $1 and r.member_id = f.member_id and r.state <> 'rejected'
"""  # noqa: S608
_MAILBOXES = f"""
with {_FAMILY}
select f.stands_as, i.value from family f
  join identifier i on i.program_id = $1 and i.member_id = f.member_id and i.kind = 'email'
"""  # noqa: S608
_HOMES = """
select member_id, household_id from household_member
 where program_id = $1 and member_id = any($2::uuid[]) and left_at is null
"""
_JOINED = """
select a.into_id, min(m.joined_at) as joined_at from member_alias a
  join member m on m.program_id = $1 and m.member_id = a.member_id
 where a.program_id = $1 and a.into_id = any($2::uuid[])
 group by 1
"""
# The index of members' activities leaves out nobody's sales, so it is used only where that is
# said. A day's grace: a till without network may tell of the first purchase later than of the
# joining.
_BOUGHT = f"""
with {_FAMILY}
select distinct f.stands_as from family f
  join member m on m.program_id = $1 and m.member_id = f.stands_as
 where exists (select from activity a
                where a.program_id = $1 and a.member_id = f.member_id
                  and a.member_id <> '00000000-0000-0000-0000-000000000000'
                  and a.kind = 'purchase'
                  and a.occurred_at < m.joined_at - interval '1 day')
"""  # noqa: S608
_PARENTS = """
with recursive up (child, parent) as (
    select w.id, coalesce(b.into_id, r.referrer_id)
      from unnest($2::uuid[]) as w (id)
      cross join lateral (
          select w.id as member_id union all
          select a.member_id from member_alias a where a.program_id = $1 and a.into_id = w.id) f
      join referral r on r.program_id = $1 and r.member_id = f.member_id
                     and r.state <> 'rejected'
      left join member_alias b on b.program_id = $1 and b.member_id = r.referrer_id
     union
    select u.parent, coalesce(b.into_id, r.referrer_id)
      from up u
      cross join lateral (
          select u.parent as member_id union all
          select a.member_id from member_alias a
           where a.program_id = $1 and a.into_id = u.parent) f
      join referral r on r.program_id = $1 and r.member_id = f.member_id
                     and r.state <> 'rejected'
      left join member_alias b on b.program_id = $1 and b.member_id = r.referrer_id
)
select child, parent from up
"""
_CODE_MARKS = f"""
with {_FAMILY}
select f.stands_as, unnest(c.marks) as mark from family f
  join referral_code c on c.program_id = $1 and c.member_id = f.member_id
"""  # noqa: S608
# Only what was asked for: who brought thousands has the marks of thousands.
_MARKS = f"""
with {_FAMILY}
select distinct f.stands_as, m.mark from family f
  join referral r on r.program_id = $1 and r.state <> 'rejected'
                 and (r.referrer_id = f.member_id or r.member_id = f.member_id)
 cross join lateral unnest(r.marks) as m (mark)
 where m.mark = any($3::text[])
"""  # noqa: S608
_BROUGHT_WITH = """
select distinct m.mark from referral_mark m
  join referral r on r.program_id = $1 and r.referral_id = m.referral_id and r.state <> 'rejected'
 where m.program_id = $1 and m.mark = any($2::text[])
"""
# Each of the first three leads to another state, and the others are looked at once a day; so the
# night comes to an end. Of what was given only returns since the last look are news; a day more,
# as what was told then may have been written later.
_DUE = """
select r.referral_id, r.member_id, r.referrer_id
  from referral r
  left join member_alias a on a.program_id = $1 and a.member_id = r.member_id
  left join member_alias b on b.program_id = $1 and b.member_id = r.referrer_id
 where r.program_id = $1
   and r.state in ('named', 'qualified', 'rewarded')
   and r.member_id <> all($5::uuid[])
   and (r.state = 'qualified' and r.due_at <= $2
        or r.state = 'named' and r.buys_until <= $2
        or r.state = 'named' and r.looked_at < $3
           and exists (select from activity p
                        where p.program_id = $1
                          and p.member_id in (select r.member_id union all
                                              select coalesce(a.into_id, r.member_id))
                          and p.member_id <> '00000000-0000-0000-0000-000000000000'
                          and p.kind = 'purchase' and p.occurred_at >= r.counts_from)
        or r.state = 'rewarded' and r.looked_at < $3
           and (coalesce(a.into_id, r.member_id) = coalesce(b.into_id, r.referrer_id)
                or exists (select from (
                               select coalesce(a.into_id, r.member_id) as member_id union all
                               select m.member_id from member_alias m
                                where m.program_id = $1
                                  and m.into_id = coalesce(a.into_id, r.member_id)) f
                             join referral o on o.program_id = $1 and o.member_id = f.member_id
                                            and o.state = 'rewarded'
                                            and o.referral_id < r.referral_id)
                or exists (select from activity p
                            where p.program_id = $1 and p.sale_id = r.sale_id
                              and p.recorded_at >= r.looked_at - interval '1 day')))
 order by r.referral_id limit $4
"""
# What counts of a purchase is at most what was paid and what the order's discount took off.
_SALES = """
select w.place::int as place, a.activity_id, a.member_id
  from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::bigint[]) with ordinality
       as w (id, since, until, least, place)
  cross join lateral (
      select w.id as member_id union all
      select m.member_id from member_alias m where m.program_id = $1 and m.into_id = w.id) f
  cross join lateral (
      select activity_id, member_id from activity
       where program_id = $1 and member_id = f.member_id
         and member_id <> '00000000-0000-0000-0000-000000000000' and kind = 'purchase'
         and occurred_at >= w.since and occurred_at < w.until
         and amount_minor + coalesce((body ->> 'order_discount_minor')::bigint, 0) >= w.least
       order by occurred_at, activity_id limit $6) a
"""
_FRIENDS = f"""
with {_FAMILY}
select f.stands_as, count(*) as friends,
       count(*) filter (where r.settled_at >= $3 and r.referrer_units > 0) as lately
  from family f
  join referral r on r.program_id = $1 and r.referrer_id = f.member_id and r.state = 'rewarded'
 group by 1
"""  # noqa: S608
_MILESTONES = f"""
with {_FAMILY}
select f.stands_as, m.member_id, m.entry_id, m.friends, m.wallet, m.units, m.given_at
  from family f
  join referral_milestone m on m.program_id = $1 and m.member_id = f.member_id
                           and m.undone_at is null
"""  # noqa: S608
_GIVEN = """
select (select coalesce(sum(referrer_units), 0) from referral
         where program_id = $1 and state = 'rewarded' and settled_at >= $2)
       + (select coalesce(sum(units), 0) from referral_milestone
           where program_id = $1 and undone_at is null and given_at >= $2) as referrer,
       (select coalesce(sum(newcomer_units), 0) from referral
         where program_id = $1 and state = 'rewarded' and settled_at >= $3) as newcomer
"""
_LOCK = waiting_for(Alone.REFERRALS)


async def lock(tx: Tx) -> None:
    """Hold the referrals of the program: budgets and rings concern them all.

    Order: after the members are locked.
    """
    await tx.fetch(_LOCK, tx.program_id)


async def by_code(tx: Tx, codes: Sequence[str]) -> dict[str, Code]:
    """Whose codes these are."""
    rows = await tx.fetch(_BY_CODE, tx.program_id, codes)
    return {row["code"]: _code(row) for row in rows}


async def codes_of(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, Code]:
    """The codes of these members, of those who have one."""
    rows = await tx.fetch(_CODES, tx.program_id, member_ids)
    return {row["member_id"]: _code(row) for row in rows}


async def some(tx: Tx, referral_ids: Sequence[UUID]) -> dict[UUID, Referral]:
    """These referrals."""
    rows = await tx.fetch(_SOME, tx.program_id, referral_ids)
    return {row["referral_id"]: _referral(row) for row in rows}


async def page(
    tx: Tx, member_ids: Sequence[UUID], before: UUID | None, limit: int
) -> list[Referral]:
    """Whom these brought, and who brought them; newest first."""
    rows = await tx.fetch(_PAGE, tx.program_id, list(member_ids), before, limit)
    return [_referral(row) for row in rows]


async def known(tx: Tx, member_ids: Sequence[UUID], marks: Iterable[str]) -> Known:
    """All that is asked of these members when a code is named, each as whom they stand now.

    Shape: of the marks of friends only those are read that are told now, or when a code was given.
    """
    here = (tx.program_id, member_ids)
    found = await as_they_stand(tx, member_ids)
    found.bought = {row["stands_as"] for row in await tx.fetch(_BOUGHT, *here)}
    for row in await tx.fetch(_CODE_MARKS, *here):
        found.own_marks.setdefault(row["stands_as"], set()).add(row["mark"])
    asked = sorted({*marks}.union(*found.own_marks.values()))
    for row in await tx.fetch(_MARKS, *here, asked) if asked else []:
        found.marks.setdefault(row["stands_as"], set()).add(row["mark"])
    rows = await tx.fetch(_BROUGHT_WITH, tx.program_id, asked) if asked else ()
    found.brought_with = {row["mark"] for row in rows}
    return found


async def as_they_stand(tx: Tx, member_ids: Sequence[UUID]) -> Known:
    """What merges, households and addresses say of these members; asked again at settling."""
    here = (tx.program_id, member_ids)
    found = Known()
    for row in await tx.fetch(_BROUGHT, *here):
        found.brought.setdefault(row["stands_as"], set()).add(row["referral_id"])
        if row["paid"]:
            found.paid.setdefault(row["stands_as"], set()).add(row["referral_id"])
    for row in await tx.fetch(_MAILBOXES, *here):
        found.mailboxes.setdefault(row["stands_as"], set()).add(row["value"])
    found.homes = {r["member_id"]: r["household_id"] for r in await tx.fetch(_HOMES, *here)}
    found.joined = {r["into_id"]: r["joined_at"] for r in await tx.fetch(_JOINED, *here)}
    for row in await tx.fetch(_PARENTS, *here):
        found.parents.setdefault(row["child"], set()).add(row["parent"])
    return found


async def due(
    tx: Tx, day_began: datetime, most: int, parked: Sequence[UUID] | frozenset[UUID]
) -> list[Due]:
    """Referrals that something can have become of: bought, kept, come back, or too late."""
    rows = await tx.fetch(_DUE, tx.program_id, tx.now, day_began, most, list(parked))
    return [Due(row["referral_id"], row["member_id"], row["referrer_id"]) for row in rows]


async def sales(
    tx: Tx, asked: Sequence[tuple[UUID, datetime, datetime, int]], most: int
) -> list[dict[UUID, UUID]]:
    """What each of these members bought in their time, and under whose name; the oldest first.

    Shape: asked are member, since, until and the least amount in minor units that can suffice.
    """
    found: list[dict[UUID, UUID]] = [{} for _ in asked]
    if asked:
        columns = ([one[place] for one in asked] for place in range(4))
        for row in await tx.fetch(_SALES, tx.program_id, *columns, most):
            found[row["place"] - 1][row["activity_id"]] = row["member_id"]
    return found


async def friends(
    tx: Tx, member_ids: Sequence[UUID], since: datetime
) -> dict[UUID, tuple[int, int]]:
    """How many friends of these members stayed, and how many brought points since then."""
    rows = await tx.fetch(_FRIENDS, tx.program_id, member_ids, since)
    return {row["stands_as"]: (row["friends"], row["lately"]) for row in rows}


async def milestones(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, list[Milestone]]:
    """What these members got for so many friends and still have."""
    found: dict[UUID, list[Milestone]] = {}
    for row in await tx.fetch(_MILESTONES, tx.program_id, member_ids):
        fields = dict(row)
        found.setdefault(fields.pop("stands_as"), []).append(Milestone(**fields))
    return found


async def given(tx: Tx, referrers_since: datetime, newcomers_since: datetime) -> tuple[int, int]:
    """What both sides of all referrals got since, milestones with the referrers."""
    rows = await tx.fetch(_GIVEN, tx.program_id, referrers_since, newcomers_since)
    return int(rows[0]["referrer"]), int(rows[0]["newcomer"])


def _code(row: Mapping[str, Any]) -> Code:
    return Code(row["member_id"], row["code"], tuple(row["marks"]), row["made_at"])


def _referral(row: Mapping[str, Any]) -> Referral:
    return Referral(**(dict(row) | {"marks": tuple(row["marks"])}))
