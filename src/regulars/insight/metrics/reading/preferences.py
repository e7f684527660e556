"""What was sold of each category and at which hours; what members put into one basket."""

from __future__ import annotations

import re
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.insight.metrics.asked import Asked
from regulars.insight.metrics.defined.preferences import (
    FEWEST_BASKETS,
    Apart,
    Channel,
    Hour,
    Liked,
    Pair,
    Sold,
    Weekday,
)
from regulars.insight.metrics.spans import Span, begins, following

LATEST: Final = 10_000
MOST_PAIRS: Final = 30
_AN_HOUR: Final = re.compile(r"[1-7]-(1?[0-9]|2[0-3])")
_A_LIKING: Final = re.compile(r"(tier|year):([^>]*)>(.+)", re.DOTALL)
_DAYS: Final = "1234567"
_SOLD: Final = """
select category, sum(sales)::bigint as sales, sum(pieces)::bigint as pieces,
       sum(net_minor)::bigint as net_minor
  from category_day
 where program_id = $1::int and day >= $2::date and day < $3::date
   and ($4::text is null or store = $4::text)
 group by category having sum(net_minor) > 0 or sum(pieces) > 0 order by net_minor desc, category
"""
_HOURS: Final = """
select weekday, hour, sum(sales)::bigint as sales, sum(net_minor)::bigint as net_minor
  from hour_month
 where program_id = $1::int and month >= $2::date and month < $3::date
   and ($4::text is null or store = $4::text)
 group by weekday, hour having sum(sales) > 0 order by weekday, hour
"""
# Of the latest days on which members bought, what is left of their purchases. A day of a store is
# that of its own clock; who was merged into another counts as that one. Ids grow with time, so of a
# day that is not taken whole members are drawn by chance, and always the same ones. The running day
# comes last, as its morning is like no whole day: of it as many as there is room for. The days
# before it are walked through once, and counted as they are taken.
_DRAWN: Final = """
    select member_id, day, store from member_day
     where program_id = $1::int and day >= {since} and day < {until} and orders > 0
       and ($4::text is null or store = $4::text)
     order by day desc, hashtext(member_id::text), member_id, store limit {most}"""
