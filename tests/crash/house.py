"""A whole installation in processes of its own, with a kiosk in it, to be killed part by part."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import psutil
from tests.isolation.scenes import KIOSK
from tests.makers import buys, by
from tests.member_makers import joins

from regulars.flows.access.api_keys import Created, CreateKey, create_keys
from regulars.flows.membership.join_members import join_members
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.terms.publish_program import publish_program
from regulars.runtime.embedded import Cluster
from regulars.runtime.embedded.postmaster import find_postmaster
from regulars.runtime.installation.addresses import APP_ROLE, OWNER_ROLE
from regulars.runtime.installation.settings import Settings
from regulars.runtime.serving.programs import Programs, found_program
from regulars.runtime.storage.database import Database, Transaction

HERE = Path(__file__).parent
PATIENCE_S = 60.0
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
RICH = KIOSK.replace("stock: 1", "stock: 1000000")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class House:
    """A supervisor with its database, web server and worker."""

    def __init__(self, settings: Settings, app: str) -> None:
        self.settings = settings
        self._command = [sys.executable, str(HERE / "serve_kiosk.py"), app]
        self._log = (settings.home.parent / f"{settings.home.name}.log").open("ab")
        self.program_id, self.api_key, self.principal = 0, "", ""
        self.start()
        self.cluster = Cluster(settings).start()

    def start(self) -> None:
        """Start the supervisor, and wait until the port answers."""
        self.running = subprocess.Popen(
            self._command,
            env=self.settings.as_environment() | {"PYTHONPATH": str(HERE / "planted")},
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        assert self.running.stdout is not None
        assert self.running.stdout.readline() == "up\n", Path(self._log.name).read_text()[-2000:]

    def stop(self) -> None:
        """Stop everything and remove what was kept."""
        self.running.send_signal(signal.SIGTERM)
        try:
            self.running.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.running.kill()
        self._log.close()
        self.cluster.destroy()

    def said(self) -> str:
        """What was written to the log."""
        return Path(self._log.name).read_text("utf-8", "replace")

    @property
    def owner_dsn(self) -> str:
        return self.cluster.dsn(OWNER_ROLE)

    @property
    def app_dsn(self) -> str:
        return self.cluster.dsn(APP_ROLE)

    # --- who is killed ----------------------------------------------------------------------

    def kill_worker(self) -> bool:
        """Kill the process that answers requests; whether there was one."""
        for web in self._parts("serving.web"):
            for one in web.children():
                # Its first child only keeps count of what the others share.
                if "spawn_main" in " ".join(one.cmdline()):
                    one.kill()
                    return True
        return False

    def kill_web(self) -> bool:
        """Kill the web server, and its workers with it; whether there was one."""
        for web in self._parts("serving.web"):
            web.kill()
            return True
        return False

    def kill_supervisor(self) -> bool:
        """Kill the supervisor; its children do not survive it, the database does."""
        self.running.kill()
        self.running.wait()
        self.start()
        return True

    def kill_database(self) -> bool:
        """Kill PostgreSQL with all its children at once; whether it ran."""
        postmaster = find_postmaster(self.cluster.place)
        if postmaster is None:
            return False
        postmaster.kill()
        return True

    def _parts(self, name: str) -> list[psutil.Process]:
        found = []
        for one in psutil.Process(self.running.pid).children():
            with suppress(psutil.NoSuchProcess):  # a zombie has no command line any more
                if f"regulars.runtime.{name}" in one.cmdline():
                    found.append(one)
        return found

    # --- what is in it ----------------------------------------------------------------------

    async def furnish(self, members: int, euros: int, *, source: str = RICH) -> None:
        """A kiosk with members `m0`, `m1` … who have so many points, and an API key."""
        self.program_id, self.principal, self.api_key = await furnish(
            self.owner_dsn, self.app_dsn, members, euros, source=source
        )


async def furnish(
    owner_dsn: str, app_dsn: str, members: int, euros: int, *, source: str = RICH
) -> tuple[int, str, str]:
    """A kiosk with members `m0`, `m1` … who have so many points; program, principal and key."""
    program_id = await found_program(owner_dsn, "kiosk")
    database = await Database.connect(app_dsn, size=2)
    try:
        async with database.transaction(program_id) as tx:
            await publish_program(tx, source, effective_from=SINCE, by="owner")
        terms = await Programs(database).terms(program_id)
        async with database.transaction(program_id) as tx:
            await join_members(tx, "DE", [joins(external=f"m{n}") for n in range(members)])
        sales = [
            buys(by(external=f"m{n}"), euros * 100, receipt=f"first{n}") for n in range(members)
        ]
        async with database.transaction(program_id) as tx:
            await record_activities(tx, terms, sales)
            return (program_id, *await _key(tx))
    finally:
        await database.close()


async def _key(tx: Transaction) -> tuple[str, str]:
    wish = CreateKey("till", ("all",), "owner", may=frozenset({"all"}))
    (made,) = await create_keys(tx, os.urandom, [wish])
    assert isinstance(made, Created), made
    return f"key_{made.key.key_id.hex}", made.shown


async def rows(dsn: str, sql: str, *args: Any) -> list[Any]:
    """What the database says; asked again while it comes up."""
    give_up_at = time.monotonic() + PATIENCE_S
    while True:
        try:
            connection = await asyncpg.connect(dsn)
            try:
                return list(await connection.fetch(sql, *args))
            finally:
                await connection.close()
        except (OSError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError):
            if time.monotonic() > give_up_at:
                raise
            await asyncio.sleep(0.1)
