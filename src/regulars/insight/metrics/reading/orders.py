"""Orders of members: who bought, how often, for how much, and after how long again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.insight.estimators.asking.ratios import Weeks
from regulars.insight.estimators.staying.waits import Gaps
from regulars.insight.metrics.buying import SECOND_DAYS, Bought, Came, Seconds
from regulars.insight.metrics.reading.joining import STAYED
from regulars.insight.metrics.spans import Granularity, Span, begins, compared, parts

# A day has no zone, so a timestamp has none either: else the session's would move midnight.
_PART: Final = """case when $5::text = '' then $2::date
            else date_trunc($5::text, d.day::timestamp)::date end"""
# Of all stores nobody is looked at: who bought in a part are its orders with none before in it.
_OF_ALL: Final = """
with each as (
    select case when $4::text = '' then $2::date
                else date_trunc($4::text, day::timestamp)::date end as part,
           day, before_on, last, last_but_one
      from order_gap where program_id = $1::int and day >= $2::date and day < $3::date
), counted as (
    select part, sum(last) filter (where before_on < greatest(part, $2::date)) as buyers,
           sum(last_but_one) filter (where before_on < greatest(part, $2::date)) as up_to_two,
           sum(last) filter (where before_on = '0001-01-01') as first, sum(last) as orders
      from each group by part having sum(last) > 0
), paid as (
    select case when $4::text = '' then $2::date
                else date_trunc($4::text, day::timestamp)::date end as part,
           sum(net_minor)::bigint as net_minor
      from store_day
     where program_id = $1::int and day >= $2::date and day < $3::date and named
     group by 1
)
select c.part, c.buyers::bigint as buyers, (c.up_to_two - c.buyers)::bigint as twice,
       coalesce(c.first, 0)::bigint as first, c.orders::bigint as orders,
       coalesce(p.net_minor, 0) as net_minor
  from counted c left join paid p using (part)
"""
# Of one store a member has one row a day, so rows are orders. In the same pass of them: how many
# there were in each seven days, of which bounds are made.
_BOUGHT: Final = f"""
with seen as (
    select {_PART} as part, (d.day - $2::date) / 7 as week, d.member_id, d.orders > 0 as ordered,
           d.net_minor
      from member_day d
     where d.program_id = $1::int and d.day >= $2::date and d.day < $3::date
       and d.store = $4::text
), each as (
    select part, week, member_id, count(*) filter (where ordered) as orders,
           sum(net_minor)::bigint as net_minor
      from seen group by grouping sets ((part, member_id), (week))
)
select e.part, null::int as week, count(*) as buyers,
       count(*) filter (where e.orders > 1) as twice,
       count(*) filter (where o.first_on >= greatest(e.part, $2::date)) as first,
       sum(e.orders)::bigint as orders, sum(e.net_minor)::bigint as net_minor,
       sum(e.orders * e.orders)::bigint as squares
  from each e join member_orders o on o.program_id = $1::int and o.member_id = e.member_id
 where e.orders > 0 and e.week is null group by e.part
union all
select null, week, 0, 0, 0, orders::bigint, 0, 0 from each where week is not null
"""  # noqa: S608 - a statement of ours
_ALL: Final = f"""
select {_PART} as part, coalesce(sum(d.sales) filter (where d.named), 0)::bigint as orders,
       sum(d.sales)::bigint as all_orders,
       coalesce(sum(d.net_minor) filter (where d.named), 0)::bigint as net_minor,
       sum(d.net_minor)::bigint as all_net_minor
  from store_day d
 where d.program_id = $1::int and d.day >= $2::date and d.day < $3::date
   and ($4::text is null or d.store = $4::text)
 group by 1