_BASKETS: Final = f"""
with over as materialized ({
    _DRAWN.format(since="$2::date", until="least($3::date, $7::date)", most="$6::int")
}
), running as materialized ({
    _DRAWN.format(
        since="greatest($2::date, $7::date)",
        until="$3::date",
        most="$6::int - (select count(*) from over)",
    )
}
), latest as materialized (
    select * from over union all select * from running
), whose as (
    select member_id, day, store, member_id as told_of from latest
    union all
    select l.member_id, l.day, l.store, a.member_id
      from latest l
      join member_alias a on a.program_id = $1::int and a.into_id = l.member_id
), bounded as materialized (
    -- When such a day begins and ends is known before purchases are looked up: each day's by their
    -- key, and not all of a member's for each of their days.
    select w.*, w.day::timestamp at time zone coalesce(s.zone, $5::text) as since,
           (w.day + 1)::timestamp at time zone coalesce(s.zone, $5::text) as until
      from whose w left join store s on s.program_id = $1::int and s.code = w.store
), sale as materialized (
    select w.member_id, w.day, a.activity_id, a.amount_minor, a.channel, a.body,
           (select array_agg(r.body -> 'returned') from activity r
             where r.program_id = $1::int and r.sale_id = a.activity_id) as back
      from bounded w
     cross join lateral (
           select * from activity a
            where a.program_id = $1::int and a.member_id = w.told_of
              and a.occurred_at >= w.since and a.occurred_at < w.until
              and a.store = w.store and a.kind = 'purchase' and a.body ? 'lines' offset 0) a
), part as (
    select member_id, day, l ->> 'category' as category,
           (l ->> 'amount_minor')::bigint - coalesce((l ->> 'discount_minor')::bigint, 0)
               as net_minor
      from sale cross join lateral jsonb_array_elements(body -> 'lines') l
     where back is null and not body ? 'order_discount_minor'
    union all
    select member_id, day, p.category, p.minor
      from sale cross join lateral sale_left(amount_minor, body, back) p
     where back is not null or body ? 'order_discount_minor'
), basket as materialized (
    select member_id, day, category, sum(net_minor)::bigint as net_minor from part
     where category <> '' group by 1, 2, 3 having sum(net_minor) > 0
)
"""  # noqa: S608 - a statement of ours
# Both questions are asked of the same baskets, which are built once: `about` says which one a row
# answers.
_BOUGHT_TOGETHER: Final = f"""{_BASKETS}
, spent as (
    select member_id, category, sum(net_minor)::float8 as of_it,
           (sum(sum(net_minor)) over (partition by member_id))::float8 as in_all
      from basket group by member_id, category
), grouped as materialized (
    select 'tier' as about, coalesce(s.tier, '') as first, b.*
      from spent b left join standing s on s.program_id = $1::int and s.member_id = b.member_id
    union all
    select 'cohort', extract(year from o.first_on)::text, b.*
      from spent b join member_orders o on o.program_id = $1::int and o.member_id = b.member_id
), liked as (
    select about, first, category as second, count(*) as many, sum(of_it)::bigint as net_minor,
           sum(of_it * of_it) as twice, sum(of_it * in_all) as product
      from grouped group by 1, 2, 3
    union all
    select about || '_all', first, null, count(*), sum(in_all)::bigint, sum(in_all * in_all), null
      from (select distinct about, first, member_id, in_all from grouped) every
     group by about, first
), had as (
    select category, count(*) as days from basket group by category
), pair as (
    select one.category, other.category as other, count(*) as both_days
      from basket one join basket other using (member_id, day)
     where one.category <> other.category group by 1, 2
), best as (
    select p.category, p.other, p.both_days, f.days as first_days, s.days as second_days
      from pair p join had f on f.category = p.category and f.days >= {FEWEST_BASKETS}
                  join had s on s.category = p.other
     order by p.both_days::float8 / (f.days::float8 * s.days) desc, p.category, p.other
     limit {MOST_PAIRS}
)
select about, first, second, many, net_minor, null::bigint as first_days,
       null::bigint as second_days, twice, product
  from liked
union all
select 'pair', category, other, both_days, null, first_days, second_days, null, null from best
union all
select 'channel', channel, null, count(distinct member_id), count(*), null, null, null, null
  from sale group by channel
union all
select 'all', null, null, count(distinct (member_id, day)), count(*), null, null, null, null
  from basket
 order by about, first, net_minor desc nulls last, second
"""  # noqa: S608 - a statement of ours
# Weekdays of these days, by the tier members stand in now.
_WEEKDAYS: Final = """
select coalesce(s.tier, '') as of_group, extract(isodow from d.day)::int as weekday,
       count(*) as orders, sum(d.net_minor)::bigint as net_minor
  from member_day d left join standing s on s.program_id = $1::int and s.member_id = d.member_id
 where d.program_id = $1::int and d.day >= $2::date and d.day < $3::date and d.orders > 0
   and ($4::text is null or d.store = $4::text)
 group by 1, 2 order by 1, 2
"""
# In order of members, so that a page stops where it is full. `{}` of a purchase of the day says
# whether it is one that is asked for.
_ON_DAYS: Final = """
select e.member_id, e.orders, e.net_minor, o.first_on, o.last_on, e.counted
  from (select d.member_id, count(distinct d.day) as orders,
               sum(d.net_minor)::bigint as net_minor, bool_or(h.has) as counted
          from member_day d
         cross join lateral (
               select exists (
               select from activity a left join store s
                        on s.program_id = $1::int and s.code = d.store
                where a.program_id = $1::int and a.store = d.store and a.kind = 'purchase'
                  and a.member_id = any(array(
                       select d.member_id union all
                       select m.member_id from member_alias m
                        where m.program_id = $1::int and m.into_id = d.member_id))
                  and a.occurred_at >= d.day::timestamp at time zone coalesce(s.zone, $7::text)
                  and a.occurred_at < (d.day + 1)::timestamp
                                      at time zone coalesce(s.zone, $7::text)
                  and {}) as has) h
         where d.program_id = $1::int and d.day >= $2::date and d.day < $3::date
           and d.orders > 0 and d.member_id > $4::uuid
           and ($6::text is null or d.store = $6::text) and (h.has or {})
         group by d.member_id order by d.member_id limit $5::int) e
  join member_orders o on o.program_id = $1::int and o.member_id = e.member_id
 order by e.member_id
"""
_OF_CATEGORY: Final = """a.body @> jsonb_build_object('lines', jsonb_build_array(
                                    jsonb_build_object('category', $8::text)))"""
_WITH_CATEGORY: Final = """exists (select from jsonb_array_elements(a.body -> 'lines') l
                                    where l ->> 'category' <> '' and $8::text is not null)"""
_AT_HOUR: Final = """to_char(a.occurred_at at time zone coalesce(s.zone, $7::text), 'ID-FMHH24')
                      = $8::text"""
