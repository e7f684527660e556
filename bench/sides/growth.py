"""P6: what an earn costs when there are ten times as many members and lots.

    .venv/bin/python -m bench.sides.growth --members 100000 1000000 --lots 10

Two shops of ours, a small and a large one, in one PostgreSQL, each under web workers of its own.
They take turns, so a ratio is taken from each pair of rounds; the one that is not asked stands
still. What the workers of each hold in memory is looked at after its last round. The books of both
are verified. By default the large one has ten million lots.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console

from bench import audit, results
from bench.field.ground import Ground, running_ground
from bench.field.growing import needed_bytes, telling, too_much
from bench.field.seed import grow
from bench.machine import QUIET_LOAD, QUIET_OTHERS, Meter, machine_of, settings_of, versions_of
from bench.rounds import Plan, Round, in_turn, ratio
from bench.sides.served import Served, serving_ours

SMALL, LARGE = "bench_small", "bench_large"
GOAL_RATIO, GOAL_MB = 0.8, 250
CLIENTS = 64


class Watching:
    """Says what each round came to, and has the meter run meanwhile."""

    def __init__(self, console: Console) -> None:
        self._console, self.meter = console, Meter()

    def begins(self, side: str) -> None:
        self.meter.begin()

    def ended(self, side: str, measured: Round) -> None:
        self.meter.end(side)
        self._console.print(
            f"P6 {side:>12} {measured.per_second:8,.0f}/s   p50 {measured.p50_ms:6.1f} ms   "
            f"p99 {measured.p99_ms:6.1f} ms   failed {measured.failed}"
        )


def main() -> int:
    """Seed both, measure in turn, judge the books, say what it came to."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--members", type=int, nargs=2, default=[100_000, 1_000_000])
    wants.add_argument("--lots", type=int, default=10, help="lots of each member")
    wants.add_argument("--seconds", type=float, default=6)
    wants.add_argument("--warm-up", type=float, default=2)
    wants.add_argument("--rounds", type=int, default=5)
    wants.add_argument("--buffers", help="memory of PostgreSQL, 13GB; unless told, what ships")
    wants.add_argument("--out", type=Path)
    wants.add_argument("--key", default="P6", help="under which name it is kept there")
    wanted, console, load = wants.parse_args(), Console(width=110), os.getloadavg()[0]
    small, large = sorted(wanted.members)
    no = too_much(large, wanted.lots, Path("/var/tmp"), beside=small)
    if no:
        console.print(no)
        return 1
    plan = Plan(CLIENTS, wanted.warm_up, wanted.seconds, wanted.rounds)
    sizes = {SMALL: small, LARGE: large}
    more = f"shared_buffers = '{wanted.buffers}'\n" if wanted.buffers else ""
    with running_ground(more=more) as ground:
        for database, members in sizes.items():
            begun = time.perf_counter()
            grow(ground, database, members, wanted.lots, telling(console, members))
            console.print(f"{members:,} members in {time.perf_counter() - begun:.0f} s")
        os.sync()
        watching = Watching(console)
        measured, held = _measured(ground, sizes, plan, watching)
        for database in sizes:
            audit.audit_sums(ground, database)
        verified = {database: audit.verify_ours(ground, database) for database in sizes}
        found = found_of(sizes, wanted.lots, plan, (measured, held))
        found |= {"machine": machine_of(ground, load), "versions": versions_of(ground)}
        found |= {"settings": settings_of(ground), "verified": verified}
    for side, rounds in measured.items():
        units = sum(one.acknowledged + one.before for one in rounds)
        found["figures"][side]["cpu_us"] = watching.meter.per_unit(side, units)
    found["noisy"] = load > QUIET_LOAD or watching.meter.others > QUIET_OTHERS
    if wanted.out:
        results.keep({wanted.key: found}, wanted.out)
    console.print_json(data={key: found[key] for key in ("ratios", "memory_mb", "figures")})
    return 0


def _measured(
    ground: Ground, sizes: Mapping[str, int], plan: Plan, watching: Watching
) -> tuple[dict[str, list[Round]], dict[str, list[float]]]:
    with ExitStack() as stack:
        sides: dict[str, Served] = {
            database: stack.enter_context(serving_ours(ground, database, members, "purchases.lua"))
            for database, members in sizes.items()
        }
        measured = in_turn(sides, plan, watching)
        return measured, {database: workers_mb(database) for database in sizes}


def workers_mb(database: str) -> list[float]:
    """What each web worker of this database holds in memory, the largest first."""
    found = []
    for child in psutil.Process().children(recursive=True):
        try:
            address = child.environ().get("REGULARS_DATABASE_URL", "")
            if f"/{database}" in address:
                found.append(round(child.memory_info().rss / 1e6, 1))
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return sorted(found, reverse=True)


def found_of(
    sizes: Mapping[str, int],
    lots: int,
    plan: Plan,
    measured: tuple[Mapping[str, Sequence[Round]], Mapping[str, Sequence[float]]],
) -> dict[str, Any]:
    """The large shop beside the small one."""
    rounds, held = measured
    pair = ratio(rounds[LARGE], rounds[SMALL])
    small, large = (f"{sizes[one]:,} members, {sizes[one] * lots:,} lots" for one in sizes)
    return {
        "what": f"earn over HTTP: {large} beside {small}",
        "wanted": f"at least {GOAL_RATIO} × the small one; at most {GOAL_MB} MB per worker",
        "ratios": {"large_over_small": round(pair.median, 3)},
        "ratio_ranges": {"large_over_small": [round(pair.lowest, 3), round(pair.highest, 3)]},
        "memory_mb": {database: list(each) for database, each in held.items()},
        "figures": results.figures_of(rounds),
        "plan": plan._asdict() | {"members": list(sizes.values()), "lots_each": lots},
        "disk_mb_needed": round(needed_bytes(sum(sizes.values()), lots) / 1e6),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


if __name__ == "__main__":
    raise SystemExit(main())
