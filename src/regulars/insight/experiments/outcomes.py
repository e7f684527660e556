"""What each member of an experiment did since they are in an arm, and in as much time before."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.base.tx import Tx
from regulars.records.program.changes.experiments.types import Experiment

MOST_DAYS: Final = 365
FEWEST_DAYS: Final = 28
AT_ONCE: Final = 20_000
"""Members read in one piece."""
_FIRST: Final = UUID(int=0)
_NOTHING: Final = Fraction(0)
# Whole days only: the day somebody came into an arm is half before it. Who was merged since, or
# went with an import that was taken back, is nobody of their own.
OF_THEIR_OWN: Final = """not exists (select from member_alias l
                        where l.program_id = $1::int and l.member_id = {who})
       and not exists (select from import_undone u
                        where u.program_id = $1::int and u.member_id = {who}
                          and u.made and u.state = 'undone')"""
_THESE: Final = f"""
with these as (
    select member_id, arm, (since at time zone $3::text)::date as since from experiment_member
     where program_id = $1::int and experiment_id = $2::uuid and member_id > $4::uuid
     order by member_id limit $5::int
), own as (
    select * from these t
     where {OF_THEIR_OWN.format(who="t.member_id")}
)
"""  # noqa: S608 - a statement of ours
# What was handed over, used and sent is kept by who somebody was then: also who was merged into
# each of these, by any number. Each is looked up by key: a portion of members is not all of them.
_WHOSE: Final = f"""{_THESE}
, whose as (
    select member_id, since, member_id as was from own
    union all
    select o.member_id, o.since, l.member_id
      from own o join member_alias l on l.program_id = $1::int and l.into_id = o.member_id
)
"""  # noqa: S608 - a statement of ours
_DONE: Final = f"""{_THESE}
select p.member_id, p.arm, $6::date - p.since - 1 as days, coalesce(a.orders, 0) as orders,
       coalesce(a.net, 0)::bigint as spend,
       coalesce(b.orders, 0) as orders_before, coalesce(b.net, 0)::bigint as spend_before
  from own p
  left join lateral (
       select count(distinct d.day) filter (where d.orders > 0) as orders, sum(d.net_minor) as net
         from member_day d
        where d.program_id = $1::int and d.member_id = p.member_id
          and d.day > p.since and d.day < $6::date) a on true
  left join lateral (
       select count(distinct d.day) filter (where d.orders > 0) as orders, sum(d.net_minor) as net
         from member_day d
        where d.program_id = $1::int and d.member_id = p.member_id
          and d.day >= $7::date and d.day < $8::date) b on true
 order by p.member_id
"""  # noqa: S608 - a statement of ours
_POINTS: Final = f"""{_THESE}
select d.member_id, d.wallet, sum(d.issued - d.redeemed - d.expired)::bigint as held
  from own p join points_day d on d.program_id = $1::int and d.member_id = p.member_id
 where d.day > p.since and d.day < $6::date
 group by 1, 2
"""  # noqa: S608 - a statement of ours
_REWARDS: Final = f"""{_WHOSE}
select p.member_id, sum((r.terms ->> 'cost_minor')::bigint)::bigint as minor
  from whose p
 cross join lateral (
       select * from redemption where program_id = $1::int and member_id = p.was offset 0) r
 where r.state = 'captured' and (r.closed_at at time zone $3::text)::date > p.since
   and (r.closed_at at time zone $3::text)::date < $6::date
 group by 1
"""  # noqa: S608 - a statement of ours
_USES: Final = f"""{_WHOSE}
select p.member_id, sum((u.terms ->> 'cost_minor')::bigint)::bigint as minor
  from whose p
 cross join lateral (
       select * from benefit_use where program_id = $1::int and member_id = p.was offset 0) u
 where u.state <> 'undone'
   and (coalesce(u.from_at, u.used_at) at time zone $3::text)::date > p.since
   and (coalesce(u.from_at, u.used_at) at time zone $3::text)::date < $6::date
 group by 1
