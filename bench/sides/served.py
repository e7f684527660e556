"""Sides that answer over HTTP, each with as many worker processes, asked by the same wrk script."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from bench.field.ground import PEERS, Ground
from bench.rounds import Round
from regulars.flows.access.api_keys import Created, CreateKey, create_keys
from regulars.runtime.installation.addresses import APP_ROLE, OWNER_ROLE
from regulars.runtime.storage.database import Database

BENCH = Path(__file__).parent.parent
PEER_PROGRAMS = BENCH / ".venv" / "bin"
LONGEST_START_S = 120.0
_RUNS = count(1)
"""Numbers the runs of wrk; each draws its own sales."""

WORKERS = 2
"""Web processes of every side that answers over HTTP: one per core of the smallest machine."""


class Served:
    """A web server to be measured with wrk."""

    def __init__(self, name: str, port: int, api_key: str, members: int, script: str) -> None:
        self._name, self._port, self._key = name, port, api_key
        self._members, self._script = members, script

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def key(self) -> str:
        """What opens it."""
        return self._key

    def round(self, clients: int, warm_up: float, seconds: float) -> Round:
        before = self._run(clients, warm_up)
        measured = self._run(clients, seconds)
        return measured._replace(
            before=before.acknowledged, in_flight=before.in_flight + measured.in_flight
        )

    def _run(self, clients: int, seconds: float) -> Round:
        number = next(_RUNS)
        command = ["wrk", "-t", str(min(clients, 2)), "-c", str(clients), "--timeout", "10s"]
        command += ["-d", f"{max(1, round(seconds))}s", "-s", str(BENCH / "wrk" / self._script)]
        # Keys begin with the name of the run, so that no two runs ever share one.
        run = [str(self._members), f"{self._name}-{number}", self._key, str(number)]
        address = self.address
        ran = subprocess.run(
            [*command, address, "--", *run], capture_output=True, text=True, check=True
        )
        told = json.loads(ran.stdout.strip().splitlines()[-1])
        # A script whose unit is several requests counts its units itself.
        done = told.get("units", told["requests"] - told["status"])
        return Round(
            acknowledged=done,
            failed=told["status"] + told["socket"],
            seconds=told["microseconds"] / 1e6,
            p50_ms=told["p50_us"] / 1000,
            p99_ms=told["p99_us"] / 1000,
            in_flight=clients,
        )


@contextmanager
def serving_ours(ground: Ground, database: str, members: int, script: str) -> Iterator[Served]:
    """The real application, as `regulars serve` starts it."""
    port = free_port()
    environment = ground.settings.as_environment() | {
        "REGULARS_DATABASE_URL": ground.cluster.dsn(APP_ROLE, database),
        "REGULARS_OWNER_DATABASE_URL": ground.cluster.dsn(OWNER_ROLE, database),
        "REGULARS_WORKERS": str(WORKERS),
        "PORT": str(port),
    }
    key = asyncio.run(_api_key(ground.cluster.dsn(APP_ROLE, database)))
    command = [
        sys.executable,
        "-m",
        "regulars.runtime.serving.web",
        "regulars.runtime.serving.asgi:app",
    ]
    with _running([*command, str(os.getpid())], environment, port, ground.folder / "ours.log"):
        yield Served("ours", port, key, members, script)


@contextmanager
def serving_orm(ground: Ground, database: str, members: int, script: str) -> Iterator[Served]:
    """The FastAPI and SQLAlchemy peer, under the same web server with the same settings."""
    port, key = free_port(), "bench-key"
    dsn = ground.cluster.dsn(OWNER_ROLE, database)
    environment = os.environ | {
        "BENCH_DATABASE_URL": dsn.replace("postgresql:", "postgresql+asyncpg:"),
        "BENCH_API_KEY": key,
    }
    command = [str(PEER_PROGRAMS / "uvicorn"), "app:app", "--app-dir", str(PEERS / "orm")]
    command += ["--workers", str(WORKERS), "--loop", "uvloop", "--http", "httptools"]
    command += ["--log-level", "warning", "--no-access-log", "--port", str(port)]
    with _running(command, environment, port, ground.folder / "orm.log"):
        yield Served("orm", port, key, members, script)


async def _api_key(dsn: str) -> str:
    database = await Database.connect(dsn, size=1)
    wish = CreateKey("bench", ("all",), "bench", may=frozenset({"all"}))
    try:
        async with database.transaction(1) as tx:
            (made,) = await create_keys(tx, os.urandom, [wish])
    finally:
        await database.close()
    assert isinstance(made, Created), made
    return made.shown


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(
    command: Sequence[str], environment: Mapping[str, str], port: int, log: Path
) -> Iterator[None]:
    with log.open("wb") as written:
        child = subprocess.Popen(command, env=environment, stdout=written, stderr=written)
    try:
        give_up_at = time.monotonic() + LONGEST_START_S
        while not _answers(port):
            if child.poll() is not None or time.monotonic() > give_up_at:
                raise RuntimeError(f"{command[0]} does not answer: {log.read_text()[-3000:]}")
            time.sleep(0.05)
        yield
    finally:
        child.terminate()
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
