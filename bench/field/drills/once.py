"""Restore drills: how much is lost when the disk dies, and how long until the shop is back.

    python -m bench.field.drills --postings 1000000

A shop sells while it is backed up; then its database is killed and its disk counts as lost. What
is restored elsewhere, from the base backup and the archive, is compared with what the tills were
told. Measured, never asserted; what is wrong in the books ends the drill.
"""

from __future__ import annotations

import argparse
import asyncio
import bisect
import json
import os
import random
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg

from bench import results
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity
from regulars.flows.membership.join_members import join_members
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.terms.publish_program import publish_program
from regulars.records.members.types import Identifier, JoinMember, MemberRef
from regulars.records.program.templates import load_template
from regulars.runtime.backup.making import base_backup, dump
from regulars.runtime.backup.restoring import Wanted, restore
from regulars.runtime.backup.shelf import Kept, backups_on
from regulars.runtime.embedded import Cluster
from regulars.runtime.installation.settings import Settings, read_settings
from regulars.runtime.serving.programs import Programs, found_program
from regulars.runtime.storage.database import Database, utc_now
from regulars.runtime.storage.migrator import migrate

BATCH = 250
MEMBERS = 5_000
SHOP = "coffee-shop"
POSTINGS_OF_A_SALE = 2
GOAL_S, GOAL_LOST_S = 900, 60
QUIET_S = 70.0
"""How long the shop goes on slowly before its disk dies: longer than a change may wait."""


@dataclass
class Till:
    """What the tills were told: which receipt was acknowledged when."""

    at: list[datetime] = field(default_factory=list)
    receipts: list[int] = field(default_factory=list)

    def heard(self, receipts: range) -> None:
        now = utc_now()
        self.at += [now] * len(receipts)
        self.receipts += receipts


def settings_in(folder: Path, name: str, **more: str) -> Settings:
    home = {"REGULARS_HOME": str(folder / name), "REGULARS_SYSTEM_DIR": str(folder / "system")}
    return read_settings(home | more)


async def open_shop(cluster: Cluster) -> tuple[Database, Terms]:
    await migrate(cluster.owner_dsn)
    program_id = await found_program(cluster.owner_dsn, SHOP)
    database = await Database.connect(cluster.app_dsn, size=2)
    async with database.transaction(program_id) as tx:
        since = utc_now() - timedelta(days=1)
        await publish_program(tx, load_template(SHOP), effective_from=since, by="drill")
    for start in range(0, MEMBERS, BATCH):
        people = [
            JoinMember(identifiers=(Identifier("external", f"d{number}"),))
            for number in range(start, start + BATCH)
        ]
        async with database.transaction(program_id) as tx:
            await join_members(tx, "DE", people)
    return database, await Programs(database).terms(program_id)


def sale(receipt: int) -> RecordActivity:
    member = MemberRef(external=f"d{receipt * 7919 % MEMBERS}")
    return RecordActivity(
        kind="purchase", member=member, source="drill", external_id=str(receipt), amount_minor=450
    )


async def sell(database: Database, terms: Terms, till: Till, receipts: range) -> None:
    """These receipts, a batch at a time; a batch counts as heard once its COMMIT answered."""
    for start in range(receipts.start, receipts.stop, BATCH):
        part = range(start, min(start + BATCH, receipts.stop))
        async with database.transaction(terms.program_id) as tx:
            await _record(tx, terms, part)
        till.heard(part)


async def _record(tx: Tx, terms: Terms, receipts: range) -> None:
    await record_activities(tx, terms, [sale(receipt) for receipt in receipts])


async def sell_slowly(database: Database, terms: Terms, till: Till, first: int) -> int:
    """A few sales a second, for longer than a change may wait; the number after the last."""
    until, receipt = time.monotonic() + QUIET_S, first
    while time.monotonic() < until:
        await sell(database, terms, till, range(receipt, receipt + 1))
        receipt += 1
        await asyncio.sleep(0.25)
    return receipt


