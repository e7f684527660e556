"""What members did in their first days, what they spent later; when they had earned a reward."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.insight.metrics.asked import Asked, Offer
from regulars.insight.metrics.reading.joining import GOT_ONE, STAYED
from regulars.insight.metrics.spans import Span, instants

EARLY: Final = 30
"""Days from the first order within which it is looked what somebody did."""
LATER: Final = 90
"""Days after these in which it is looked what they spent."""
MOST: Final = 20_000
"""Members who are looked at, by chance and always the same; more change no share."""
ANY: Final = ""
"""Stands for whichever reward there is, the first of them."""
KINDS: Final = 8
MANY_PIECES: Final = 3

# By chance, but the same ones whenever it is asked; ids begin with when somebody joined.
_DID: Final = f"""
with these as (
    select o.member_id, o.first_on, o.first_on + {EARLY} as early,
           o.first_on + {EARLY + LATER} as later
      from member_orders o
     where o.program_id = $1::int and o.first_on >= $2::date and o.first_on < $3::date
     order by hashtext(o.member_id::text), o.member_id limit {MOST}
), did as (
    select t.member_id, t.first_on, t.early,
           count(distinct d.day) filter (where d.orders > 0 and d.day < t.early) > 1 as again,
           count(distinct d.store) filter (where d.orders > 0 and d.day < t.early) > 1 as stores,
           bool_or(d.orders > 0 and d.day < t.early and extract(isodow from d.day) > 5) as weekend,
           bool_or(d.visits > 0 and d.day < t.early) as visits,
           coalesce(sum(d.pieces) filter (where d.day = t.first_on), 0) >= {MANY_PIECES} as pieces,
           coalesce(sum(d.net_minor) filter (where d.day >= t.early and d.day < t.later), 0)::bigint
               as later
      from these t
      join member_day d on d.program_id = $1::int and d.member_id = t.member_id
                       and d.day >= t.first_on and d.day < t.later
     group by t.member_id, t.first_on, t.early
), ranked as (
    select d.*, d.later > 0
           and row_number() over (order by d.later desc, d.member_id) <= count(*) over () / 10
               as best
      from did d
), kinds as (
    select category from category_day
     where program_id = $1::int and day >= $2::date and day < $3::date and category <> ''
     group by category order by sum(sales) desc, category limit {KINDS}
), bought as (
    -- A day is that of the store's own clock, as in the days of members; who was merged into
    -- another counts as that one.
    select distinct t.member_id, l ->> 'category' as category
      from these t
     cross join lateral (
           select t.member_id as told_of
           union all
           select i.member_id from member_alias i
            where i.program_id = $1::int and i.into_id = t.member_id) w
      join activity a on a.program_id = $1::int and a.member_id = w.told_of
       and a.kind = 'purchase' and a.body ? 'lines'
       and a.occurred_at >= (t.first_on - 1)::timestamptz
       and a.occurred_at < (t.early + 1)::timestamptz
      left join store s on s.program_id = $1::int and s.code = a.store
     cross join lateral jsonb_array_elements(a.body -> 'lines') as l
     where (a.occurred_at at time zone coalesce(s.zone, $4::text))::date >= t.first_on
       and (a.occurred_at at time zone coalesce(s.zone, $4::text))::date < t.early
), habits as (
    select r.best, h.habit, h.has
      from ranked r
     cross join lateral (
           select exists (
               select from points_day p
                where p.program_id = $1::int and p.member_id = r.member_id and p.redeemed > 0
                  and p.day >= r.first_on and p.day < r.early) as redeemed) g
     cross join lateral (values ('again', r.again), ('reward', g.redeemed),
                                ('stores', r.stores), ('weekend', r.weekend),
                                ('visits', r.visits), ('pieces', r.pieces)) as h (habit, has)
    union all
    select r.best, 'category:' || k.category, b.member_id is not null
      from ranked r cross join kinds k
      left join bought b on b.member_id = r.member_id and b.category = k.category
)
select habit, count(*) filter (where best) as best,
       count(*) filter (where best and has) as best_did,
       count(*) filter (where not best) as others,
       count(*) filter (where not best and has) as others_did
  from habits group by habit order by habit
