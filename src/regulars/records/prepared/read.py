"""Read prepared rows, and how far they follow the books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec

from regulars.base.alone import Alone
from regulars.base.tx import Tx
from regulars.records.prepared.types import (
    ALL_OF_NOBODY,
    EVERYBODY,
    CategoryDay,
    CohortMonth,
    DayEnd,
    HourMonth,
    LotMonth,
    MemberDay,
    MemberOrders,
    OwedDay,
    PointsDay,
    Portion,
    Reach,
    StoreDay,
    StorePointsDay,
    TierDay,
)

_day_end: Final = msgspec.json.Decoder(DayEnd).decode
Row = TypeVar("Row", bound=tuple[Any, ...])

# Whoever holds this row goes on; a second worker finds it locked and leaves it to the first. While
# everybody is folded by several hands, a lock of its own keeps all others away.
_REACH: Final = f"""
select cluster, zones, below_tx, after_id, stood_on, gaps_after, counting from prepared_reach
 where program_id = $1::int and pg_try_advisory_xact_lock_shared({Alone.PREPARING.value}, $1::int)
   for update skip locked
"""  # noqa: S608 - a number of ours
_BEGUN: Final = (
    "select cluster, zones, below_tx, after_id, stood_on, gaps_after, counting "
    "from prepared_reach where program_id = $1::int"
)
# Whoever reads by it keeps rounds away until it ends: each asks for the row itself.
_KEPT_STILL: Final = """
select cluster, zones, below_tx, after_id, stood_on, gaps_after, counting from prepared_reach
 where program_id = $1::int for share
"""
# What is told while the rows follow is seconds behind; what was told before a day began is in them,
# unless nobody worked for a while, or everybody is only just being folded.
_WHOLE: Final = """
select r.after_id is null and not exists (
           select from activity a
            where a.program_id = r.program_id and a.recorded_tx >= r.below_tx
              and a.recorded_at < $2::timestamptz) as whole
  from prepared_reach r where r.program_id = $1::int
"""
# Asked after the lock and before any row is read: whoever is below it has ended by now.
_HORIZON: Final = """
select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as below_tx,
       (select system_identifier from pg_control_system()) as cluster
"""
_ZONES: Final = """
select md5($2::text || coalesce(string_agg(code || '=' || zone, ',' order by code), '')) as zones
  from store where program_id = $1::int
"""
_NEXT: Final = """
select member_id from member where program_id = $1::int and member_id > $2::uuid
 order by member_id limit $3::int
"""
_MEMBERS_UPTO: Final = """
select member_id from member where program_id = $1::int and member_id > $2::uuid
 order by member_id offset $3::int limit 1
"""
_NOBODY_UNTIL: Final = """
select occurred_at from activity
 where program_id = $1::int and member_id = '00000000-0000-0000-0000-000000000000'
   and occurred_at > $2::timestamptz order by occurred_at offset $3::int limit 1
"""
_MANY: Final = "select count(*) as many from member where program_id = $1::int"
_DAYS_UPTO: Final = """
select member_id from member_day where program_id = $1::int and member_id > $2::uuid
 order by member_id, day, store offset $3::int limit 1
"""
_KEPT: Final = """
select exists (select from member_day where program_id = $1::int and member_id > $2::uuid
                  and member_id <= $3::uuid)
    or exists (select from points_day where program_id = $1::int and member_id > $2::uuid
                  and member_id <= $3::uuid) as kept
"""
# Entries, activities, events and erasures say their transaction, and lie in its order.
_TOUCHED: Final = """
with told as (
    select member_id, false as whole from activity
     where program_id = $1::int and recorded_tx >= $2::bigint and recorded_tx < $3::bigint
    union
    select member_id, false from entry
     where program_id = $1::int and recorded_tx >= $2::bigint and recorded_tx < $3::bigint
    union
    select member_id, true from erasure
     where program_id = $1::int and recorded_tx >= $2::bigint and recorded_tx < $3::bigint
), united as (
    select member_id from outbox
     where program_id = $1::int and recorded_tx >= $2::bigint and recorded_tx < $3::bigint
       and type in ('member.merged', 'member.unmerged')
), everybody as (
    select member_id, whole from told where member_id <> '00000000-0000-0000-0000-000000000000'
    union all select member_id, true from united
    union all select m.from_id, true from united u join member_merge m
              on m.program_id = $1::int and u.member_id in (m.from_id, m.into_id)
    union all select m.into_id, true from united u join member_merge m
              on m.program_id = $1::int and u.member_id in (m.from_id, m.into_id)
), each as materialized (
    select member_id, bool_or(whole) as whole from everybody
     group by member_id order by member_id limit $4::int
), taken_back as materialized (
    select member_id from import_undone where program_id = $1::int
)
select e.member_id, e.whole or t.member_id is not null as whole
  from each e left join (select distinct member_id from taken_back) t using (member_id)
 order by 1