"""  # noqa: S608 - a statement of ours
_MESSAGES: Final = f"""{_WHOSE}
select p.member_id, d.channel, count(*) as times
  from whose p
 cross join lateral (
       select * from delivery where program_id = $1::int and member_id = p.was offset 0) d
 where d.state = 'sent' and (d.settled_at at time zone $3::text)::date > p.since
   and (d.settled_at at time zone $3::text)::date < $6::date
 group by 1, 2
"""  # noqa: S608 - a statement of ours
_LAST: Final = f"{_THESE} select max(member_id::text) as last from these"  # noqa: S608 - ours


class Outcomes(NamedTuple):
    """Columns of one length, a row a member: the place of their arm and what they did.

    Units: orders; money in minor units. What members did before is of the days before anybody was
    in an arm, as many as since, at least four weeks. `cost` is all of it: points that are owed
    more than before, what rewards handed over cost (discounts are rewards, too), benefits that were
    used, and messages that were sent; `rewards`, `messages` and `benefits` are of it. An
    appointment costs on the day it is for. `days` are whole days in the arm.
    """

    arm: Sequence[int]
    orders: Sequence[float]
    spend: Sequence[float]
    cost: Sequence[float]
    orders_before: Sequence[float]
    spend_before: Sequence[float]
    rewards: Sequence[float] = ()
    messages: Sequence[float] = ()
    benefits: Sequence[float] = ()
    days: Sequence[float] = ()


class Prices(NamedTuple):
    """What things cost, in minor units: a unit of each wallet by its number, and a message by its
    channel."""

    points: Mapping[int, Fraction]
    messages: Mapping[str, Fraction] = MappingProxyType({})


async def outcomes(tx: Tx, one: Experiment, zone: ZoneInfo, prices: Prices) -> Outcomes:
    """What everybody of this experiment did, from the prepared rows.

    Order: of members. Whole days, from the one after somebody came into an arm until yesterday in
    the shop's zone; a sale of the day itself counts nowhere. Traps: a return on Friday of
    Monday's sale is less money on Monday.
    """
    assert one.begun_at is not None, "nobody is in an arm of a plan"
    first, until = span(one.begun_at, one.ended_at or tx.now, zone)
    before = first - timedelta(days=min(max((until - first).days, FEWEST_DAYS), MOST_DAYS))
    found = Outcomes(array("b"), *(array("d") for _ in range(9)))
    after = _FIRST
    while True:
        asked = (tx.program_id, one.experiment_id, zone.key, after, AT_ONCE)
        (last,) = await tx.fetch(_LAST, *asked)
        if last["last"] is None:
            return found
        points = _costs(await tx.fetch(_POINTS, *asked, until), "wallet", "held", prices.points)
        sent = await tx.fetch(_MESSAGES, *asked, until) if prices.messages else ()
        messages = _costs(sent, "channel", "times", prices.messages)
        rewards, uses = [
            {
                row["member_id"]: Fraction(row["minor"] or 0)
                for row in await tx.fetch(sql, *asked, until)
            }
            for sql in (_REWARDS, _USES)
        ]
        for row in await tx.fetch(_DONE, *asked, until, before, first):
            costs = [one_of.get(row["member_id"], _NOTHING) for one_of in (rewards, messages, uses)]
            _append(found, row, [points.get(row["member_id"], _NOTHING) + sum(costs), *costs])
        after = UUID(last["last"])


def span(begun: datetime, until: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """The shop's day on which it began, and the first that is not over by now."""
    return begun.astimezone(zone).date(), until.astimezone(zone).date()


def _costs(rows: Any, name: str, count: str, prices: Mapping[Any, Fraction]) -> dict[Any, Fraction]:
    """What so many of something come to, of each member."""
    found: dict[Any, Fraction] = {}
    for row in rows:
        each = row[count] * prices.get(row[name], _NOTHING)
        found[row["member_id"]] = found.get(row["member_id"], _NOTHING) + each
    return found


def _append(found: Outcomes, row: Mapping[str, Any], costs: Sequence[Fraction]) -> None:
    whole, rewards, messages, benefits = (float(one) for one in costs)
    values = (
        row["arm"], row["orders"], row["spend"], whole, row["orders_before"], row["spend_before"],
        rewards, messages, benefits, row["days"],
    )  # fmt: skip
    for column, value in zip(found, values, strict=True):
        column.append(value)  # type: ignore[attr-defined]
