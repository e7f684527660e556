"""Keeps everything running: the database, the web server and the worker."""

import errno
import fcntl
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Final

import structlog

from regulars.runtime.embedded import Cluster
from regulars.runtime.installation.settings import Settings
from regulars.runtime.observing.board import clear
from regulars.runtime.problems import SetupProblem
from regulars.runtime.supervising.children import Child, dismiss

LOOK_AGAIN_S: Final = 0.1
FAREWELL_S: Final = 15.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Serving:
    """What is served, and what happens on the way there."""

    prepare: Callable[[], None] = lambda: None
    """Called once the database runs and before anything uses it; may refuse by raising."""
    announce: Callable[[], None] = lambda: None
    """Called once, when the port answers."""
    app: str = "regulars.runtime.serving.asgi:app"
    duties: str = "regulars.runtime.working.duties:duties"


def serve(settings: Settings, serving: Serving) -> None:
    """Run Regulars until SIGTERM or Ctrl-C, then let it finish and close everything in order."""
    stop = threading.Event()
    with ExitStack() as closing:
        closing.enter_context(_signals_set(stop))
        closing.enter_context(_only_one(settings))
        _refuse_taken_port(settings)
        clear(settings)
        cluster = _start_database(settings, closing)
        serving.prepare()
        children = _children(settings, serving)
        closing.callback(dismiss, children, FAREWELL_S)
        announced = False
        while not stop.is_set():
            _keep_running(cluster, children)
            if not announced and _port_answers(settings):
                announced = True
                serving.announce()
            stop.wait(LOOK_AGAIN_S)


def _start_database(settings: Settings, closing: ExitStack) -> Cluster | None:
    if not settings.embedded:
        return None
    cluster = Cluster(settings)
    closing.callback(cluster.stop)
    return cluster.start()


def _children(settings: Settings, serving: Serving) -> list[Child]:
    parts = {"serving.web": serving.app, "working.worker": serving.duties}
    return [
        Child(
            part.rpartition(".")[2],
            [sys.executable, "-m", f"regulars.runtime.{part}", target],
            # Whoever breaks into what answers the world finds no key to the whole database.
            settings.as_environment(owner=part != "serving.web"),
        )
        for part, target in parts.items()
    ]


def _keep_running(cluster: Cluster | None, children: list[Child]) -> None:
    if cluster is not None and not cluster.alive():
        log.error("database.fell")
        cluster.start()
        log.info("database.runs_again")
    for child in children:
        child.keep_running()


@contextmanager
def _signals_set(stop: threading.Event) -> Iterator[None]:
    """The first signal asks for an orderly end; a second one no longer waits."""

    def heed(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            # Children die with us; the database may go on alone and is found at the next start.
            os._exit(128 + number)
        stop.set()

    before = {
        sign: signal.signal(sign, heed) for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for sign, former in before.items():
            signal.signal(sign, former)


@contextmanager
def _only_one(settings: Settings) -> Iterator[None]:
    """One server per home: two would each believe that the database is theirs to stop."""
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings.home / "serve.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise SetupProblem(
                f"Regulars already serves {settings.home} ({lock.read().strip()}).",
                "Stop that one first, or set REGULARS_HOME to another folder.",
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, port {settings.port}")
        lock.flush()
        yield


def _refuse_taken_port(settings: Settings) -> None:
    # The web server shares its port among workers, so it would not notice another server there.
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            raise SetupProblem(
                f"Port {settings.port} on {settings.host} is "
                + ("taken by another program." if taken else f"not to be had: {error.strerror}."),
                f"Stop the other program or choose another port, for example "
                f"PORT={settings.port + 1 if settings.port < 65535 else 8000}.",
            ) from None


def _port_answers(settings: Settings) -> bool:
    # An address that means "all of mine" is asked by the machine's own.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    try:
        with socket.create_connection((host, settings.port), timeout=1.0):
            return True
    except OSError:
        return False
