"""What PostgreSQL alone takes to write what an import booked: the very same rows, copied by a
superuser into the very same tables with all their indexes, with nothing else asked of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import asyncpg
from bench.field.ground import Ground

_BOOKED: Final = """
select c.relname from pg_class c
  join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
 where c.relkind = 'r' and c.relname !~ '^(import|migration)' and c.reltuples > {least}
 order by c.reltuples desc
"""


def made_ready(ground: Ground, name: str, activities: int) -> list[str]:
    """The tables with a row for every tenth activity or more, the largest first: each written to a
    file of its own, and an empty one beside it."""
    folder = _folder(ground)
    folder.mkdir()
    folder.chmod(0o777)  # PostgreSQL may be another user
    ground.run(name, "analyze")
    found = ground.rows(name, _BOOKED.format(least=activities // 10))
    tables = [row["relname"] for row in found]
    for table in tables:
        ground.run(
            name,
            f"copy {table} to '{folder / table}' (format binary)",
            f"create table alone_{table} (like {table} including all)",
        )
    return tables


def written(ground: Ground, name: str, tables: list[str], connections: int) -> None:
    """Write all of it once more, by so many connections at once, each table in a transaction."""
    asyncio.run(_written(ground.superuser_dsn(name), _folder(ground), tables, connections))


async def _written(dsn: str, folder: Path, tables: list[str], connections: int) -> None:
    left = list(reversed(tables))

    async def one_after_the_other() -> None:
        connection = await asyncpg.connect(dsn)
        while left:
            table = left.pop()
            await connection.execute(
                f"copy alone_{table} from '{folder / table}' (format binary)", timeout=3_600
            )
        await connection.close()

    await asyncio.gather(*(one_after_the_other() for _ in range(connections)))


def _folder(ground: Ground) -> Path:
    return ground.folder / "rows"
