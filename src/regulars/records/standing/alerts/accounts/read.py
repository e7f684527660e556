"""Which accounts use the shop less than they used to, and how right such a signal was before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx

FEWEST_ORDERS: Final = 3
"""By fewer days with an order nobody has a usual gap, and nobody buys less."""
LATE: Final = 2
"""So many of its usual gaps without an order make an account quiet."""
AHEAD: Final = 90
"""Days within which an account orders again, or does not."""
PORTION: Final = 20_000
"""Accounts of one statement."""

_NEXT: Final = """
select max(household_id::text)::uuid as last
  from (select household_id from household
         where program_id = $1::int and household_id > $2::uuid
         order by household_id limit $3::int) h
"""
# People are those who had not left by the day: who came later brought their orders along, as those
# do who came from another system. One person has one place, also after a merge.
_SLIP: Final = f"""
with person as materialized (
    select p.household_id, coalesce(a.into_id, p.member_id) as member_id,
           bool_or(p.role = 'head' and p.left_at is null) as leads
      from household_member p
      left join member_alias a on a.program_id = p.program_id and a.member_id = p.member_id
     where p.program_id = $1::int and p.household_id > $2::uuid and p.household_id <= $3::uuid
       and (p.left_at is null or p.left_at >= ($4::date + 1)::timestamptz)
     group by 1, 2
), account as (
    select household_id, (array_agg(member_id order by leads desc, member_id))[1] as head
      from person group by household_id having count(*) > 1
), used as (
    select p.household_id, count(distinct d.day) as days, min(d.day) as first_on,
           max(d.day) as last_on,
           count(distinct d.day) filter (where d.day > $4::date - {AHEAD}) as orders,
           count(distinct d.day) filter (where d.day <= $4::date - {AHEAD}
                                           and d.day > $4::date - {2 * AHEAD}) as before,
           count(distinct d.member_id) filter (where d.day > $4::date - {AHEAD}) as people,
           count(distinct d.member_id) filter (where d.day <= $4::date - {AHEAD}
                                                 and d.day > $4::date - {2 * AHEAD})
               as people_before,
           sum(d.net_minor)::bigint as net_minor
      from account a join person p using (household_id)
      join member_day d on d.program_id = $1::int and d.member_id = p.member_id and d.orders > 0
       and d.day > $4::date - 365 and d.day <= $4::date
     group by p.household_id having count(distinct d.day) >= {FEWEST_ORDERS}
), signal as (
    select u.*, a.head, $4::date - u.last_on as since,
           (u.last_on - u.first_on)::float8 / (u.days - 1) as gap
      from used u join account a using (household_id)
), known as (
    select s.*, s.since > {LATE} * greatest(1, s.gap)
                or (s.before >= {FEWEST_ORDERS} and 2 * s.orders <= s.before) as slips
      from signal s
)
"""  # noqa: S608 - numbers of ours
_SLIPPING: Final = f"""{_SLIP}
select household_id, head, since, round(gap)::int as gap, orders, before, people, people_before,
       net_minor
  from known k join member m on m.program_id = $1::int and m.member_id = k.head
 where slips and m.state = 'active'
   and not exists (select from member_alert a
                    where a.program_id = $1::int and a.account_id = k.household_id
                      and a.kind = 'account' and (a.outcome is null or a.as_of >= k.last_on))
"""  # noqa: S608 - a statement of ours
_TRIED: Final = f"""{_SLIP}
select count(*) filter (where slips) as picked,
       count(*) filter (where slips and not came) as "right",
       count(*) filter (where not slips) as rest,
       count(*) filter (where not slips and not came) as rest_away
  from known k
 cross join lateral (
       select exists (
           select from person p
             join member_day d on d.program_id = $1::int and d.member_id = p.member_id
              and d.orders > 0 and d.day > $4::date and d.day <= $4::date + {AHEAD}
            where p.household_id = k.household_id) as came) c
"""  # noqa: S608 - a statement of ours
# How often people of an account asked for help; days are those of the shop.
_SAID: Final = f"""
select p.household_id, count(*) filter (where t.day > $3::date - {AHEAD}) as tickets,
       count(*) filter (where t.day <= $3::date - {AHEAD}) as tickets_before
  from household_member p
 cross join lateral (
       select (a.occurred_at at time zone $4::text)::date as day from activity a
        where a.program_id = p.program_id and a.member_id = p.member_id and a.kind = 'ticket'
          and a.occurred_at >= ($3::date - {2 * AHEAD + 1})::timestamptz
          and a.occurred_at < ($3::date + 2)::timestamptz
          and not exists (select from activity r
                           where r.program_id = a.program_id and r.sale_id = a.activity_id)) t
 where p.program_id = $1::int and p.household_id = any($2::uuid[]) and p.left_at is null
   and t.day > $3::date - {2 * AHEAD} and t.day <= $3::date
 group by p.household_id
"""  # noqa: S608 - numbers of ours
_LAST_TRIED: Final = """
select accounts, picked, "right", rest, rest_away from member_alert_day
 where program_id = $1::int order by day desc limit 1
"""


class Less(NamedTuple):
    """An account that uses the shop less, as of a day: days since its last order, its mean gap, on
    how many days it ordered and how many of its people did in 90 days and in those before, and what
    it paid in a year."""

    account_id: UUID
    head_id: UUID
    since: int
    gap: int
    orders: int
    before: int
    people: int
    people_before: int
    net_minor: int


class Tried(NamedTuple):
    """How the signal did in the past: of those it would have told of, who did not order within 90
    days, and the same of the others."""

    picked: int = 0
    right: int = 0
    rest: int = 0
    rest_away: int = 0

    def and_(self, other: Tried) -> Tried:
        """Both together."""
        return Tried(*(one + more for one, more in zip(self, other, strict=True)))


class Tickets(NamedTuple):
    """How often people of an account asked for help in 90 days, and in the 90 before them."""

    now: int
    before: int


async def portion(tx: Tx, after: UUID) -> UUID | None:
    """The last of the next accounts after this one; nothing where there are none."""
    found: UUID | None = (await tx.fetch(_NEXT, tx.program_id, after, PORTION))[0]["last"]
    return found


async def slipping(tx: Tx, day: date, after: UUID, upto: UUID) -> list[Less]:
    """Accounts of a portion that use the shop less by the end of a day, and of which nobody was
    told since their last order."""
    return [
        Less(*row.values()) for row in await tx.fetch(_SLIPPING, tx.program_id, after, upto, day)
    ]


async def tried(tx: Tx, day: date, after: UUID, upto: UUID) -> Tried:
    """How the same signal of a day in the past did, in a portion."""
    (row,) = await tx.fetch(_TRIED, tx.program_id, after, upto, day)
    return Tried(*row.values())


async def tickets(tx: Tx, accounts: Sequence[UUID], day: date, zone: str) -> dict[UUID, Tickets]:
    """How often people of these asked for help; who did not is not in it."""
    rows = await tx.fetch(_SAID, tx.program_id, list(accounts), day, zone)
    return {row["household_id"]: Tickets(row["tickets"], row["tickets_before"]) for row in rows}


async def last_tried(tx: Tx) -> Tried:
    """How the signal did when it was tried last; nobody before that."""
    rows = await tx.fetch(_LAST_TRIED, tx.program_id)
    return Tried(*list(rows[0].values())[1:]) if rows else Tried()
