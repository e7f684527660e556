"""Measure Regulars beside what its users could pick instead, in one run on one machine.

`make bench` runs every goal, `make bench-earn` the write path alone. Needs wrk (a Debian package)
and about 10 GB of disk while it runs; see bench/README.md.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # run as a file, Python would look in bench/ first and find our profile.py

from rich.console import Console  # noqa: E402

from bench import audit, goals, results  # noqa: E402
from bench.field.ground import Ground, running_ground  # noqa: E402
from bench.field.log_ahead import make_log_ahead  # noqa: E402
from bench.field.seed import LEAN, seed  # noqa: E402
from bench.machine import (  # noqa: E402
    QUIET_LOAD,
    QUIET_OTHERS,
    machine_of,
    settings_of,
    versions_of,
)
from bench.rounds import Plan  # noqa: E402

LOCK, PEERS = ROOT / "bench" / "requirements.lock", ROOT / "bench" / ".venv"
RICH = 100_000
LOG_GB = 3.0
"""More than the rounds of all goals write into PostgreSQL's log."""


def main() -> int:
    """Measure, judge the books, keep and show the result."""
    wanted, console = _wanted(), Console(width=118)
    load_before = os.getloadavg()[0]
    missing = _missing()
    if missing:
        console.print(missing)
        return 1
    _install_peers(console)
    began = time.monotonic()
    with running_ground() as ground:
        try:
            found = _measure(ground, wanted, console)
        except audit.WrongBooks as wrong:
            console.print(f"The books are wrong, so nothing is reported. {wrong}")
            return 1
        told = {
            "machine": machine_of(ground, load_before),
            "versions": versions_of(ground),
            "settings": settings_of(ground),
            "members": wanted.members,
        }
    for goal in found.values():
        noisy = load_before > QUIET_LOAD or goal["others_cores"] > QUIET_OTHERS
        goal.update(told, noisy=noisy)
    results.keep(found, wanted.out)
    results.show(found, console)
    _say_how_quiet(found, load_before, console)
    console.print(f"{time.monotonic() - began:.0f} s; written to {wanted.out}")
    return 0


def _measure(ground: Ground, wanted: argparse.Namespace, console: Console) -> dict[str, Any]:
    began = time.monotonic()
    seeded = seed(ground, wanted.members, RICH if "P2" in wanted.only else 0)
    without = frozenset(wanted.without)
    goals.prepare(ground, wanted.only, without)
    # It also brings what was loaded to the disk, else the first side's commits wait for that.
    make_log_ahead(ground, LOG_GB)
    console.print(f"{wanted.members:,} members on every side in {time.monotonic() - began:.0f} s")
    field, found = goals.Field(ground, seeded, console, without), {}
    for name in wanted.only:
        plan = Plan(goals.GOALS[name].clients, wanted.warm_up, wanted.seconds, wanted.rounds)
        found[name] = goals.reach(field, name, plan)
        console.print(f"{name} measured and judged after {time.monotonic() - began:.0f} s")
    checked = audit.verify_ours(ground, LEAN)
    took = f"{time.monotonic() - began:.0f} s in all"
    console.print(f"Books of every side as acknowledged; regulars verify: {checked}; {took}")
    for goal in found.values():
        goal["verified"] = checked
    return found


def _say_how_quiet(found: dict[str, Any], load_before: float, console: Console) -> None:
    for name, goal in found.items():
        if goal["noisy"]:
            console.print(
                f"{name} is noisy: load {load_before:.2f} before the start (at most {QUIET_LOAD}), "
                f"{goal['others_cores']:.2f} cores used by others (at most {QUIET_OTHERS}). "
                "Do not publish it; run again on a quiet machine."
            )


def _wanted() -> argparse.Namespace:
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--only", nargs="+", choices=sorted(goals.GOALS), default=list(goals.GOALS))
    wants.add_argument("--without", nargs="+", choices=["pgbench_lean"], default=[])
    wants.add_argument("--members", type=int, default=1_000_000)
    wants.add_argument("--seconds", type=float, default=6)
    wants.add_argument("--warm-up", type=float, default=2)
    wants.add_argument("--rounds", type=int, default=5)
    wants.add_argument("--out", type=Path, default=results.LATEST)
    return wants.parse_args()


def _missing() -> str:
    if shutil.which("wrk") is None:
        return "The load generator wrk is not installed. On Debian and Ubuntu: apt install wrk"
    return ""


def _install_peers(console: Console) -> None:
    """What only the FastAPI peer needs, in an environment of its own, pinned with hashes."""
    done = PEERS / ".ready"
    if done.exists() and done.stat().st_mtime >= LOCK.stat().st_mtime:
        return
    console.print("Installing what the FastAPI peer needs into bench/.venv")
    subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
    install = [str(PEERS / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*install, "--require-hashes", "-r", str(LOCK)], check=True)
    done.touch()


if __name__ == "__main__":
    sys.exit(main())
