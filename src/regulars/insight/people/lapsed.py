"""Who has been away longer than usual on a day, and how many there are."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.estimators.staying.lapsing import usual_gap

_USUAL: Final = """
select day - before_on as days, sum(last)::bigint as many from order_gap
 where program_id = $1::int and day <= $2::date and before_on > '0001-01-01'
 group by 1 having sum(last) > 0 order by 1
"""
_FIRST: Final = "select min(first_on) as first_on from member_orders where program_id = $1::int"
# Away since the last order by that day: `o` is the row of a member. A 90th percentile by nearest
# rank is passed where at most a tenth of gaps is as long as the absence. Whoever has been away for
# longer than they ever came has no gap as long, so nobody's days are looked at for that.
_PAST_OWN: Final = """
(select case when $2::date - l.bought_on <= $3::int then false
             when l.bought_on - o.first_on < $2::date - l.bought_on then true
             else (select count(*) filter (where g.days >= $2::date - l.bought_on) * 10 <= count(*)
                     from (select d.day - lag(d.day) over (order by d.day) as days
                             from (select distinct day from member_day
                                    where program_id = $1::int and member_id = o.member_id
                                      and orders > 0 and day <= $2::date) d) g
                    where g.days is not null) end
   from (select case when o.last_on <= $2::date then o.last_on
                     else (select max(day) from member_day
                            where program_id = $1::int and member_id = o.member_id
                              and orders > 0 and day <= $2::date) end as bought_on) l)"""
_WHOLE: Final = """
select count(*) as many from member_orders where program_id = $1::int and first_on <= $2::date
"""
# Who ordered within the usual days is left out first: of the others there are days to look at.
_LAPSED: Final = f"""
with lately as materialized (
    select distinct member_id from member_day
     where program_id = $1::int and day >= $2::date - $3::int and day <= $2::date and orders > 0
)
select count(*) as many, count(v.chance) as told, coalesce(sum(v.chance), 0)::bigint as chances
  from member_orders o left join lately y on y.member_id = o.member_id
  left join member_value v on v.program_id = $1::int and v.member_id = o.member_id
 where o.program_id = $1::int and o.first_on < $2::date - $3::int and y.member_id is null
   and {_PAST_OWN}
"""  # noqa: S608 - a statement of ours
_WHO: Final = f"""
select o.member_id, coalesce(e.orders, 0) as orders,
       coalesce(e.net_minor, 0)::bigint as net_minor,
       o.first_on, o.last_on, {_PAST_OWN} as counted
  from (select * from member_orders
         where program_id = $1::int and first_on <= $2::date and member_id > $4::uuid
         order by member_id limit $5::int) o
  left join lateral (
       select count(distinct d.day) filter (where d.orders > 0) as orders,
              sum(d.net_minor)::bigint as net_minor
         from member_day d
        where d.program_id = $1::int and d.member_id = o.member_id
          and d.day >= $6::date and d.day < $7::date) e on true
 order by o.member_id
"""  # noqa: S608 - a statement of ours


class Lapsed(NamedTuple):
    """So many were away longer than usual, of so many who had ordered by then; of `told` of these
    the last night said a chance of an order within 90 days: `chances` in thousandths together."""

    part: int
    whole: int
    told: int = 0
    chances: int = 0


async def usual(tx: Tx, on: date) -> int | NotEnough:
    """The shop's usual gap in days, by what was ordered until a day; or what is missing."""
    (first,) = await tx.fetch(_FIRST, tx.program_id)
    seen = 0 if first["first_on"] is None else (on - first["first_on"]).days
    rows = await tx.fetch(_USUAL, tx.program_id, on)
    return usual_gap([(row["days"], row["many"]) for row in rows], seen)


async def lapsed(tx: Tx, on: date) -> Lapsed | NotEnough:
    """How many had been away longer than usual on a day; or what is missing to say so."""
    days = await usual(tx, on)
    if isinstance(days, NotEnough):
        return days
    (whole,) = await tx.fetch(_WHOLE, tx.program_id, on)
    (part,) = await tx.fetch(_LAPSED, tx.program_id, on, days)
    return Lapsed(part["many"], whole["many"], part["told"], part["chances"])


async def who(
    tx: Tx, on: date, days: tuple[date, date], page: tuple[UUID, int]
) -> list[tuple[object, ...]]:
    """Those who had ordered by a day, and whether they had been away longer than usual then;
    nobody where nothing can be said. Order: of their ids."""
    gap = await usual(tx, on)
    if isinstance(gap, NotEnough):
        return []
    rows = await tx.fetch(_WHO, tx.program_id, on, gap, *page, *days)
    return [tuple(row.values()) for row in rows]
