"""Makes backups: a base backup that the archive continues, or a dump of the tables."""

import asyncio
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg
import msgspec

import regulars
from regulars.runtime.backup.label import Label, describe, write_label
from regulars.runtime.backup.own_database import MARK, refuse_marked
from regulars.runtime.backup.shelf import LIFE, Kept, place_on
from regulars.runtime.embedded.archive import archive_name
from regulars.runtime.embedded.cluster import SUPERUSER, Cluster
from regulars.runtime.embedded.place import prepare_place
from regulars.runtime.embedded.wheel import find_programs
from regulars.runtime.installation.running import database_running
from regulars.runtime.installation.settings import Settings
from regulars.runtime.problems import SetupProblem

Clock = Callable[[], datetime]
DUMP = "regulars.dump"


async def base_backup(cluster: Cluster, shelf: Path, clock: Clock) -> Kept:
    """A copy of the whole embedded database while it runs, good from the instant it ended.

    Keeps: what the copy needs of the log lies in it, so it is whole without the archive too.
    """
    begun_at = clock()
    with place_on(shelf, "base", begun_at) as (draft, final):
        command = [cluster.place.programs["pg_basebackup"], "--pgdata", str(draft)]
        command += ["--host", str(cluster.place.sockets), "--username", SUPERUSER, "--no-password"]
        command += ["--format=tar", "--compress=client-gzip:1", "--wal-method=stream"]
        command += ["--checkpoint=fast", "--manifest-checksums=SHA256"]
        run(command, "The base backup could not be made")
        _close_to_others(draft)
        label = await _label(archive_name(cluster.place), cluster.dsn(SUPERUSER), begun_at, clock)
        label = msgspec.structs.replace(label, life=archive_name(cluster.place))
        label = _with_files(label, draft)
        write_label(draft, label)
    return Kept(final, label)


async def dump(dsn: str, shelf: Path, clock: Clock, life: str = "") -> Kept:
    """All tables of one instant in a form that other releases of PostgreSQL can load.

    `life`: of which installation it is; that of a database of one's own is asked of it.
    Refuses: a database into which a restore goes on, or was cut off.
    """
    await refuse_marked(dsn)
    begun_at = clock()
    where, environment = address_of(dsn)
    with place_on(shelf, "dump", begun_at) as (draft, final):
        command = [find_programs()["pg_dump"], "--dbname", where, "--no-password"]
        command += ["--format=custom", "--compress=gzip:1", "--file", str(draft / DUMP)]
        # Our owner sees all rows by a policy, so nothing is left out; PostgreSQL wants to be asked.
        command += ["--enable-row-security", f"--exclude-table={MARK}"]
        run(command, "The dump could not be made", environment)
        _close_to_others(draft)
        label = _with_files(await _label("", dsn, begun_at, clock), draft)
        label = msgspec.structs.replace(label, life=life or await _life(dsn))
        write_label(draft, label)
    return Kept(final, label)


def address_of(dsn: str) -> tuple[str, dict[str, str]]:
    """An address without its password, and the environment that holds it: arguments are seen."""
    parts = urlsplit(dsn)
    if parts.password is None:
        return dsn, {}
    netloc = parts.netloc.replace(f":{parts.password}@", "@", 1)
    return parts._replace(netloc=netloc).geturl(), {"PGPASSWORD": unquote(parts.password)}


def run(command: Sequence[str], trouble: str, more: Mapping[str, str] | None = None) -> str:
    """What one PostgreSQL program says when all goes well; refuses with its words if not."""
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", **(more or {})}
    done = subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"it ended with status {done.returncode}"]
        said = next((line for line in lines if "error:" in line), lines[-1])
        raise SetupProblem(
            f"{trouble}: {said}",
            "See that there is room and that the database runs; nothing half-made was left.",
        )
    return done.stdout


def _with_files(label: Label, folder: Path) -> Label:
    return msgspec.structs.replace(label, files=describe(folder))


async def _label(archive: str, dsn: str, begun_at: datetime, clock: Clock) -> Label:
    connection = await asyncpg.connect(dsn)
    try:
        version = await connection.fetchval("show server_version")
        migration = await connection.fetchval("select max(number) from schema_migration")
        archives = await connection.fetchval("show archive_mode") == "on"
    except asyncpg.UndefinedTableError:
        raise SetupProblem(
            "There are no tables to back up yet.", "Run `regulars init` first."
        ) from None
    finally:
        await connection.close()
    return Label(
        kind="base" if archive else "dump",
        begun_at=begun_at,
        ended_at=clock(),
        release=regulars.__version__,
        postgresql=version.split()[0],
        archive=archive if archives else "",
        migration=migration,
        files={},
    )


async def _life(dsn: str) -> str:
    connection = await asyncpg.connect(dsn)
    try:
        return str(await connection.fetchval(LIFE))
    finally:
        await connection.close()


def _close_to_others(folder: Path) -> None:
    for path in folder.iterdir():
        os.chmod(path, 0o600)


def make(settings: Settings, shelf: Path, kind: str, clock: Clock) -> Kept:
    """One backup of this installation, whose database is started for it where it does not run."""
    if kind == "base" and not settings.embedded:
        raise SetupProblem(
            "A base backup of a database of your own is made by its administrator's tools, for "
            "example pg_basebackup with an archive, pgBackRest or your provider's snapshots.",
            "Use those; or `regulars backup --dump`, which keeps the tables of one instant.",
        )
    with database_running(settings) as where:
        if kind == "dump":
            life = archive_name(prepare_place(settings)) if settings.embedded else ""
            return asyncio.run(dump(where.owner, shelf, clock, life))
        cluster = Cluster(settings).start()
        try:
            return asyncio.run(base_backup(cluster, shelf, clock))
        finally:
            cluster.leave()
