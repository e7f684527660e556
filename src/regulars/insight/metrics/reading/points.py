"""What happened to points by day, what members hold, and what became of each month's points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from regulars.base.tx import Tx
from regulars.insight.metrics.owing import Came, Given
from regulars.insight.metrics.points import Moved
from regulars.insight.metrics.spans import Span

_MOVED: Final = """
select day, sum(issued)::bigint, sum(redeemed)::bigint, sum(expired)::bigint,
       sum(adjusted)::bigint, sum(other)::bigint
  from store_points_day
 where program_id = $1::int and wallet = $2::smallint and day >= $3::date and day < $4::date
   and ($5::text is null or store = $5::text)
 group by day order by day
"""
_SUMS: Final = """
select sum(issued)::bigint as issued, sum(redeemed)::bigint as redeemed,
       sum(expired)::bigint as expired, sum(adjusted)::bigint as adjusted,
       sum(other)::bigint as other
  from store_points_day
 where program_id = $1::int and wallet = $2::smallint
   and ($3::date is null or day < $3::date) and ($4::date is null or day >= $4::date)
"""
_HELD: Final = """
select coalesce(sum(available + pending + held), 0)::bigint as units,
       coalesce(sum(debt), 0)::bigint as debt, coalesce(sum(pending), 0)::bigint as pending,
       coalesce(sum(held), 0)::bigint as held
  from balance where program_id = $1::int and wallet = $2::smallint
"""
_REDEEMING: Final = """
with redeemed as (
    select distinct member_id from points_day
     where program_id = $1::int and day >= $2::date and day < $3::date and redeemed > 0
       and wallet = $4::smallint
), bought as (
    select distinct member_id from member_day
     where program_id = $1::int and day >= $2::date and day < $3::date and orders > 0
)
select count(r.member_id) as redeemed, count(*) as active
  from redeemed r full join bought b using (member_id)
"""
_GIVEN: Final = """
select earned_month, sum(given)::bigint as given, sum(other)::bigint as other,
       sum(given - redeemed - expired - other)::bigint as remains
  from lot_month where program_id = $1::int and wallet = $2::smallint
   and ($3::date is null or month < $3::date) and brought is distinct from not $4::boolean
 group by 1 order by 1
"""
_CAME: Final = """
select earned_month, month, sum(redeemed)::bigint as redeemed
  from lot_month where program_id = $1::int and wallet = $2::smallint
   and redeemed <> 0 and not brought
 group by 1, 2
"""
_BURNED: Final = """
select month, sum(redeemed)::bigint as redeemed
  from (select date_trunc('month', day)::date as month, redeemed
          from store_points_day where program_id = $1::int and wallet = $2::smallint
        union all
        select month, -redeemed from lot_month
         where program_id = $1::int and wallet = $2::smallint and brought) b
 group by 1
"""
_LAPSES: Final = """
select case when expires_at < '9999-01-01'
            then date_trunc('month', expires_at at time zone $3::text)::date end as month,
       sum(remaining)::bigint as units
  from lot where program_id = $1::int and wallet = $2::smallint and remaining > 0
 group by 1 order by 1 nulls last
"""
# A night that counted what lapses counted who stands where, too: of a wallet in which nothing was
# left it kept no row, and the day before is not taken for it.
_LAPSED: Final = """
with last as (
    select max(day) as day from tier_day
     where program_id = $1::int and day < $3::date and members is not null
)
select l.day, nullif(o.lapse_month, date '9999-12-01') as month, o.units
  from last l
  left join owed_day o on o.program_id = $1::int and o.wallet = $2::smallint and o.day = l.day
 where l.day is not null
 order by o.lapse_month
"""
_BY_CHANGE: Final = """
select (select count(*)::int from unnest($3::timestamptz[]) as s (since)
         where s.since <= earned_at) as band, sum(remaining)::bigint as units
  from lot where program_id = $1::int and wallet = $2::smallint and remaining > 0
 group by 1
"""


class Held(NamedTuple):
    """What members hold by the ledger now: in all, what they owe, what of it waits or is
    reserved."""

    units: int
    debt: int
    pending: int
    held: int


class Lapses(NamedTuple):
    """So much lapses in a month; no month, and it never does."""

    month: date | None
    units: int


class Counted(NamedTuple):
    """What a night counted of a day that had ended."""

    day: date
    lapses: list[Lapses]


async def moved(tx: Tx, wallet: int, span: Span, store: str | None = None) -> list[Moved]:
    """What happened to points of a wallet, day by day."""
    bounds = (tx.program_id, wallet, span.from_on, span.until_on, store)
    return [Moved(*row.values()) for row in await tx.fetch(_MOVED, *bounds)]


async def change(
    tx: Tx, wallet: int, *, before: date | None = None, since: date | None = None
) -> int:
    """By how much what members hold grew before a day, or since one."""
    (row,) = await tx.fetch(_SUMS, tx.program_id, wallet, before, since)
    issued, redeemed, expired, adjusted, other = (one or 0 for one in row.values())
    return int(issued - redeemed - expired + adjusted + other)


async def held(tx: Tx, wallet: int) -> Held:
    """What members hold now."""
    (row,) = await tx.fetch(_HELD, tx.program_id, wallet)
    return Held(*row.values())


async def redeeming(tx: Tx, wallet: int, span: Span) -> tuple[int, int]:
    """Members with a redemption from a wallet in a span, and these and who bought."""
    (row,) = await tx.fetch(_REDEEMING, tx.program_id, span.from_on, span.until_on, wallet)
    return row["redeemed"], row["active"]


async def given(
    tx: Tx, wallet: int, before: date | None = None, *, brought: bool | None = None
) -> list[Given]:
    """Points by the month they were earned in: given less what was taken back, and what is left.

    `before` is the first of a month: as it stood when that began; without it, as it stands now.
    Those that an import brought over alone, or all others alone, or both together.
    """
    rows = await tx.fetch(_GIVEN, tx.program_id, wallet, before, brought)
    return [Given(row["earned_month"], row["given"] - row["other"], row["remains"]) for row in rows]


async def came_back(tx: Tx, wallet: int) -> list[Came]:
    """What was redeemed of each month's points that were given here, by month."""
    rows = await tx.fetch(_CAME, tx.program_id, wallet)
    return [Came(*row.values()) for row in rows]


async def burned(tx: Tx, wallet: int) -> dict[date, int]:
    """All that was redeemed in each month, but of points that were brought over."""
    rows = await tx.fetch(_BURNED, tx.program_id, wallet)
    return {row["month"]: row["redeemed"] for row in rows}


async def lapses(tx: Tx, wallet: int, zone: str) -> list[Lapses]:
    """What is left of all points, by the month in which it lapses."""
    return [Lapses(*row.values()) for row in await tx.fetch(_LAPSES, tx.program_id, wallet, zone)]


async def lapses_then(tx: Tx, wallet: int, before: date) -> Counted | None:
    """What was left of all points, by the month in which it lapses, on the last day before this one
    whose night counted it; nothing where none did."""
    rows = await tx.fetch(_LAPSED, tx.program_id, wallet, before)
    some = [Lapses(row["month"], row["units"]) for row in rows if row["units"] is not None]
    return Counted(rows[0]["day"], some) if rows else None


async def by_change(tx: Tx, wallet: int, changes: Sequence[datetime]) -> dict[int, int]:
    """What members hold, by how many of these changes had come when it was earned."""
    rows = await tx.fetch(_BY_CHANGE, tx.program_id, wallet, list(changes))
    return {row["band"]: row["units"] for row in rows}
