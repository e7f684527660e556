"""P9: how long reports take with a million members, of the whole shop and of one of its stores.

    .venv/bin/python -m bench.field.reporting --members 1000000

Everybody is written by sets as for segments (bench/field/segmenting.py), with what moved in their
wallets, twenty stores, what was sold of each category, and accounts of three people each for a
tenth of them; sums are made of these rows by the house's own way. Then an owner signs in and asks
for each report, as a browser does: of a year, with the year before beside it. Then the night tells
what takes long, and the usual questions are asked again.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, Final
from urllib.parse import urlencode

import httpx
from rich.console import Console

from bench import results
from bench.field.ground import Ground, running_ground
from bench.field.people import PROGRAM, since
from bench.field.segmenting import DRAWN, fill
from bench.machine import machine_of, settings_of, versions_of
from bench.sides.screens import hire, signed_in, times
from bench.sides.served import serving_ours
from regulars.flows.terms.publish_program import publish_program
from regulars.records.prepared.write import sum_rows
from regulars.records.program.templates import load_template
from regulars.runtime.serving.programs import Programs, found_program
from regulars.runtime.storage.database import Database
from regulars.runtime.storage.migrator import migrate
from regulars.runtime.working.reckoning.telling import Telling
from regulars.surfaces.in_words.reports.asking import OF_A_STORE, REPORTS

GOAL_MS: Final = 1_000
STORE: Final = "s3"
_ACCOUNT = "('01900000-0000-7000-b000-' || lpad(to_hex({n}), 12, '0'))::uuid"
_MORE: Final = (
    """
    insert into store (program_id, code, name, zone, offline_rewards, offline_most, opened_at,
                       changed_by)
    select 1, 's' || n, 'Store ' || n, 'Europe/Berlin', '{}', 0, now(), 'bench'
      from generate_series(0, 19) n where $1::int > 0
    """,
    """
    insert into points_day (program_id, member_id, day, store, wallet, issued, redeemed, expired,
                            adjusted, other)
    select program_id, member_id, day, store, 1, net_minor / 100,
           case get_byte(uuid_send(member_id), 15) % 4 when 0 then net_minor / 200 else 0 end,
           0, 0, 0
      from member_day where $1::int > 0
    """,
    """
    insert into category_day (program_id, day, store, category, sales, pieces, net_minor)
    select program_id, day, store, 'c' || get_byte(uuid_send(member_id), 15) % 12, count(*),
           sum(pieces), sum(net_minor)
      from member_day where $1::int > 0 group by 1, 2, 3, 4
    """,
    f"""
    insert into household (program_id, household_id, name, actor, recorded_at)
    select 1, {_ACCOUNT.format(n="n")}, 'Account ' || n, 'bench', now()
      from generate_series(0, $1::int / 30 - 1) n
    """,
    f"""
    insert into household_member (program_id, member_id, place_id, household_id, role, joined_at,
                                  actor)
    select 1, id, id, {_ACCOUNT.format(n="(m - 1) / 30")}, case m % 10 when 1 then 'head'
           else 'member' end, now() - interval '500 days', 'bench'
      from ({DRAWN}) d
     where m % 10 between 1 and 3 and m % 30 < 10 and (m - 1) / 30 < $1::int / 30
    """,
    """
    insert into prepared_reach (program_id, looked_at, cluster, zones, below_tx)
    select 1, now(), 0, '', 0 where $1::int > 0
        on conflict (program_id) do update set looked_at = now(), after_id = null
    """,
)


def main() -> int:
    """Fill, look at every report often enough, judge, say what it came to."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--members", type=int, default=1_000_000)
    wants.add_argument("--looks", type=int, default=12)
    wants.add_argument("--out", type=Path)
    wanted, console, load = wants.parse_args(), Console(width=110), os.getloadavg()[0]
    with running_ground() as ground:
        asyncio.run(_filled(ground, wanted.members, console))
        with (
            serving_ours(ground, "regulars", wanted.members, "purchases.lua") as served,
            httpx.Client(base_url=served.address, timeout=120) as owner,
        ):
            signed_in(owner, served.address)
            figures = _looked(owner, wanted.looks)
            night_s = asyncio.run(_by_night(ground))
            told = _usual(owner, wanted.looks)
        found = _told(figures, told, wanted.members, wanted.looks)
        found["night_s"] = night_s
        found |= {"machine": machine_of(ground, load), "versions": versions_of(ground)}
        found["settings"] = settings_of(ground)
    if wanted.out:
        results.keep({"P9_reports": found}, wanted.out)
    console.print_json(
        data={
            key: found[key] for key in ("worst_ms", "worst_told_ms", "night_s", "figures", "told")
        }
    )
    return 0 if found["worst_told_ms"] <= GOAL_MS else 1


