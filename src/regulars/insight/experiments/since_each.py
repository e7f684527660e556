"""What something changed that members have each at their own time: offers, steps of journeys."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.insight.estimators.comparing.sums import more
from regulars.insight.experiments.campaigns import DAYS, Brought, side_of, sums_of
from regulars.insight.metrics.reading.widely import widely

# Each member is counted from the day they had it, or would have had it, for as many days at most,
# and for as many before; who is held out of everything is left aside on both sides. What is bought
# today counts from tomorrow on.
_GROUPS: Final = """
with told as materialized ({told}), who as materialized (
    select coalesce(l.into_id, t.member_id) as member_id, bool_or(t.held) as held,
           min((t.at at time zone $3::text)::date) as begun_on
      from told t
      left join member_alias l on l.program_id = $1::int and l.member_id = t.member_id
     group by 1
), did as materialized (
    select w.member_id, w.held, w.begun_on,
           count(distinct d.day) filter (where d.orders > 0 and d.day >= w.begun_on) as orders,
           count(distinct d.day) filter (where d.orders > 0 and d.day < w.begun_on)
               as orders_before,
           coalesce(sum(d.net_minor) filter (where d.day >= w.begun_on), 0) as spend,
           coalesce(sum(d.net_minor) filter (where d.day < w.begun_on), 0) as spend_before
      from who w
      left join member_day d on d.program_id = $1::int and d.member_id = w.member_id
       and d.day >= w.begun_on - $5::int and d.day < least(w.begun_on + $5::int, $4::date)
     group by 1, 2, 3
)
select held, count(*) as members, count(*) filter (where orders > 0) as buyers,
       coalesce(sum(orders), 0)::bigint as orders,
       coalesce(sum(orders * orders), 0)::bigint as orders_2,
       coalesce(sum(orders_before), 0)::bigint as orders_before,
       coalesce(sum(orders_before * orders_before), 0)::bigint as orders_before_2,
       coalesce(sum(orders * orders_before), 0)::bigint as orders_both,
       coalesce(sum(spend), 0) as spend, coalesce(sum(spend * spend), 0) as spend_2,
       coalesce(sum(spend_before), 0) as spend_before,
       coalesce(sum(spend_before * spend_before), 0) as spend_before_2,
       coalesce(sum(spend * spend_before), 0) as spend_both,
       max($4::date - begun_on) as days
  from did group by 1
"""
# Of a journey who came to this step and was written to, given something or left to somebody, and
# who was held out.
OF_LETTER: Final = """
    select m.member_id, m.state = 'held_out' as held, m.asked_at as at
      from campaign_message m join campaign c using (program_id, campaign_id)
     where m.program_id = $1::int and c.journey_id = $2::uuid and c.code = $6::text
       and m.asked_at is not null and m.reason <> 'everywhere'
"""
# Of a step that is said in several ways: who read another way, beside who read the first. The step
# is named with the way and the version, as in `hello:1:3`; no name of a step has a colon. Whoever
# came to it again and read it in another way then is on neither side.
OF_WAY: Final = """
    select o.member_id, o.way = 0 as held, o.at
      from (select coalesce(l.into_id, m.member_id) as member_id, min(m.variant) as way,
                   min(m.asked_at) as at
              from campaign_message m join campaign c using (program_id, campaign_id)
              left join member_alias l on l.program_id = $1::int and l.member_id = m.member_id
             where m.program_id = $1::int and c.journey_id = $2::uuid
               and c.code = split_part($6::text, ':', 1)
               and c.journey_version = split_part($6::text, ':', 3)::int
               and m.asked_at is not null and m.variant is not null
             group by 1 having min(m.variant) = max(m.variant)) o
     where o.way in (0, split_part($6::text, ':', 2)::int)
"""
OF_GIVEN: Final = """
    select r.member_id, p.outcome = 'held_out' as held, p.at
      from journey_pass p join journey_run r using (program_id, run_id)
     where p.program_id = $1::int and p.journey_id = $2::uuid and p.step = $6::text
       and p.outcome in ('offered', 'tasked', 'held_out')
"""
# Whoever was given it by hand was not drawn, and is on neither side.
OF_OFFER: Final = """
    select member_id, state = 'held_out' as held, offered_at as at from offer_member
     where program_id = $1::int and offer_id = $2::uuid and how = 'segment' and why <> 'everywhere'
       and $6::text = ''
"""


async def brought_since(
    tx: Tx, told: str, of: tuple[UUID, str], zone: str, today: date
) -> Brought | None:
    """What came of it; nothing where nobody was held out, or nobody was not.

    Shape: `told` selects who (`member_id`), whether chance held them out (`held`) and since when
    (`at`), for program `$1` and what is meant: an offer, or a journey with one of its steps.
    """
    await widely(tx)
    rows = await tx.fetch(_GROUPS.format(told=told), tx.program_id, of[0], zone, today, DAYS, of[1])
    by_side = {row["held"]: row for row in rows}
    if by_side.keys() != {True, False}:
        return None
    test, held = by_side[False], by_side[True]
    return Brought(
        side_of(test),
        side_of(held),
        max(min(test["days"], DAYS), 0),
        more(sums_of(test, "orders"), sums_of(held, "orders")),
        more(sums_of(test, "spend"), sums_of(held, "spend")),
    )
