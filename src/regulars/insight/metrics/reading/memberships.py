"""What became of paid memberships: when they were first paid, when they ended, what failed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.insight.estimators.staying.waits import Gaps
from regulars.insight.metrics.defined.memberships import Turned
from regulars.insight.metrics.defined.renewals import Renewed
from regulars.insight.metrics.spans import Granularity, Span, begins, parts

# A membership is paid from its first payment on; who came by a merge counts as whom they stand now.
_LIVES: Final = """
with turn as materialized (
    select coalesce(a.into_id, t.member_id) as who, t.membership_id, t.step, t.what, t.at, t.plan,
           t.state,
           t.amount_minor, t.what = 'paid' or t.what = 'started' and not t.in_trial as pays
      from membership_turn t
      left join member_alias a on a.program_id = t.program_id and a.member_id = t.member_id
     where t.program_id = $1::int
), life as materialized (
    select who, membership_id, min(at) filter (where pays) as paid_from,
           min(at) filter (where state = 'ended') as ended_at,
           (array_agg(plan order by step desc))[1] as plan
      from turn group by who, membership_id having bool_or(pays)
)
"""
_TURNED: Final = f"""{_LIVES}
, failing as (
    select who, max(at) as failed_at from turn
     where what = 'failed' and at >= $2::timestamptz and at < $3::timestamptz group by who
)
select (select count(distinct who) from life
         where paid_from < $2 and (ended_at is null or ended_at >= $2)) as at_begin,
       (select count(distinct who) from life
         where paid_from < $3 and (ended_at is null or ended_at >= $3)) as at_end,
       (select count(distinct who) from life where paid_from >= $2 and paid_from < $3) as begun,
       (select count(distinct who) from life
         where paid_from < $2 and ended_at >= $2 and ended_at < $3) as ended,
       (select count(distinct who) from life where ended_at >= $2 and ended_at < $3) as gone,
       (select count(distinct l.who) from life l
         where l.ended_at >= $2 and l.ended_at < $3
           and exists (select from life b where b.who = l.who and b.paid_from >= l.ended_at))
           as back,
       (select count(*) from turn
         where (pays or what = 'failed') and at >= $2 and at < $3) as tries,
       (select count(*) from turn where what = 'failed' and at >= $2 and at < $3) as failed,
       (select count(*) from failing) as failing,
       (select count(*) from failing f
         where exists (select from turn t where t.who = f.who and t.pays and t.at > f.failed_at))
           as rescued,
       (select coalesce(sum(amount_minor), 0)::bigint from turn where at >= $2 and at < $3)
           as fees_minor
"""  # noqa: S608 - a statement of ours
_PARTS: Final = f"""{_LIVES}
select date_trunc($5::text, at at time zone $4::text)::date as part, sum(begun)::bigint as begun,
       sum(ended)::bigint as ended, sum(failed)::bigint as failed, sum(fees)::bigint as fees
  from (select paid_from as at, 1 as begun, 0 as ended, 0 as failed, 0::bigint as fees from life
        union all
        select ended_at, 0, 1, 0, 0 from life where ended_at is not null
        union all
        select at, 0, 0, (what = 'failed')::int, amount_minor from turn) e
 where at >= $2::timestamptz and at < $3::timestamptz group by 1
"""  # noqa: S608 - a statement of ours
_THERE: Final = f"""{_LIVES}
select count(*) as there from life
 where paid_from < $2::timestamptz and (ended_at is null or ended_at >= $2)
"""  # noqa: S608 - a statement of ours
WHOLE_MONTHS: Final = """(select b.months
               + (l.since::date + make_interval(months => b.months + 1) <= l.until)::int
          from (select (extract(year from age(l.until, l.since)) * 12
                        + extract(month from age(l.until, l.since)))::int as months) b)"""
"""Whole months of a life `l` from `since` to `until`, by the shop's clock and from day to day. Of
ages alone the last month of who began on the 31st is never over in a month that has no 31st."""
# Whole months from the first payment to the end, or to the end of the time for who is there still.
_AGES: Final = f"""{_LIVES}
select plan, {WHOLE_MONTHS} as months,
       count(*) filter (where over) as closed, count(*) filter (where not over) as open
  from (select plan, coalesce(ended_at < $2::timestamptz, false) as over,
               least(ended_at, $2::timestamptz) at time zone $3::text as until,
               paid_from at time zone $3::text as since
          from life where paid_from < $2::timestamptz) l
 group by 1, 2 order by 1, 2
