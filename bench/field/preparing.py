"""How fast prepared rows are folded from the books, from nothing and as tills go on.

    .venv/bin/python -m bench.field.preparing --activities 1000000

Two years of sales of one or two lines, one in twenty of which comes back, and a redemption for
one sale in ten, are written by sets; all is folded from nothing, then some more are sold, a
transaction for each hundred, and followed. What was kept is compared with sums of the books.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import asyncpg
from rich.console import Console

from bench import results
from bench.field.drills.once import open_shop
from bench.field.ground import Ground, running_ground
from bench.machine import machine_of, settings_of, versions_of
from regulars.flows.membership.office.prepare_rows import prepare_rows
from regulars.records.prepared import read
from regulars.runtime.storage.database import Database
from regulars.runtime.working.reckoning.portions import HANDS, MEMBERS, Portions

OF_EACH = 50
"""Activities of a member, as of 50 million of a million."""
WANTED = 50_000_000
GOAL_S = 600
EACH = 2_000
"""Members of one transaction."""
AT_ONCE = 100
_ID = (
    "(lpad(to_hex(1700000000000 + {n}::bigint * 1000), 12, '0') || '7000{kind}' "
    "|| lpad(to_hex({n}), 12, '0'))::uuid"
)
_MEMBER = (
    "(lpad(to_hex({m}::bigint), 8, '0') || '000070008000' "
    "|| lpad(to_hex({m}::bigint), 12, '0'))::uuid"
)
_MEMBERS = f"""
insert into member (program_id, member_id, number, state, joined_at, recorded_at)
select 1, {_MEMBER.format(m="m")}, m::text, 'active', now(), now() from generate_series(1, $1) m
"""
_SALES = f"""
with sale as materialized (
    select n, {_MEMBER.format(m="m")} as member_id,
           {_ID.format(n="n", kind="8000")} as id,
           timestamptz '2024-11-01' + n * interval '730 days' / $4::bigint as at,
           's' || n % 20 as store, 300 + n % 4000 as minor
      from (select n, 1 + floor(random() * $3::int) as m
              from generate_series($1::bigint, $2::bigint) n) drawn
), told as (
    insert into activity (program_id, member_id, activity_id, kind, source, external_id, sale_id,
                          occurred_at, recorded_at, store, channel, amount_minor, body, actor)
    select 1, member_id, id, 'purchase', 'till', n::text, null, at, at, store, 'till', minor,
           case n % 2 when 0 then jsonb_build_object('lines', jsonb_build_array(
                jsonb_build_object('amount_minor', minor, 'category', 'c' || n % 7, 'sku', 's')))
           else jsonb_build_object('lines', jsonb_build_array(
                jsonb_build_object('amount_minor', 100, 'category', 'c' || n % 7, 'quantity', 2),
                jsonb_build_object('amount_minor', minor - 100, 'category', 'c' || n % 5)))
           end, 'till' from sale
    union all
    select 1, member_id, {_ID.format(n="n", kind="8001")}, 'return', 'till', 'r' || n, id,
           at + interval '1 day', at, store, 'till', 0,
           case n % 40 when 0 then '{{}}'::jsonb
           else '{{"returned": [{{"line": 0, "quantity": 1}}]}}'::jsonb end, 'till'
      from sale where n % 20 = 0
), booked as (
    insert into entry (program_id, member_id, entry_id, kind, cause_id, occurred_at, recorded_at,
                       actor, reason)
    select 1, member_id, {_ID.format(n="n", kind="8002")}, 'earn', id, at, at, '', '' from sale
    union all
    select 1, member_id, {_ID.format(n="n", kind="8003")}, 'capture', id, at, at, '', ''
      from sale where n % 10 = 0
), posted as (
    insert into posting (program_id, member_id, entry_id, line, wallet, account, amount)
    select 1, member_id, {_ID.format(n="n", kind="8002")}, line, 1,
           case line when 1 then 1 else 11 end, case line when 1 then minor else -minor end
      from sale, generate_series(1, 2) line
    union all
    select 1, member_id, {_ID.format(n="n", kind="8003")}, line, 1,
           case line when 1 then 1 else 12 end, case line when 1 then -100 else 100 end
      from sale, generate_series(1, 2) line where n % 10 = 0
), moved as (
    insert into lot_move (program_id, member_id, entry_id, lot_id, wallet, delta)
    select 1, member_id, {_ID.format(n="n", kind="8003")}, id, 1, -100 from sale where n % 10 = 0
)
insert into lot (program_id, member_id, wallet, lot_id, entry_id, cause_id, version, amount,
                 remaining, earned_at, expires_at)
select 1, member_id, 1, id, {_ID.format(n="n", kind="8002")}, id, 1, minor,
       minor - case n % 10 when 0 then 100 else 0 end, at, '9999-12-31' from sale
