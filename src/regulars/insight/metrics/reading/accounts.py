"""How accounts with several people use the program, and what members answered when asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.insight.estimators.asking.nps import PROMOTES
from regulars.insight.estimators.staying.waits import Gaps
from regulars.insight.metrics.asked import Asked
from regulars.insight.metrics.defined.accounts import Account, Answer, Later, Tickets, by
from regulars.insight.metrics.reading.memberships import WHOLE_MONTHS
from regulars.insight.metrics.spans import Span, compared, ends_on, so_far
from regulars.records.standing.alerts.accounts.read import FEWEST_ORDERS

LATER_DAYS: Final = 90
# People are those of today: who left an account took their orders along.
_PEOPLE: Final = """
with person as materialized (
    select p.household_id, p.member_id, p.role = 'head' as leads, h.name
      from household_member p join household h using (program_id, household_id)
     where p.program_id = $1::int and p.left_at is null
       and (select count(*) from household_member o
             where o.program_id = $1::int and o.household_id = p.household_id
               and o.left_at is null) > 1
)
"""
_ACCOUNTS: Final = f"""{_PEOPLE}
, bought as materialized (
    select p.household_id, p.member_id, d.day, d.net_minor
      from person p join member_day d on d.program_id = $1::int and d.member_id = p.member_id
       and d.orders > 0 and d.day >= least($4::date, $3::date - 365) and d.day < $3::date
       and ($6::text is null or d.store = $6::text)
), used as (
    select household_id, count(distinct member_id) filter (where day >= $2::date) as buying,
           count(distinct day) filter (where day >= $2::date) as orders,
           count(distinct day) filter (where day >= $4::date and day < $5::date) as orders_before,
           coalesce(sum(net_minor) filter (where day >= $2::date), 0)::bigint as net_minor,
           max(day) as last_on,
           count(distinct day) filter (where day >= $3::date - 365) as in_year,
           min(day) filter (where day >= $3::date - 365) as first_in_year
      from bought group by household_id
), account as (
    select household_id, max(name) as name,
           (array_agg(member_id order by leads desc, member_id))[1] as head,
           count(*) as people
      from person group by household_id
)
select a.household_id, a.name, a.head, a.people, coalesce(u.buying, 0) as buying,
       coalesce(u.orders, 0) as orders, coalesce(u.orders_before, 0) as orders_before,
       coalesce(u.net_minor, 0)::bigint as net_minor, u.last_on,
       case when u.in_year >= {FEWEST_ORDERS} then $3::date - 1 - u.last_on end as quiet_days,
       case when u.in_year >= {FEWEST_ORDERS}
            then (u.last_on - u.first_in_year)::float8 / (u.in_year - 1) end as usual_days
  from account a left join used u using (household_id)
 order by net_minor desc, a.household_id
"""  # noqa: S608 - a statement of ours
# An account is there from its second person on, until fewer than two are left of it.
_LIVES: Final = """
with place as (
    select p.household_id, coalesce(a.into_id, p.member_id) as who, min(p.joined_at) as joined_at,
           case when not bool_or(p.left_at is null) then max(p.left_at) end as left_at
      from household_member p
      left join member_alias a on a.program_id = p.program_id and a.member_id = p.member_id
     where p.program_id = $1::int group by 1, 2
), life as materialized (
    select * from (
        select household_id, (array_agg(joined_at order by joined_at))[2] as begun_at,
               (array_agg(left_at order by left_at desc nulls first))[2] as ended_at
          from place group by household_id having count(*) > 1) l
     where ended_at is null or ended_at > begun_at
)
"""
_ENDED: Final = f"""{_LIVES}
select l.household_id, h.name, coalesce(l.ended_at < $3::timestamptz, false) as counted,
       (select p.member_id from household_member p
         where p.program_id = $1::int and p.household_id = l.household_id and p.left_at is null
         order by p.role = 'head' desc, p.member_id limit 1) as head
  from life l join household h on h.program_id = $1::int and h.household_id = l.household_id
 where l.begun_at < $2::timestamptz and (l.ended_at is null or l.ended_at >= $2)
   and l.household_id > $4::uuid
 order by l.household_id
"""  # noqa: S608 - a statement of ours
_ENDS: Final = f"""{_LIVES}
select count(*) filter (where ended_at < $3::timestamptz) as ended, count(*) as there from life
 where begun_at < $2::timestamptz and (ended_at is null or ended_at >= $2)
