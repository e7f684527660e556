"""P4: history brought over in bulk, beside the same lines one by one through the same flow.

    .venv/bin/python -m bench.sides.importing --members 20000 --activities 200000

Files of a made-up shop (two years, program `bench`: eight rules, three tiers, a cap, points that
lapse) are read, checked, staged and booked by `regulars import`, on a durable PostgreSQL. Beside it
the activities of some of the members, about `--sample`, are booked one per transaction, as a script
that calls the flow would. Both books are verified, and these members must have earned the same
points.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import msgspec
import psutil
from rich.console import Console

from bench import audit, results
from bench.field.ground import Ground, running_ground
from bench.field.history import member_id, write_files
from bench.machine import machine_of, settings_of, versions_of
from bench.peers.alone import made_ready, written
from regulars.flows.commands import History, RecordActivity
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.terms.publish_program import publish_program
from regulars.records.program.templates import load_template
from regulars.runtime.importing.asking import Wanted, find_mapping, find_sources
from regulars.runtime.importing.run import Outcome, run_import
from regulars.runtime.installation.addresses import APP_ROLE, OWNER_ROLE, Addresses
from regulars.runtime.serving.programs import Programs, found_program
from regulars.runtime.storage.database import Database
from regulars.runtime.storage.migrator import migrate
from regulars.surfaces.connect.moving.lines import Source, read_file
from regulars.surfaces.connect.moving.place import Place

PROGRAM, GOAL = "bench", 20_000
_POINTS = """
select coalesce(sum(-amount), 0)::bigint from posting where account = 11 and member_id < $1::uuid
"""


class Spent(NamedTuple):
    """Seconds by the clock, and of processors: ours and the database's."""

    wall: float
    ours: float
    database: float


class Stages:
    """Notes what each stage of the import took."""

    def __init__(self, ground: Ground) -> None:
        self._ground, self._stage, self._begun = ground, "", spent(ground)
        self.took: dict[str, Spent] = {}

    def begins(self, stage: str, total: int) -> None:
        now = spent(self._ground)
        if self._stage:
            self.took[self._stage] = Spent(*(a - b for a, b in zip(now, self._begun, strict=True)))
        self._stage, self._begun = stage, now

    def advances(self, by: int) -> None:
        """Nothing is shown meanwhile."""


def spent(ground: Ground) -> Spent:
    """What was spent so far."""
    own = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    postmaster = int(next(ground.folder.rglob("postmaster.pid")).read_text().split()[0])
    server = psutil.Process(postmaster)
    times = server.cpu_times()
    database = times.user + times.system + times.children_user + times.children_system
    for each in server.children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it ended meanwhile: its parent has its times
            used = each.cpu_times()
            database += used.user + used.system
    return Spent(time.perf_counter(), sum(o.ru_utime + o.ru_stime for o in own), database)


