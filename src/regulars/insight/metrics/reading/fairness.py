"""What members brought and got in a span: in tenths, and by tier, store, age and tenure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from regulars.base.faults import Invalid
from regulars.base.ids import first_id
from regulars.base.tx import Tx
from regulars.insight.metrics.asked import Asked
from regulars.insight.metrics.defined.fairness import LOOKED_AT, TENTHS, Part, Spread
from regulars.insight.metrics.spans import Span, instants

# What members got without paying points for it: rewards that cost none (discounts are rewards, too)
# and uses of benefits, by what each costs the shop. Ids grow; who was merged is who they are now.
_GIFTS: Final = """
    select coalesce(into_id, member_id) as member_id, store, (terms ->> 'cost_minor')::int8 as minor
      from redemption g left join member_alias using (program_id, member_id)
     where program_id = $1::int and g.redemption_id >= {since}::uuid
       and g.redemption_id < {until}::uuid and g.state = 'captured'
       and ({store}::text is null or g.store = {store}::text)
       and not exists (select from jsonb_each_text(g.terms -> 'price') p where p.value::bigint > 0)
    union all
    select coalesce(into_id, member_id), store, (terms ->> 'cost_minor')::bigint
      from benefit_use u left join member_alias using (program_id, member_id)
     where program_id = $1::int and u.use_id >= {since}::uuid and u.use_id < {until}::uuid
       and u.state <> 'undone' and ({store}::text is null or u.store = {store}::text)
"""
_HERE: Final = _GIFTS.format(since="$6", until="$7", store="$5")
GIVEN_TO: Final = f"""
    select member_id, true as counted
      from ({_GIFTS.format(since="$7", until="$8", store="$6")}) gift
     where member_id > $4::uuid and minor <> 0
     group by member_id order by member_id limit $5::int"""  # noqa: S608 - a statement of ours
"""Whom something was given to, in order of ids."""
# Everybody with anything in the time, once: they are ranked, cut into tenths and grouped.
_EACH: Final = f"""
with moved as (
    select member_id, sum(issued)::bigint as issued, sum(redeemed)::bigint as redeemed
      from points_day
     where program_id = $1::int and wallet = $4::smallint
       and day >= $2::date and day < $3::date and (issued <> 0 or redeemed <> 0)
       and ($5::text is null or store = $5::text)
     group by member_id
), bought as (
    select member_id, sum(net_minor)::bigint as net_minor from member_day
     where program_id = $1::int and day >= $2::date and day < $3::date and orders > 0
       and ($5::text is null or store = $5::text)
     group by member_id
), gifts as (
    select member_id, sum(minor)::bigint as gifts_minor from ({_HERE}) gift
     group by member_id having sum(minor) <> 0
), each as materialized (
    select member_id, coalesce(net_minor, 0) as net_minor, coalesce(issued, 0) as issued,
           greatest(coalesce(redeemed, 0), 0) as redeemed, coalesce(gifts_minor, 0) as gifts_minor
      from bought full join moved using (member_id) full join gifts using (member_id)
)
"""  # noqa: S608 - a statement of ours
_AGE: Final = """case when a.birthday is null then ''
                when years < 18 then '0-17' when years < 25 then '18-24'
                when years < 35 then '25-34' when years < 45 then '35-44'
                when years < 55 then '45-54' when years < 65 then '55-64' else '65+' end"""
_TENURE: Final = """case when o.first_on is null then 'none' when o.first_on >= $2::date then 'new'
                when o.first_on >= $2::date - 365 then 'year' else 'long' end"""
YEARS: Final = """(select n + (a.birthday + make_interval(years => n + 1) < $3::date)::int as years
  from (select extract(year from age($3::date - 1, a.birthday))::int as n) b)"""
# Everybody is read once and cut by all: first into the few groups that are alike in all of it, then
# by each. Ages are of the last day (29 February's turn on the 28th); who told none is in no band.
# Ranks are of amounts alone, which sort faster than rows; who redeemed nothing adds nothing.
_GROUPED: Final = f"""{_EACH}
, placed as materialized (
    select each.*, ntile({TENTHS}) over paid as tenth, row_number() over paid as by_paid
      from each window paid as (order by each.net_minor, each.member_id)
), alike as materialized (
    select p.tenth, coalesce(s.tier, '') as tier, {_AGE} as age, {_TENURE} as tenure,
           count(*) as members, count(*) filter (where redeemed > 0) as reached,
           sum(p.net_minor) as net_minor, sum(issued) as issued, sum(redeemed) as redeemed,
           sum(gifts_minor) as gifts_minor,
           sum(greatest(p.net_minor, 0)) as net_minor_total,
           sum(by_paid * greatest(p.net_minor, 0)) as net_minor_ranked,
           sum(greatest(issued, 0)) as issued_total
      from placed p
      left join standing s on s.program_id = $1::int and s.member_id = p.member_id
      left join admission a on a.program_id = $1::int and a.member_id = p.member_id
      left join member_orders o on o.program_id = $1::int and o.member_id = p.member_id
     cross join lateral {YEARS} y
     group by 1, 2, 3, 4
), got as (
    select (select sum(place * greatest(issued, 0))
              from (select issued, row_number() over (order by issued) as place from each) i)
               as issued_ranked,
           (select sum((place + (select count(*) from each where redeemed = 0)) * redeemed)
              from (select redeemed, row_number() over (order by redeemed) as place from each
                     where redeemed > 0) r) as redeemed_ranked
)
"""  # noqa: S608 - a statement of ours
_CUT: Final = """
select case grouping(tenth, tier, age, tenure) when 7 then 'tenths' when 11 then 'tiers'
            when 13 then 'ages' when 14 then 'tenures' else 'all' end as cut,
       coalesce(tenth::text, tier, age, tenure) as of_group,
       coalesce(sum(members), 0)::bigint as members, coalesce(sum(reached), 0)::bigint as reached,
       coalesce(sum(net_minor), 0)::bigint as net_minor,
       coalesce(sum(issued), 0)::bigint as issued,
       coalesce(sum(redeemed), 0)::bigint as redeemed,
       coalesce(sum(gifts_minor), 0)::bigint as gifts_minor,
       coalesce(sum(net_minor_total), 0)::bigint as net_minor_total,
       coalesce(sum(net_minor_ranked), 0)::text as net_minor_ranked,
       coalesce(sum(issued_total), 0)::bigint as issued_total,
       coalesce((select issued_ranked from got), 0)::text as issued_ranked,
       coalesce(sum(redeemed), 0)::bigint as redeemed_total,
       coalesce((select redeemed_ranked from got), 0)::text as redeemed_ranked, tenth
  from alike group by grouping sets ((), (tenth), (tier), (age), (tenure))
