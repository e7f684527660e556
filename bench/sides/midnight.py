"""P7: a great many lots end in one night while the tills go on.

    .venv/bin/python -m bench.sides.midnight --lots 1000000

Members with four lots each that ended at midnight, on a durable PostgreSQL; the night's own duty
lets them lapse, as the worker does, while some tills earn for members at random. The tills are
measured before and during; afterwards nothing may be left that is due, what lapsed must be what
was there, and the books are verified.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console

from bench import audit, results
from bench.field.ground import Ground, running_ground
from bench.field.people import LOT, LOTS
from bench.field.seed import LEAN, finish, seed
from bench.machine import machine_of, settings_of, versions_of
from bench.rounds import Round
from bench.sides.served import Served, serving_ours
from regulars.flows.midnight import expire_lots
from regulars.runtime.installation.addresses import APP_ROLE
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.night import Night

TILLS = 8
GOAL_S, GOAL_RATIO = 60, 2
_ENDED = "update lot set expires_at = date_trunc('day', now())"
_LEFT = "select count(*) from lot where remaining > pinned and expires_at <= now()"
_LAPSED = "select coalesce(sum(amount), 0) from posting where account = 13"


class Told(NamedTuple):
    """The tills before and during, and how long the night took."""

    before: Round
    during: Round
    seconds: float


def main() -> int:
    """Let them lapse, judge the books, say what it came to."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--lots", type=int, default=1_000_000)
    wants.add_argument("--members", type=int, default=0, help="1,000,000, or a quarter of the lots")
    wants.add_argument("--seconds", type=float, default=10)
    wants.add_argument("--out", type=Path)
    wanted, console, load = wants.parse_args(), Console(width=110), os.getloadavg()[0]
    rich = wanted.lots // LOTS
    with running_ground() as ground:
        seeded = seed(ground, wanted.members or max(rich, 1_000_000), rich, databases=(LEAN,))
        ground.run(LEAN, _ENDED)
        ground.run(LEAN, "vacuum lot")
        finish(ground, LEAN)
        with serving_ours(ground, LEAN, seeded.members, "purchases.lua") as tills:
            told = _night(ground, tills, wanted.seconds)
        _judge(ground, rich * LOTS * LOT)
        found = _found(wanted, rich * LOTS, told)
        found |= {"machine": machine_of(ground, load), "versions": versions_of(ground)}
        found["settings"] = settings_of(ground)
    if wanted.out:
        results.keep({"P7": found}, wanted.out)
    console.print_json(data={key: found[key] for key in ("per_second", "ratios", "figures")})
    return 0


def _night(ground: Ground, tills: Served, seconds: float) -> Told:
    before = tills.round(TILLS, 2, seconds)
    with ThreadPoolExecutor(1) as beside:
        begun = time.perf_counter()
        measured = beside.submit(tills.round, TILLS, 1, seconds)
        asyncio.run(_expire(ground))
        return Told(before, measured.result(), time.perf_counter() - begun)


async def _expire(ground: Ground) -> None:
    """The step of the night, as the worker repeats it."""
    database = await Database.connect(ground.cluster.dsn(APP_ROLE, LEAN), size=2)
    try:
        await Night(database, Programs(database)).until_done(1, expire_lots)
    finally:
        await database.close()


def _judge(ground: Ground, points: int) -> None:
    (left,) = ground.rows(LEAN, _LEFT)[0]
    (lapsed,) = ground.rows(LEAN, _LAPSED)[0]
    if left or lapsed != points:
        raise audit.WrongBooks(f"{left} lots are left; {lapsed} points lapsed of {points}")
    audit.audit_sums(ground, LEAN)
    audit.verify_ours(ground, LEAN)


def _found(wanted: argparse.Namespace, lots: int, told: Told) -> dict[str, Any]:
    slower = told.during.p99_ms / told.before.p99_ms
    return {
        "what": f"{lots:,} lots lapse while {TILLS} tills work",
        "wanted": f"1,000,000 lots in under {GOAL_S} s; p99 at most {GOAL_RATIO} × before",
        "per_second": round(lots / told.seconds, 1),
        "ratios": {"earn_p99_during": round(slower, 2)},
        "figures": {
            "seconds": round(told.seconds, 1),
            "seconds_for_a_million": round(told.seconds * 1e6 / lots, 1),
            "before": _round(told.before),
            "during": _round(told.during),
        },
        "plan": {"lots": lots, "tills": TILLS, "seconds": wanted.seconds},
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
