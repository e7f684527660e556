"""Brings the database's tables up to this release: numbered files, forward only, each whole."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg

from regulars.runtime.problems import SetupProblem
from regulars.runtime.storage.statements import split_statements

FOLDER: Final = Path(__file__).parent.parent.parent / "records" / "migrations"
FILE_NAME: Final = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
# Any fixed number will do; all migrators of one database must use the same.
TURN: Final = 7_246_931
MOST_CROSSINGS: Final = 9
"""So often a step may be ended for a sale that holds what it wants, before it is told."""

BOOKKEEPING: Final = """
CREATE TABLE IF NOT EXISTS schema_migration (
    number     integer PRIMARY KEY,
    name       text NOT NULL,
    sha256     text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the tables' history, and what must be true right after it."""

    number: int
    name: str
    sql: str
    assertions: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """The fingerprint of the file; an applied step never changes again."""
        return hashlib.sha256(self.sql.encode()).hexdigest()

    def __str__(self) -> str:
        return f"{self.number:04d}_{self.name}"


def read_migrations(folder: Path = FOLDER) -> list[Migration]:
    """The steps in a folder, in order; numbers run from 0001 without a gap."""
    steps: list[Migration] = []
    for path in sorted(folder.glob("*.sql")):
        if path.name.endswith(".assert.sql"):
            continue
        parts = FILE_NAME.fullmatch(path.name)
        if parts is None or int(parts[1]) != len(steps) + 1:
            raise SetupProblem(
                f"The migration file {path.name} is out of line.",
                f"The next one is named {len(steps) + 1:04d}_what_it_does.sql.",
            )
        beside = path.with_suffix(".assert.sql")
        checks = split_statements(beside.read_text("utf-8")) if beside.exists() else []
        steps.append(Migration(int(parts[1]), parts[2], path.read_text("utf-8"), tuple(checks)))
    return steps


async def migrate(owner_dsn: str, folder: Path = FOLDER) -> list[Migration]:
    """Take the steps that are missing, one transaction each; two at once do not collide.

    Keeps: after kill -9 a step is there whole or not at all; starting again resumes.
    Refuses: a database of a later release, and steps that changed after they were taken.
    """
    steps = read_migrations(folder)
    connection = await asyncpg.connect(owner_dsn, server_settings={"search_path": "public"})
    try:
        missing = await pending(connection, steps)
        return [step for step in missing if await _in_time(connection, step, steps)]
    finally:
        await connection.close()


async def pending(connection: Any, steps: Sequence[Migration]) -> list[Migration]:
    """The steps this database has not taken yet; raises where its history is not ours."""
    if await connection.fetchval("SELECT to_regclass('public.schema_migration')") is None:
        return list(steps)
    rows = await connection.fetch(
        "SELECT number, name, sha256 FROM schema_migration ORDER BY number"
    )
    for position, row in enumerate(rows):
        if position >= len(steps):
            raise SetupProblem(
                f"The database is newer than this release: it has migration "
                f"{row['number']:04d}_{row['name']}.",
                "Install the release that made it, or a later one. There is no way back down.",
            )
        if (row["number"], row["sha256"]) != (steps[position].number, steps[position].sha256):
            raise SetupProblem(
                f"Migration {steps[position]} is not the one this database was built with.",
                "Restore the file as it was released, and put the change into a new migration.",
            )
    return list(steps[len(rows) :])


async def _in_time(connection: Any, step: Migration, steps: Sequence[Migration]) -> bool:
    """Take one step, again where a sale of an older server wanted the same tables crosswise: the
    database ends one of the two, and a step that is ended was not taken."""
    for _ in range(MOST_CROSSINGS):
        try:
            return await _take(connection, step, steps)
        except asyncpg.DeadlockDetectedError:
            continue
    return await _take(connection, step, steps)


async def _take(connection: Any, step: Migration, steps: Sequence[Migration]) -> bool:
    """Take one step unless somebody else just did; True if it was us."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", TURN)
        await connection.execute(BOOKKEEPING)
        if step not in await pending(connection, steps):
            return False
        # A long transaction elsewhere must not make every till queue up behind this one.
        await connection.execute("SET LOCAL lock_timeout = '30s'")
        mark = await connection.fetchval("SELECT pg_current_xact_id()::text")
        await connection.execute(step.sql)
        if mark != await connection.fetchval("SELECT pg_current_xact_id_if_assigned()::text"):
            raise SetupProblem(
                f"Migration {step} ends its own transaction.",
                "Remove BEGIN, COMMIT and ROLLBACK from the file; the migrator adds them.",
            )
        await _assert_holds(connection, step)
        await connection.execute(
            "INSERT INTO schema_migration (number, name, sha256) VALUES ($1, $2, $3)",
            step.number,
            step.name,
            step.sha256,
        )
    return True


async def _assert_holds(connection: Any, step: Migration) -> None:
    for statement in step.assertions:
        rows = await connection.fetch(statement)
        if rows:
            raise SetupProblem(
                f"Migration {step} was undone: {len(rows)} rows break its promise, "
                f"the first is {dict(rows[0])}. The check: {statement}",
                "Nothing was changed. Correct these rows, then run `regulars migrate` again.",
            )