"""
_IN_ORDER: Final = " order by tenth, net_minor desc, of_group"
_CUTS: Final = _GROUPED + _CUT + _IN_ORDER
_STORES: Final = f"""
select store as of_group, members, reached, net_minor, issued, redeemed, gifts_minor from (
    select store, count(distinct member_id) as members, 0::bigint as reached,
           coalesce(sum(net_minor), 0)::bigint as net_minor
      from member_day
     where program_id = $1::int and day >= $2::date and day < $3::date and orders > 0
       and ($5::text is null or store = $5::text)
     group by store) b
  full join (
    select store, coalesce(sum(issued), 0)::bigint as issued,
           coalesce(sum(redeemed), 0)::bigint as redeemed
      from store_points_day
     where program_id = $1::int and wallet = $4::smallint and day >= $2::date and day < $3::date
       and ($5::text is null or store = $5::text)
     group by store) p using (store)
  full join (select store, sum(minor)::bigint as gifts_minor from ({_HERE}) gift
              group by store having sum(minor) <> 0) g using (store)
 order by net_minor desc nulls last, 1
"""  # noqa: S608 - a statement of ours
# Of each of a page, orders and money of the time and the store, not of ever.
_THEN: Final = """cross join lateral (
       select count(distinct d.day) as orders, coalesce(sum(d.net_minor), 0)::bigint as net_minor
         from member_day d
        where d.program_id = $1::int and d.member_id = {who}.member_id and d.orders > 0
          and d.day >= $2::date and d.day < $3::date
          and ({store}::text is null or d.store = {store}::text)) t"""
WHO: Final = f"""
select w.member_id, t.orders, t.net_minor, o.first_on, o.last_on, w.counted
  from (select member_id, coalesce(sum(redeemed), 0) > 0 as counted
          from (select member_id, 0::bigint as redeemed from member_day
                 where program_id = $1::int and day >= $2::date and day < $3::date and orders > 0
                   and ($6::text is null or store = $6::text) and member_id > $4::uuid
                union all
                select member_id, redeemed from points_day
                 where program_id = $1::int and wallet = $7::smallint
                   and day >= $2::date and day < $3::date and (issued <> 0 or redeemed <> 0)
                   and ($6::text is null or store = $6::text) and member_id > $4::uuid
                union all
                select member_id, 0 from ({_GIFTS.format(since="$11", until="$12", store="$6")}) g
                 where member_id > $4::uuid group by member_id having sum(minor) <> 0) e
         where ($8::text = '' or exists (
               select from member_orders f
                where f.program_id = $1::int and f.member_id = e.member_id
                  and (f.first_on >= $2::date) = ($8::text = 'new')))
           and ($9::text = '' or $10::text = (
               select case $9::text when 'tier' then coalesce(s.tier, '')
                                    when 'age' then {_AGE} else {_TENURE} end
                 from (select e.member_id) m
                 left join standing s on s.program_id = $1::int and s.member_id = m.member_id
                 left join admission a on a.program_id = $1::int and a.member_id = m.member_id
                 left join member_orders o
                   on o.program_id = $1::int and o.member_id = m.member_id
                cross join lateral {YEARS} y))
         group by member_id order by member_id limit $5::int) w
  left join member_orders o on o.program_id = $1::int and o.member_id = w.member_id
  {_THEN.format(who="w", store="$6")} order by w.member_id
