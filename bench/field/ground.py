"""One durable PostgreSQL for a whole run, with a database for each side."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from regulars.runtime.embedded import Cluster
from regulars.runtime.embedded.cluster import SUPERUSER
from regulars.runtime.installation.addresses import OWNER_ROLE
from regulars.runtime.installation.settings import Settings, read_settings

PEERS = Path(__file__).parent.parent / "peers"

# For all sides alike. No checkpoint falls into a round by chance, since whoever is measured just
# after one writes every page whole once more (README, "Full pages"). The servers of all sides
# keep their connections while another side's 64 clients come and go.
OPERATOR_CONF = """\
max_wal_size = 64GB
checkpoint_timeout = 1h
max_connections = 200
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """The running PostgreSQL, its settings, and a folder for scripts and logs."""

    cluster: Cluster
    settings: Settings
    folder: Path

    def superuser_dsn(self, database: str) -> str:
        return self.cluster.dsn(SUPERUSER, database)

    def run(self, database: str, *statements: str) -> None:
        """Run SQL as the superuser, each text whole."""
        asyncio.run(_run(self.superuser_dsn(database), statements))

    def rows(self, database: str, query: str) -> list[asyncpg.Record]:
        """What a query answers, asked as the superuser."""
        return asyncio.run(_rows(self.superuser_dsn(database), query))

    def run_files(self, database: str, *names: str) -> None:
        """Run files of bench/peers as the owner, so that what they make is the owner's."""
        texts = [(PEERS / name).read_text("utf-8") for name in names]
        asyncio.run(_run(self.cluster.dsn(OWNER_ROLE, database), texts))

    def program(self, name: str) -> str:
        """One of PostgreSQL's own programs, for example `pgbench`."""
        return self.cluster.place.programs[name]


@contextmanager
def running_ground(parent: Path | None = None, more: str = "") -> Iterator[Ground]:
    """PostgreSQL with fsync on, on a real disk; everything is removed at the end.

    `more`: lines that an operator writes beside, for all sides alike.
    """
    folder = Path(tempfile.mkdtemp(prefix="regulars-bench-", dir=parent or _disk()))
    folder.chmod(0o755)  # run as root, PostgreSQL is another user who must enter
    home = {"REGULARS_HOME": str(folder / "home"), "REGULARS_SYSTEM_DIR": str(folder / "system")}
    settings = read_settings(home)
    cluster = Cluster(settings)
    (cluster.place.folder / "operator.conf").write_text(OPERATOR_CONF + more, "utf-8")
    try:
        yield Ground(cluster.start(), settings, folder)
    finally:
        cluster.stop()
        cluster.destroy()
        shutil.rmtree(folder, ignore_errors=True)


def _disk() -> str | None:
    """/tmp may be memory, where a commit costs nothing; /var/tmp is promised to outlive a boot."""
    return "/var/tmp" if os.access("/var/tmp", os.W_OK) else None


async def _run(dsn: str, statements: tuple[str, ...] | list[str]) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _rows(dsn: str, query: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetch(query)
    finally:
        await connection.close()
