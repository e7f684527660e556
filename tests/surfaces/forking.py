"""A process that has read all a web server needs, and makes one of itself each time it is asked.

Reading the source takes a server two seconds of the processor, which is most of what many a test
takes. `test_on_a_port.py` starts one the way everybody does.

`python -m tests.surfaces.forking` reads a line of JSON for each server and answers with its number.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

MODULE: Final = "tests.surfaces.forking"
SERVING: Final = "regulars.runtime.serving"
READ: Final = (f"{SERVING}.asgi", f"{SERVING}.web", f"{SERVING}.wire", "uvloop")
LOOK_AGAIN_S: Final = 0.01


class Forked(NamedTuple):
    """A web server that was made of one that had read everything."""

    pid: int
    said: Path
    """What it writes."""

    def stopped(self, within_s: float) -> bytes:
        """Ask it to finish, wait until it is gone; what it wrote."""
        give_up_at = time.monotonic() + within_s
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        while _lives(self.pid):
            assert time.monotonic() < give_up_at, "the server did not stop"
            time.sleep(LOOK_AGAIN_S)
        return self.said.read_bytes()


def fork(environment: Mapping[str, str], app: str, said: Path) -> Forked:
    """A web server for this application in this environment."""
    asked = {"environment": dict(environment), "app": app, "said": str(said)}
    reads = root()
    assert reads.stdin is not None
    assert reads.stdout is not None
    reads.stdin.write(json.dumps(asked) + "\n")
    reads.stdin.flush()
    return Forked(int(reads.stdout.readline()), said)


@cache
def root() -> subprocess.Popen[str]:
    """Whose children all servers are: one for each worker of the tests; it goes when nobody can ask
    it any more."""
    command = [sys.executable, "-m", MODULE]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _grow() -> None:
    for name in READ:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # none of them need look through it for what can be thrown away
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever is gone is gone
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _serve(asked)
        print(child, flush=True)


def _serve(asked: Any) -> None:
    """In the child: what `python -m regulars.runtime.serving.web` does, with a worker that is
    itself the server."""
    from uvicorn import Server

    from regulars.runtime.installation.settings import read_settings
    from regulars.runtime.serving.web import config_of

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with open(asked["said"], "ab") as said, open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        for number in (1, 2):
            os.dup2(said.fileno(), number)
    beside = asked["environment"].get("PYTHONPATH")
    sys.path[:0] = beside.split(os.pathsep) if beside else []
    os.environ.clear()
    os.environ.update(asked["environment"])
    code = 1
    try:
        config = config_of(read_settings(owner=False), asked["app"], os.getppid())
        Server(config).run(sockets=[config.bind_socket()])
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # it goes with who started it
    _grow()