"""  # noqa: S608 - numbers of ours
# Each wallet by itself: when what was earned, less what had lapsed of it, had reached the price.
# What was spent on something else was earned all the same. Of several prices the one that was
# reached first counts; tier and attributes are those of today, as nobody keeps what they were.
_REACHED: Final = f"""
with joined as (
    select m.member_id, (m.joined_at at time zone $4::text)::date as since,
           coalesce(s.tier, '') as tier,
           coalesce(m.attributes, '{{{{}}}}') || coalesce(m.derived, '{{{{}}}}') as is_
      from member m
      left join standing s on s.program_id = m.program_id and s.member_id = m.member_id
     where m.program_id = $1::int and m.joined_at >= $2::timestamptz
       and m.joined_at < $3::timestamptz and {STAYED}
     order by hashtext(m.member_id::text), m.member_id limit {MOST}
), held as (
    select p.member_id, p.wallet, p.day,
           sum(sum(p.issued + greatest(p.adjusted, 0) + greatest(p.other, 0) - p.expired))
               over (partition by p.member_id, p.wallet order by p.day) as units
      from joined j join points_day p on p.program_id = $1::int and p.member_id = j.member_id
     where p.day < $5::date group by 1, 2, 3
), price as (
    select o ->> 'reward' as reward, o -> 'tiers' as for_tiers, o -> 'attributes' as attributes,
           w.at as way, w.way -> 'tiers' as tiers, u.key::smallint as wallet,
           u.value::bigint as units
      from jsonb_array_elements($6::text::jsonb) o
     cross join lateral jsonb_array_elements(o -> 'ways') with ordinality as w (way, at)
      left join lateral jsonb_each_text(w.way -> 'units') u on u.value::bigint > 0
), reached as (
    select h.member_id, u.reward, u.way, u.wallet, min(h.day) as day
      from held h join price u on u.wallet = h.wallet and h.units >= u.units
     group by 1, 2, 3, 4
), ways as (
    select member_id, reward, way, max(day) as day from reached r group by 1, 2, 3
    having count(*) = (select count(*) from price u where u.reward = r.reward and u.way = r.way)
    union all
    select j.member_id, u.reward, u.way, j.since
      from joined j join price u on u.wallet is null
), each_one as (
    select w.member_id, w.reward, min(w.day) as day
      from ways w
      join joined j on j.member_id = w.member_id
      join (select distinct reward, way, for_tiers, attributes, tiers from price) u
        on u.reward = w.reward and u.way = w.way
     where (u.tiers = 'null' or u.tiers ? j.tier) and (u.for_tiers = 'null' or u.for_tiers ? j.tier)
       and not exists (select from jsonb_each(u.attributes) a
                        where not coalesce(a.value ? (j.is_ ->> a.key), false))
     group by 1, 2
), whole as (
    select * from each_one
    union all
    select member_id, '{ANY}', min(day) from each_one group by 1
)
{{}}
"""  # noqa: S608 - statements of ours
_HANDED: Final = GOT_ONE.format(
    who="j.member_id",
    more="and r.reward in (select reward from price) and n.reward in ('', r.reward)",
)
_BY_REWARD: Final = f"""
select n.reward, w.day is not null as got,
       greatest(coalesce(w.day, $5::date) - j.since, 0) as days, count(*) as members,
       count(*) filter (where {_HANDED}) as handed
  from joined j cross join (select reward from price union select '{ANY}') n
  left join whole w on w.member_id = j.member_id and w.reward = n.reward
 group by 1, 2, 3
"""  # noqa: S608 - a word of ours
_WHO: Final = """
select w.member_id, coalesce(o.orders, 0) as orders, coalesce(o.net_minor, 0) as net_minor,
       o.first_on, o.last_on, w.counted
  from ({}) w
  left join member_orders o on o.program_id = $1::int and o.member_id = w.member_id
 order by w.member_id
