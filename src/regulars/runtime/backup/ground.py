"""Whether books may be restored here: never over others, never beside a running server."""

import fcntl
from pathlib import Path

import asyncpg

from regulars.runtime.backup.own_database import MARKED
from regulars.runtime.embedded.place import folder_of
from regulars.runtime.embedded.unfinished import unfinished
from regulars.runtime.installation.settings import Settings
from regulars.runtime.problems import SetupProblem

MAY_BE_THERE = frozenset({"secrets", "serve.lock", "pg", "metrics", "demo.json"})


def refuse_occupied(settings: Settings) -> None:
    """Refuse a home where a server runs, where books lie, or where anything else is.

    What a restore left that was cut off is no books: the next one clears it away.
    """
    _refuse_running(settings)
    folder = folder_of(settings)
    cluster = folder / "cluster"
    if cluster.exists() and not unfinished(folder):
        raise SetupProblem(
            f"There are books in {cluster} already; nothing was changed.",
            f"Restore beside them: set REGULARS_HOME to an empty folder. To give them up, move "
            f"them away first: `mv {cluster} {cluster}.before`.",
        )
    backups = settings.backups
    other = [
        path.name
        for path in (settings.home.iterdir() if settings.home.exists() else ())
        if path.name not in MAY_BE_THERE and path != backups
    ]
    if other:
        raise SetupProblem(
            f"{settings.home} is not empty: it has {', '.join(sorted(other)[:5])}.",
            "Set REGULARS_HOME to a folder that is empty, or that has only `secrets` in it.",
        )


def has_books(settings: Settings) -> bool:
    """Whether there may be books here to look into: of one's own database nobody knows before."""
    return not settings.embedded or (folder_of(settings) / "cluster").exists()


async def refuse_tables(owner_dsn: str) -> None:
    """Refuse a database of your own that has tables already, but for those of a restore that was
    cut off."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        left = await connection.fetchval(MARKED)
        tables = await connection.fetchval(
            "select count(*) from pg_class where relkind in ('r', 'p') "
            "and relnamespace = 'public'::regnamespace"
        )
    finally:
        await connection.close()
    if tables and not left:
        raise SetupProblem(
            f"The database has {tables} tables already; nothing was changed.",
            "Make an empty one with the same two roles and set REGULARS_DATABASE_URL and "
            "REGULARS_OWNER_DATABASE_URL to it.",
        )


def refuse_base(settings: Settings, kind: str) -> None:
    """Refuse to lay a copy of an embedded cluster into a database of your own."""
    if kind == "base" and not settings.embedded:
        raise SetupProblem(
            "A base backup is of the embedded database; REGULARS_DATABASE_URL names your own.",
            "Go back in time with the tools of your own PostgreSQL, then run `regulars verify` "
            "and `regulars fence`; or restore a dump into an empty database.",
        )


def _refuse_running(settings: Settings) -> None:
    held: Path = settings.home / "serve.lock"
    if not held.exists():
        return
    with held.open("r") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SetupProblem(
                f"Regulars serves {settings.home} ({lock.read().strip()}); nothing was changed.",
                "Stop it first, or set REGULARS_HOME to an empty folder.",
            ) from None