"""  # noqa: S608 - a statement of ours
_BY_PLAN: Final = f"""{_LIVES}
select plan, count(distinct who) filter (where paid_from < $2::timestamptz
                                and (ended_at is null or ended_at >= $2)) as at_begin,
       count(distinct who) filter (where paid_from < $3::timestamptz
                                and (ended_at is null or ended_at >= $3)) as at_end,
       count(distinct who) filter (where paid_from >= $2 and paid_from < $3) as begun,
       count(distinct who) filter (where paid_from < $2 and ended_at >= $2 and ended_at < $3)
           as ended
  from life group by plan order by at_end desc, plan
"""  # noqa: S608 - a statement of ours
# How often each was paid for until an instant, and what became first of it until another one.
_RENEWED: Final = f"""{_LIVES}
, paid as (
    select who, membership_id, count(*) filter (where at < $2::timestamptz) as times,
           min(at) filter (where at >= $2 and at < $3::timestamptz) as again
      from turn where pays group by who, membership_id
)
select p.times::int as paid, coalesce(l.ended_at < $2, false) as over,
       case when l.ended_at < $2 then ''
            when p.again <= coalesce(l.ended_at, p.again) then 'renewed'
            when l.ended_at < $3 then 'ended' else '' end as became, count(*) as memberships
  from life l join paid p using (who, membership_id)
 where p.times > 0 group by 1, 2, 3 order by 1, 2, 3
"""  # noqa: S608 - a statement of ours
_WHO: Final = f"""{_LIVES}
select w.member_id, coalesce(o.orders, 0) as orders, coalesce(o.net_minor, 0) as net_minor,
       o.first_on, o.last_on, w.counted
  from (select who as member_id, bool_or({{}}) as counted from {{}} l where {{}} and who > $4::uuid
           and ($6::text = '' or plan = $6::text)
         group by who order by who limit $5::int) w
  left join member_orders o on o.program_id = $1::int and o.member_id = w.member_id
 order by w.member_id
"""  # noqa: S608 - a statement of ours
# Who came to a renewal, by how often they paid until the end; see `renewals.lives_of`.
_REACHED: Final = f"""{_LIVES}
, come as (
    select l.who, coalesce(l.ended_at < $2::timestamptz, false) as over, count(*) as times
      from life l join turn t using (who, membership_id)
     where t.pays and t.at < $2::timestamptz group by l.who, l.membership_id, 2
)
select w.who, coalesce(o.orders, 0) as orders, coalesce(o.net_minor, 0) as net_minor,
       o.first_on, o.last_on, w.counted
  from (select who, bool_or(not over or times > $5::int) as counted from come
         where times - (not over)::int >= $5::int and who > $3::uuid
         group by who order by who limit $4::int) w
  left join member_orders o on o.program_id = $1::int and o.member_id = w.who
 order by w.who