"""
_OF_REWARD: Final = """
    select j.member_id, w.day is not null as counted
      from joined j
      left join whole w on w.member_id = j.member_id and w.reward = $7::text
     where j.member_id > $8::uuid order by j.member_id limit $9::int"""
_RANKED: Final = """
    select member_id, best as counted from ranked
     where member_id > $4::uuid order by member_id limit $5::int"""
# Those whose habits are looked at, and who of them is among the best; see `_DID`.
_LOOKED_AT: Final = f"""
with these as (
    select o.member_id, o.first_on + {EARLY} as early, o.first_on + {EARLY + LATER} as later
      from member_orders o
     where o.program_id = $1::int and o.first_on >= $2::date and o.first_on < $3::date
     order by hashtext(o.member_id::text), o.member_id limit {MOST}
), spent as (
    select t.member_id,
           coalesce(sum(d.net_minor) filter (where d.day >= t.early), 0)::bigint as later
      from these t
      join member_day d on d.program_id = $1::int and d.member_id = t.member_id
                       and d.day < t.later
     group by t.member_id
), ranked as (
    select member_id, later > 0
           and row_number() over (order by later desc, member_id) <= count(*) over () / 10 as best
      from spent
)
{_WHO.format(_RANKED)}
"""  # noqa: S608 - numbers of ours
METRICS: Final = ("habits_of", "reward_reached", "first_reward_wait")
"""Those whose members are listed here."""


class Did(NamedTuple):
    """Of the best and of the others, how many did something in their first days."""

    habit: str
    best: int
    best_did: int
    others: int
    others_did: int


class Waited(NamedTuple):
    """Of a reward: so many members had earned it (`got`), or not, after so many days."""

    reward: str
    got: bool
    days: int
    members: int
    handed: int


async def who(
    tx: Tx, metric: str, asked: Asked, page: tuple[UUID, int], group: str
) -> list[tuple[object, ...]]:
    """The members behind a figure, in order of their ids: who was looked at, and whether they are
    among the best; or who joined, and whether they had earned enough for a reward.

    Shape: without a group it is any reward. Faults: Invalid at `group` where no reward of this name
    can be had for points today.
    """
    if metric == "habits_of":
        until = min(asked.span.until_on, asked.today - timedelta(days=EARLY + LATER))
        rows = await tx.fetch(_LOOKED_AT, tx.program_id, asked.span.from_on, until, *page)
        return [tuple(row.values()) for row in rows]
    offers = priced(asked.offers)
    if group not in {ANY, *(one.reward for one in offers)}:
        raise Invalid("the group is a reward that costs points today", field="group")
    joined = instants(asked.span, ZoneInfo(asked.zone))
    said = (*joined, asked.zone, asked.today, _written(offers), group, *page)
    rows = await tx.fetch(_REACHED.format(_WHO.format(_OF_REWARD)), tx.program_id, *said)
    return [tuple(row.values()) for row in rows]


async def did(tx: Tx, span: Span, today: date, zone: str) -> list[Did]:
    """What members did within 30 days from their first order, of those who first ordered in the
    time and long enough ago; the best are the tenth who spent most in the 90 days after."""
    until = min(span.until_on, today - timedelta(days=EARLY + LATER))
    rows = await tx.fetch(_DID, tx.program_id, span.from_on, until, zone)
    return [Did(*row.values()) for row in rows]


def priced(offers: Sequence[Offer]) -> list[Offer]:
    """Those that cost points in some way; what costs none is reached by joining."""
    return [one for one in offers if any(any(way.units.values()) for way in one.ways)]


async def waited(tx: Tx, asked: Asked, offers: Sequence[Offer]) -> list[Waited]:
    """Who joined in the time, and after how many days they had earned each of these rewards, and
    any of them (`ANY`): by any of its prices, where tier and attributes of today let them."""
    joined = instants(asked.span, ZoneInfo(asked.zone))
    said = (*joined, asked.zone, asked.today, _written(offers))
    rows = await tx.fetch(_REACHED.format(_BY_REWARD), tx.program_id, *said)
    return [Waited(*row.values()) for row in rows]


def _written(offers: Sequence[Offer]) -> str:
    return msgspec.json.encode(offers).decode()
