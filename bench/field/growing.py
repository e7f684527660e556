"""Seed a great many members and lots by COPY, with progress, in memory that does not grow.

    .venv/bin/python -m bench.field.growing --members 10000000 --lots 10

A PostgreSQL of its own on the disk of /var/tmp (or `--on FOLDER`) is filled, looked at and removed
again: seconds, rows a second, megabytes on the disk, and the most memory that this program had.
With `--verify` the books are verified as well. A million members with ten lots each take some 5 GB.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console

from bench import audit
from bench.field.ground import Ground, running_ground
from bench.field.seed import LEAN, Progress, grow

MOST_MEMBERS, MOST_LOTS = 10_000_000, 100_000_000
BYTES_OF_A_MEMBER, BYTES_OF_A_LOT = 1_500, 400
"""On the disk with all indexes, generously; asked for before anything is written."""
_SIZE = "select pg_database_size(current_database())"


def main() -> int:
    """Seed, look, say what it came to."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--members", type=int, default=1_000_000)
    wants.add_argument("--lots", type=int, default=10, help="lots of each member")
    wants.add_argument("--on", type=Path, help="a folder on the disk to use")
    wants.add_argument("--verify", action="store_true")
    wanted, console = wants.parse_args(), Console(width=110)
    no = too_much(wanted.members, wanted.lots, wanted.on or Path("/var/tmp"))
    if no:
        console.print(no)
        return 1
    with running_ground(wanted.on) as ground:
        found = _seed(ground, wanted.members, wanted.lots, console)
        if wanted.verify:
            begun = time.perf_counter()
            found["verified"] = audit.verify_ours(ground, LEAN)
            found["verify_s"] = round(time.perf_counter() - begun, 1)
    console.print_json(data=found)
    return 0


def too_much(members: int, lots: int, folder: Path, beside: int = 0) -> str:
    """Why this cannot be seeded there, or nothing; `beside`: members of a smaller shop on it."""
    if members < 1 or members > MOST_MEMBERS or lots < 0 or members * lots > MOST_LOTS:
        return f"between 1 and {MOST_MEMBERS:,} members, and at most {MOST_LOTS:,} lots in all"
    needed, free = needed_bytes(members + beside, lots), shutil.disk_usage(folder).free
    if needed > free:
        return (
            f"{members:,} members with {lots} lots each need some {needed / 1e9:.0f} GB; "
            f"{folder} has {free / 1e9:.0f} GB free. Take fewer, or another disk by --on FOLDER"
        )
    return ""


def needed_bytes(members: int, lots: int) -> int:
    return members * (BYTES_OF_A_MEMBER + lots * BYTES_OF_A_LOT)


def telling(console: Console, members: int) -> Progress:
    """Says about once in two seconds how far a table is."""
    said = [0.0]

    def tell(table: str, done: int) -> None:
        if done >= members or time.monotonic() - said[0] > 2:
            said[0] = time.monotonic()
            console.print(f"{table:>12} {done:12,} of {members:,}")

    return tell


def _seed(ground: Ground, members: int, lots: int, console: Console) -> dict[str, Any]:
    begun = time.perf_counter()
    grow(ground, LEAN, members, lots, telling(console, members))
    seconds = time.perf_counter() - begun
    (size,) = ground.rows(LEAN, _SIZE)[0]
    unit = 1 if sys.platform == "darwin" else 1024
    return {
        "members": members,
        "lots": members * lots,
        "seconds": round(seconds, 1),
        "lots_per_second": round(members * lots / seconds),
        "disk_mb": round(size / 1e6),
        "needed_mb": round(needed_bytes(members, lots) / 1e6),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6),
        "cores": os.cpu_count(),
    }


if __name__ == "__main__":
    raise SystemExit(main())