def main() -> int:
    """Measure both ways, judge the books, say what it came to."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--members", type=int, default=20_000)
    wants.add_argument("--activities", type=int, default=200_000)
    wants.add_argument("--sample", type=int, default=2_000)
    wants.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    wants.add_argument("--out", type=Path)
    wanted, console, load = wants.parse_args(), Console(width=110), os.getloadavg()[0]
    with running_ground() as ground:
        write_files(ground.folder / "files", wanted.members, wanted.activities, datetime.now(UTC))
        found = _measure(ground, wanted)
        found["machine"] = machine_of(ground, load)
        found |= {"versions": versions_of(ground), "settings": settings_of(ground)}
    if wanted.out:
        results.keep({"P4": found}, wanted.out)
    console.print_json(data={key: found[key] for key in ("per_second", "ratios", "figures")})
    return 0


def _measure(ground: Ground, wanted: argparse.Namespace) -> dict[str, Any]:
    bulk, slow = "bench_bulk", "bench_one_by_one"
    for name in (bulk, slow):
        _open(ground, name)
    stages, outcome = _bulk(ground, bulk, wanted)
    alone = _alone(ground, bulk, wanted)
    single, singles = asyncio.run(_one_by_one(ground, slow, wanted))
    for name in (bulk, slow):
        audit.audit_sums(ground, name)
        audit.verify_ours(ground, name)
    below = UUID(member_id(_some(wanted)))
    points = [asyncio.run(_points(ground, name, below)) for name in (bulk, slow)]
    if points[0] != points[1]:
        raise audit.WrongBooks(f"in bulk {points[0]} points, one by one {points[1]}")
    return _told(wanted, (stages, outcome), (_per(single, singles), alone))


def _told(
    wanted: argparse.Namespace,
    bulk: tuple[Stages, Outcome],
    beside: tuple[dict[str, float], dict[str, float]],
) -> dict[str, Any]:
    (stages, outcome), (single, alone) = bulk, beside
    if outcome.taken != wanted.members + wanted.activities:
        raise audit.WrongBooks(f"{outcome.taken} lines were taken, {outcome.left_out} were not")
    booked = stages.took["Activities are booked"]
    reading = [
        took for stage, took in stages.took.items() if stage.startswith(("Look", "Read", "Lines"))
    ]
    read = Spent(*(sum(part) for part in zip(*reading, strict=True)))
    figures = {
        "booking": _per(booked, wanted.activities),
        "reading_and_staging": _per(read, wanted.activities),
        "one_by_one": single,
        "database_alone": alone,
    }
    whole = wanted.activities / (booked.wall + read.wall)
    return {
        "what": "history in bulk with rules, ledger and tiers",
        "wanted": f"{GOAL} activities/s",
        "per_second": round(whole, 1),
        "ratios": {
            "one_by_one": round(figures["booking"]["per_second"] / figures["one_by_one"]["per_second"], 2),
            "one_by_one_cpu": round(figures["one_by_one"]["cpu_us"] / figures["booking"]["cpu_us"], 2),
            "of_database_alone": round(whole / alone["per_second"], 2),
        },
        "figures": figures,
        "plan": {"members": wanted.members, "activities": wanted.activities},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }  # fmt: skip


def _per(took: Spent, lines: int) -> dict[str, float]:
    return {
        "per_second": round(lines / took.wall, 1),
        "cpu_us": round((took.ours + took.database) / lines * 1e6, 1),
        "ours_us": round(took.ours / lines * 1e6, 1),
        "database_us": round(took.database / lines * 1e6, 1),
    }


def _open(ground: Ground, name: str) -> None:
    ground.cluster.create_database(name)
    asyncio.run(_publish(ground.cluster.dsn(OWNER_ROLE, name), ground.cluster.dsn(APP_ROLE, name)))


async def _publish(owner: str, app: str) -> None:
    await migrate(owner)
    program_id = await found_program(owner, PROGRAM)
    database = await Database.connect(app, size=1)
    async with database.transaction(program_id) as tx:
        long_ago = datetime.now(UTC) - timedelta(days=4_000)
        await publish_program(tx, load_template("bench"), effective_from=long_ago, by="bench")
    await database.close()


def _bring(ground: Ground, name: str, files: Sequence[str], workers: int) -> tuple[Stages, Outcome]:
    mapping, text = find_mapping("")
    sources = find_sources([str(ground.folder / "files" / file) for file in files], mapping)
    slips = ground.folder / "slips.csv"
    wanted = Wanted(PROGRAM, sources, mapping, text, workers=workers, slips=slips)
    owner, app = (ground.cluster.dsn(role, name) for role in (OWNER_ROLE, APP_ROLE))
    stages = Stages(ground)
    outcome = asyncio.run(run_import(Addresses(owner=owner, app=app), wanted, stages))
    stages.begins("end", 0)
    return stages, outcome


def _bulk(ground: Ground, name: str, wanted: argparse.Namespace) -> tuple[Stages, Outcome]:
    return _bring(ground, name, ("members.csv", "activities.csv"), wanted.workers)


async def _one_by_one(ground: Ground, name: str, wanted: argparse.Namespace) -> tuple[Spent, int]:
    """The members in bulk, then each activity of the sample in a transaction of its own."""
    await asyncio.to_thread(_bring, ground, name, ("members.csv",), wanted.workers)
    commands = _sample(ground, _some(wanted))
    database = await Database.connect(ground.cluster.dsn(APP_ROLE, name), size=1)
    programs = Programs(database)
    async with database.transaction(1) as tx:
        (row,) = await tx.fetch("select import_id from import where program_id = 1")
    terms, history = await programs.terms(1), History(row["import_id"])
    before = spent(ground)
    for command in commands:
        async with database.transaction(1) as tx:
            await record_activities(tx, terms, [command], history)
    took = Spent(*(a - b for a, b in zip(spent(ground), before, strict=True)))
    await database.close()
    return took, len(commands)


def _alone(ground: Ground, name: str, wanted: argparse.Namespace) -> dict[str, float]:
    """What PostgreSQL takes to write the same rows, copied by as many connections as there are
    programs that book."""
    tables = made_ready(ground, name, wanted.activities)
    before = spent(ground)
    written(ground, name, tables, wanted.workers)
    took = Spent(*(a - b for a, b in zip(spent(ground), before, strict=True)))
    ground.run(name, *(f"drop table alone_{table}" for table in tables))
    return _per(took, wanted.activities)


def _some(wanted: argparse.Namespace) -> int:
    """So many members have about as many activities as the sample is to have."""
    return max(wanted.members * wanted.sample // wanted.activities, 1)


def _sample(ground: Ground, members: int) -> list[RecordActivity]:
    mapping, _ = find_mapping("")
    place = Place({"points": 0}, (), "EUR", 2, "Europe/Berlin", "DE", datetime.now(UTC))
    source = Source(ground.folder / "files" / "activities.csv", "activities", 0)
    lines = [line for chunk in read_file(source, mapping, place) for line in chunk.lines]
    theirs = [line for line in lines if UUID(line.ref_value) < UUID(member_id(members))]
    theirs.sort(key=lambda line: (line.at, line.line))
    return [msgspec.msgpack.decode(line.packed, type=RecordActivity) for line in theirs]


async def _points(ground: Ground, name: str, below: UUID) -> int:
    connection = await asyncpg.connect(ground.cluster.dsn(OWNER_ROLE, name))
    try:
        return int(await connection.fetchval(_POINTS, below))
    finally:
        await connection.close()


if __name__ == "__main__":
    raise SystemExit(main())