"""  # noqa: S608 - a statement of ours
"""Everybody who was there, in order of ids, and whether they redeemed; or only those whose first
order is in the time, or before it; or only those of a tier, an age or a tenure."""
# Everybody who was there, by the tenth they pay in; and of some of them, by chance and always the
# same, which rewards of today they could take with what they hold today.
_PLACED: Final = f"""{_EACH}
, placed as (
    select member_id, ntile({TENTHS}) over (order by net_minor, member_id) as tenth from each
)
"""  # noqa: S608 - a number of ours
_TOP: Final = f"""{_PLACED}
select p.member_id, t.orders, t.net_minor, o.first_on, o.last_on, p.tenth = $10::int as counted
  from (select * from placed where member_id > $8::uuid order by member_id limit $9::int) p
  left join member_orders o on o.program_id = $1::int and o.member_id = p.member_id
  {_THEN.format(who="p", store="$5")} order by p.member_id
"""  # noqa: S608 - a statement of ours
_UP_TO: Final = _TOP.replace("p.tenth = $10::int", "p.tenth <= $10::int")
_SAMPLE: Final = f"""
, sample as (
    select p.member_id, p.tenth, coalesce(s.tier, '') as tier, {_TENURE} as tenure,
           coalesce(m.attributes, '{{}}') || coalesce(m.derived, '{{}}') as is_,
           (select coalesce(jsonb_object_agg(b.wallet::text, b.available), '{{}}') from balance b
             where b.program_id = $1::int and b.member_id = p.member_id) as has
      from placed p
      join member m on m.program_id = $1::int and m.member_id = p.member_id and m.state = 'active'
      left join standing s on s.program_id = $1::int and s.member_id = p.member_id
      left join member_orders o on o.program_id = $1::int and o.member_id = p.member_id
     order by hashtext(p.member_id::text), p.member_id limit {LOOKED_AT}
), could as materialized (
    select s.member_id, s.tenth, s.tier, s.tenure, count(o) as offers
      from sample s
      left join jsonb_array_elements($8::text::jsonb) o
        on (o -> 'tiers' = 'null' or o -> 'tiers' ? s.tier)
       and not exists (select from jsonb_each(o -> 'attributes') a
                        where not coalesce(a.value ? (s.is_ ->> a.key), false))
       and exists (select from jsonb_array_elements(o -> 'ways') w
                    where (w -> 'tiers' = 'null' or w -> 'tiers' ? s.tier)
                      and not exists (select from jsonb_each_text(w -> 'units') u
                                       where coalesce((s.has ->> u.key)::bigint, 0)
                                             < u.value::bigint))
     group by s.member_id, s.tenth, s.tier, s.tenure
)
"""  # noqa: S608 - a number of ours
_COULD: Final = _PLACED + _SAMPLE
# What could be taken stands beside the cuts, since everybody is placed for both: who has some in
# `reached`, how many rewards in `issued`.
_CUTS_AND_OPEN: Final = f"""{_GROUPED}{_SAMPLE}{_CUT}
union all
select case grouping(tenth, tier, tenure) when 3 then 'open_tenths' when 5 then 'open_tiers'
            when 6 then 'open_tenures' else 'open_all' end,
       coalesce(tenth::text, tier, tenure, ''), count(*),
       count(*) filter (where offers > 0), 0, coalesce(sum(offers), 0)::bigint, 0, 0, 0, '', 0, '',
       0, '', tenth
  from could group by grouping sets ((), (tenth), (tier), (tenure))
{_IN_ORDER}"""  # noqa: S608 - a statement of ours
_OPEN_TO: Final = f"""{_COULD}
select c.member_id, coalesce(o.orders, 0) as orders, coalesce(o.net_minor, 0) as net_minor,
       o.first_on, o.last_on, c.offers > 0 as counted
  from (select * from could where member_id > $9::uuid
           and case $11::text when 'tier' then tier = $12::text
                              when 'tenure' then tenure = $12::text else true end
         order by member_id limit $10::int) c
  left join member_orders o on o.program_id = $1::int and o.member_id = c.member_id
 order by c.member_id