"""  # noqa: S608 - a statement of ours
# What members paid and how often they ordered in each seven days, and what everybody paid: sums of
# them and of their products, which bounds are made of.
_BY_WEEK: Final = """
with ordered as (
    select (day - $2::date) / 7 as week, sum(last)::float8 as orders from order_gap
     where program_id = $1::int and day >= $2::date and day < $3::date and $4::text is null
     group by 1
    union all
    select w.week, w.orders::float8 from unnest($5::int[], $6::bigint[]) as w (week, orders)
), paid as (
    select (day - $2::date) / 7 as week,
           coalesce(sum(net_minor) filter (where named), 0)::float8 as mine,
           sum(net_minor)::float8 as net,
           coalesce(sum(sales) filter (where named), 0)::float8 as named,
           sum(sales)::float8 as sales
      from store_day
     where program_id = $1::int and day >= $2::date and day < $3::date
       and ($4::text is null or store = $4::text)
     group by 1
), each as (
    select coalesce(orders, 0) as orders, coalesce(mine, 0) as mine, coalesce(net, 0) as net,
           coalesce(named, 0) as named, coalesce(sales, 0) as sales
      from ordered full join paid using (week)
)
select count(*) as weeks, sum(mine) as mine, sum(mine * mine) as mine_twice,
       sum(orders) as orders, sum(mine * orders) as both, sum(orders * orders) as orders_twice,
       sum(net) as net, sum(mine * net) as of_net, sum(net * net) as net_twice,
       sum(named) as named, sum(named * named) as named_twice, sum(sales) as sales,
       sum(named * sales) as of_sales, sum(sales * sales) as sales_twice
  from each
"""
# Of some members, by the pages of their table as chance has it, and always the same: how often they
# ordered. Of all of them it would be every order once more.
_SOME: Final = """
select count(*) as buyers, coalesce(sum(orders), 0)::bigint as orders,
       coalesce(sum(orders * orders), 0)::bigint as squares
  from (select (select count(distinct d.day) from member_day d
                 where d.program_id = $1::int and d.member_id = o.member_id and d.orders > 0
                   and d.day >= $2::date and d.day < $3::date) as orders
          from member_orders o tablesample system ($4::real) repeatable (7)
         where o.program_id = $1::int and o.first_on < $3::date and o.last_on >= $2::date) each
 where orders > 0
"""
# Of this program alone: what is known of the whole table is of all shops of a house, and of one
# that was never analysed nothing.
_MANY: Final = """
select count(*) as many from member_orders
 where program_id = $1::int and first_on < $3::date and last_on >= $2::date
"""
LOOKED_AT: Final = 10_000
FEWEST_LOOKED_AT: Final = 100
GAPS_OF: Final = 2_000
# Who bought in both of two stretches, one after the other: of each, less of both as one.
_BOTH_OF_ALL: Final = """
select coalesce(sum(last) filter (where day < $3::date and before_on < $2::date), 0)::bigint
           as before,
       coalesce(sum(last) filter (where day >= $3::date and before_on < $3::date), 0)::bigint
           as since,
       coalesce(sum(last) filter (where before_on < $2::date), 0)::bigint as either
  from order_gap where program_id = $1::int and day >= $2::date and day < $4::date
"""
_BOTH: Final = """
with before as (
    select distinct member_id from member_day
     where program_id = $1::int and day >= $2::date and day < $3::date and orders > 0
       and store = $6::text
), since as (
    select distinct member_id from member_day
     where program_id = $1::int and day >= $4::date and day < $5::date and orders > 0
       and store = $6::text
)
select count(*) as before, count(s.member_id) as both
  from before left join since s using (member_id)
"""
_SECONDS: Final = """
select count(*) as first, count(*) filter (where second_on <= first_on + $4::int) as again
  from member_orders
 where program_id = $1::int and first_on >= $2::date and first_on < $3::date
"""
# An order without a next one by today is still open.
_GAPS: Final = """
select length, sum(closed)::bigint as closed, sum(open)::bigint as open
  from (select day - before_on as length, last as closed, 0 as open from order_gap
         where program_id = $1::int and day > $2::date and day <= $4::date
           and before_on >= $2::date and before_on < $3::date
        union all
        select $4::date - before_on, 0, -last from order_gap
         where program_id = $1::int and day > $2::date and day <= $4::date
           and before_on >= $2::date and before_on < $3::date
        union all
        select $4::date - day, 0, last from order_gap
         where program_id = $1::int and day >= $2::date and day < $3::date
           and day <= $4::date) one
 group by length having sum(closed) > 0 or sum(open) > 0
"""
# Of some members, drawn as above: each of their gaps in the time by its length; below nothing, and
# one more than that, where it has not ended by today.
_GAPS_OF_SOME: Final = """
select array_agg(case when g.next is null then g.day - $4::date - 1 else g.next - g.day end) as gaps
  from member_orders o tablesample system ($5::real) repeatable (7)
 cross join lateral (
       select day, lead(day) over (order by day) as next
         from (select distinct day from member_day d
                where d.program_id = $1::int and d.member_id = o.member_id and d.orders > 0
                  and d.day >= $2::date and d.day <= $4::date) days) g
 where o.program_id = $1::int and o.first_on < $3::date and o.last_on >= $2::date
   and g.day < $3::date
 group by o.member_id
