"""What falls is started again; told to stop, all ends in order; nothing runs on alone."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from regulars.runtime.embedded import Cluster
from regulars.runtime.embedded.postmaster import find_postmaster
from regulars.runtime.installation.settings import Settings

HERE = Path(__file__).parent
PATIENCE_S = 20.0

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


class Server:
    """A supervisor in a process of its own, as a shop runs it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.url = f"http://127.0.0.1:{settings.port}"
        self.start()

    def start(self) -> None:
        environment = self.settings.as_environment() | {"PYTHONPATH": str(HERE)}
        self.running = subprocess.Popen(
            [sys.executable, str(HERE / "serve_tiny.py")],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.running.stdout is not None
        assert self.running.stdout.readline() == "up\n"

    def get(self, path: str = "/") -> str:
        with urllib.request.urlopen(self.url + path, timeout=5) as answer:
            return str(answer.read().decode())

    def answers(self) -> bool:
        with suppress(OSError):
            return bool(self.get())
        return False

    def part(self, name: str) -> psutil.Process:
        """The first process of one part: `serving.web` or `working.worker`."""
        found: list[psutil.Process] = []
        wait_for(lambda: bool(found.extend(self._parts(name)) or found))
        return found[0]

    def _parts(self, name: str) -> Iterator[psutil.Process]:
        for one in psutil.Process(self.running.pid).children():
            with suppress(psutil.NoSuchProcess):  # a zombie has no command line any more
                if f"regulars.runtime.{name}" in one.cmdline():
                    yield one

    def family(self) -> list[psutil.Process]:
        """All processes of it but the database, which is meant to survive."""
        found = psutil.Process(self.running.pid).children(recursive=True)
        return [one for one in found if not one.name().startswith("postgres")]

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        self.running.send_signal(sign)
        said, _ = self.running.communicate(timeout=PATIENCE_S)
        return self.running.returncode, said


@pytest.fixture(scope="module")
def server(make_settings: Callable[..., Settings]) -> Iterator[Server]:
    settings = make_settings(PORT=str(free_port()), REGULARS_LOG="json")
    running = Server(settings)
    yield running
    if running.running.poll() is None:
        running.stop()
    Cluster(settings).destroy()


@pytest.fixture
def up(server: Server) -> Server:
    if server.running.poll() is not None:
        server.start()
    return server


def ended(family: list[psutil.Process]) -> bool:
    return not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in family)


def test_a_fallen_web_worker_is_replaced(up: Server) -> None:
    before = int(up.get())
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: up.answers() and int(up.get()) != before)


def test_a_fallen_web_server_takes_its_workers_along_and_returns(up: Server) -> None:
    before, worker = up.part("serving.web"), psutil.Process(int(up.get()))
    before.kill()
    wait_for(lambda: ended([worker]))
    wait_for(lambda: up.answers() and int(up.get()) != worker.pid)


def test_a_fallen_worker_returns(up: Server) -> None:
    before = up.part("working.worker")
    before.kill()
    wait_for(lambda: ended([before]))
    assert up.part("working.worker").pid != before.pid


def test_a_fallen_database_returns(up: Server) -> None:
    cluster = Cluster(up.settings)
    postmaster = find_postmaster(cluster.place)
    assert postmaster is not None
    postmaster.kill()
    wait_for(lambda: find_postmaster(cluster.place) is not None)
    assert up.running.poll() is None
    assert cluster.start().alive()
    cluster.leave()


def test_a_second_server_on_one_home_is_refused(up: Server) -> None:
    refused = regulars(up.settings.as_environment() | {"PORT": str(free_port())}, "serve")
    assert refused.returncode == 1
    assert "already serves" in refused.stderr


def test_a_taken_port_is_told(up: Server, make_settings: Callable[..., Settings]) -> None:
    other = make_settings(PORT=str(up.settings.port))
    refused = regulars(other.as_environment(), "serve")
    assert refused.returncode == 1
    assert f"Port {up.settings.port}" in refused.stderr
    assert not (other.home / "secrets").exists()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_finishes_what_it_began(up: Server, sign: signal.Signals) -> None:
    family, answers = up.family(), []
    asking = threading.Thread(target=lambda: answers.append(up.get("/slow")))
    asking.start()
    time.sleep(0.3)
    assert up.stop(sign) == (0, "stopped\n")
    asking.join()
    assert answers
    assert ended(family)
    assert find_postmaster(Cluster(up.settings).place) is None


def test_killed_it_leaves_only_the_database_which_is_found_again(up: Server) -> None:
    family = up.family()
    up.running.kill()
    up.running.communicate()
    wait_for(lambda: ended(family))
    orphan = find_postmaster(Cluster(up.settings).place)
    assert orphan is not None
    up.start()
    again = find_postmaster(Cluster(up.settings).place)
    assert again is not None
    assert again.pid == orphan.pid
    assert up.stop() == (0, "stopped\n")
    assert not orphan.alive()


def regulars(environment: dict[str, str], *verb: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "regulars", *verb],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_line_from_nothing_to_all_is_well(
    make_settings: Callable[..., Settings],
) -> None:
    settings = make_settings()
    made = regulars(settings.as_environment(), "init")
    assert made.returncode == 0, made.stderr
    assert "regulars serve" in made.stdout
    again = regulars(settings.as_environment(), "init")
    assert "up to date already" in again.stdout
    well = regulars(settings.as_environment(), "doctor")
    assert (well.returncode, "All is well" in well.stdout) == (0, True), well.stdout
    (settings.secrets_dir / "signing_key").write_text("guess")
    ill = regulars(settings.as_environment(), "doctor")
    assert ill.returncode == 1
    assert "short or guessable" in " ".join(ill.stdout.split())
    refused = regulars(settings.as_environment() | {"PORT": str(free_port())}, "serve")
    assert refused.returncode == 1
    assert "does not serve like this" in refused.stderr
    Cluster(settings).destroy()