"""
_RIGHT = """
select (select sum(paid_minor) from member_day) = (select sum(amount_minor) from activity)
   and (select sum(issued) from points_day) = (select -sum(amount) from posting where account = 11)
   and (select sum(given - redeemed - expired - other) from lot_month)
       = (select sum(remaining) from lot)
   and (select sum(net_minor) from store_day) = (select sum(net_minor) from category_day)
   and (select sum(net_minor) from cohort_month) = (select sum(net_minor) from member_orders)
"""
_SIZES = """
select relname::text as name, pg_total_relation_size(oid) >> 20 as mib from pg_class
 where relkind = 'r' and relname = any(array['activity', 'entry', 'posting', 'lot', 'member_day',
       'points_day', 'member_orders', 'store_day', 'cohort_month', 'category_day', 'hour_month'])
 order by 2 desc
"""


def main() -> int:
    """Write a history, fold it, sell on, follow."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--activities", type=int, default=1_000_000)
    wants.add_argument("--each", type=int, default=MEMBERS, help="members of one portion")
    wants.add_argument("--out", type=Path)
    wanted, console, load = wants.parse_args(), Console(width=110), os.getloadavg()[0]
    with running_ground() as ground:
        found = asyncio.run(_measured(ground, wanted, console))
        found |= {"machine": machine_of(ground, load), "versions": versions_of(ground)}
        found["settings"] = settings_of(ground)
    if wanted.out:
        results.keep({"prepare": found}, wanted.out)
    console.print_json(data={key: found[key] for key in ("seconds", "figures")})
    return 0


async def _measured(ground: Ground, wanted: argparse.Namespace, console: Console) -> dict[str, Any]:
    activities, each = wanted.activities, wanted.each
    few, terms = await open_shop(ground.cluster)
    await few.close()
    database = await Database.connect(ground.cluster.app_dsn, size=HANDS + 2, patience_s=None)
    dsn = ground.superuser_dsn("regulars")
    connection = await asyncpg.connect(dsn, server_settings={"session_replication_role": "replica"})
    members, after = activities // OF_EACH, activities // 50
    await connection.execute("truncate member")
    await connection.execute(_MEMBERS, members)
    begun = time.perf_counter()
    for first in range(1, activities, 200_000):
        upto = min(first + 199_999, activities)
        await connection.execute(_SALES, first, upto, members, activities)
    console.print(f"{activities:,} sales written in {time.perf_counter() - begun:.0f} s")
    await connection.execute("vacuum analyze")
    whole = await _folded(database, terms, each)
    console.print(f"folded in {whole:.1f} s")
    await connection.execute("vacuum analyze")
    for first in range(activities + 1, activities + after, AT_ONCE):
        await connection.execute(_SALES, first, first + AT_ONCE - 1, members, activities)
    following = await _until_done(database, terms)
    screens = await _screens(database)
    if not await connection.fetchval(_RIGHT):
        sys.exit("what was kept is not what the books come to")
    sizes = {row["name"]: row["mib"] for row in await connection.fetch(_SIZES)}
    await connection.close()
    await database.close()
    return {
        "what": f"prepared rows of {activities:,} sales of {members:,} members",
        "wanted": f"{WANTED:,} in at most {GOAL_S} s",
        "seconds": round(whole, 1),
        "ratios": {},
        "figures": {
            "sales_a_second": round(activities / whole),
            "minutes_for_fifty_millions": round(whole * WANTED / activities / 60, 1),
            "followed_a_second": round(after / following),
            "screens_ms": screens,
            "mib": sizes,
        },
        "plan": {"activities": activities},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


async def _folded(database: Database, terms: Any, each: int) -> float:
    """By two hands, as `regulars rebuild` does it."""
    begun = time.perf_counter()
    async with database.transaction(1) as tx:
        await prepare_rows(tx, terms, EACH)
    assert await Portions(database, 1, terms).fold(lambda _: None, members=each)
    return time.perf_counter() - begun


async def _until_done(database: Database, terms: Any) -> float:
    begun = time.perf_counter()
    while True:
        async with database.transaction(1) as tx:
            if not await prepare_rows(tx, terms, EACH):
                return time.perf_counter() - begun


async def _screens(database: Database) -> dict[str, float]:
    """What reading takes, in milliseconds."""
    since, until = date(2025, 10, 1), date(2026, 10, 1)
    took: dict[str, float] = {}
    async with database.transaction(1) as tx:
        for name, ask in {
            "store_days": lambda: read.store_days(tx, since, until),
            "cohort_months": lambda: read.cohort_months(tx),
            "lot_months": lambda: read.lot_months(tx, 1),
            "category_days": lambda: read.category_days(tx, since, until),
            "buyers_of_30_days": lambda: read.buyers(tx, since, date(2025, 10, 31)),
        }.items():
            begun = time.perf_counter()
            await ask()
            took[name] = round((time.perf_counter() - begun) * 1000, 1)
    return took


if __name__ == "__main__":
    raise SystemExit(main())