"""  # noqa: S608 - a statement of ours
# Whole months from the second person to the end, or to the end of the time.
_AGES: Final = f"""{_LIVES}
select {WHOLE_MONTHS} as months,
       count(*) filter (where over) as closed, count(*) filter (where not over) as open
  from (select coalesce(ended_at < $2::timestamptz, false) as over,
               least(ended_at, $2::timestamptz) at time zone $3::text as until,
               begun_at at time zone $3::text as since
          from life where begun_at < $2::timestamptz) l
 group by 1 order by 1
"""  # noqa: S608 - a statement of ours
_CAME_SO_FAR: Final = f"""{_LIVES}
select l.household_id, h.name, not over or months > $4::int as counted,
       (select p.member_id from household_member p
         where p.program_id = $1::int and p.household_id = l.household_id and p.left_at is null
         order by p.role = 'head' desc, p.member_id limit 1) as head
  from (select household_id, over, {WHOLE_MONTHS} as months
          from (select household_id, coalesce(ended_at < $2::timestamptz, false) as over,
                       least(ended_at, $2::timestamptz) at time zone $3::text as until,
                       begun_at at time zone $3::text as since
                  from life where begun_at < $2::timestamptz) l) l
  join household h on h.program_id = $1::int and h.household_id = l.household_id
 where l.months >= $4::int and l.household_id > $5::uuid
 order by l.household_id
"""  # noqa: S608 - a statement of ours
_TICKETS: Final = f"""{_PEOPLE}
select p.household_id, count(*) filter (where a.occurred_at >= $3::timestamptz) as now,
       count(*) filter (where a.occurred_at < $3::timestamptz) as before
  from activity a
  left join member_alias m on m.program_id = a.program_id and m.member_id = a.member_id
  join person p on p.member_id = coalesce(m.into_id, a.member_id)
 where a.program_id = $1::int and a.kind = 'ticket' and a.occurred_at >= $2::timestamptz
   and a.occurred_at < $4::timestamptz
   and not exists (select from activity r
                    where r.program_id = $1::int and r.sale_id = a.activity_id)
 group by p.household_id
