"""An upgrade in use: every migration since the first, on many members, while a till goes on.

    python -m bench.field.drills.upgrading --members 200000

The books of the first release (tests/upgrades) are multiplied and take one migration after the
other. Meanwhile a till takes the locks of a sale every few milliseconds, in the tables a sale
writes, and gives them back at once. Told is how long it waited at most, by migration. Measured,
never asserted. The copies are rows to be gone through and no books: that those are right behind the
migrations is for tests/upgrades.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import asyncpg

from bench import results
from bench.field.ground import Ground, running_ground
from regulars.runtime.installation.addresses import OWNER_ROLE
from regulars.runtime.storage.migrator import Migration, migrate, read_migrations

DUMP: Final = Path(__file__).parents[3] / "tests/upgrades/dumps/0001_ground.dump"
DATABASE: Final = "upgraded"
A_SALE: Final = (
    "once", "activity", "trail", "entry", "posting", "lot", "lot_move", "balance", "standing",
    "counter", "outbox", "member", "identifier",
)  # fmt: skip
"""What a sale of a newcomer writes to; all of it was there from the first release on."""
GROWN: Final = ("member", "identifier", "standing", "balance", "counter", "activity", "trail",
                "entry", "posting", "lot", "lot_move", "outbox", "once", "tier_move")  # fmt: skip
PAUSE_S: Final = 0.002
_COLUMNS = """
select a.attname as name, format_type(a.atttypid, null) as type
  from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped
 order by a.attnum
"""
_APART: Final = {"value", "number", "external_id"}
"""Words that may be there once only."""


@dataclass
class Till:
    """What somebody at a till waited: how often it was served, and how long at most since asked."""

    served: int = 0
    again: int = 0
    longest_s: float = 0.0
    over: bool = False
    by_step: dict[str, float] = field(default_factory=dict)

    async def sells(self, dsn: str) -> None:
        connection = await asyncpg.connect(dsn)
        locks = f"lock table {', '.join(A_SALE)} in row exclusive mode"
        try:
            while not self.over:
                begun = perf_counter()
                while not await self._served(connection, locks):
                    self.again += 1
                self.longest_s = max(self.longest_s, perf_counter() - begun)
                self.served += 1
                await asyncio.sleep(PAUSE_S)
        finally:
            await connection.close()

    async def _served(self, connection: Any, locks: str) -> bool:
        try:
            async with connection.transaction():
                await connection.execute(locks)
        except asyncpg.DeadlockDetectedError:
            return False  # as a sale, which is then taken once more
        return True

    def step(self, name: str) -> None:
        """Note what was waited during a step, and begin anew."""
        self.by_step[name], self.longest_s = self.longest_s, 0.0


def load(ground: Ground) -> None:
    """The books as the first release left them."""
    ground.cluster.create_database(DATABASE)
    command = [ground.program("pg_restore"), "--exit-on-error", "--dbname"]
    dsn = ground.superuser_dsn(DATABASE)
    subprocess.run([*command, dsn], input=DUMP.read_bytes(), check=True)


async def multiply(dsn: str, members: int) -> int:
    """Copies of everybody with all they ever did, under ids and names of their own."""
    connection = await asyncpg.connect(dsn)
    try:
        there = await connection.fetchval("select count(*) from member")
        times = max(members // there, 1)
        async with connection.transaction():
            await connection.execute("set local session_replication_role = replica")
            for table in GROWN:
                columns = await connection.fetch(_COLUMNS, table)
                told = ", ".join(_copied(row["name"], row["type"]) for row in columns)
                names = ", ".join(row["name"] for row in columns)
                await connection.execute(
                    f"insert into {table} ({names}) select {told} from {table} t, "
                    f"generate_series(1, {times}) as k"
                )
        await connection.execute("analyze")
        return int(await connection.fetchval("select count(*) from member"))
    finally:
        await connection.close()


def _copied(name: str, type_: str) -> str:
    if type_ == "uuid":
        return f"case when t.{name} is not null then md5(t.{name}::text || k)::uuid end"
    if name in _APART and type_ == "text":
        return f"case when t.{name} = '' then '' else t.{name} || '-' || k end"
    return f"t.{name}"


async def upgrade(dsn: str, steps: list[Migration], till: Till, folder: Path) -> float:
    """Every step by itself, while somebody sells; how long all of it took."""
    selling = asyncio.ensure_future(till.sells(dsn))
    begun = perf_counter()
    for number, step in enumerate(steps, 1):
        so_far = folder / "steps"
        so_far.mkdir(exist_ok=True)
        (so_far / f"{step}.sql").write_text(step.sql, "utf-8")
        if step.assertions:
            (so_far / f"{step}.assert.sql").write_text(";\n".join(step.assertions), "utf-8")
        if number > 1:
            await migrate(dsn, so_far)
            await asyncio.sleep(10 * PAUSE_S)
            till.step(str(step))
    took = perf_counter() - begun
    till.over = True
    await selling
    return took


def measured(ground: Ground, wanted: int) -> dict[str, Any]:
    load(ground)
    owner, till = ground.cluster.dsn(OWNER_ROLE, DATABASE), Till()
    members = asyncio.run(multiply(ground.superuser_dsn(DATABASE), wanted))
    deeds = ground.rows(DATABASE, "select count(*) as n from activity")[0]["n"]
    took = asyncio.run(upgrade(owner, read_migrations(), till, ground.folder))
    slowest = sorted(till.by_step.items(), key=lambda one: -one[1])[:5]
    return {
        "members": members,
        "activities": deeds,
        "migrations": len(till.by_step),
        "took_s": round(took, 2),
        "longest_wait_s": round(slowest[0][1], 3),
        "waited_over_100_ms": sum(one > 0.1 for one in till.by_step.values()),
        "slowest": {name: round(seconds, 3) for name, seconds in slowest},
        "served": till.served,
        "served_again": till.again,
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--members", type=int, default=200_000)
    asked.add_argument("--out", type=Path)
    told = asked.parse_args()
    with running_ground() as ground:
        found = measured(ground, told.members)
    found |= {"cores": os.cpu_count() or 0, "load": round(os.getloadavg()[0], 2)}
    print(json.dumps(found, indent=2))
    if told.out:
        what = f"every migration on {found['members']:,} members while a till goes on"
        wanted = "told, and no goal: how long a till waits at most"
        results.keep({"upgrade": {"what": what, "wanted": wanted, "figures": found}}, told.out)


if __name__ == "__main__":
    main()