"""


async def reach(tx: Tx) -> Reach | None:
    """How far the rows are, under lock; nothing where there is none, or where another has it."""
    return _reach(await tx.fetch(_REACH, tx.program_id))


async def begun(tx: Tx) -> Reach | None:
    """How far the rows are, whoever holds them; nothing while there are none."""
    return _reach(await tx.fetch(_BEGUN, tx.program_id))


async def kept_still(tx: Tx, zone: str) -> bool:
    """Whether rows are of everybody, by the zones of now, and not about to be folded anew; if so,
    none of them changes until this transaction ends.

    Order: asked without waiting first, since what folds everybody may take minutes.
    Example: while everybody is folded anew the points of each month are a part of what they were,
    though what was added up by days ties to the ledger all the time.
    """
    for sql in (_BEGUN, _KEPT_STILL):
        there = _reach(await tx.fetch(sql, tx.program_id))
        if there is None or there.after_id is not None or there.zones != await zones(tx, zone):
            return False
    return True


def _reach(rows: Sequence[Mapping[str, Any]]) -> Reach | None:
    if not rows:
        return None
    known = dict(rows[0])
    found = known.pop("counting")
    return Reach(**known, counting=_day_end(found) if found else None)


async def whole(tx: Tx, before: datetime) -> bool:
    """Whether rows are of everybody, with all that was told before an instant.

    Example: a shop of a million members is folded for ten minutes the first time; half of them
    have no orders meanwhile, and whoever reckons from rows would take them for nobody.
    """
    rows = await tx.fetch(_WHOLE, tx.program_id, before)
    return bool(rows and rows[0]["whole"])


async def horizon(tx: Tx) -> tuple[int, int]:
    """Below which transaction all has ended, and the cluster that counts them."""
    ((below_tx, cluster),) = [row.values() for row in await tx.fetch(_HORIZON)]
    return below_tx, cluster


async def zones(tx: Tx, zone: str) -> str:
    """By which zones days are cut now: the program's and those of its stores, as a digest."""
    return str((await tx.fetch(_ZONES, tx.program_id, zone))[0]["zones"])


async def next_members(tx: Tx, after: UUID, most: int) -> list[UUID]:
    """The next members by their ids."""
    return [row["member_id"] for row in await tx.fetch(_NEXT, tx.program_id, after, most)]


async def portion(tx: Tx, after: UUID, members: int, sales: int) -> Portion:
    """The portion that begins there: so many members, or so many sales to nobody, or all the rest.

    Order: of sales at one moment none is left for the next portion.
    """
    if after.int < ALL_OF_NOBODY.int:
        rest = Portion.of_nobody(after, None)
        rows = await tx.fetch(_NOBODY_UNTIL, tx.program_id, rest.since, sales)
        return Portion.of_nobody(after, rows[0]["occurred_at"]) if rows else rest
    rows = await tx.fetch(_MEMBERS_UPTO, tx.program_id, after, members)
    return Portion(after, rows[0]["member_id"] if rows else EVERYBODY)


async def everybody(tx: Tx) -> int:
    """How many members there are of whom rows may be kept, whoever they stand as."""
    (row,) = await tx.fetch(_MANY, tx.program_id)
    return int(row["many"])


async def days_upto(tx: Tx, after: UUID, days: int) -> UUID:
    """Up to whom members have so many days among them, rows of different stores being different;
    whoever has the last of these is of them with all of theirs."""
    rows = await tx.fetch(_DAYS_UPTO, tx.program_id, after, days)
    return rows[0]["member_id"] if rows else EVERYBODY


async def has_kept(tx: Tx, some: Portion) -> bool:
    """Whether anything is kept of these members."""
    return bool((await tx.fetch(_KEPT, tx.program_id, some.after_id, some.upto_id))[0]["kept"])


async def touched(tx: Tx, since: int, below: int, most: int) -> list[tuple[UUID, bool]]:
    """Members something happened to in these transactions, at most so many, by their ids; of each
    whether more than some days is concerned: they were united, parted, erased or taken back."""
    rows = await tx.fetch(_TOUCHED, tx.program_id, since, below, most)
    return [(row["member_id"], row["whole"]) for row in rows]


def _select(row: type[Row], table: str, where: str) -> str:
    columns = ", ".join(row._fields)  # type: ignore[attr-defined]
    key = "program_id = $1::int"
    return f"select {columns} from {table} where {key} and {where}"  # noqa: S608 - names of ours


