"""How far members came who joined, where they stand, what was handed over to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, NamedTuple

from regulars.base.ids import first_id
from regulars.base.tx import Tx
from regulars.insight.metrics.defined.joining import Enrolled, Handed
from regulars.insight.metrics.spans import Granularity, Span, begins, parts

# Whoever went with an import that was taken back never joined.
STAYED: Final = """m.state in ('active', 'blocked') and not exists (
           select from import_undone u
            where u.program_id = m.program_id and u.member_id = m.member_id
              and u.made and u.state = 'undone')"""
GOT_ONE: Final = """(exists (
           select from redemption r
            where r.program_id = $1::int and r.member_id = {who} and r.state = 'captured' {more})
       or exists (
           select from member_alias l
             join redemption r on r.program_id = $1::int and r.member_id = l.member_id
            where l.program_id = $1::int and l.into_id = {who} and r.state = 'captured' {more}))"""
"""Whether a reward was handed over to somebody, or to one who was merged into them."""
_ENROLLED: Final = f"""
with joined as (
    select m.member_id,
           date_trunc($5::text, m.joined_at at time zone $4::text)::date as part
      from member m
     where m.program_id = $1::int and m.joined_at >= $2::timestamptz
       and m.joined_at < $3::timestamptz and {STAYED}
)
select j.part, count(*) as joined, count(o.orders) as once,
       count(*) filter (where o.orders > 1) as twice,
       count(*) filter (where {GOT_ONE.format(who="j.member_id", more="")}) as rewarded
  from joined j
  left join member_orders o on o.program_id = $1::int and o.member_id = j.member_id
 group by j.part
"""  # noqa: S608 - a statement of ours
_STOOD: Final = """
select day, tier, members from tier_day
 where program_id = $1::int and ladder = '' and members is not null
   and day = (select max(day) from tier_day
               where program_id = $1::int and ladder = '' and members is not null
                 and day >= $2::date and day < $3::date)
 order by members desc, tier
"""
# Ids grow with time, so a stretch of them is read and no more. Whoever was merged since is who they
# are now.
_HANDED: Final = """
select reward, sum(times)::bigint as times, count(*) as members
  from (select reward, coalesce(l.into_id, r.member_id) as member_id, count(*) as times
          from redemption r left join member_alias l using (program_id, member_id)
         where program_id = $1::int and redemption_id >= $2::uuid and redemption_id < $3::uuid
           and state = 'captured' group by 1, 2) each_one
 group by reward order by times desc, reward
"""
# Who bought last before its end was here since its beginning unless they bought before it and
# after it: only of these the days are looked up, by member (see `orders._SECONDS`).
_ACTIVE: Final = """
select count(*) as members from member_orders o
 where o.program_id = $1::int and o.first_on < $3::date and o.last_on >= $2::date
   and (o.first_on >= $2::date or o.last_on < $3::date or exists (
           select from member_day d
            where d.program_id = $1::int and d.member_id = o.member_id
              and d.day - $2::date >= 0 and d.day - $3::date < 0 and d.orders > 0))
"""
_ACTIVE_IN: Final = """
select count(distinct member_id) as members from member_day
 where program_id = $1::int and day >= $2::date and day < $3::date and orders > 0
   and store = $4::text
"""


class Stood(NamedTuple):
    """As this day ended, so many members were in each tier; '' is none."""

    day: date | None
    tiers: tuple[tuple[str, int], ...]


async def active(tx: Tx, span: Span, store: str | None) -> int:
    """How many members bought in a span, anywhere or in one store."""
    bounds = (tx.program_id, span.from_on, span.until_on)
    if store is None:
        (row,) = await tx.fetch(_ACTIVE, *bounds)
    else:
        (row,) = await tx.fetch(_ACTIVE_IN, *bounds, store)
    return int(row["members"])


async def enrolled(
    tx: Tx, span: Span, bounds: tuple[datetime, datetime], zone: str, granularity: Granularity
) -> list[Enrolled]:
    """Who joined in each part of a span, and how far they came. `bounds` are its instants."""
    rows = await tx.fetch(_ENROLLED, tx.program_id, *bounds, zone, granularity)
    found = {row["part"]: tuple(row.values())[1:] for row in rows}
    none = (0, 0, 0, 0)
    return [
        Enrolled(part, *found.get(begins(part.from_on, granularity), none))
        for part in parts(span, granularity)
    ]


async def stood(tx: Tx, span: Span) -> Stood:
    """How many stood in each tier as the last counted day of a span ended, most first; nothing
    where nobody counted in it."""
    rows = await tx.fetch(_STOOD, tx.program_id, span.from_on, span.until_on)
    return Stood(
        rows[0]["day"] if rows else None, tuple((one["tier"], one["members"]) for one in rows)
    )


async def handed(tx: Tx, bounds: tuple[datetime, datetime]) -> list[Handed]:
    """What was reserved between two instants and handed over, most often first."""
    ids = (first_id(one - tx.ahead) for one in bounds)
    return [Handed(*row.values()) for row in await tx.fetch(_HANDED, tx.program_id, *ids)]
