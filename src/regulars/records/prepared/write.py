"""Keep prepared rows: fold members anew, add to sums, write down how far it went."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec

from regulars.base.tx import Tx, Write
from regulars.records.prepared.anew import Step, steps
from regulars.records.prepared.read import days_upto, has_kept
from regulars.records.prepared.types import EVERYBODY, DayEnd, Portion, Reach, Span

_FOLDER: Final = Path(__file__).parent
_UNITED: Final = _FOLDER.joinpath("united.sql").read_text("utf-8").strip()
_MEMBERS: Final = _FOLDER.joinpath("members.sql").read_text("utf-8").replace("{united}", _UNITED)
_POINTS: Final = _FOLDER.joinpath("points.sql").read_text("utf-8").replace("{united}", _UNITED)
_LOTS: Final = _FOLDER.joinpath("lots.sql").read_text("utf-8")
_TIERS: Final = _FOLDER.joinpath("tiers.sql").read_text("utf-8")
_SOLD: Final = _FOLDER.joinpath("sold.sql").read_text("utf-8")
_OF_NOBODY: Final = steps("whose", "back_nobody", "parts", told="told_nobody")
_OF_MEMBERS: Final = steps("whose", "back", "by_pages", "parts", "booked", "lots", told="told")
_FIRST: Final = steps("rows", "orders")
_AGAIN: Final = steps("rows_again", "orders")
_TALLY: Final = steps("tally")
_ADD: Final = steps("sums")
_NO_GAPS: Final = """
with gone as (
    delete from order_gap where ctid = any (array(
           select ctid from order_gap where program_id = $1::int limit $2::bigint)) returning 1
)
select count(*) as rows from gone
"""
_IN_MEMORY: Final = """
select set_config('work_mem', '256MB', true),
       set_config('plan_cache_mode', 'force_custom_plan', true)
"""
_GAPS: Final = _FOLDER.joinpath("gaps.sql").read_text("utf-8")
# A portion is a good part of everybody: what is right for one member is wrong here.
_AT_LARGE: Final = """
select set_config('enable_seqscan', 'on', true), set_config('work_mem', '256MB', true),
       set_config('plan_cache_mode', 'force_custom_plan', true),
       set_config('enable_mergejoin', 'off', true),
       set_config('idle_in_transaction_session_timeout', '0', true), portion_room()
"""
_REACHED: Final = """
insert into prepared_reach (program_id, looked_at, cluster, zones, below_tx, after_id, stood_on,
                            gaps_after, counting)
values ($1::int, $2::timestamptz, $3::bigint, $4::text, $5::bigint, $6::uuid, $7::date, $8::uuid,
        $9::text::jsonb)
    on conflict (program_id) do update
   set looked_at = excluded.looked_at, cluster = excluded.cluster, zones = excluded.zones,
       below_tx = excluded.below_tx, after_id = excluded.after_id, stood_on = excluded.stood_on,
       gaps_after = excluded.gaps_after, counting = excluded.counting
"""
_NOBODY_YET: Final = """
insert into prepared_reach (program_id, looked_at, cluster, zones, below_tx, after_id, stood_on,
                            gaps_after, counting)
values ($1::int, $2::timestamptz, $3::bigint, $4::text, $5::bigint, $6::uuid, $7::date, $8::uuid,
        $9::text::jsonb)
    on conflict (program_id) do nothing returning program_id
"""
_MOVE: Final = """
update prepared_reach set looked_at = $2::timestamptz, after_id = $4::uuid, gaps_after = $5::uuid
 where program_id = $1::int and after_id = $3::uuid and gaps_after is null returning 1
"""
_COUNTED: Final = """
update prepared_reach set looked_at = $2::timestamptz, gaps_after = $4::uuid,
       after_id = case when $4::uuid is not null then after_id end
 where program_id = $1::int and gaps_after = $3::uuid returning 1
