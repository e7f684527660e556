"""After a power cut every sale that was answered is in the books, whole, and nothing else is."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import asyncpg
import pytest
from tests.books import assert_books_right
from tests.crash.house import furnish
from tests.makers import buys, by
from tests.runtime.backup.power.cut import Takes, by_chance, copied, lsn_of, power_cut, torn
from tests.turns import NIGHTLY

from regulars.flows.recording.record_activities import record_activities
from regulars.runtime.embedded import Cluster
from regulars.runtime.installation.settings import Settings
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.storage.migrator import migrate

pytestmark = pytest.mark.slow
SEEDS = range(20 if NIGHTLY else 0)
SOLD = 60
"""Sales that are answered after the last checkpoint."""
SMALL = "shared_buffers = 1MB\nbgwriter_lru_maxpages = 0\ncheckpoint_timeout = 1h\n"
"""So little room that changed pages are handed to the kernel all the time, and no checkpoint."""
UNHURRIED = """\
synchronous_commit = off
wal_writer_delay = 10s
bgwriter_lru_maxpages = 0
checkpoint_timeout = 1h
"""
"""The commit waits for nothing, and no page that is handed on has the log flushed before it."""
TOLD = "select external_id from activity where external_id like 'p%'"


class Lived(NamedTuple):
    """A database that was killed, with what was synced of it and which sales were answered."""

    cluster: Cluster
    killed: Path
    synced: Path
    flushed: int
    answered: set[str]

    def cut(self, takes: Takes) -> int:
        """Lay there what a power cut may have left; how many halves of pages were lost."""
        now = self.cluster.place.cluster
        shutil.rmtree(now)
        shutil.copytree(self.killed, now)
        lost = power_cut(self.synced, now, self.flushed, takes)
        for path in (now, *now.rglob("*")):
            owner = self.killed.stat()
            os.chown(path, owner.st_uid, owner.st_gid)
        return lost

    def comes_back(self) -> set[str]:
        """The sales that are there after it was started again, in books that are right."""
        self.cluster.start()
        try:
            asyncio.run(assert_books_right(self.cluster.owner_dsn))
            return set(asyncio.run(_told(self.cluster.owner_dsn)))
        finally:
            self.cluster.stop()


def lived(settings: Settings, conf: str = SMALL) -> Lived:
    cluster = Cluster(settings)
    (cluster.place.folder / "operator.conf").write_text(conf, "utf-8")
    cluster.start()
    asyncio.run(migrate(cluster.owner_dsn))
    program_id, _, _ = asyncio.run(furnish(cluster.owner_dsn, cluster.app_dsn, 3, 50))
    now, beside = cluster.place.cluster, cluster.place.folder
    answered: set[str] = set()
    flushed = asyncio.run(_live(cluster, program_id, answered, beside / "synced"))
    killed = beside / "killed"
    shutil.move(now, killed)
    shutil.copytree(killed, now)
    return Lived(cluster, killed, beside / "synced", flushed, answered)


async def _live(cluster: Cluster, program_id: int, answered: set[str], synced: Path) -> int:
    """Sales, a checkpoint, more sales, and one that was never answered; then it is killed."""
    admin = await asyncpg.connect(cluster.dsn("postgres"))
    database = await Database.connect(cluster.app_dsn, size=1)
    terms = await Programs(database).terms(program_id)

    async def sell(receipt: str) -> None:
        async with database.transaction(program_id) as tx:
            await record_activities(tx, terms, [buys(by(external="m0"), 500, receipt=receipt)])
        answered.add(receipt)

    await sell("p-before")
    await admin.execute("checkpoint")
    copied(cluster.place.cluster, synced)
    for number in range(SOLD):
        await sell(f"p{number}")
    flushed = lsn_of(await admin.fetchval("select pg_current_wal_flush_lsn()::text"))
    open_ = database.transaction(program_id)
    tx = await open_.__aenter__()
    await record_activities(tx, terms, [buys(by(external="m1"), 500, receipt="p-unanswered")])
    cluster.kill()
    database.pool.terminate()
    admin.terminate()
    return flushed


async def _told(dsn: str) -> list[str]:
    connection = await asyncpg.connect(dsn)
    try:
        return [row["external_id"] for row in await connection.fetch(TOLD)]
    finally:
        await connection.close()


def test_every_sale_that_was_answered_survives_a_power_cut(
    make_settings: Callable[..., Settings],
) -> None:
    life = lived(make_settings())
    try:
        for takes in (torn, *(by_chance(seed) for seed in SEEDS)):
            assert life.cut(takes) > 0, "the cut must lose something"
            assert life.comes_back() == life.answered
    finally:
        life.cluster.destroy()


@pytest.mark.skipif(not NIGHTLY, reason="a further database: REGULARS_TEST_SIZE=nightly")
def test_the_control_a_commit_that_waits_for_no_disk_is_lost(
    make_settings: Callable[..., Settings],
) -> None:
    life = lived(make_settings(), UNHURRIED)
    try:
        life.cut(torn)
        assert life.answered - life.comes_back()
    finally:
        life.cluster.destroy()


@pytest.mark.skipif(not NIGHTLY, reason="a further database: REGULARS_TEST_SIZE=nightly")
def test_the_control_without_whole_pages_in_the_log_a_torn_page_is_not_mended(
    make_settings: Callable[..., Settings],
) -> None:
    life = lived(make_settings(), SMALL + "full_page_writes = off\n")
    try:
        life.cut(torn)
        with pytest.raises(Exception):  # noqa: B017, PT011 - however PostgreSQL says it
            life.comes_back()
    finally:
        life.cluster.destroy()
