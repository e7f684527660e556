"""How long a year of retention takes to read, of a million members, as a report reads it.

    .venv/bin/python -m bench.field.buying --members 1000000

Days of members are written by sets, as if folded: three years, half of the members with two orders
and half with many. Gaps between orders are counted once, as the last portion does it; then the
report on retention is asked for as a screen asks, and its buyers are counted the plain way beside.
Three of ten members are an account of three, and every member holds points. Last, the worker looks
for members and accounts somebody should look at, as each night.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import asyncpg
from msgspec import structs
from rich.console import Console

from bench import results
from bench.field.drills.once import open_shop
from bench.field.ground import Ground, running_ground
from bench.machine import machine_of, settings_of, versions_of
from regulars.base.tx import Tx
from regulars.insight.metrics.asked import Asked, Offer, Way
from regulars.insight.metrics.reading import orders
from regulars.insight.metrics.reports.accounts import accounts
from regulars.insight.metrics.reports.fairness import fairness
from regulars.insight.metrics.reports.retention import retention
from regulars.insight.metrics.spans import Span, compared
from regulars.insight.people import lapsed
from regulars.records.prepared.write import count_gaps
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.reckoning.alerts import Alerts

GOAL_MS = 1_000
TODAY = date(2026, 11, 1)
NIGHT = datetime(2026, 11, 1, 3, tzinfo=UTC)
YEAR = Span(date(2025, 11, 1), TODAY)
ODD = Span(date(2026, 2, 11), date(2026, 9, 20))
_DAYS = """
insert into member_day
select 1, ('00000000-0000-7000-8000-' || lpad(to_hex(m), 12, '0'))::uuid,
       date '2023-11-01' + day, 's' || (m + day) % 20, 1, 1, 900, 900, 1, 0, 0
  from generate_series(1, $1::bigint) m
 cross join lateral (
       select distinct (hashint8(m * 100 + k) & 1048575) % 1096 as day
         from generate_series(1, case m % 2 when 0 then 2 else 15 end) k) one
"""
_PLACE = "('x' || right(member_id::text, 8))::bit(32)::int"
"""The number a member was written by."""
_REST = (
    """
insert into member_orders
select program_id, member_id, min(day), max(day), count(*), sum(net_minor),
       (array_agg(day order by day))[2] from member_day group by 1, 2
""",
    """
insert into store_day
select program_id, day, store, true, sum(sales), sum(orders), sum(paid_minor), sum(net_minor),
       0, 0, 0 from member_day group by 1, 2, 3
""",
    "insert into prepared_reach values (1, 1, '', 1, null, null, now())",
    """
insert into member (program_id, member_id, number, state, joined_at, recorded_at)
select 1, member_id, 'b' || row_number() over (), 'active', now(), now() from member_orders
""",
    "insert into standing (program_id, member_id) select program_id, member_id from member_orders",
    # Of each ten members three are one account, which is called like its first.
    f"""
insert into household
select 1, member_id, 'f' || {_PLACE}, 'bench', '2023-11-01'
  from member_orders where {_PLACE} % 10 = 1
""",
    f"""
insert into household_member (program_id, member_id, place_id, household_id, role, joined_at, actor)
select 1, member_id, member_id,
       ('00000000-0000-7000-8000-' || lpad(to_hex({_PLACE} - {_PLACE} % 10 + 1), 12, '0'))::uuid,
       case {_PLACE} % 10 when 1 then 'head' else 'member' end, '2023-11-01', 'bench'
  from member_orders where {_PLACE} % 10 between 1 and 3
""",
    f"""
insert into balance (program_id, member_id, wallet, available)
select 1, member_id, 0, {_PLACE} % 200 from member_orders
""",
    # A tenth slips away, by chances as even as they may be.
    """
insert into member_value
select 1, member_id, date '2026-10-31', 100 + at % 500, 40, 1000 + at % 90000, 40, 20,
       case at % 10 when 0 then 'slipping' else 'steady' end, 'middle'
  from (select member_id, row_number() over () as at from member_orders) each
""",
    """
insert into value_run (program_id, as_of, at, members, model, found)
select 1, date '2026-10-31', now(), count(*), 'NBD', '{}' from member_orders
""",
    "vacuum analyze member_day, member_orders, store_day, order_gap",
    "vacuum analyze member, standing, member_value, household, household_member, balance",
)
_PLAINLY = """
select count(distinct member_id) from member_day
 where program_id = 1 and day >= $1 and day < $2 and orders > 0
