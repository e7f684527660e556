"""A process that has read all a web server needs, and makes one of itself each time it is asked.

Reading the source takes a server two seconds of the processor, which is most of what many a test
takes. `test_on_a_port.py` starts one the way everybody does.

`python -m tests.surfaces.forking` reads lines of JSON. To one that says what a server is to be it
answers with the number of the server; to a number of one, with its exit code, or with null while
it lives. Until that was told nobody else gets its number.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, Final

MODULE: Final = "tests.surfaces.forking"
SERVING: Final = "regulars.runtime.serving"
READ: Final = (f"{SERVING}.asgi", f"{SERVING}.web", f"{SERVING}.wire", "uvloop")
LOOK_AGAIN_S: Final = 0.01
KILLED_WITHIN_S: Final = 10.0
AS_ASKED: Final = (0, -signal.SIGTERM)
"""How a server ends that was asked to: uvicorn takes the signal once more when all is done."""
_roots: list[subprocess.Popen[str]] = []
_one_asks: Final = Lock()


class Forked:
    """A web server that was made of one that had read everything."""

    def __init__(self, parent: subprocess.Popen[str], pid: int, said: Path) -> None:
        self.pid, self.said = pid, said
        """`said`: what it writes."""
        self._parent = parent
        self._code: int | None = None

    @property
    def code(self) -> int | None:
        """How it ended, as `Popen.returncode` says it; None while it lives.

        Errors: AssertionError, where the process that it was made of, and it with that, is gone.
        """
        if self._code is None:
            told = _ask(self._parent, self.pid)
            assert told is not None, "the process that the servers were made of is gone"
            self._code = json.loads(told)
        return self._code

    def stopped(self, within_s: float) -> bytes:
        """Ask it to finish, wait until it is gone; what it wrote.

        Errors: AssertionError, where it did not finish, or in another way than was asked.
        """
        wrong = stop([self], within_s)
        assert wrong == [], wrong
        return self.said.read_bytes()

    def send(self, number: signal.Signals) -> None:
        """A signal, where it lives: whoever has ended may have given its number to another."""
        if self.code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def is_gone_by(self, then: float) -> bool:
        """Wait for its end until this moment of the monotonic clock."""
        while self.code is None:
            if time.monotonic() > then:
                return False
            time.sleep(LOOK_AGAIN_S)
        return True


def stop(servers: Sequence[Forked], within_s: float) -> list[str]:
    """Ask all of them to finish, and kill who does not in time; what was wrong with each."""
    wrong: list[str] = []
    for number, patience_s in ((signal.SIGTERM, within_s), (signal.SIGKILL, KILLED_WITHIN_S)):
        left = []
        for one in servers:
            try:
                one.send(number)
                left.append(one)
            except AssertionError as gone:
                wrong.append(f"server {one.pid}: {gone}")
        then = time.monotonic() + patience_s
        servers = [one for one in left if not _ended(one, then, (*AS_ASKED, -number), wrong)]
        wrong += [f"server {one.pid} did not stop at {number.name}" for one in servers]
    return wrong


def _ended(server: Forked, then: float, well: Sequence[int], wrong: list[str]) -> bool:
    try:
        gone = server.is_gone_by(then)
    except AssertionError as lost:
        wrong.append(f"server {server.pid}: {lost}")
        return True
    if gone and server.code not in well:
        said = server.said.read_text("utf-8", "replace")[-2_000:]
        wrong.append(f"server {server.pid} ended with {server.code}: {said}")
    return gone


def fork(environment: Mapping[str, str], app: str, said: Path) -> Forked:
    """A web server for this application in this environment."""
    asked = {"environment": dict(environment), "app": app, "said": str(said)}
    for _ in range(2):  # the process may die while it is asked
        parent = root()
        told = _ask(parent, asked)
        if told is not None:
            return Forked(parent, int(told), said)
    raise AssertionError(f"{MODULE} dies when it is asked for a server")


def root() -> subprocess.Popen[str]:
    """Whose children all servers are: one for each worker of the tests, a new one where it died;
    it goes when nobody can ask it any more."""
    with _one_asks:
        if not _roots or _roots[-1].poll() is not None:
            command = [sys.executable, "-m", MODULE]
            pipe = subprocess.PIPE
            _roots[:] = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)]
        return _roots[-1]


def _ask(parent: subprocess.Popen[str], asked: Any) -> str | None:
    """A line of JSON and its answer; None where nobody is there to answer."""
    assert parent.stdin is not None
    assert parent.stdout is not None
    with _one_asks, suppress(BrokenPipeError):
        parent.stdin.write(json.dumps(asked) + "\n")
        parent.stdin.flush()
        if told := parent.stdout.readline():
            return told
    parent.wait(KILLED_WITHIN_S)
    return None


def _grow() -> None:
    for name in READ:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # none of them need look through it for what can be thrown away
    for line in sys.stdin:
        asked = json.loads(line)
        if isinstance(asked, int):
            print(json.dumps(_code_of(asked)), flush=True)
            continue
        child = os.fork()
        if child == 0:
            _serve(asked)
        print(child, flush=True)


def _code_of(child: int) -> int | None:
    pid, status = os.waitpid(child, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if pid else None


def _serve(asked: Any) -> None:
    """In the child: what `python -m regulars.runtime.serving.web` does, with a worker that is
    itself the server."""
    import traceback

    from uvicorn import Server

    from regulars.runtime.installation.settings import read_settings
    from regulars.runtime.serving.web import config_of

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
    except BaseException:  # what nobody else would tell of
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _grow()
