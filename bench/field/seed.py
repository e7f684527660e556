"""Members who joined last year, a million or ten, the same ones in every schema.

COPY in key order fills one table after another; keys of the foreign-key schema are made after
their rows. bench/field/people.py says who the members are.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from itertools import tee

import asyncpg

from bench.field.ground import Ground
from bench.field.people import LOTS, PROGRAM, Seeded, Table, since, tables
from regulars.flows.terms.publish_program import publish_program
from regulars.records.program.templates import load_template
from regulars.runtime.installation.addresses import APP_ROLE, OWNER_ROLE
from regulars.runtime.serving.programs import found_program
from regulars.runtime.storage.database import Database
from regulars.runtime.storage.migrator import migrate

LEAN, FOREIGN_KEYS = "bench_lean", "bench_foreign_keys"
"""Our side and pgbench run on these; the other sides on copies."""
CHUNK = 20_000
"""So many members are written down at a time, fewer where each has many lots: memory holds one."""
LET_GO_S = 20.0
"""So often the log of a large seeding is let go of, where else it is kept for an hour."""
TALLY = """
insert into member_tally (program_id, of_id, change)
select program_id, '00000000-0000-0000-0000-000000000000', count(*) from member
 where state = 'active' group by program_id
"""
"""Copied without triggers, nobody would be counted, and every screen that says how many shows 0."""

Progress = Callable[[str, int], None]
"""Told after each chunk: which table, and how many members are in it."""


def seed(
    ground: Ground, members: int, rich: int = 0, databases: Sequence[str] = (LEAN, FOREIGN_KEYS)
) -> Seeded:
    """Make and fill these databases, side by side; ours must be among them."""
    for database in databases:
        ground.cluster.create_database(database)
    seeded = _seeded(ground, LEAN, (members, rich, LOTS))
    if FOREIGN_KEYS in databases:
        ground.run_files(FOREIGN_KEYS, "foreign_keys.sql")
        ground.run(FOREIGN_KEYS, f"insert into program values (1, '{PROGRAM}')")
    asyncio.run(_fill([ground.superuser_dsn(database) for database in databases], seeded))
    ground.run(LEAN, TALLY)
    return seeded


def grow(
    ground: Ground, database: str, members: int, lots: int, progress: Progress | None = None
) -> Seeded:
    """Make and fill a database of ours in which each member has so many lots, and analyse it.

    Keeps: memory holds one chunk of rows, however many members there are.
    """
    ground.cluster.create_database(database)
    seeded = _seeded(ground, database, (members, members if lots else 0, lots))
    asyncio.run(_grow(ground.superuser_dsn(database), seeded, progress))
    ground.run(database, TALLY)
    # As a shop is that grew: else all of it is cleaned up while the first sales are measured.
    ground.run(database, "vacuum (analyze)")
    return seeded


async def _grow(dsn: str, seeded: Seeded, progress: Progress | None) -> None:
    """Fill it, and let go meanwhile of the log of what was written: it is as large again."""
    letting_go = asyncio.create_task(_let_go(dsn))
    try:
        await _fill([dsn], seeded, progress)
    finally:
        letting_go.cancel()
        with suppress(asyncio.CancelledError):
            await letting_go


async def _let_go(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        while True:
            await asyncio.sleep(LET_GO_S)
            await connection.execute("checkpoint")
    finally:
        connection.terminate()


def _seeded(ground: Ground, database: str, size: tuple[int, int, int]) -> Seeded:
    members, rich, lots = size
    codes = asyncio.run(_publish(ground, database))
    return Seeded(
        members=members,
        rich=min(rich, members),
        credit_counter=next(n for name, n in codes.items() if name.startswith("credit:")),
        limit_counter=next(n for name, n in codes.items() if name.startswith("limit:")),
        today=datetime.now(UTC).date().toordinal(),
        lots=lots,
    )


def finish(ground: Ground, database: str, copies: Sequence[str] = ()) -> None:
    """Keys where they are still missing, statistics so that every side plans with the truth,
    and copies for further sides."""
    if database == FOREIGN_KEYS:
        ground.run_files(database, "foreign_keys_after.sql")
    ground.run(database, "analyze")
    for copy in copies:
        ground.cluster.create_database(copy, database)


async def _publish(ground: Ground, ours: str) -> dict[str, int]:
    """Our tables and the program; answers the small numbers of its counters."""
    owner_dsn = ground.cluster.dsn(OWNER_ROLE, ours)
    await migrate(owner_dsn)
    program_id = await found_program(owner_dsn, PROGRAM)
    assert program_id == 1, program_id
    database = await Database.connect(ground.cluster.dsn(APP_ROLE, ours), size=1)
    try:
        async with database.transaction(program_id) as tx:
            await publish_program(tx, load_template(PROGRAM), effective_from=since(500), by="bench")
            rows = await tx.fetch("select name, code from program_code where kind = 'counter'")
        return {row["name"]: row["code"] for row in rows}
    finally:
        await database.close()


async def _fill(dsns: Sequence[str], seeded: Seeded, progress: Progress | None = None) -> None:
    """Each table's rows are written down once and copied into all databases at once."""
    connections = [await asyncpg.connect(dsn) for dsn in dsns]
    try:
        for table in tables(seeded):
            streams = tee(_chunks(table, seeded, progress), len(connections))
            await asyncio.gather(*map(partial(_copy, table), connections, streams))
    finally:
        for connection in connections:
            await connection.close()


async def _copy(table: Table, connection: asyncpg.Connection, chunks: Iterator[bytes]) -> None:
    async def source() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    async with connection.transaction():
        # Rows of a table emptied in the same transaction are written as vacuum would leave them.
        # Append-only tables refuse to be emptied by trigger, which this setting switches off.
        await connection.execute("set local session_replication_role = replica")
        await connection.execute(f"truncate {table.name}")
        await connection.copy_to_table(
            table.name, source=source(), columns=table.columns.split(), format="text", freeze=True
        )


def _chunks(table: Table, seeded: Seeded, progress: Progress | None) -> Iterator[bytes]:
    chunk = CHUNK * LOTS // max(seeded.lots, LOTS)
    for start in range(1, seeded.members + 1, chunk):
        numbers = range(start, min(start + chunk, seeded.members + 1))
        yield "".join(map(table.row, numbers)).encode()
        if progress is not None:
            progress(table.name, numbers.stop - 1)
