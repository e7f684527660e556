"""Web servers over a database of the tests, and tills that all ask at the same instant."""

from __future__ import annotations

import asyncio
import itertools
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from tests.crash.house import free_port
from tests.crash.tills import Answer, Asked, Till
from tests.surfaces.forking import Forked, fork, stop

from regulars.runtime.installation.settings import Settings

HERE = Path(__file__).parent
PATIENCE_S = 30.0


@contextmanager
def serving(settings: Settings, dsns: tuple[str, str], app: str, count: int) -> Iterator[list[int]]:
    """So many web servers with one worker each, as many shops run them; their ports."""
    app_dsn, owner_dsn = dsns
    ports = [free_port() for _ in range(count)]
    settings.home.mkdir(parents=True, exist_ok=True)
    told = {
        "REGULARS_DATABASE_URL": app_dsn,
        "REGULARS_OWNER_DATABASE_URL": owner_dsn,
        "PYTHONPATH": str(HERE),
    }
    told = settings.as_environment() | told
    ran: list[Forked] = []
    try:
        for port in ports:
            ran.append(fork(told | {"PORT": str(port)}, app, settings.home / "web.log"))
        for port, one in zip(ports, ran, strict=True):
            _await_port(port, one)
        yield ports
    except BaseException as failed:  # what went wrong first is what is told
        for wrong in stop(ran, PATIENCE_S):
            failed.add_note(wrong)
        raise
    wrong = stop(ran, PATIENCE_S)
    assert wrong == [], wrong


def _await_port(port: int, server: Forked) -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        assert server.code is None, server.said.read_text("utf-8", "replace")[-2_000:]
        assert time.monotonic() < give_up_at, "no server came up"
        time.sleep(0.05)


class Told(NamedTuple):
    """An answer, which key it came for and how long it took."""

    key: str
    answer: Answer
    seconds: float


class Crowd:
    """Tills that wait for one another and then all ask at once."""

    def __init__(self, ports: Sequence[int], api_key: str, size: int) -> None:
        self._tills = [Till(ports[n % len(ports)], api_key) for n in range(size)]
        self._numbers = itertools.count(1)
        self.told: list[Told] = []

    def close(self) -> None:
        for till in self._tills:
            till.close()

    def fresh_key(self) -> str:
        return f"s{next(self._numbers)}"

    async def ask(self, asks: Sequence[Asked], keys: Sequence[str] = ()) -> list[Told]:
        """Everything asked, spread over the tills, who start together; with keys of its own each.

        Only 2xx and refusals are answers; anything else is trouble the caller must not have.
        """
        named = list(zip(keys or [self.fresh_key() for _ in asks], asks, strict=True))
        begin = asyncio.Event()
        crowd = len(self._tills)
        working = [
            asyncio.create_task(self._work(till, named[n::crowd], begin))
            for n, till in enumerate(self._tills)
        ]
        begin.set()
        told = [one for part in await asyncio.gather(*working) for one in part]
        self.told += told
        return told

    async def _work(
        self, till: Till, named: Sequence[tuple[str, Asked]], begin: asyncio.Event
    ) -> list[Told]:
        await begin.wait()
        told = []
        for key, asked in named:
            began = time.perf_counter()
            answer = await till.post(asked.path, asked.body, key)
            told.append(Told(key, answer, time.perf_counter() - began))
        return told


def done(told: Sequence[Told]) -> list[Told]:
    """Those that were not refused."""
    return [one for one in told if one.answer.status in (200, 201)]


def member(n: int) -> dict[str, Any]:
    return {"external": f"m{n}"}


def wants(n: int, reward: str, *, capture: bool = True) -> Asked:
    return Asked("/v1/redemptions", {"member": member(n), "reward": reward, "capture": capture})


def visits(n: int) -> Asked:
    return Asked("/v1/activities", {"kind": "visit", "member": member(n)})


def gives_back(n: int) -> Asked:
    sale = {"source": "till", "external_id": f"first{n}"}
    return Asked("/v1/activities", {"kind": "return", "sale": sale})


def takes(redemption_id: str) -> Asked:
    return Asked(f"/v1/redemptions/{redemption_id}/capture", {})
