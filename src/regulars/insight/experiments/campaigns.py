"""What a campaign changed: members it was for beside those whom chance held out of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.insight.estimators.comparing.sums import More, Sums, more
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.reading.widely import widely

DAYS: Final = 28
"""So long after it went out what members buy is counted, and as long before."""
# Everybody whom chance let have it counts, also who had no address: whoever was held out is
# compared with all who were not. Who is held out of everything is left aside on both sides.
# Joined once, member by member: what was laid just now is not counted by PostgreSQL yet, which
# takes it for empty, and would go through all of it again for each member.
GROUPS: Final = """
with who as materialized (
    select coalesce(l.into_id, m.member_id) as member_id, bool_or(m.state = 'held_out') as held
      from campaign_message m
      left join member_alias l on l.program_id = m.program_id and l.member_id = m.member_id
     where m.program_id = $1::int and m.campaign_id = $2::uuid and m.reason <> 'everywhere'
     group by 1
), did as materialized (
    select w.member_id, w.held,
           count(distinct d.day) filter (where d.orders > 0 and d.day >= $3::date) as orders,
           count(distinct d.day) filter (where d.orders > 0 and d.day < $3::date) as orders_before,
           coalesce(sum(d.net_minor) filter (where d.day >= $3::date), 0) as spend,
           coalesce(sum(d.net_minor) filter (where d.day < $3::date), 0) as spend_before
      from who w
      left join member_day d on d.program_id = $1::int and d.member_id = w.member_id
       and d.day >= $3::date - $5::int and d.day < $4::date
     group by 1, 2
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
       coalesce(sum(spend * spend_before), 0) as spend_both
  from did group by 1
"""


class Side(Struct, frozen=True):
    """One of the two: how many, how often they bought, and for how much."""

    members: int
    orders: int
    spend_minor: int


class Brought(Struct, frozen=True):
    """What a campaign brought: both sides, and how much more a member had it for."""

    sent: Side
    held_out: Side
    days: int
    """Counted so far, of 28."""
    orders: More | NotEnough
    """Orders of a member more."""
    spend: More | NotEnough
    """In minor units of a member more."""


async def brought(tx: Tx, campaign_id: UUID, begun_on: date, today: date) -> Brought | None:
    """What came of it from the day it began; nothing where nobody was held out.

    Keeps: days are whole: what is bought today counts from tomorrow on.
    """
    await widely(tx)
    until = min(begun_on + timedelta(days=DAYS), today)
    rows = await tx.fetch(GROUPS, tx.program_id, campaign_id, begun_on, until, DAYS)
    by_side = {row["held"]: row for row in rows}
    if by_side.keys() != {True, False}:
        return None
    test, held = by_side[False], by_side[True]
    return Brought(
        side_of(test),
        side_of(held),
        max((until - begun_on).days, 0),
        more(sums_of(test, "orders"), sums_of(held, "orders")),
        more(sums_of(test, "spend"), sums_of(held, "spend")),
    )


def side_of(row: Any) -> Side:
    """One of the groups."""
    return Side(row["members"], row["orders"], int(row["spend"]))


def sums_of(row: Any, what: str) -> Sums:
    """Its sums of `orders` or `spend`."""
    names = ("", "_2", "_before", "_before_2", "_both")
    return Sums(row["members"], row["buyers"], *(int(row[f"{what}{name}"]) for name in names))
