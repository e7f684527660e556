"""The real web server, in a process of its own on a real port."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from tests.makers import Made


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
        time.sleep(0.1)
    return False


@contextmanager
def serving(
    database: Made,
    home: Path,
    says: str = "/readyz",
    app: str = "regulars.runtime.serving.asgi:app",
) -> Iterator[str]:
    """A web server on this database; gives its address, and looks at its log at the end."""
    port = free_port()
    environment = os.environ | {
        "REGULARS_HOME": str(home),
        "REGULARS_DATABASE_URL": database.app_dsn,
        "REGULARS_OWNER_DATABASE_URL": database.owner_dsn,
        "REGULARS_LOG": "json",
        "PORT": str(port),
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "regulars.runtime.serving.web", app,
         str(os.getpid())],
        env=environment,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    assert ready(address, says), "the server did not become ready within a minute"
    yield address
    server.send_signal(signal.SIGTERM)
    _, said = server.communicate(timeout=30)
    assert b"request.failed" not in said, said.decode()
