"""How long the books take to verify, and whether that grows as they do.

    .venv/bin/python -m bench.sides.verifying --postings 10000000

A shop sells through the flow of the tills until it has a quarter of the postings; its books are
verified; it sells on to all of them, and they are verified again. Beside the time of each is, for
the slowest checks, how much longer four times the books took: 4 is what a check that reads
everything once takes, 16 is one that compares everything with everything. Wrong books end the
run. Selling ten million postings takes most of an hour; verifying them is what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console

from bench import results
from bench.field.drills.once import POSTINGS_OF_A_SALE, Till, open_shop, sell
from bench.field.ground import Ground, running_ground
from bench.machine import machine_of, settings_of, versions_of
from regulars.insight.verify.report import Report
from regulars.runtime.checking.books import verify_books

GOAL_S = 300
PART = 4
"""The first look is at so many times fewer."""
SHOWN = 12
_POSTINGS = "select count(*) from posting"


class Look(NamedTuple):
    """One verification: how many postings there were, and what it took."""

    postings: int
    seconds: float
    checks: dict[str, float]


def main() -> int:
    """Sell, verify, sell on, verify, and say how it grew."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--postings", type=int, default=10_000_000)
    wants.add_argument("--out", type=Path)
    wanted, console, load = wants.parse_args(), Console(width=110), os.getloadavg()[0]
    with running_ground() as ground:
        looks = asyncio.run(_looks(ground, wanted.postings, console))
        found = found_of(looks, wanted.postings)
        found |= {"machine": machine_of(ground, load), "versions": versions_of(ground)}
        found["settings"] = settings_of(ground)
    if wanted.out:
        results.keep({"verify": found}, wanted.out)
    console.print_json(data={key: found[key] for key in ("seconds", "ratios", "figures")})
    return 0


async def _looks(ground: Ground, postings: int, console: Console) -> list[Look]:
    database, terms = await open_shop(ground.cluster)
    looks, sold = [], 0
    try:
        for upto in (postings // PART, postings):
            sales = upto // POSTINGS_OF_A_SALE
            begun = time.perf_counter()
            await sell(database, terms, Till(), range(sold, sales))
            took = time.perf_counter() - begun
            console.print(f"{sales - sold:,} sales in {took:.0f} s; now they are verified")
            sold = sales
            await asyncio.to_thread(ground.run, "regulars", "vacuum analyze")
            looks.append(await _look(ground))
    finally:
        await database.close()
    return looks


async def _look(ground: Ground) -> Look:
    report = await verify_books(ground.cluster.owner_dsn)
    if not report.right:
        sys.exit(f"the books are wrong: {report.as_json().decode()}")
    (postings,) = (await asyncio.to_thread(ground.rows, "regulars", _POSTINGS))[0]
    return look_of(report, postings)


def look_of(report: Report, postings: int) -> Look:
    """What a report says about time."""
    return Look(postings, report.seconds, {one.check: one.seconds for one in report.findings})


def found_of(looks: Sequence[Look], postings: int) -> dict[str, Any]:
    """The last look beside the first: in all, and the checks that took longest."""
    first, last = looks
    slowest = sorted(last.checks, key=lambda name: -last.checks[name])[:SHOWN]
    return {
        "what": f"regulars verify over {last.postings:,} postings",
        "wanted": f"10,000,000 postings in at most {GOAL_S} s",
        "seconds": last.seconds,
        "ratios": {
            "times_the_books": round(last.postings / first.postings, 2),
            "times_as_long": round(last.seconds / max(first.seconds, 0.001), 2),
        },
        "figures": {
            "seconds_for_ten_millions": round(last.seconds * 1e7 / last.postings, 1),
            "slowest": {
                name: {
                    "seconds": last.checks[name],
                    "times_as_long": round(
                        last.checks[name] / max(first.checks.get(name, 0.0), 0.001), 2
                    ),
                }
                for name in slowest
            },
        },
        "plan": {"postings": postings},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


if __name__ == "__main__":
    raise SystemExit(main())