"""  # noqa: S608 - a statement of ours
# The last answer of each member, told as an activity or given to a survey of ours; what has no
# score within the scale is no answer.
_LAST: Final = """
select distinct on (kind, who) kind, who, score, occurred_at
  from (select a.kind, coalesce(m.into_id, a.member_id) as who, a.occurred_at, a.activity_id,
               (a.body #>> '{details,score}')::bigint as score
          from activity a
          left join member_alias m on m.program_id = a.program_id and m.member_id = a.member_id
         where a.program_id = $1::int and a.kind in ('nps', 'csat')
           and a.occurred_at >= $2::timestamptz and a.occurred_at < $3::timestamptz
           and a.member_id <> '00000000-0000-0000-0000-000000000000'
           and jsonb_typeof(a.body #> '{details,score}') = 'number'
           and not exists (select from activity r
                            where r.program_id = $1::int and r.sale_id = a.activity_id)
         union all
        select v.kind, coalesce(m.into_id, a.member_id), a.answered_at, a.invitation_id, a.score
          from survey_answer a
          join survey v on v.program_id = a.program_id and v.survey_id = a.survey_id
          left join member_alias m on m.program_id = a.program_id and m.member_id = a.member_id
         where a.program_id = $1::int and v.kind in ('nps', 'csat') and a.score is not null
           and a.answered_at >= $2::timestamptz and a.answered_at < $3::timestamptz) s
 where score between case kind when 'csat' then 1 else 0 end
                 and case kind when 'csat' then 5 else 10 end
 order by kind, who, occurred_at desc, activity_id desc
"""
_ANSWERS: Final = f"""{_PEOPLE}
select l.kind, l.who, p.household_id, l.score
  from ({_LAST}) l left join person p on p.member_id = l.who
 order by 1, 2
"""  # noqa: S608 - a statement of ours
_EACH_LATER: Final = f"""
       select l.kind, l.who, case when l.kind = 'nps' and l.score >= 9 then 'promoter'
                            when l.kind = 'nps' and l.score >= 7 then 'passive'
                            when l.kind = 'nps' then 'detractor'
                            when l.score >= 4 then 'content' else 'discontent' end as of_group,
               d.orders, d.net_minor
          from ({_LAST}) l
         cross join lateral (
               select count(*) as orders, sum(net_minor) as net_minor from member_day d
                where d.program_id = $1::int and d.member_id = l.who and d.orders > 0
                  and d.day - (l.occurred_at at time zone $4::text)::date between 1 and $5::int) d
         where (l.occurred_at at time zone $4::text)::date + $5::int < $6::date
"""  # noqa: S608 - a statement of ours
_LATER: Final = f"""
select kind, of_group, count(*) as members, count(*) filter (where orders > 0) as bought,
       coalesce(sum(net_minor), 0)::bigint as net_minor
  from ({_EACH_LATER}) each_one
 group by 1, 2 order by 1 desc, case of_group when 'promoter' then 1 when 'passive' then 2
                                              when 'content' then 3 else 4 end
"""  # noqa: S608 - a statement of ours
_CONTACTS: Final = f"""{_PEOPLE}
select p.member_id, coalesce(e.orders, 0) as orders, coalesce(e.net_minor, 0) as net_minor,
       o.first_on, o.last_on, coalesce(e.orders, 0) > 0 as counted
  from person p
  left join (select member_id, count(distinct day) as orders, sum(net_minor)::bigint as net_minor
               from member_day
              where program_id = $1::int and day >= $2::date and day < $3::date and orders > 0
                and ($6::text is null or store = $6::text)
              group by member_id) e using (member_id)
  left join member_orders o on o.program_id = $1::int and o.member_id = p.member_id
 where p.member_id > $4::uuid order by p.member_id limit $5::int
"""  # noqa: S608 - a statement of ours
_SAID: Final = f"""
select l.who, coalesce(o.orders, 0) as orders, coalesce(o.net_minor, 0) as net_minor,
       o.first_on, o.last_on, l.score >= case kind when 'nps' then 9 else 4 end as counted
  from ({_LAST}) l
  left join member_orders o on o.program_id = $1::int and o.member_id = l.who
 where l.kind = $4::text and l.who > $5::uuid order by l.who limit $6::int
"""  # noqa: S608 - a statement of ours
_DID_LATER: Final = f"""
select e.who, e.orders, coalesce(e.net_minor, 0)::bigint as net_minor, o.first_on, o.last_on,
       e.orders > 0 as counted
  from ({_EACH_LATER}) e
  left join member_orders o on o.program_id = $1::int and o.member_id = e.who
 where e.of_group = $7::text and e.who > $8::uuid order by e.who limit $9::int
"""  # noqa: S608 - a statement of ours
# Whom a survey of ours was made for, as whom they stand now, and whether one was answered.
_ASKED: Final = """
select coalesce(m.into_id, i.member_id) as who, bool_or(a.invitation_id is not null) as counted
  from survey_invitation i
  left join survey_answer a on a.program_id = i.program_id and a.invitation_id = i.invitation_id
  left join member_alias m on m.program_id = i.program_id and m.member_id = i.member_id
 where i.program_id = $1::int and i.made_at >= $2::timestamptz and i.made_at < $3::timestamptz
 group by 1
"""
_RESPONSE: Final = f"""
select count(*) filter (where counted) as answered, count(*) as asked from ({_ASKED}) asked
"""  # noqa: S608 - a statement of ours
_WERE_ASKED: Final = f"""
select w.who, coalesce(o.orders, 0) as orders, coalesce(o.net_minor, 0) as net_minor,
       o.first_on, o.last_on, w.counted
  from ({_ASKED}) w
  left join member_orders o on o.program_id = $1::int and o.member_id = w.who
 where w.who > $4::uuid order by w.who limit $5::int
"""  # noqa: S608 - a statement of ours
_KINDS: Final = {"nps_members": "nps", "csat_members": "csat"}
METRICS: Final = ("contacts_buying", "survey_response", *_KINDS)
"""Those whose members can be listed."""

Bounds = tuple[datetime, datetime]


class Behind(NamedTuple):
    """An account behind a figure: whether it is in the part, and the mean of what its people said,
    rounded down; nothing where nobody said anything."""

    account: Account
    counted: bool
    score: int | None


async def accounts(tx: Tx, asked: Asked, span: Span) -> list[Account]:
    """Each account with two people or more, most revenue first; beside it the time before, as long
    as what has been of this one."""
    before = compared(so_far(span, asked.today), "previous")
    days = (span.from_on, ends_on(span, asked.today), before.from_on, before.until_on)
    rows = await tx.fetch(_ACCOUNTS, tx.program_id, *days, asked.store)
    return [Account(*row.values()) for row in rows]


async def answers(tx: Tx, bounds: Bounds) -> list[Answer]:
    """What each member said last between two instants."""
    return [
        Answer(row["kind"], row["who"], row["household_id"], row["score"])
        for row in await tx.fetch(_ANSWERS, tx.program_id, *bounds)
    ]


async def response(tx: Tx, bounds: Bounds) -> tuple[int, int]:
    """Members who answered a survey that was made for them between two instants, and all whom one
    was made for."""
    (row,) = await tx.fetch(_RESPONSE, tx.program_id, *bounds)
    return row["answered"], row["asked"]


async def tickets(tx: Tx, bounds: Bounds, since: datetime) -> dict[UUID, Tickets]:
    """How often people of each account asked for help between two instants, and before from
    `since` on; who did not is not in it."""
    rows = await tx.fetch(_TICKETS, tx.program_id, since, *bounds)
    return {row["household_id"]: Tickets(row["now"], row["before"]) for row in rows}


async def ends(tx: Tx, bounds: Bounds) -> tuple[int, int]:
    """How many accounts ended between two instants, of those that were there at the first."""
    (row,) = await tx.fetch(_ENDS, tx.program_id, *bounds)
    return int(row["ended"]), int(row["there"])


async def lives(tx: Tx, end: datetime, zone: str) -> list[Gaps]:
    """How long accounts lasted, or have until now, in whole months."""
    return [Gaps(*row.values()) for row in await tx.fetch(_AGES, tx.program_id, end, zone)]


async def later(tx: Tx, bounds: Bounds, zone: str, today: date) -> list[Later]:
    """What members did in the 90 days after they answered; who answered lately is left out."""
    said = (*bounds, zone, LATER_DAYS, today)
    return [Later(*row.values()) for row in await tx.fetch(_LATER, tx.program_id, *said)]


async def who(
    tx: Tx, metric: str, days: tuple[date, date, UUID, int, str | None], bounds: Bounds
) -> list[tuple[object, ...]]:
    """The members behind a figure, in order of their ids, as `Who` has them. `days`: first day,
    end, after whom, how many, in which store."""
    if metric in _KINDS:
        rows = await tx.fetch(_SAID, tx.program_id, *bounds, _KINDS[metric], days[2], days[3])
    elif metric == "survey_response":
        rows = await tx.fetch(_WERE_ASKED, tx.program_id, *bounds, days[2], days[3])
    else:
        rows = await tx.fetch(_CONTACTS, tx.program_id, *days)
    return [tuple(row.values()) for row in rows]


async def did_later(
    tx: Tx, group: str, bounds: Bounds, of: tuple[str, date], page: tuple[UUID, int]
) -> list[tuple[object, ...]]:
    """Members who answered so between two instants, with their orders in the 90 days after, in
    order of their ids. `of`: the shop's zone and today."""
    zone, today = of
    said = (*bounds, zone, LATER_DAYS, today, group, *page)
    return [tuple(row.values()) for row in await tx.fetch(_DID_LATER, tx.program_id, *said)]


async def behind(tx: Tx, metric: str, asked: Asked, bounds: Bounds, after: UUID) -> list[Behind]:
    """The accounts a figure counts, those after `after`. Order: of their ids.

    Keeps: they are those of the figure itself, so both come to the same.
    """
    if metric == "accounts_ended":
        rows = await tx.fetch(_ENDED, tx.program_id, *bounds, after)
        return [Behind(_ended(row), row["counted"], None) for row in rows]
    scores = by(await answers(tx, bounds))
    asking = await tickets(tx, bounds, bounds[0]) if metric == "accounts_asking" else {}
    some = [one for one in await accounts(tx, asked, asked.span) if one.account_id > after]
    found = []
    for one in sorted(some, key=lambda one: one.account_id):
        given = scores.get(one.account_id.hex)
        score = sum(given) // len(given) if given else None
        counted = _counted(metric, one, score, asking)
        found += [Behind(one, counted, score)] if counted is not None else []
    return found


async def came_so_far(
    tx: Tx, end: datetime, zone: str, months: int, after: UUID
) -> list[Behind]:  # fmt: skip
    """Accounts that came so many months, and whether they did not end then. Order: of ids."""
    rows = await tx.fetch(_CAME_SO_FAR, tx.program_id, end, zone, months, after)
    return [Behind(_ended(row), row["counted"], None) for row in rows]


def _ended(row: Mapping[str, Any]) -> Account:
    """An account as far as it is known of one that may have ended."""
    used = (0, 0, 0, 0, 0, None, None, None)
    return Account(row["household_id"], row["name"], row["head"], *used)


def _counted(
    metric: str, one: Account, score: int | None, asking: Mapping[UUID, Tickets]
) -> bool | None:
    """Whether an account is in the part; nothing where it is not even in the whole."""
    if metric == "accounts_buying":
        return one.orders > 0
    if metric == "accounts_again":
        return one.orders > 0 if one.orders_before else None
    if metric == "accounts_asking":
        return one.account_id in asking
    if metric == "accounts_quiet":
        return None if one.signal == "none" else one.signal == "quiet"
    if metric == "nps_accounts":
        return None if score is None else score >= PROMOTES
    return True
