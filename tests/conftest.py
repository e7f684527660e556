"""What every test may ask for: a real PostgreSQL and a fresh database in it."""

import asyncio
import fcntl
import gc
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from tests.telling import Telling
from tests.turns import NoDayError, day, head, part

from regulars.runtime.embedded import Cluster
from regulars.runtime.installation.addresses import APP_ROLE, OWNER_ROLE
from regulars.runtime.installation.settings import Settings, read_settings
from regulars.runtime.storage.migrator import migrate

TEMPLATE = "migrated"
MEMORY = Path("/dev/shm")
ROOM = 6 << 30
"""Some five times what two workers fill."""
PREFIX = "regulars-test-"
SELDOM = 50_000, 20, 5
"""How much more there is before Python looks for what can be thrown away: as it comes, it looks
through the trees of all our source ten times while they are made."""
JUST_BEGUN_S = 60
"""A folder so young may be one that is not marked as in use yet."""
STARTS = {"cluster", "make_settings"}
"""Whoever asks for one of these starts PostgreSQL, or may."""


def pytest_configure() -> None:
    """Whoever names a day that is none is told so before anything is read."""
    try:
        day()
    except NoDayError as wrong:
        raise pytest.UsageError(str(wrong)) from None


def pytest_collection() -> None:
    """While ten thousand tests are read nothing of them can be thrown away: looking for it again
    and again takes a third of the time."""
    gc.disable()


def pytest_report_header() -> str:
    """A failure of one day is seen again by naming that day."""
    return head()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Whatever asks for PostgreSQL is marked, so that `make check` can do without; what is played
    in turns (tests/turns.py) and not today is left out.

    Slow tests go first: a long one begun last would leave the other workers idle beside it.
    """
    try:
        items[:], later = part(items, day())
    except NoDayError as wrong:
        raise pytest.UsageError(str(wrong)) from None
    if later:
        config.hook.pytest_deselected(items=later)
    for item in items:
        if STARTS.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("database")
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """Ten thousand tests and what they import stay to the end; nobody need look through them
    again and again for what can be thrown away."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    gc.enable()


@dataclass(frozen=True, slots=True)
class Database:
    """A database of its own with the tables of this release, empty."""

    name: str
    owner_dsn: str
    app_dsn: str


def quickest() -> Path | None:
    """Memory, where this machine has a folder in it with room to spare from which programs may be
    run; else None, which is the usual place. A fresh database is a thousand files."""
    try:
        folder = os.statvfs(MEMORY)
    except OSError:
        return None
    free = min(folder.f_bavail * folder.f_frsize, psutil.virtual_memory().available)
    closed = folder.f_flag & os.ST_NOEXEC or not os.access(MEMORY, os.W_OK)
    return None if closed or free < ROOM else MEMORY


def sweep(memory: Path) -> None:
    """Take away what runs that were killed left there, so that it does not fill up."""
    for folder in memory.glob(f"{PREFIX}*"):
        with suppress(OSError):  # somebody else's
            lives = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(lives, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if time.time() - folder.stat().st_mtime > JUST_BEGUN_S:
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lives)


@pytest.fixture
def tell(pytestconfig: pytest.Config) -> Telling:
    """Says how far a long test is, also where several workers run at once."""
    return Telling(pytestconfig.pluginmanager.getplugin("capturemanager"))


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A short folder that other users may enter: a socket's path has 107 bytes, and run as
    root PostgreSQL is another user, who may not enter pytest's own temporary folders."""
    memory = quickest()
    if memory:
        sweep(memory)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=memory))
    folder.chmod(0o755)
    lives = os.open(folder, os.O_RDONLY)
    fcntl.flock(lives, fcntl.LOCK_SH)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
    os.close(lives)


@pytest.fixture(scope="session")
def make_settings(scratch: Path) -> Callable[..., Settings]:
    """Settings with a home of their own, untouched by the environment of whoever tests."""
    numbers = itertools.count(1)

    def make(**chosen: str) -> Settings:
        home = scratch / f"home{next(numbers)}"
        environment = {"REGULARS_HOME": str(home), "REGULARS_SYSTEM_DIR": str(scratch / "system")}
        return read_settings(environment | chosen)

    return make


@pytest.fixture(scope="session")
def cluster(make_settings: Callable[..., Settings]) -> Iterator[Cluster]:
    """One PostgreSQL per test worker, without fsync: nothing here outlives the run."""
    running = Cluster(make_settings(), durable=False).start()
    yield running
    running.destroy()


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """The name of a migrated database to copy from; nobody may stay connected to it."""
    cluster.create_database(TEMPLATE)
    asyncio.run(migrate(cluster.dsn(OWNER_ROLE, TEMPLATE)))
    return TEMPLATE


@pytest.fixture(scope="session")
def make_database(cluster: Cluster, template: str) -> Callable[..., Database]:
    """Makes a further database each time it is called (some 40 ms): an empty one, or a copy of
    another to which nobody is connected."""
    numbers = itertools.count(1)

    def make(copied: Database | None = None) -> Database:
        name = f"test{next(numbers)}"
        cluster.create_database(name, copied.name if copied else template)
        return Database(name, cluster.dsn(OWNER_ROLE, name), cluster.dsn(APP_ROLE, name))

    return make


@pytest.fixture(scope="module")
def database(cluster: Cluster, make_database: Callable[[], Database]) -> Iterator[Database]:
    """One fresh database for all tests of a file."""
    made = make_database()
    yield made
    cluster.drop_database(made.name)


@pytest.fixture
def fresh_database(cluster: Cluster, make_database: Callable[[], Database]) -> Iterator[Database]:
    """A fresh database for one test that must have it alone."""
    made = make_database()
    yield made
    cluster.drop_database(made.name)