"""  # noqa: S608 - a statement of ours
# Whom an offer of their own was given, as whom they stand now (a merge's copy is none); not who was
# held out of it.
_OFFERED: Final = """
    select coalesce(a.into_id, m.member_id) as member_id, count(distinct m.offer_id) as offers
      from offer_member m left join member_alias a using (program_id, member_id)
     where program_id = $1::int and state <> 'held_out' and offered_at >= $3::timestamptz
       and offered_at < $4::timestamptz and m.how <> 'merge'
     group by 1"""
_OFFERS: Final = f"""
select {_TENURE} as of_group, count(*) as members, sum(g.offers)::bigint as offers
  from ({_OFFERED}) g
  left join member_orders o on o.program_id = $1::int and o.member_id = g.member_id
 group by 1
"""  # noqa: S608 - a statement of ours
_OFFERED_TO: Final = f"""
select g.member_id, coalesce(o.orders, 0) as orders, coalesce(o.net_minor, 0) as net_minor,
       o.first_on, o.last_on, true as counted
  from ({_OFFERED}) g
  left join member_orders o on o.program_id = $1::int and o.member_id = g.member_id
 where g.member_id > $5::uuid and ($7::text = '' or {_TENURE} = $7::text)
 order by g.member_id limit $6::int
"""  # noqa: S608 - a statement of ours
_TENURES: Final = ("new", "year", "long", "none")
_OPENED: Final = "open_"
_OPEN_COLUMNS: Final = ("of_group", "members", "reached", "issued")


class Open(NamedTuple):
    """Of some members of a group, how many could take a reward today, and how many all could."""

    cut: str
    group: str
    members: int
    with_some: int
    offers: int


class Given(NamedTuple):
    """Who brought and got what in a span. `tenths` begin with who paid least."""

    spreads: dict[str, Spread]
    tenths: list[Part]
    tiers: list[Part]
    stores: list[Part]
    ages: list[Part]
    tenures: list[Part]
    open_to: list[Open]


class Offered(NamedTuple):
    """Members of a tenure who were given offers of their own, and how many these were."""

    tenure: str
    members: int
    offers: int


TOP: Final = ("top_tenth_redeemed", "top_tenth_spend")
UP_TO: Final = "upto:"
METRICS: Final = (*TOP, "offers_open", "offers_given")
"""Those whose members are listed here."""


async def offered(tx: Tx, span: Span, zone: str) -> list[Offered]:
    """Who was given offers of their own in the span, by since when they order."""
    when = (span.from_on, *instants(span, ZoneInfo(zone)))
    found = {row["of_group"]: row for row in await tx.fetch(_OFFERS, tx.program_id, *when)}
    return [Offered(*found[one].values()) for one in _TENURES if one in found]


async def who(
    tx: Tx, metric: str, asked: Asked, page: tuple[UUID, int], group: str
) -> list[tuple[object, ...]]:
    """The members behind a figure, in order of their ids: of the tenth that pays most (or, with a
    group, of that one; with all who pay less by `upto:3`), or who could take something."""
    bounds = _bounds(tx, asked, asked.span)
    if metric in TOP:
        sql = _UP_TO if group.startswith(UP_TO) else _TOP
        rows = await tx.fetch(sql, *bounds, *page, _tenth(group))
    elif metric == "offers_given":
        cut, tenure = cut_of(group)
        if cut not in ("", "tenure"):
            raise Invalid("write the group as tenure:new", field="group")
        when = (tx.program_id, asked.span.from_on, *instants(asked.span, ZoneInfo(asked.zone)))
        rows = await tx.fetch(_OFFERED_TO, *when, *page, tenure)
    else:
        rows = await tx.fetch(_OPEN_TO, *bounds, _written(asked), *page, *cut_of(group))
    return [tuple(row.values()) for row in rows]


def _tenth(group: str) -> int:
    one = group.removeprefix(UP_TO)
    if group and one not in map(str, range(1, TENTHS + 1)):
        raise Invalid("write the group as 3 or upto:3, of tenths from 1 to 10", field="group")
    return int(one or TENTHS)


def cut_of(group: str) -> tuple[str, str]:
    """By what a group takes members apart, and its name; nothing by nothing.

    Faults: Invalid at `group`. Example: `tier:gold`, `tier:` of who is on none, `age:25-34`.
    """
    cut, apart, name = group.partition(":")
    if group and (cut not in ("tier", "age", "tenure") or not apart):
        says = "write the group as tier:gold, age:25-34 or tenure:new"
        raise Invalid(says, field="group")
    return cut, name


def _written(asked: Asked) -> str:
    return msgspec.json.encode(asked.offers).decode()


def _bounds(tx: Tx, asked: Asked, span: Span) -> tuple[Any, ...]:
    ids = (first_id(one - tx.ahead) for one in instants(span, ZoneInfo(asked.zone)))
    return (tx.program_id, span.from_on, span.until_on, asked.wallet, asked.store, *ids)


async def given(tx: Tx, asked: Asked, span: Span, *, opened: bool = False) -> Given:
    """Everybody who bought, got or redeemed in the span, in the wallet and the store of a question.

    Shape: where it is `opened`, also which rewards of today members could take with what they hold
    today: by tenths, tier, tenure and of all; of many who were there in the time, 2,000 by chance.
    Keeps: in one store, what was there.
    """
    bounds = _bounds(tx, asked, span)
    if opened:
        rows = await tx.fetch(_CUTS_AND_OPEN, *bounds, _written(asked))
    else:
        rows = await tx.fetch(_CUTS, *bounds)
    (all_,) = (row for row in rows if row["cut"] == "all")

    def cut(by: str) -> list[Part]:
        return [_part(row) for row in rows if row["cut"] == by]

    tenures = {one.group: one for one in cut("tenures")}
    return Given(
        {
            what: Spread(all_["members"], all_[f"{what}_total"], int(all_[f"{what}_ranked"]))
            for what in ("net_minor", "issued", "redeemed")
        },
        cut("tenths"),
        cut("tiers"),
        [_part(row) for row in await tx.fetch(_STORES, *bounds)],
        sorted(cut("ages"), key=lambda one: (not one.group, one.group)),
        [tenures[one] for one in _TENURES if one in tenures],
        sorted(
            (
                Open(row["cut"][len(_OPENED) :], *(row[name] for name in _OPEN_COLUMNS))
                for row in rows
                if row["cut"].startswith(_OPENED)
            ),
            key=lambda one: _TENURES.index(one.group) if one.cut == "tenures" else 0,
        ),
    )


def _part(row: Mapping[str, Any]) -> Part:
    return Part(row["of_group"], *(row[name] or 0 for name in Part._fields[1:]))