"""


def main() -> int:
    """Write members' days, count gaps, read."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--members", type=int, default=1_000_000)
    wants.add_argument("--out", type=Path)
    wanted, console, load = wants.parse_args(), Console(width=110), os.getloadavg()[0]
    with running_ground() as ground:
        found = asyncio.run(_measured(ground, wanted.members, console))
        found |= {"machine": machine_of(ground, load), "versions": versions_of(ground)}
        found["settings"] = settings_of(ground)
    if wanted.out:
        results.keep({"buying": found}, wanted.out)
    console.print_json(data=found["figures"])
    return 0


async def _measured(ground: Ground, members: int, console: Console) -> dict[str, Any]:
    few, _terms = await open_shop(ground.cluster)
    await few.close()
    database = await Database.connect(ground.cluster.app_dsn, size=2, patience_s=None)
    dsn = ground.superuser_dsn("regulars")
    connection = await asyncpg.connect(dsn, server_settings={"session_replication_role": "replica"})
    begun = time.perf_counter()
    days = int((await connection.execute(_DAYS, members)).split()[-1])
    async with database.transaction(1) as tx:
        counting = await _ms(lambda: count_gaps(tx))
    for sql in _REST:
        await connection.execute(sql)
    console.print(f"{days:,} days written in {time.perf_counter() - begun:.0f} s")
    for span in (YEAR, ODD):
        async with database.transaction(1) as tx:
            (said,) = await orders.bought(tx, span)
        if said.buyers != await connection.fetchval(_PLAINLY, span.from_on, span.until_on):
            sys.exit(f"not as counted plainly: {said}")
    screens = await _screens(database)
    alerts = await _ms(lambda: Alerts(database, Programs(database)).go(1, NIGHT))
    if not await connection.fetchval("select count(*) from member_alert where kind = 'slipping'"):
        sys.exit("nobody was said to slip away")
    if not await connection.fetchval("select count(*) from member_alert where kind = 'account'"):
        sys.exit("no account was said to use the shop less")
    gaps = await connection.fetchval("select count(*) from order_gap")
    await connection.close()
    await database.close()
    return {
        "what": f"retention of {members:,} members with {days:,} days",
        "wanted": f"at most {GOAL_MS} ms",
        "seconds": round(max(screens.values()) / 1000, 2),
        "ratios": {},
        "figures": {
            "screens_ms": screens,
            "counting_gaps_ms": counting,
            "gaps": gaps,
            "alerts_of_a_night_ms": alerts,
        },
        "plan": {"members": members},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


async def _ms(ask: Callable[[], Awaitable[Any]]) -> float:
    begun = time.perf_counter()
    await ask()
    return round((time.perf_counter() - begun) * 1000, 1)


async def _screens(database: Database) -> dict[str, float]:
    """What reading takes, in milliseconds; the first time, too, when nothing is in memory yet."""
    before, odd = compared(YEAR, "year"), compared(ODD, "previous")
    asked: dict[str, Callable[[Tx], Awaitable[Any]]] = {
        "year_by_month_compared": lambda tx: retention(tx, _asked(YEAR, before, "month")),
        "again": lambda tx: retention(tx, _asked(YEAR, before, "month")),
        "year_by_week": lambda tx: retention(tx, _asked(YEAR, None, "week")),
        "any_range_compared": lambda tx: retention(tx, _asked(ODD, odd, "week")),
        "buyers_of_a_year": lambda tx: orders.bought(tx, YEAR),
        "bought_before_and_since": lambda tx: orders.both(tx, YEAR),
        "second_within_90_days": lambda tx: orders.seconds(tx, YEAR),
        "gaps_of_a_year": lambda tx: orders.gaps(tx, YEAR, TODAY),
        "history": orders.history,
        "one_store_of_twenty": lambda tx: orders.bought(tx, YEAR, store="s3"),
        "report_of_one_store": lambda tx: retention(tx, _asked(YEAR, before, "month", "s3")),
        "away_longer_than_usual": lambda tx: lapsed.lapsed(tx, TODAY),
        "fairness_of_a_year": lambda tx: fairness(tx, _offering(YEAR)),
        "accounts_of_a_year": lambda tx: accounts(tx, _asked(YEAR, None, "month")),
    }
    took: dict[str, float] = {}
    for name, ask in asked.items():
        async with database.transaction(1) as tx:
            took[name] = await _ms(lambda ask=ask, tx=tx: ask(tx))  # type: ignore[misc]
    return took


def _asked(span: Span, compare: Span | None, grain: Any, store: str | None = None) -> Asked:
    return Asked(span, compare, grain, TODAY, "Europe/Berlin", store=store)


def _offering(span: Span) -> Asked:
    """A question of a shop with ten rewards, from 10 points to 190."""
    offers = [Offer(f"r{at}", (Way({"0": 10 + 20 * at}),)) for at in range(10)]
    return structs.replace(_asked(span, None, "month"), offers=tuple(offers))


if __name__ == "__main__":
    raise SystemExit(main())