"""  # noqa: S608 - a statement of ours
_FAILING: Final = """(select who, '' as plan, max(at) as failed_at from turn
         where what = 'failed' and at >= $2::timestamptz and at < $3::timestamptz group by who)"""
_LISTED: Final = {
    "memberships_active": (
        "true", "life", "$2::timestamptz is not null and paid_from < $3::timestamptz"
        " and (ended_at is null or ended_at >= $3)",
    ),
    "memberships_begun": (
        "true", "life", "paid_from >= $2::timestamptz and paid_from < $3::timestamptz",
    ),
    "membership_churn": (
        "coalesce(ended_at < $3::timestamptz, false)", "life",
        "paid_from < $2::timestamptz and (ended_at is null or ended_at >= $2)",
    ),
    "membership_staying": (
        "ended_at is null or ended_at >= $3::timestamptz", "life",
        "$2::timestamptz is not null and paid_from < $3::timestamptz",
    ),
    "membership_renewing": (
        "ended_at is null or ended_at >= $3::timestamptz", "life",
        "$2::timestamptz is not null and paid_from < $3::timestamptz",
    ),
    "payments_failed": (
        "what = 'failed'", "turn",
        "(pays or what = 'failed') and at >= $2::timestamptz and at < $3::timestamptz",
    ),
    "membership_fees": (
        "true", "turn",
        "amount_minor <> 0 and at >= $2::timestamptz and at < $3::timestamptz",
    ),
    "payments_rescued": (
        "exists (select from turn t where t.who = l.who and t.pays and t.at > l.failed_at)",
        _FAILING, "true",
    ),
    "memberships_won_back": (
        "exists (select from life b where b.who = l.who and b.paid_from >= l.ended_at)",
        "life", "ended_at >= $2::timestamptz and ended_at < $3::timestamptz",
    ),
}  # fmt: skip
# All that ended in the time; of churn itself only who was there as it began.
_ENDED: Final = (
    "true", "life", "ended_at >= $2::timestamptz and ended_at < $3::timestamptz",
)  # fmt: skip
ALL_ENDED: Final = "*"
"""The group of churn that lists whoever ended in the time, also who began in it: no plan has this
name."""
METRICS: Final = (*_LISTED, "renewals_reached")
"""Those whose members can be listed."""

Bounds = tuple[datetime, datetime]


class Part(NamedTuple):
    """Paid memberships of a part of a span: there as it began, begun, ended, and what was paid."""

    span: Span
    there: int
    begun: int
    ended: int
    failed: int
    fees_minor: int


class Plan(NamedTuple):
    """Members with a paid membership of one plan, the one it stands on last."""

    plan: str
    at_begin: int
    at_end: int
    begun: int
    ended: int


async def turned(tx: Tx, span: Span, bounds: Bounds) -> Turned:
    """What happened in a span. `bounds` are its instants."""
    (row,) = await tx.fetch(_TURNED, tx.program_id, *bounds)
    return Turned(span, *row.values())


async def by_part(
    tx: Tx, span: Span, bounds: Bounds, zone: str, granularity: Granularity
) -> list[Part]:
    """Part by part; who is there as one begins is who was before, and began, and did not end."""
    rows = await tx.fetch(_PARTS, tx.program_id, *bounds, zone, granularity)
    found: dict[date, list[int]] = {row["part"]: list(row.values())[1:] for row in rows}
    (first,) = await tx.fetch(_THERE, tx.program_id, bounds[0])
    there, some = int(first["there"]), []
    for part in parts(span, granularity):
        begun, ended, failed, fees = found.get(begins(part.from_on, granularity), [0, 0, 0, 0])
        some.append(Part(part, there, begun, ended, failed, fees))
        there += begun - ended
    return some


async def lives(tx: Tx, end: datetime, zone: str) -> dict[str, list[Gaps]]:
    """By plan, how long memberships lasted, or have until now, in whole months."""
    found: dict[str, list[Gaps]] = {}
    for row in await tx.fetch(_AGES, tx.program_id, end, zone):
        one = Gaps(row["months"], row["closed"], row["open"])
        found.setdefault(row["plan"], []).append(one)
    return found


async def renewed(tx: Tx, at: datetime, until: datetime) -> list[Renewed]:
    """How often memberships were paid for by an instant, and what became of them until another."""
    return [Renewed(*row.values()) for row in await tx.fetch(_RENEWED, tx.program_id, at, until)]


async def plans(tx: Tx, bounds: Bounds) -> list[Plan]:
    """Plan by plan, the one with most first."""
    return [Plan(*row.values()) for row in await tx.fetch(_BY_PLAN, tx.program_id, *bounds)]


async def who(
    tx: Tx, metric: str, bounds: Bounds, page: tuple[UUID, int], plan: str = ""
) -> list[tuple[object, ...]]:
    """The members behind a figure, of one plan or of all, in order of their ids, as `Who` has
    them. Of a renewal its number stands for the plan, of churn `ALL_ENDED` for everybody who ended.
    Faults: Invalid where it is none."""
    if metric == "renewals_reached":
        reached = (bounds[1], *page, number_of(plan))
        return [tuple(row.values()) for row in await tx.fetch(_REACHED, tx.program_id, *reached)]
    every = metric == "membership_churn" and plan == ALL_ENDED
    sql = _WHO.format(*(_ENDED if every else _LISTED[metric]))
    rows = await tx.fetch(sql, tx.program_id, *bounds, *page, "" if every else plan)
    return [tuple(row.values()) for row in rows]


def number_of(group: str) -> int:
    """A group that is a number, such as the third renewal; all of them from 0 on.

    Faults: Invalid where it is none.
    """
    if group and not (group.isascii() and group.isdigit() and len(group) < 5):
        raise Invalid("write the group as a number, such as 3", field="group")
    return int(group or 0)
