"""How long it takes until all of a large audience have their message waiting, while tills sell.

    .venv/bin/python -m bench.field.queueing --members 1000000

All members are in one segment; a campaign to it is queued by the worker's own step, portion by
portion, while `wrk` buys as in P1. The tills are measured alone, meanwhile, and alone again.
Afterwards each member has exactly one message, and the books are verified.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any, Final, NamedTuple

from rich.console import Console

from bench import audit, results
from bench.field.ground import Ground, running_ground
from bench.field.seed import LEAN, finish, seed
from bench.machine import machine_of, settings_of, versions_of
from bench.rounds import Round
from bench.sides.served import Served, serving_ours
from regulars.runtime.installation.addresses import APP_ROLE
from regulars.runtime.storage.database import Database
from regulars.runtime.working.letters.campaigns import queue_portion

TILLS: Final = 64
GOAL_S, GOAL_SHARE = 60, 0.9
_ID: Final = "'018f3c5e-7a1b-7cde-8f00-000000000001'::uuid"
_FILLS: Final = (
    f"""
    insert into segment (program_id, segment_id, code, name, kind, version, saved, made_at,
                         made_by, changed_at, filled)
    values (1, {_ID}, 'all', 'All', 'list', 1, 1, now(), 'bench', now(), 1)
    """,
    f"""
    insert into segment_member (program_id, segment_id, member_id, since)
    select program_id, {_ID}, member_id, now() from member where state = 'active'
    """,
    f"""
    insert into campaign (program_id, campaign_id, code, name, segment_id, channel, says,
                          held_percent, local, state, version, made_at, made_by, changed_at,
                          changed_by, audience, approved_at, approved_by)
    select 1, {_ID}, 'spring', 'Spring', {_ID}, 'email',
           '{{"en": {{"text": "Hi", "about": "Hi"}}}}', 5, false, 'approved', 1, now(), 'mia',
           now(), 'mia', count(*), now(), 'otto'
      from segment_member
    """,
    "vacuum analyze segment_member",
)
_QUEUED: Final = "select count(*), count(distinct member_id) from campaign_message"
_MEANT: Final = "select count(*) from segment_member"


class Told(NamedTuple):
    """The tills alone and meanwhile, how long it took, and how many were queued."""

    alone: list[Round]
    during: list[Round]
    seconds: float
    members: int


def main() -> int:
    """Queue them, judge the books, say what it came to."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--members", type=int, default=1_000_000)
    wants.add_argument("--seconds", type=float, default=10)
    wants.add_argument("--out", type=Path)
    wanted, console, load = wants.parse_args(), Console(width=110), os.getloadavg()[0]
    with running_ground() as ground:
        seeded = seed(ground, wanted.members, 0, databases=(LEAN,))
        for statement in _FILLS:
            ground.run(LEAN, statement)
        finish(ground, LEAN)
        os.sync()
        with serving_ours(ground, LEAN, seeded.members, "purchases.lua") as tills:
            told = _told(ground, tills, wanted.seconds)
        audit.audit_sums(ground, LEAN)
        audit.verify_ours(ground, LEAN)
        found = _found(wanted, told)
        found |= {"machine": machine_of(ground, load), "versions": versions_of(ground)}
        found["settings"] = settings_of(ground)
    if wanted.out:
        results.keep({"queueing": found}, wanted.out)
    console.print_json(data={key: found[key] for key in ("per_second", "ratios", "figures")})
    return 0


def _told(ground: Ground, tills: Served, seconds: float) -> Told:
    """Tills alone, then beside all of the queueing, then alone again: a machine that is not always
    as quick tells on both."""
    alone, during = [tills.round(TILLS, 2, seconds)], list[Round]()
    with ThreadPoolExecutor(1) as beside:
        begun = time.perf_counter()
        queued = beside.submit(lambda: asyncio.run(_queue(ground)) or time.perf_counter())
        while not queued.done():
            during.append(tills.round(TILLS, 0, seconds))
        took = queued.result() - begun
    if took < seconds * len(during) - seconds / 2:
        during.pop()  # most of it was after the last was queued
    alone.append(tills.round(TILLS, 0, seconds))
    (rows, members), (meant,) = ground.rows(LEAN, _QUEUED)[0], ground.rows(LEAN, _MEANT)[0]
    if not rows == members == meant:
        raise audit.WrongBooks(f"{rows} messages of {members} members; {meant} are in the segment")
    return Told(alone, during, took, members)


async def _queue(ground: Ground) -> None:
    """The step of the worker, until everybody has their row."""
    database = await Database.connect(ground.cluster.dsn(APP_ROLE, LEAN), size=1)
    sending = "select count(*) as many from campaign where state = 'sending'"
    try:
        over = 0
        while not over:
            await queue_portion(database, 1)
            async with database.transaction(1) as tx:
                over = (await tx.fetch(sending))[0]["many"]
    finally:
        await database.close()


def _found(wanted: argparse.Namespace, told: Told) -> dict[str, Any]:
    alone, during = (fmean(one.per_second for one in some) for some in (told.alone, told.during))
    return {
        "what": f"{told.members:,} members are queued while {TILLS} tills work",
        "wanted": f"1,000,000 in at most {GOAL_S} s; tills at least {GOAL_SHARE} × before",
        "per_second": round(told.members / told.seconds, 1),
        "ratios": {"earn_during": round(during / alone, 3)},
        "figures": {
            "seconds": round(told.seconds, 2),
            "seconds_for_a_million": round(told.seconds * 1e6 / told.members, 1),
            "alone": [_round(one) for one in told.alone],
            "during": [_round(one) for one in told.during],
        },
        "plan": {"members": wanted.members, "tills": TILLS, "seconds": wanted.seconds},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _round(measured: Round) -> dict[str, float]:
    return {
        "per_second": round(measured.per_second, 1),
        "p50_ms": round(measured.p50_ms, 2),
        "p99_ms": round(measured.p99_ms, 2),
        "failed": measured.failed,
    }


if __name__ == "__main__":
    raise SystemExit(main())
