"""A shop with an archive of its own, in which things happen before and after a backup."""

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tests.crash.house import furnish
from tests.makers import buys, by

from regulars.flows.membership.erase_members import erase_members
from regulars.flows.recording.record_activities import record_activities
from regulars.records.members.read import whom
from regulars.records.members.types import EraseMember
from regulars.runtime.backup.making import base_backup, dump
from regulars.runtime.backup.shelf import Kept
from regulars.runtime.embedded import Cluster
from regulars.runtime.installation.settings import Settings
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database, utc_now
from regulars.runtime.storage.migrator import migrate
from regulars.runtime.working.sealing.sealer import sealing


@dataclass
class Open:
    """A shop that is open, its cluster, and where its backups go."""

    settings: Settings
    cluster: Cluster
    shelf: Path
    program_id: int
    base: Kept
    dumped: Kept
    before: datetime
    """After this nothing happened until `after` was sold."""

    def sell(self, *receipts: str) -> None:
        """One purchase per receipt, committed."""
        asyncio.run(_sell(self.cluster.app_dsn, self.program_id, receipts))

    def erase(self, external: str) -> None:
        """Somebody asks to be forgotten."""
        asyncio.run(_erase(self.cluster.app_dsn, self.program_id, external))

    def archive(self) -> None:
        """Close the piece of log that is open, and wait until it is archived."""
        asyncio.run(_archived(self.cluster.dsn("postgres")))


@pytest.fixture(scope="module")
def shop(make_settings: Callable[..., Settings], scratch: Path) -> Iterator[Open]:
    """Sold `first`, backed up in both ways, sold `before`, and a moment later `after`."""
    # A folder for each module: anchors are written behind each other, and keys are of one shop.
    own = Path(tempfile.mkdtemp(prefix="vault-", dir=scratch))
    own.chmod(0o755)
    shelf = own / "shelf of ours 100%"
    settings = make_settings(
        REGULARS_BACKUPS=str(shelf), REGULARS_ANCHOR_FILE=str(own / "anchor.jsonl")
    )
    cluster = Cluster(settings).start()
    asyncio.run(migrate(cluster.owner_dsn))
    program_id, _, _ = asyncio.run(furnish(cluster.owner_dsn, cluster.app_dsn, 3, 50))
    asyncio.run(_sell(cluster.app_dsn, program_id, ["first"]))
    base = asyncio.run(base_backup(cluster, shelf, utc_now))
    dumped = asyncio.run(dump(cluster.owner_dsn, shelf, utc_now))
    asyncio.run(_sell(cluster.app_dsn, program_id, ["before"]))
    asyncio.run(_sealed(settings, cluster.owner_dsn))
    before = utc_now()
    asyncio.run(asyncio.sleep(0.02))
    opened = Open(settings, cluster, shelf, program_id, base, dumped, before)
    opened.sell("after")
    asyncio.run(_sealed(settings, cluster.owner_dsn))
    opened.archive()
    yield opened
    cluster.destroy()


async def _sell(app_dsn: str, program_id: int, receipts: Any) -> None:
    database = await Database.connect(app_dsn, size=1)
    try:
        terms = await Programs(database).terms(program_id)
        for receipt in receipts:
            async with database.transaction(program_id) as tx:
                await record_activities(tx, terms, [buys(by(external="m0"), 500, receipt=receipt)])
    finally:
        await database.close()


async def _erase(app_dsn: str, program_id: int, external: str) -> None:
    database = await Database.connect(app_dsn, size=1)
    try:
        terms = await Programs(database).terms(program_id)
        async with database.transaction(program_id) as tx:
            (id_,) = await whom(tx, "", [by(external=external)])
            await erase_members(tx, terms, [EraseMember(id_)])
    finally:
        await database.close()


async def _sealed(settings: Settings, owner_dsn: str) -> None:
    """All that was booked is sealed, and the place outside knows it."""
    async with sealing(settings, owner_dsn) as duties:
        for duty in duties:
            await duty.run(utc_now())


async def _archived(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        piece = await connection.fetchval("select pg_walfile_name(pg_switch_wal())")
        for _ in range(300):
            last = "select last_archived_wal >= $1 from pg_stat_archiver"
            if await connection.fetchval(last, piece):
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"{piece} was not archived")
    finally:
        await connection.close()


@pytest.fixture
def elsewhere(make_settings: Callable[..., Settings]) -> Iterator[Settings]:
    """An empty installation without an archive, to restore into."""
    settings = make_settings()
    yield settings
    Cluster(settings).destroy()


async def rows(dsn: str, sql: str) -> list[Any]:
    """What a query returns, as plain values."""
    connection = await asyncpg.connect(dsn)
    try:
        return [row[0] for row in await connection.fetch(sql)]
    finally:
        await connection.close()