"""
# Of who joined before a time: who was not erased by its beginning, and by its end. Whoever was
# merged is one with somebody else and counts there.
_KEPT: Final = f"""
select count(*) as there,
       count(*) filter (where e.erased_at is null or e.erased_at >= $3::timestamptz) as kept
  from member m
  left join erasure e on e.program_id = m.program_id and e.member_id = m.member_id
 where m.program_id = $1::int and m.joined_at < $2::timestamptz
   and (e.erased_at >= $2::timestamptz or {STAYED})
"""  # noqa: S608 - a statement of ours
_COHORTS: Final = """
select first_month, month, buyers, net_minor from cohort_month
 where program_id = $1::int and first_month >= $2::date and first_month < $3::date
"""
_PAID: Final = """
select month, sum(net_minor)::bigint as net_minor from cohort_month
 where program_id = $1::int group by month
"""
_HISTORY: Final = """
select min(first_on) as first_on,
       exists (select from store_day where program_id = $1::int and not named and sales > 0)
           as elsewhere
  from member_orders where program_id = $1::int
"""


async def bought(
    tx: Tx, span: Span, granularity: Granularity | None = None, store: str | None = None
) -> list[Bought]:
    """What was bought in each part of a span; the whole of it as one without a granularity.

    Keeps: who bought before is asked of the whole alone; parts of a chart leave it out.
    """
    bounds = (tx.program_id, span.from_on, span.until_on, store, granularity or "")
    ours = (tx.program_id, span.from_on, span.until_on, granularity or "")
    told = await (tx.fetch(_OF_ALL, *ours) if store is None else tx.fetch(_BOUGHT, *bounds))
    mine = {row["part"]: row for row in told if row["part"] is not None}
    every = {row["part"]: row for row in await tx.fetch(_ALL, *bounds)}
    found = []
    for part in parts(span, granularity) if granularity else [span]:
        key = begins(part.from_on, granularity) if granularity else span.from_on
        found.append(_one(part, mine.get(key), every.get(key)))
    if store is None or granularity:
        return found
    weeks = tuple((row["week"], row["orders"]) for row in told if row["part"] is None)
    squares = sum(row["squares"] for row in mine.values())
    whole = replace(found[0], orders_by_week=weeks)
    return [replace(whole, by_buyer=_by_buyer(whole.buyers, whole.orders, squares))]


async def by_buyer(tx: Tx, of: Bought) -> Bought:
    """The same with how often each buyer of the whole shop ordered, of which bounds are made: how
    far they are apart is asked of 10,000 members, or of all where there are no more."""
    days = (tx.program_id, of.span.from_on, of.span.until_on)
    ((many,),) = [row.values() for row in await tx.fetch(_MANY, *days)]
    part = 100.0 if many <= LOOKED_AT else 100.0 * LOOKED_AT / many
    (some,) = await tx.fetch(_SOME, *days, part)
    if some["buyers"] < FEWEST_LOOKED_AT and part < 100.0:
        return of
    if not some["buyers"] or not of.buyers:
        return of
    each = of.orders / of.buyers
    apart = some["squares"] - 2 * each * some["orders"] + each * each * some["buyers"]
    squares = apart * of.buyers / some["buyers"] + each * of.orders
    return replace(of, by_buyer=_by_buyer(of.buyers, of.orders, squares))


def _by_buyer(buyers: int, orders: int, squares: float) -> Weeks:
    return Weeks(buyers, orders, buyers, squares, orders, buyers)


def _one(part: Span, mine: object, every: object) -> Bought:
    """One part; days on which nothing was sold have no row."""
    said = {} if mine is None else dict(mine)  # type: ignore[call-overload]
    whole = {} if every is None else dict(every)  # type: ignore[call-overload]
    return Bought(
        span=part,
        buyers=said.get("buyers", 0),
        twice=said.get("twice", 0),
        first=said.get("first", 0),
        orders=said.get("orders", 0),
        net_minor=said.get("net_minor", 0),
        named_sales=whole.get("orders", 0),
        all_sales=whole.get("all_orders", 0),
        named_net_minor=whole.get("net_minor", 0),
        all_net_minor=whole.get("all_net_minor", 0),
    )


async def by_week(tx: Tx, of: Bought, store: str | None = None) -> Bought:
    """The same with sums over its weeks, of which bounds are made."""
    span, weeks = of.span, ([week for week, _ in of.orders_by_week],
                            [orders for _, orders in of.orders_by_week])  # fmt: skip
    bounds = (span.from_on, span.until_on, store)
    (row,) = await tx.fetch(_BY_WEEK, tx.program_id, *bounds, *weeks)
    if not row["weeks"]:
        return of
    n, mine, twice = row["weeks"], row["mine"], row["mine_twice"]
    return replace(
        of,
        paid_by_week=Weeks(n, mine, row["orders"], twice, row["both"], row["orders_twice"]),
        named_by_week=Weeks(n, mine, row["net"], twice, row["of_net"], row["net_twice"]),
        sold_by_week=Weeks(
            n, row["named"], row["sales"], row["named_twice"], row["of_sales"], row["sales_twice"]
        ),
    )


async def sold(tx: Tx, span: Span, store: str | None = None) -> Bought:
    """What was sold to members and to anybody in a span; who bought is not asked."""
    rows = await tx.fetch(_ALL, tx.program_id, span.from_on, span.until_on, store, "")
    return _one(span, None, rows[0] if rows else None)


async def both(tx: Tx, span: Span, store: str | None = None) -> tuple[int, int]:
    """Who bought just before a span, as long as it, and how many of them in it, too."""
    before = compared(span, "previous")
    assert before.until_on == span.from_on, (before, span)
    if store is None:
        bounds = (before.from_on, span.from_on, span.until_on)
        (row,) = await tx.fetch(_BOTH_OF_ALL, tx.program_id, *bounds)
        return row["before"], row["before"] + row["since"] - row["either"]
    stretch = (before.from_on, before.until_on, span.from_on, span.until_on, store)
    (row,) = await tx.fetch(_BOTH, tx.program_id, *stretch)
    return row["before"], row["both"]


async def kept(tx: Tx, bounds: tuple[datetime, datetime]) -> tuple[int, int]:
    """Members who were there as a time began, and how many of them were as it ended."""
    (row,) = await tx.fetch(_KEPT, tx.program_id, *bounds)
    return row["there"], row["kept"]


async def seconds(tx: Tx, span: Span) -> Seconds:
    """First buyers of a span, and how many ordered again within 90 days."""
    bounds = (tx.program_id, span.from_on, span.until_on, SECOND_DAYS)
    (row,) = await tx.fetch(_SECONDS, *bounds)
    return Seconds(span, row["first"], row["again"])


async def gaps(tx: Tx, span: Span, today: date) -> list[Gaps]:
    """Days from each order of a span to the next one; without one, until today."""
    rows = await tx.fetch(_GAPS, tx.program_id, span.from_on, span.until_on, today)
    return [Gaps(row["length"], row["closed"], row["open"]) for row in rows]


async def gaps_of_some(tx: Tx, span: Span, today: date) -> list[list[int]]:
    """The same of 2,000 members by chance, or of all where there are no more: the gaps of each, in
    days; what has not ended is below nothing, by one more."""
    days = (tx.program_id, span.from_on, span.until_on)
    ((many,),) = [row.values() for row in await tx.fetch(_MANY, *days)]
    part = 100.0 if many <= GAPS_OF else 100.0 * GAPS_OF / many
    return [row["gaps"] for row in await tx.fetch(_GAPS_OF_SOME, *days, today, part)]


async def came(tx: Tx, span: Span) -> list[Came]:
    """Month by month, what became of cohorts whose first month begins in the span."""
    rows = await tx.fetch(_COHORTS, tx.program_id, span.from_on, span.until_on)
    return [Came(*row.values()) for row in rows]


async def paid_by_month(tx: Tx) -> dict[date, int]:
    """What members paid in each month, net of what came back."""
    rows = await tx.fetch(_PAID, tx.program_id)
    return {row["month"]: row["net_minor"] for row in rows}


async def history(tx: Tx) -> tuple[date | None, bool]:
    """The day of the first order of all, and whether sales to nobody are told, too."""
    (row,) = await tx.fetch(_HISTORY, tx.program_id)
    return row["first_on"], row["elsewhere"]