"""
_NOBODY: Final = UUID(int=0)
# Rows of members are put right by folding; what only ever grows by addition begins anew.
_CLEAR: Final = (
    "delete from lot_month where program_id = $1::int",
    "delete from category_day where program_id = $1::int",
    "delete from hour_month where program_id = $1::int",
    "delete from store_day where program_id = $1::int and not named",
    "update tier_day set came = 0, went = 0 where program_id = $1::int",
)


_STOOD: Final = """
insert into tier_day (program_id, day, ladder, tier, members, came, went)
select $1::int, $2::date, '', tier, members, 0, 0
  from unnest($3::text[], $4::bigint[]) as t (tier, members)
    on conflict (program_id, day, ladder, tier) do update set members = excluded.members
"""
_OWED: Final = """
insert into owed_day (program_id, day, wallet, lapse_month, units)
select $1::int, $2::date, wallet, lapse_month, units
  from unnest($3::smallint[], $4::date[], $5::bigint[]) as o (wallet, lapse_month, units)
    on conflict (program_id, day, wallet, lapse_month) do update set units = excluded.units
"""
_ANEW: Final = "update prepared_reach set zones = '' where program_id = $1::int"
_HOLD: Final = "select from prepared_reach where program_id = $1::int for update"
_SUMS: Final = (
    "delete from store_day where program_id = $1::int and named",
    "delete from store_points_day where program_id = $1::int",
    "delete from cohort_month where program_id = $1::int",
    """
insert into store_day
select program_id, day, store, true, sum(sales), sum(orders), sum(paid_minor), sum(net_minor),
       sum(pieces), sum(returns), sum(visits)
  from member_day where program_id = $1::int group by 1, 2, 3
""",
    """
insert into store_points_day
select program_id, day, store, wallet, sum(issued), sum(redeemed), sum(expired), sum(adjusted),
       sum(other)
  from points_day where program_id = $1::int group by 1, 2, 3, 4
""",
    """
insert into cohort_month
select $1::int, date_trunc('month', e.first_on::timestamp)::date,
       date_trunc('month', d.day::timestamp)::date, count(distinct d.member_id), count(*),
       sum(d.net_minor)
  from (select member_id, day, sum(net_minor) as net_minor from member_day
         where program_id = $1::int group by 1, 2 having sum(orders) > 0) d
  join member_orders e on e.program_id = $1::int and e.member_id = d.member_id
 group by 2, 3