async def life(cluster: Cluster, shelf: Path, sales: int, till: Till) -> dict[str, float]:
    """Half of all sales, a base backup while selling, the other half, and a quiet hour."""
    database, terms = await open_shop(cluster)
    begun = time.perf_counter()
    await sell(database, terms, till, range(sales // 2))
    selling = asyncio.ensure_future(sell(database, terms, till, range(sales // 2, sales)))
    timed = time.perf_counter()
    await asyncio.to_thread(lambda: asyncio.run(base_backup(cluster, shelf, utc_now)))
    found = {"base_backup_s": time.perf_counter() - timed}
    await selling
    found["sold_s"] = time.perf_counter() - begun
    timed = time.perf_counter()
    await asyncio.to_thread(lambda: asyncio.run(dump(cluster.owner_dsn, shelf, utc_now)))
    found["dump_s"] = time.perf_counter() - timed
    await sell_slowly(database, terms, till, sales)
    database.pool.terminate()
    return found


def restored(settings: Settings, wanted: Wanted) -> tuple[float, set[int], int, float]:
    """Seconds until the books were back and verified; receipts, postings, megabytes in them."""
    begun = time.perf_counter()
    outcome = restore(settings, wanted, utc_now(), lambda said: None)
    seconds = time.perf_counter() - begun
    if not outcome.report.right:
        sys.exit(f"the restored books are wrong: {outcome.report.as_json().decode()}")
    cluster = Cluster(settings).start()
    try:
        return seconds, *asyncio.run(inside_of(cluster.owner_dsn))
    finally:
        cluster.destroy()


async def inside_of(dsn: str) -> tuple[set[int], int, float]:
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch("select external_id::int as n from activity")
        counts = await connection.fetchrow(
            "select count(*), pg_database_size(current_database())::float8 / 1e6 from posting"
        )
        return {row["n"] for row in rows}, *counts
    finally:
        await connection.close()


def drill(folder: Path, postings: int, seed: int) -> dict[str, float | int | str]:
    shelf, till = folder / "backups", Till()
    settings = settings_in(folder, "shop", REGULARS_BACKUPS=str(shelf))
    cluster = Cluster(settings).start()
    sales = postings // POSTINGS_OF_A_SALE
    found: dict[str, float | int | str] = dict(asyncio.run(life(cluster, shelf, sales, till)))
    cluster.kill()
    died = utc_now()
    shutil.rmtree(cluster.place.cluster)  # the disk is lost
    base, dumped = sorted(backups_on(shelf), key=lambda kept: kept.label.kind)
    print("restoring to the end of the archive …", flush=True)
    seconds, inside, *sizes = restored(settings_in(folder, "last"), Wanted(base))
    lost = [at for at, receipt in zip(till.at, till.receipts, strict=True) if receipt not in inside]
    found |= {
        "postings": sizes[0],
        "megabytes": sizes[1],
        "restore_s": seconds,
        "sales": len(till.receipts),
        "lost": len(lost),
        "rpo_s": (died - min(lost)).total_seconds() if lost else 0.0,
    }
    print("restoring to a random instant …", flush=True)
    found |= _random_instant(folder, base, till, inside, random.Random(seed))
    print("restoring the dump …", flush=True)
    found["restore_dump_s"], *_ = restored(settings_in(folder, "dump"), Wanted(dumped))
    return found


def _random_instant(
    folder: Path, base: Kept, till: Till, kept: set[int], chance: random.Random
) -> dict[str, float | int]:
    """A restore to some instant after the base backup: nothing heard before it may be missing."""
    ended = base.label.ended_at
    last = max(at for at, receipt in zip(till.at, till.receipts, strict=True) if receipt in kept)
    target = ended + (last - ended) * chance.uniform(0.1, 0.9)
    seconds, inside, *_ = restored(settings_in(folder, "instant"), Wanted(base, target))
    due = till.receipts[: bisect.bisect_right(till.at, target)]
    return {
        "restore_instant_s": seconds,
        "instant_missing": len(set(due) - inside),
        "instant_too_many": max(0, len(inside - set(due)) - BATCH),
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--postings", type=int, default=1_000_000)
    asked.add_argument("--seed", type=int, default=int(time.time()))
    asked.add_argument("--out", type=Path)
    told = asked.parse_args()
    parent = "/var/tmp" if Path("/var/tmp").is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="regulars-drill-", dir=parent))
    folder.chmod(0o755)
    try:
        found = drill(folder, told.postings, told.seed)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    found |= {"seed": told.seed, "cores": os.cpu_count() or 0, "load": os.getloadavg()[0]}
    found["at"] = datetime.now(UTC).isoformat(timespec="seconds")
    rounded = {k: round(v, 2) if isinstance(v, float) else v for k, v in found.items()}
    print(json.dumps(rounded, indent=2))
    if told.out:
        wanted = f"a million postings back in at most {GOAL_S} s, at most {GOAL_LOST_S} s lost"
        what = f"a shop with {rounded['postings']:,} postings restored after its disk was lost"
        results.keep({"restore": {"what": what, "wanted": wanted, "figures": rounded}}, told.out)


if __name__ == "__main__":
    main()