async def _filled(ground: Ground, members: int, console: Console) -> None:
    await migrate(ground.cluster.owner_dsn)
    program_id = await found_program(ground.cluster.owner_dsn, PROGRAM)
    database = await Database.connect(ground.cluster.app_dsn, size=1)
    try:
        async with database.transaction(program_id) as tx:
            published = load_template(PROGRAM)
            await publish_program(tx, published, effective_from=since(500), by="bench")
        await fill(ground.superuser_dsn("regulars"), members, console, *_MORE)
        async with database.transaction(program_id) as tx:
            await tx.fetch("select set_config('work_mem', '256MB', true)")
            await sum_rows(tx)
    finally:
        await database.close()
    await hire(ground, "regulars", {})


def _looked(owner: httpx.Client, looks: int) -> dict[str, dict[str, float]]:
    figures = {}
    for name in REPORTS:
        # Each look is of other days, as what was just said is said again without being counted.
        for of, store in (("", ""), (" of one store", STORE)):
            if store and name not in OF_A_STORE:
                continue  # the console shows all of the shop, whichever store is asked for
            asked = [_asked(name, store, back) for back in range(looks)]
            _is_asked(owner, *asked[-1])
            figures[f"{name}{of}"] = times(owner, [path for path, *_ in asked], "</html>")
    return figures


def _asked(name: str, store: str, back: int) -> tuple[str, date, str]:
    """The address of a year that ended so many days ago; its last day, and the store."""
    last = datetime.now(UTC).date() - timedelta(days=1 + back)
    said = {"from": f"{last - timedelta(days=364)}", "to": f"{last}", "compare": "previous"}
    query = urlencode(said | ({"store": store} if store else {}))
    return f"/console/reports/{name}?{query}", last, store


def _is_asked(owner: httpx.Client, path: str, last: date, store: str) -> None:
    """Whether a report is of the days and the store that were asked for: the console passes over
    what it does not know, and another report would be measured under this name."""
    page = owner.get(path).text
    assert re.search(rf'<input[^>]*name="to"[^>]*value="{last}"', page), (path, "other days")
    chosen = re.search(r'<option value="([^"]+)" selected', page.partition('name="store"')[2])
    assert (chosen[1] if chosen else "") == store or not store, (path, "another store")


async def _by_night(ground: Ground) -> float:
    """The duty of the night, once; the seconds it took."""
    database = await Database.connect(ground.cluster.app_dsn, size=2)
    try:
        begun = perf_counter()
        await Telling(database, Programs(database)).go(1, datetime.now(UTC))
        return round(perf_counter() - begun, 1)
    finally:
        await database.close()


def _usual(owner: httpx.Client, looks: int) -> dict[str, dict[str, float]]:
    """The usual questions again, after the night: what is told is what an owner sees."""
    return {
        f"{name}{more}": times(owner, [f"/console/reports/{name}{more}"] * looks, "</html>")
        for name in REPORTS
        for more in ("", "?compare=previous")
    }


def _told(
    figures: dict[str, dict[str, float]],
    told: dict[str, dict[str, float]],
    members: int,
    looks: int,
) -> dict[str, Any]:
    worst = max(one["p95_ms"] for one in figures.values())
    if not figures:
        sys.exit("nothing was measured")
    return {
        "what": f"reports of {members:,} members, one look at a time",
        "wanted": f"p95 at most {GOAL_MS} ms",
        "worst_ms": worst,
        "worst_told_ms": (usual := max(one["p95_ms"] for one in told.values())),
        "ratios": {"slowest_usual_report_p95_of_goal": round(usual / GOAL_MS, 3)},
        "figures": figures,
        "told": told,
        "plan": {"members": members, "looks": looks},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


if __name__ == "__main__":
    raise SystemExit(main())