_DAYS: Final = "day >= $2::date and day < $3::date"
_MONTHS: Final = "month >= $2::date and month < $3::date"
# A sum that came to nothing again is as none.
_STORE_DAYS: Final = _select(
    StoreDay,
    "store_day",
    f"{_DAYS} and (sales, returns, visits) <> (0, 0, 0) order by day, store, named",
)
_POINTS: Final = _select(
    StorePointsDay, "store_points_day",
    f"{_DAYS} and (issued, redeemed, expired, adjusted, other) <> (0, 0, 0, 0, 0) "
    "order by day, store, wallet",
)  # fmt: skip
_CATEGORIES: Final = _select(
    CategoryDay, "category_day",
    f"{_DAYS} and (sales, pieces, net_minor) <> (0, 0, 0) order by day, store, category",
)  # fmt: skip
_HOURS: Final = _select(
    HourMonth, "hour_month",
    f"{_MONTHS} and (sales, net_minor) <> (0, 0) order by month, store, weekday, hour",
)  # fmt: skip
_COHORTS: Final = _select(CohortMonth, "cohort_month", "buyers <> 0 order by first_month, month")
_LOTS: Final = _select(
    LotMonth, "lot_month",
    "wallet = $2::smallint and (given, redeemed, expired, other) <> (0, 0, 0, 0) "
    "order by earned_month, month, brought",
)  # fmt: skip
_TIERS: Final = _select(TierDay, "tier_day", f"{_DAYS} order by day, ladder, tier")
_OWED: Final = _select(OwedDay, "owed_day", f"{_DAYS} order by day, wallet, lapse_month")
_ORDERS: Final = _select(
    MemberOrders, "member_orders", "member_id > $2::uuid order by member_id limit $3::int"
)
_OF_MEMBER: Final = _select(MemberDay, "member_day", "member_id = $2::uuid order by day, store")
_POINTS_OF: Final = _select(
    PointsDay, "points_day", "member_id = $2::uuid order by day, store, wallet"
)
_BUYERS: Final = """
select coalesce(sum(last), 0)::bigint as buyers from order_gap
 where program_id = $1::int and day >= $2::date and day < $3::date and before_on < $2::date
"""


async def store_days(tx: Tx, since: date, until: date) -> list[StoreDay]:
    """What was sold by store and day, from `since` to before `until`.

    Order: by day, store, sales to nobody first.
    """
    return _rows(StoreDay, await tx.fetch(_STORE_DAYS, tx.program_id, since, until))


async def store_points_days(tx: Tx, since: date, until: date) -> list[StorePointsDay]:
    """What moved in wallets by store and day. Order: by day, store, wallet."""
    return _rows(StorePointsDay, await tx.fetch(_POINTS, tx.program_id, since, until))


async def category_days(tx: Tx, since: date, until: date) -> list[CategoryDay]:
    """What was sold of each category. Order: by day, store, category."""
    return _rows(CategoryDay, await tx.fetch(_CATEGORIES, tx.program_id, since, until))


async def hour_months(tx: Tx, since: date, until: date) -> list[HourMonth]:
    """Sales by hour of the week, of these months. Order: by month, store, weekday, hour."""
    return _rows(HourMonth, await tx.fetch(_HOURS, tx.program_id, since, until))


async def cohort_months(tx: Tx) -> list[CohortMonth]:
    """Who came again how many months later, of all cohorts. Order: by first month, then month."""
    return _rows(CohortMonth, await tx.fetch(_COHORTS, tx.program_id))


async def lot_months(tx: Tx, wallet: int) -> list[LotMonth]:
    """The triangle of one wallet. Order: by the month of earning, then the month of leaving, what
    was given here first."""
    return _rows(LotMonth, await tx.fetch(_LOTS, tx.program_id, wallet))


async def tier_days(tx: Tx, since: date, until: date) -> list[TierDay]:
    """Who stood where as each day ended. Order: by day, ladder, tier."""
    return _rows(TierDay, await tx.fetch(_TIERS, tx.program_id, since, until))


async def owed_days(tx: Tx, since: date, until: date) -> list[OwedDay]:
    """What was owed as each day ended, by the month it lapses. Order: by day, wallet, month."""
    return _rows(OwedDay, await tx.fetch(_OWED, tx.program_id, since, until))


async def member_orders(tx: Tx, after: UUID, most: int) -> list[MemberOrders]:
    """Orders of members so far, a portion of them. Order: by member."""
    return _rows(MemberOrders, await tx.fetch(_ORDERS, tx.program_id, after, most))


async def days_of(tx: Tx, member_id: UUID) -> list[MemberDay]:
    """What one member did, day by day. Order: by day and store."""
    return _rows(MemberDay, await tx.fetch(_OF_MEMBER, tx.program_id, member_id))


async def points_of(tx: Tx, member_id: UUID) -> list[PointsDay]:
    """What moved in the wallets of one member, day by day. Order: by day, store, wallet."""
    return _rows(PointsDay, await tx.fetch(_POINTS_OF, tx.program_id, member_id))


async def buyers(tx: Tx, since: date, until: date) -> int:
    """How many members had an order from `since` to before `until`."""
    return int((await tx.fetch(_BUYERS, tx.program_id, since, until))[0]["buyers"])


def _rows(kind: type[Row], found: Sequence[Any]) -> list[Row]:
    return [kind(*row.values()) for row in found]