WHO: Final = _ON_DAYS.format(_OF_CATEGORY, "false")
"""Who bought of a category."""
# Of a tier, whose orders fell on a day of the week, as `_WEEKDAYS` counts them.
_ON_WEEKDAY: Final = """
select e.member_id, e.orders, e.net_minor, o.first_on, o.last_on, true as counted
  from (select d.member_id, count(*) as orders, sum(d.net_minor)::bigint as net_minor
          from member_day d
          left join standing s on s.program_id = $1::int and s.member_id = d.member_id
         where d.program_id = $1::int and d.day >= $2::date and d.day < $3::date
           and d.orders > 0 and d.member_id > $4::uuid
           and ($6::text is null or d.store = $6::text)
           and extract(isodow from d.day) = $7::int and coalesce(s.tier, '') = $8::text
         group by d.member_id order by d.member_id limit $5::int) e
  join member_orders o on o.program_id = $1::int and o.member_id = e.member_id
 order by e.member_id
"""
_A_PAGE: Final = """
select w.member_id, w.orders, coalesce(w.net_minor, e.net_minor, 0)::bigint as net_minor,
       o.first_on, o.last_on, w.counted
  from a_page w
  left join member_orders o on o.program_id = $1::int and o.member_id = w.member_id
  left join lateral (
       select sum(d.net_minor) as net_minor from member_day d
        where d.program_id = $1::int and d.member_id = w.member_id
          and d.day >= $2::date and d.day < $3::date and ($4::text is null or d.store = $4::text)
       ) e on true
 order by w.member_id
"""
_THROUGH: Final = f"""{_BASKETS}
, a_page as (
    select member_id, count(distinct activity_id) as orders, sum(minor)::bigint as net_minor,
           true as counted
      from sale
      left join lateral (
           select sum(p.minor) as minor from sale_left(amount_minor, body, back) p) l on true
     where channel = $10::text and member_id > $8::uuid group by 1 order by 1 limit $9::int
){_A_PAGE}"""  # noqa: S608 - a statement of ours
# Who of a tier, or of a year of first orders, bought of a category, and what they paid for it.
_LIKING: Final = f"""{_BASKETS}
, a_page as (
    select b.member_id, count(*) as orders, sum(b.net_minor)::bigint as net_minor, true as counted
      from basket b
      left join standing s on s.program_id = $1::int and s.member_id = b.member_id
      left join member_orders f on f.program_id = $1::int and f.member_id = b.member_id
     where b.category = $12::text and b.member_id > $8::uuid
       and case $10::text when 'tier' then coalesce(s.tier, '')
                         else extract(year from f.first_on)::text end = $11::text
     group by 1 order by 1 limit $9::int
){_A_PAGE}"""  # noqa: S608 - a statement of ours
# Who was there on these days; and on one of them had more than one category, or the second of two
# beside the first.
_IN_BASKETS: Final = f"""{_BASKETS}
, a_day as (
    select member_id, day, {{listed}} as listed, {{has}} as has from basket group by 1, 2
), a_page as (
    select member_id, count(*) as orders, null::bigint as net_minor, bool_or(has) as counted
      from a_day
     where listed and member_id > $8::uuid group by 1 order by 1 limit $9::int
){_A_PAGE}"""  # noqa: S608 - a statement of ours
_MIXED: Final = _IN_BASKETS.format(listed="true", has="count(*) > 1")
_PAIRED: Final = _IN_BASKETS.format(
    listed="bool_or(category = $10::text)", has="bool_or(category = $11::text)"
)
METRICS: Final = (
    "told_categories", "basket_mix", "basket_pair", "hour_share", "weekday_share", "channel_share",
    "category_lift",
)  # fmt: skip
"""Those whose members are listed here."""
APART: Final = "\x1f"
"""Between the two categories of a pair. Feeds of goods write `>` within one (`Apparel > Tops`)."""
_TYPED: Final = ">"
"""What somebody may type between them, where neither has it."""


class Baskets(NamedTuple):
    """Of the latest days on which members bought: who likes what, and what goes together."""

    tiers: list[Liked]
    cohorts: list[Liked]
    pairs: list[Pair]
    days: int
    """Days with a category."""
    categories: int
    """Categories, day by day."""
    channels: list[Channel]
    """Through which channels these purchases were made, most first."""


async def sold(tx: Tx, span: Span, store: str | None) -> list[Sold]:
    """Each category that was sold, most money first; '' is what was told without one."""
    rows = await tx.fetch(_SOLD, tx.program_id, span.from_on, span.until_on, store)
    return [Sold(*row.values()) for row in rows]


async def hours(tx: Tx, span: Span, store: str | None) -> list[Hour]:
    """Purchases by hour of the week, of each month that the span touches."""
    bounds = (begins(span.from_on, "month"), span.until_on, store)
    return [Hour(*row.values()) for row in await tx.fetch(_HOURS, tx.program_id, *bounds)]


async def weekdays(tx: Tx, span: Span, store: str | None) -> list[Weekday]:
    """Orders of members by tier and day of the week."""
    rows = await tx.fetch(_WEEKDAYS, tx.program_id, span.from_on, span.until_on, store)
    return [Weekday(*row.values()) for row in rows]