""",
)


async def make_room(tx: Tx) -> None:
    """Let this transaction sort and group in memory what a round holds, not in files."""
    await tx.fetch("select set_config('work_mem', '64MB', true)")


def clear_sums(tx: Tx) -> list[Write]:
    """Sums that are added to begin with nothing."""
    return [Write(sql, (tx.program_id,)) for sql in _CLEAR]


def reached(tx: Tx, reach: Reach) -> list[Write]:
    """Keep how far the rows are."""
    return [Write(_REACHED, (tx.program_id, tx.now, *_columns(reach)))]


async def first(tx: Tx, reach: Reach) -> bool:
    """Begin to follow the books; whether nobody else had. Waits for whoever just begins."""
    return bool(await tx.fetch(_NOBODY_YET, tx.program_id, tx.now, *_columns(reach)))


def _columns(reach: Reach) -> tuple[Any, ...]:
    *known, counting = reach
    return (*known, msgspec.json.encode(counting).decode() if counting else None)


async def fold_members(tx: Tx, zone: str, members: Sequence[UUID], span: Span) -> int:
    """Fold what these members did and what moved in their wallets anew; how many rows changed.

    Shape: only the days are folded of which something was told in the span; all, where it begins
    with the first transaction.
    Keeps: whoever was merged is who they stand as now. Folding again changes nothing.
    What they did after the span is not in the rows, as it is in no sum.
    Assumes: who was united, parted, erased or taken back since is folded whole.
    """
    args = tx.program_id, list(members), zone, *span
    (days,) = await tx.fetch(_MEMBERS, *args)
    (points,) = await tx.fetch(_POINTS, *args)
    return int(days["changed"] + points["changed"])


async def add_all(tx: Tx, zone: str, span: Span) -> int:
    """Add what everybody, and nobody, did in these transactions to the sums; how much it was."""
    (lots,) = await tx.fetch(_LOTS, tx.program_id, zone, *span)
    (sold,) = await tx.fetch(_SOLD, tx.program_id, zone, *span)
    (moves,) = await tx.fetch(_TIERS, tx.program_id, zone, *span)
    return int(lots["entries"] + sold["activities"] + moves["moves"])


async def fold_portion(
    tx: Tx, zone: str, below: int, some: Portion, *, compare: bool = False
) -> int:
    """Fold a portion anew, by what was booked below a transaction; how many rows of members
    differed from what was kept of them (where nothing was, and none is to `compare` with, it is not
    counted).

    Keeps: this waits for no other portion, however many are folded at once: rows of members are
    of one portion only, and what is for sums waits in tables of this transaction's own until
    `add_portion`.
    """
    await tx.fetch(_AT_LARGE)
    known = {"program": tx.program_id, "zone": zone, "below": below, "after": some.after_id,
             "upto": some.upto_id, "since": some.since, "until": some.until}  # fmt: skip
    if some.since is not None:
        return await _run(tx, _OF_NOBODY, known)
    kept = compare or await has_kept(tx, some)
    await _run(tx, _OF_MEMBERS, known)
    if kept:
        await _run(tx, _TALLY, known | {"sign": -1})
    changed = await _run(tx, _AGAIN if kept else _FIRST, known)
    await _run(tx, _TALLY, known | {"sign": 1})
    return changed


async def add_portion(tx: Tx, some: Portion) -> bool:
    """Add what `fold_portion` found to the sums, which all portions share: one after the other.

    Returns whether it was this portion's turn: nothing is to stay of it where it was not.
    Order: after the last one all members' days are there, and gaps between orders are next.
    """
    await _run(tx, _ADD, {})
    gaps = None if some.next_id is not None else _NOBODY
    moved = _MOVE, tx.program_id, tx.now, some.after_id, some.upto_id, gaps
    return bool(await tx.fetch(*moved))


async def count_some_gaps(tx: Tx, after: UUID, days: int) -> None:
    """Count anew of the next members, who have so many days among them, after which orders they
    ordered again; before the first, so many of what was counted before are gone.

    Keeps: no statement looks at, or writes, much more than so many rows, however large the shop is:
    the worker's statements end after a minute, and all at once would end there every time.
    Assumes: all days of everybody are there, and nobody follows the books meanwhile.
    """
    await tx.fetch(_IN_MEMORY)
    if after == _NOBODY and (await tx.fetch(_NO_GAPS, tx.program_id, days))[0]["rows"] == days:
        return
    upto = await days_upto(tx, after, days)
    await tx.fetch(_GAPS, tx.program_id, after, upto)
    left = None if upto == EVERYBODY else upto
    assert await tx.fetch(_COUNTED, tx.program_id, tx.now, after, left), after


async def count_gaps(tx: Tx) -> None:
    """Count anew, of everybody at once, after which orders members ordered again: for whoever has
    no limit on statements, or a small shop."""
    await tx.fetch(_NO_GAPS, tx.program_id, None)
    await tx.fetch(_GAPS, tx.program_id, _NOBODY, EVERYBODY)


async def _run(tx: Tx, each: Sequence[Step], known: dict[str, Any]) -> int:
    rows = 0
    for step in each:
        rows += len(await tx.fetch(step.sql, *step.args(known)))
    return rows


def stood(tx: Tx, found: DayEnd) -> list[Write]:
    """Keep who stood where, and what was owed, as a day ended."""
    owed = [[row[at] for row in found.owed] for at in range(3)]
    tiers = list(found.tiers), list(found.tiers.values())
    return [
        Write(_STOOD, (tx.program_id, found.day, *tiers)),
        Write(_OWED, (tx.program_id, found.day, *owed)),
    ]


async def sum_rows(tx: Tx, *, gaps: bool = True) -> None:
    """Make the sums that are of members' rows anew from these, and `gaps` between orders with them;
    nobody folds meanwhile."""
    await tx.fetch(_HOLD, tx.program_id)
    for sql in _SUMS:
        await tx.fetch(sql, tx.program_id)
    if gaps:
        await count_gaps(tx)


def anew(tx: Tx) -> list[Write]:
    """The next round begins with everybody: days are cut by no zones any more."""
    return [Write(_ANEW, (tx.program_id,))]
