"""The embedded database as the rest of the program sees it: started, found, left, stopped."""

import asyncio
import fcntl
import os
import pwd
import shutil
import subprocess
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Self

import asyncpg
import structlog

from regulars.runtime.embedded.archive import LONGEST_WAIT_S, archive_command
from regulars.runtime.embedded.conf import archiving, write_configuration
from regulars.runtime.embedded.place import Place, make_folder, prepare_place, private_folder
from regulars.runtime.embedded.postmaster import (
    LONGEST_START_S,
    Postmaster,
    find_postmaster,
    ready,
    run_as,
    start_postmaster,
)
from regulars.runtime.embedded.roles import ensure_roles, make_database
from regulars.runtime.embedded.unfinished import refuse_unfinished, sign, turn
from regulars.runtime.embedded.wheel import MAJOR
from regulars.runtime.installation.addresses import APP_ROLE, OWNER_ROLE, embedded_dsn
from regulars.runtime.installation.secret_files import open_secrets
from regulars.runtime.installation.settings import Settings
from regulars.runtime.problems import SetupProblem
from regulars.runtime.storage.away import AWAY

SUPERUSER: Final = "postgres"
LONGEST_DEATH_S: Final = 2.0

log = structlog.get_logger()


class Cluster:
    """One embedded PostgreSQL with its databases.

    Several programs may use it at once (a server and a command line): each `start`s it, which
    finds it when it runs, and `leave`s it; the last to leave stops it. The server `stop`s it.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        durable: bool = True,
        patience_s: float = LONGEST_START_S,
        restores: bool = False,
    ) -> None:
        """`restores`: we are the restore that has begun here; nobody else starts what it makes."""
        self.settings = settings
        self._restores = restores
        self._patience_s = patience_s
        self._secrets = open_secrets(settings)
        self._durable = durable
        self._postmaster: Postmaster | None = None
        self._presence: int | None = None
        self._folder = make_folder(settings)
        with turn(self._folder):
            self.place: Place = prepare_place(settings)

    def dsn(self, role: str, database: str = "regulars") -> str:
        """The address of one database for one role (a superuser needs no password)."""
        return embedded_dsn(self.place.sockets, self._secrets, role, database)

    @property
    def owner_dsn(self) -> str:
        """The address for migrations, verification and backup."""
        return self.dsn(OWNER_ROLE)

    @property
    def app_dsn(self) -> str:
        """The address for everything that serves members and tills."""
        return self.dsn(APP_ROLE)

    @property
    def postmaster_pid(self) -> int:
        """The process id of the running PostgreSQL."""
        assert self._postmaster is not None, "not started"
        return self._postmaster.pid

    def alive(self) -> bool:
        """Whether PostgreSQL runs; asking also reaps it when it died."""
        return self._postmaster is not None and self._postmaster.alive()

    def start(self) -> Self:
        """Have PostgreSQL running and its roles in order, whatever was there before."""
        with turn(self._folder):
            if not self._restores:
                refuse_unfinished(self.place)
            self._be_present()
            while not self._reached():
                log.info("database.found_dying")
        return self

    def _reached(self) -> bool:
        """One attempt; False where the PostgreSQL that was found turned out to be dying."""
        self._postmaster = find_postmaster(self.place)
        if self._postmaster is None:
            self._make_cluster()
            caller = pwd.getpwuid(os.geteuid()).pw_name
            configuration = write_configuration(
                self.place, caller, self._durable, self._archiving()
            )
            self._postmaster = start_postmaster(self.place, configuration, self._patience_s)
        elif not ready(self.place, self._postmaster, self._patience_s):
            return False
        try:
            _run(ensure_roles(self.dsn(SUPERUSER, "postgres"), self._secrets))
        except AWAY:
            if self._postmaster.gone_within(LONGEST_DEATH_S):
                return False
            raise
        return True

    def leave(self) -> None:
        """Be done with it: PostgreSQL stops unless somebody else still uses it."""
        with turn(self._folder):
            if self._last_present() and self._postmaster is not None:
                self._postmaster.stop()

    def stop(self) -> None:
        """Stop PostgreSQL in good order, whoever else uses it."""
        with turn(self._folder):
            self._be_absent()
            if self._postmaster is not None:
                self._postmaster.stop()

    def kill(self) -> None:
        """Kill PostgreSQL and all its children at once; only tests have a reason to."""
        self._be_absent()
        if self._postmaster is not None:
            self._postmaster.kill()

    def create_database(self, name: str, template: str = "template0") -> None:
        """A further database with the same owner and the same rights, perhaps as a copy."""
        _run(make_database(self.dsn(SUPERUSER, "postgres"), name, template))

    def drop_database(self, name: str) -> None:
        """Remove a database and cut off whoever is connected to it."""
        _run(_execute(self.dsn(SUPERUSER, "postgres"), f'DROP DATABASE "{name}" WITH (FORCE)'))

    def destroy(self) -> None:
        """Stop PostgreSQL and remove all it kept; only tests have a reason to."""
        self.kill()
        shutil.rmtree(self.place.folder, ignore_errors=True)
        shutil.rmtree(self.place.sockets, ignore_errors=True)

    def _make_cluster(self) -> None:
        """Made beside and moved into place, so that a half-made one is never taken for ours."""
        version = self.place.cluster / "PG_VERSION"
        if version.exists():
            return _check_version(version.read_text("utf-8").strip(), self.place)
        draft = self.place.folder / "cluster.draft"
        shutil.rmtree(draft, ignore_errors=True)
        private_folder(draft, self.place.account)
        command = [self.place.programs["initdb"], "-D", str(draft), "-U", SUPERUSER]
        command += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--locale=C", "--data-checksums", "--auth-local=peer", "--auth-host=reject"]
        if not self._durable:
            command.append("--no-sync")
        made = run_as(self.place.account, command, cwd=self.place.folder, stdout=subprocess.PIPE)
        said, _ = made.communicate()
        if made.returncode != 0:
            raise SetupProblem(
                f"The embedded database could not be made: {said.decode(errors='replace')}",
                f"See that there is room and that {self.place.account.name} may write "
                f"to {self.place.folder}.",
            )
        if self._restores:
            sign(draft, self.place)
        draft.rename(self.place.cluster)
        return None

    def _archiving(self) -> str:
        if self.settings.backups is None:
            return ""
        return archiving(archive_command(self.place, self.settings.backups), LONGEST_WAIT_S)

    def _be_present(self) -> None:
        if self._presence is None:
            self._presence = _lock_file(self.place.folder / "present.lock")
        fcntl.flock(self._presence, fcntl.LOCK_SH)

    def _be_absent(self) -> None:
        if self._presence is not None:
            os.close(self._presence)
            self._presence = None

    def _last_present(self) -> bool:
        if self._presence is None:
            return False
        try:
            fcntl.flock(self._presence, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            self._be_absent()
        return True


@asynccontextmanager
async def running_postgres(settings: Settings, *, durable: bool = True) -> AsyncIterator[Cluster]:
    """The embedded database for as long as the block lasts: found, or started and left."""
    cluster = await asyncio.to_thread(lambda: Cluster(settings, durable=durable).start())
    try:
        yield cluster
    finally:
        await asyncio.to_thread(cluster.leave)


def _lock_file(path: Path) -> int:
    # Closed to others: whoever may read a file may also lock it, and keep us waiting.
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _check_version(found: str, place: Place) -> None:
    if found != str(MAJOR):
        raise SetupProblem(
            f"The books in {place.cluster} were kept by PostgreSQL {found}, this is {MAJOR}.",
            f"Install the earlier release of Regulars, run its `pg_dump`, then start anew "
            f"with an empty {place.folder} and load the dump.",
        )


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _run(work: Coroutine[object, object, None]) -> None:
    """Also inside a running event loop, where asyncio.run of the same thread would refuse."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()