async def baskets(tx: Tx, asked: Asked) -> Baskets:
    """What members put into one basket, of the latest days on which they bought."""
    rows = await tx.fetch(_BOUGHT_TOGETHER, tx.program_id, *_latest(asked))

    def by(about: str) -> list[Liked]:
        of = {row["first"]: row for row in rows if row["about"] == f"{about}_all"}
        return [
            Liked(
                row["first"], row["second"], row["many"], row["net_minor"],
                Apart(row["twice"], row["product"], of[row["first"]]["many"],
                      of[row["first"]]["twice"]),
            )
            for row in rows if row["about"] == about
        ]  # fmt: skip

    (every,) = [row for row in rows if row["about"] == "all"]
    pairs = [
        Pair(row["first"], row["second"], row["many"], row["first_days"], row["second_days"],
             every["many"])
        for row in rows if row["about"] == "pair"
    ]  # fmt: skip
    pairs.sort(key=lambda one: (-one.lift, one.category, one.other))
    channels = [
        Channel(row["first"], row["net_minor"], row["many"])
        for row in rows if row["about"] == "channel"
    ]  # fmt: skip
    channels.sort(key=lambda one: (-one.sales, one.channel))
    mixed = (by("tier"), by("cohort"), pairs, every["many"], every["net_minor"])
    return Baskets(*mixed, channels)


async def who(
    tx: Tx, metric: str, asked: Asked, page: tuple[UUID, int], group: str
) -> list[tuple[object, ...]]:
    """The members behind a figure, in order of their ids, and whether they are in its part.

    Shape: a group is a pair of categories (`coffee>cake`; where one has a `>` itself, `APART` is
    between them), a day and an hour of the week (`5-17`: Friday at five), whose months count as a
    whole, a day of the week and a tier (`5-gold`), a channel, or who likes a category
    (`tier:gold>coffee`, `year:2025>coffee`). Faults: Invalid where it is none of these.
    """
    span, store = asked.span, asked.store
    if found := _in_baskets(metric, group):
        rows = await tx.fetch(found[0], tx.program_id, *_latest(asked), *page, *found[1])
        return [tuple(row.values()) for row in rows]
    if metric == "weekday_share":
        said_of = (span.from_on, span.until_on, *page, store, *_weekday(group))
        rows = await tx.fetch(_ON_WEEKDAY, tx.program_id, *said_of)
        return [tuple(row.values()) for row in rows]
    since, until, asks = span.from_on, span.until_on, _WITH_CATEGORY
    if metric == "category_lift":
        rows = await tx.fetch(WHO, tx.program_id, since, until, *page, store, asked.zone, group)
        return [tuple(row.values()) for row in rows]
    if metric == "hour_share":
        if not _AN_HOUR.fullmatch(group):
            says = "write the group as a day and an hour of the week, as 5-17 for Friday at five"
            raise Invalid(says, field="group")
        since, until = begins(since, "month"), following(begins(span.last_on, "month"), "month")
        asks = _AT_HOUR
    said_ = (since, until, *page, store, asked.zone, group)
    rows = await tx.fetch(_ON_DAYS.format(asks, "true"), tx.program_id, *said_)
    return [tuple(row.values()) for row in rows]


def _latest(asked: Asked) -> tuple[date, date, str | None, str, int, date]:
    span = asked.span
    return span.from_on, span.until_on, asked.store, asked.zone, LATEST, asked.today


def _in_baskets(metric: str, group: str) -> tuple[str, tuple[str, ...]] | None:
    """How members of the latest days are asked for, and of which group; None of other days."""
    if metric == "basket_mix":
        return _MIXED, ()
    if metric == "basket_pair":
        return _PAIRED, _pair(group)
    if metric == "channel_share":
        return _THROUGH, (group,)
    liking = _A_LIKING.fullmatch(group) if metric == "category_lift" else None
    return None if liking is None else (_LIKING, liking.groups())


def _weekday(group: str) -> tuple[int, str]:
    """A day of the week and a tier. Faults: Invalid where it is neither."""
    day, apart, tier = group.partition("-")
    if len(day) != 1 or day not in _DAYS or not apart:
        says = "write the group as a day of the week and a tier, as 5-gold, or 5- for no tier"
        raise Invalid(says, field="group")
    return int(day), tier


def _pair(group: str) -> tuple[str, str]:
    """Both categories of a pair. Faults: Invalid where it is not sure which they are."""
    both = group.split(APART if APART in group else _TYPED)
    if len(both) != 2 or not all(both):
        says = "write the group as two categories, as coffee>cake, with %1F between them where "
        raise Invalid(f"{says}a category has a > in its name", field="group")
    return both[0], both[1]
