"""Restore drills in a row: each life ends by a kill at a random moment, and goes on from a backup.

    python -m bench.field.drills.many --drills 30

A shop makes a base backup, sells for a minute or two and is killed, with its disk counted as lost;
what its backup and its archive have is restored elsewhere, and that goes on selling as the next
life. Every life must be right (`regulars verify`), have everything the lives before it had kept,
and lack nothing that was sold more than a minute before the kill. Anything else ends the drills.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bench.field.drills.once import (
    GOAL_LOST_S,
    SHOP,
    Till,
    inside_of,
    open_shop,
    sell,
    settings_in,
)
from regulars.runtime.backup.making import base_backup
from regulars.runtime.backup.restoring import Wanted, restore
from regulars.runtime.backup.shelf import newest_base
from regulars.runtime.embedded import Cluster
from regulars.runtime.embedded.archive import archive_name
from regulars.runtime.serving.programs import Programs, found_program
from regulars.runtime.storage.database import Database, utc_now

LIFE_S = (62.0, 100.0)
"""So long a shop sells after its backup: longer than a minute, so that too much could be lost."""


class Drilled(NamedTuple):
    """What a drill came to."""

    sold: int
    lost: int
    rpo_s: float
    restore_s: float


class Worse(Exception):
    """A drill lost more than it may, or something that was kept before."""


def drills(
    folder: Path,
    count: int,
    chance: random.Random,
    life_s: tuple[float, float] = LIFE_S,
    tell: Callable[[str], None] = lambda said: None,
) -> list[Drilled]:
    """So many lives, one after the other. Raises Worse for one that lost what it may not lose."""
    shelf, found, kept = folder / "backups", [], set[int]()
    settings = settings_in(folder, "life-0", REGULARS_BACKUPS=str(shelf))
    cluster = Cluster(settings).start()
    try:
        asyncio.run(_found(cluster))
        for number in range(1, count + 1):
            till = Till()
            first = number * 1_000_000
            asyncio.run(_live(cluster, shelf, till, first, chance.uniform(*life_s)))
            cluster.kill()
            died, life = utc_now(), archive_name(cluster.place)
            shutil.rmtree(cluster.place.cluster)  # the disk is lost
            begun = time.perf_counter()
            settings = settings_in(folder, f"life-{number}", REGULARS_BACKUPS=str(shelf))
            wanted = Wanted(newest_base(shelf, None, life))
            outcome = restore(settings, wanted, utc_now(), lambda said: None)
            if not outcome.report.right:
                raise Worse(f"life {number}: {outcome.report.as_json().decode()}")
            restored_s = time.perf_counter() - begun
            cluster = Cluster(settings).start()
            inside, *_ = asyncio.run(inside_of(cluster.owner_dsn))
            found.append(
                weighed(till, inside, kept, died.timestamp())._replace(restore_s=restored_s)
            )
            tell(f"{number}: {found[-1]}")
            kept = inside
    finally:
        cluster.destroy()
    return found


def weighed(till: Till, inside: set[int], kept: set[int], died: float) -> Drilled:
    """What was lost of what the tills were told, by what is `inside` again. Raises Worse."""
    if gone := kept - inside:
        raise Worse(f"{len(gone)} sales of lives before are gone")
    lost = [
        at.timestamp()
        for at, receipt in zip(till.at, till.receipts, strict=True)
        if receipt not in inside
    ]
    rpo_s = died - min(lost) if lost else 0.0
    if rpo_s > GOAL_LOST_S:
        raise Worse(f"what was sold in the last {rpo_s:.1f} s is gone: more than {GOAL_LOST_S} s")
    return Drilled(len(till.receipts), len(lost), rpo_s, 0.0)


async def _found(cluster: Cluster) -> None:
    database, _ = await open_shop(cluster)
    database.pool.terminate()


async def _live(cluster: Cluster, shelf: Path, till: Till, first: int, seconds: float) -> None:
    """A base backup while the shop sells, and some sales a second until it is over."""
    database = await Database.connect(cluster.app_dsn, size=1)
    terms = await Programs(database).terms(await found_program(cluster.owner_dsn, SHOP))
    backing = asyncio.to_thread(lambda: asyncio.run(base_backup(cluster, shelf, utc_now)))
    waiting, until, receipt = asyncio.ensure_future(backing), None, first
    while until is None or time.monotonic() < until:
        await sell(database, terms, till, range(receipt, receipt + 1))
        receipt += 1
        if until is None and waiting.done():
            await waiting
            until = time.monotonic() + seconds
        await asyncio.sleep(0.1)
    database.pool.terminate()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--drills", type=int, default=30)
    asked.add_argument("--seed", type=int, default=int(time.time()))
    told = asked.parse_args()
    parent = "/var/tmp" if Path("/var/tmp").is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="regulars-drills-", dir=parent))
    folder.chmod(0o755)
    try:
        found = drills(folder, told.drills, random.Random(told.seed), tell=print)
    except Worse as worse:
        sys.exit(str(worse))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(
        json.dumps(
            {
                "drills": len(found),
                "seed": told.seed,
                "sold": sum(one.sold for one in found),
                "lost": sum(one.lost for one in found),
                "worst_rpo_s": round(max(one.rpo_s for one in found), 1),
                "worst_restore_s": round(max(one.restore_s for one in found), 1),
            }
        )
    )


if __name__ == "__main__":
    main()
