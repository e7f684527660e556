"""A million members who joined last year, the same ones in every schema.

Every member has a loyalty number, an opened wallet and a tier: of twenty, sixteen are bronze,
three silver and one gold; who is above bronze has the spending that took them there on one day
200 days ago. COPY in key order fills one table after another; keys of the foreign-key schema are
made after their rows.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

import asyncpg

from bench.ground import Ground
from regulars.flows.publish_program import publish_program
from regulars.records.members.number import check_digit
from regulars.records.program.templates import load_template
from regulars.runtime.addresses import APP_ROLE, OWNER_ROLE
from regulars.runtime.database import Database
from regulars.runtime.migrator import migrate
from regulars.runtime.programs import found_program

PROGRAM = "bench"
LEAN, FOREIGN_KEYS = "bench_lean", "bench_foreign_keys"
"""The loaded databases; rounds run on copies of them."""
CHUNK = 20_000
MEMBER = "01900000-0000-7000-8000-{:012x}"
"""The id of member 1, 2, 3 …, so that every load generator can name members by number."""
MOVE = "01900000-0000-7000-9000-{:012x}"


class Seeded(NamedTuple):
    """What the peers must know of what was loaded."""

    members: int
    credit_counter: int
    limit_counter: int
    today: int
    """The ordinal of the day of loading."""


Row = Callable[[int], str]


class Table(NamedTuple):
    """One table: its columns, and the line of the member with this number ('' for none)."""

    name: str
    columns: Sequence[str]
    row: Row


def seed(ground: Ground, members: int, databases: Sequence[str] = (LEAN, FOREIGN_KEYS)) -> Seeded:
    """Make and fill these databases, side by side; ours must be among them."""
    for database in databases:
        ground.cluster.create_database(database)
    codes = asyncio.run(_publish(ground))
    seeded = Seeded(
        members=members,
        credit_counter=next(n for name, n in codes.items() if name.startswith("credit:")),
        limit_counter=next(n for name, n in codes.items() if name.startswith("limit:")),
        today=datetime.now(UTC).date().toordinal(),
    )
    if FOREIGN_KEYS in databases:
        ground.run_files(FOREIGN_KEYS, "foreign_keys.sql")
        ground.run(FOREIGN_KEYS, f"insert into program values (1, '{PROGRAM}')")
    dsns = [ground.superuser_dsn(database) for database in databases]
    asyncio.run(_fill(dsns, seeded))
    if FOREIGN_KEYS in databases:
        ground.run_files(FOREIGN_KEYS, "foreign_keys_after.sql")
    asyncio.run(_finish(dsns))
    return seeded


async def _publish(ground: Ground) -> dict[str, int]:
    """Our tables and the program; answers the small numbers of its counters."""
    owner_dsn = ground.cluster.dsn(OWNER_ROLE, LEAN)
    await migrate(owner_dsn)
    program_id = await found_program(owner_dsn, PROGRAM)
    assert program_id == 1, program_id
    database = await Database.connect(ground.cluster.dsn(APP_ROLE, LEAN), size=1)
    try:
        async with database.transaction(program_id) as tx:
            await publish_program(
                tx, load_template(PROGRAM), effective_from=_since(500), by="bench"
            )
            rows = await tx.fetch("select name, code from program_code where kind = 'counter'")
        return {row["name"]: row["code"] for row in rows}
    finally:
        await database.close()


async def _fill(dsns: Sequence[str], seeded: Seeded) -> None:
    """Each table's rows are written down once and copied into all databases at once."""
    connections = [await asyncpg.connect(dsn) for dsn in dsns]
    try:
        for table in _tables(seeded):
            chunks = list(_chunks(table.row, seeded.members))
            await asyncio.gather(*(_copy(connection, table, chunks) for connection in connections))
    finally:
        for connection in connections:
            await connection.close()


async def _copy(connection: asyncpg.Connection, table: Table, chunks: Sequence[bytes]) -> None:
    async def source() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    await connection.copy_to_table(
        table.name, source=source(), columns=list(table.columns), format="text"
    )


async def _finish(dsns: Sequence[str]) -> None:
    """Statistics, hint bits and a checkpoint, so that no round pays for the loading."""
    connections = [await asyncpg.connect(dsn) for dsn in dsns]
    try:
        await asyncio.gather(*(one.execute("vacuum (analyze)") for one in connections))
        await connections[0].execute("checkpoint")
    finally:
        for one in connections:
            await one.close()


def _chunks(row: Row, members: int) -> Iterator[bytes]:
    for start in range(1, members + 1, CHUNK):
        numbers = range(start, min(start + CHUNK, members + 1))
        yield "".join(map(row, numbers)).encode()


def _since(days: int) -> datetime:
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(
        days=days
    )


def _tables(seeded: Seeded) -> Iterator[Table]:
    joined, raised, until = (str(_since(days)) for days in (400, 200, -165))
    day = seeded.today - 200
    tier = {0: ("gold", 250_000)} | dict.fromkeys((1, 2, 3), ("silver", 60_000))
    stands = [tier.get(i, ("bronze", 0)) for i in range(20)]
    yield Table(
        "member",
        ("program_id", "member_id", "number", "state", "joined_at", "recorded_at"),
        lambda i: f"1\t{MEMBER.format(i)}\t{number(i)}\tactive\t{joined}\t{joined}\n",
    )
    yield Table(
        "identifier",
        ("program_id", "kind", "value", "member_id", "linked_at"),
        lambda i: f"1\tnumber\t{number(i)}\t{MEMBER.format(i)}\t{joined}\n",
    )
    yield Table(
        "standing",
        ("program_id", "member_id", "version", "tier", "tier_since", "tier_until"),
        lambda i: f"1\t{MEMBER.format(i)}\t1\t{stands[i % 20][0]}\t{raised}\t{until}\n",
    )
    yield Table(
        "tier_move",
        (
            "program_id",
            "member_id",
            "move_id",
            "to_tier",
            "reason",
            "until_at",
            "occurred_at",
            "recorded_at",
        ),
        lambda i: (
            f"1\t{MEMBER.format(i)}\t{MOVE.format(i)}\t{stands[i % 20][0]}\treached\t{until}\t{raised}\t{raised}\n"
        ),
    )
    yield Table(
        "balance",
        ("program_id", "member_id", "wallet"),
        lambda i: f"1\t{MEMBER.format(i)}\t1\n",
    )
    yield Table(
        "counter",
        ("program_id", "member_id", "counter", "period", "value"),
        lambda i: (
            f"1\t{MEMBER.format(i)}\t{seeded.credit_counter}\t{day}\t{stands[i % 20][1]}\n"
            if stands[i % 20][1]
            else ""
        ),
    )


@cache
def _tails(head: str) -> list[str]:
    """The check digits of ten thousand numbers that begin with `head`.

    A check digit depends on the digits before only through one digit, so they are worked out
    once for each of the ten it can be.
    """
    return _tails_after(check_digit(head))


@cache
def _tails_after(interim: str) -> list[str]:
    stand_in = next(str(d) for d in range(10) if check_digit(str(d)) == interim)
    return [check_digit(f"{stand_in}{tail:04d}") for tail in range(10_000)]


def number(i: int) -> str:
    """The loyalty number of the member with this number."""
    head, tail = f"{5_000_000 + i // 10_000}", i % 10_000
    return f"{head}{tail:04d}{_tails(head)[tail]}"
