"""The real web server, in a process of its own on a real port."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
from tests.makers import Made
from tests.surfaces.forking import fork

LONGEST_END_S = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ready(address: str, says: str = "/readyz") -> bool:
    """Wait until it says that it is ready, or at `/healthz` that it lives."""
    give_up_at = time.monotonic() + 60
    while time.monotonic() < give_up_at:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{address}{says}").status_code == 200:
                return True
        time.sleep(0.03)
    return False


@contextmanager
def serving(
    database: Made,
    home: Path,
    says: str = "/readyz",
    app: str = "regulars.runtime.serving.asgi:app",
    *,
    anew: bool = False,
) -> Iterator[str]:
    """A web server on this database; gives its address, and looks at its log at the end.

    `anew`: started as everybody starts it, and not made of one that has read its source already.
    """
    port = free_port()
    environment = os.environ | {
        "REGULARS_HOME": str(home),
        "REGULARS_DATABASE_URL": database.app_dsn,
        "REGULARS_OWNER_DATABASE_URL": database.owner_dsn,
        "REGULARS_LOG": "json",
        "PORT": str(port),
    }
    stop = _started(environment, app) if anew else _forked(environment, app)
    address = f"http://127.0.0.1:{port}"
    try:
        assert ready(address, says), "the server did not become ready within a minute"
        yield address
    except BaseException as failed:  # what went wrong first is what is told
        failed.add_note(_how_it_ends(stop))
        raise
    said = stop()
    assert b"request.failed" not in said, said.decode()


def _how_it_ends(stop: Callable[[], bytes]) -> str:
    try:
        return f"the server said: {stop().decode(errors='replace')[-2_000:]}"
    except (AssertionError, subprocess.TimeoutExpired) as also:
        return f"then, of its server: {also}"


def _started(environment: Mapping[str, str], app: str) -> Callable[[], bytes]:
    command = [sys.executable, "-m", "regulars.runtime.serving.web", app, str(os.getpid())]
    server = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)

    def stop() -> bytes:
        server.send_signal(signal.SIGTERM)
        try:
            return server.communicate(timeout=LONGEST_END_S)[1]
        finally:
            server.kill()

    return stop


def _forked(environment: Mapping[str, str], app: str) -> Callable[[], bytes]:
    handle, name = tempfile.mkstemp(prefix="regulars-said-")
    os.close(handle)
    server = fork(environment, app, Path(name))

    def stop() -> bytes:
        try:
            return server.stopped(LONGEST_END_S)
        finally:
            server.said.unlink()

    return stop
