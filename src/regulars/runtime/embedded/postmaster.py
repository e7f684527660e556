"""Starts, finds, stops and kills the one process that is the embedded database."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import psutil

from regulars.runtime.embedded.place import Account, Place
from regulars.runtime.problems import SetupProblem

LOOK_AGAIN_S: Final = 0.01
# Crash recovery replays at most max_wal_size; the slowest disk we know takes two minutes.
LONGEST_START_S: Final = 600.0
LONGEST_FAREWELL_S: Final = 10.0
LONGEST_STOP_S: Final = 60.0


class Postmaster:
    """A running PostgreSQL, our own child or one that an earlier run left behind."""

    def __init__(self, seen: psutil.Process, child: subprocess.Popen[bytes] | None) -> None:
        self._seen = seen
        self._child = child

    @property
    def pid(self) -> int:
        """Its process id."""
        return int(self._seen.pid)

    def alive(self) -> bool:
        """Whether it still runs; a dead child is reaped by asking."""
        if self._child is not None:
            return self._child.poll() is None
        return _runs(self._seen)

    def stop(self) -> None:
        """Close it in good order: open transactions end, the books are flushed."""
        for sign, patience in (
            (signal.SIGINT, LONGEST_STOP_S),
            (signal.SIGQUIT, LONGEST_FAREWELL_S),
            (signal.SIGKILL, LONGEST_FAREWELL_S),
        ):
            with suppress(psutil.NoSuchProcess):
                self._seen.send_signal(sign)
            if self.gone_within(patience):
                return

    def kill(self) -> None:
        """Kill it and all its children at once, as a power cut of the process would."""
        with suppress(psutil.NoSuchProcess):
            family = [self._seen, *self._seen.children(recursive=True)]
            for one in family:
                with suppress(psutil.NoSuchProcess):
                    one.kill()
            self.gone_within(LONGEST_FAREWELL_S)
            _await(lambda: not any(_runs(one) for one in family[1:]), LONGEST_FAREWELL_S)

    def gone_within(self, patience_s: float) -> bool:
        """Whether it has ended by then; waits no longer than it takes."""
        return _await(lambda: not self.alive(), patience_s)


def find_postmaster(place: Place) -> Postmaster | None:
    """The PostgreSQL that already serves this folder, if there is one.

    Keeps: a number in a file proves nothing, so the process must be a postgres that works in
    this very folder; a zombie or a stranger that got the number is none.
    """
    lines = _pid_lines(place)
    if not lines or not lines[0].isdigit():
        return None
    try:
        seen = psutil.Process(int(lines[0]))
    except psutil.NoSuchProcess:
        return None
    return Postmaster(seen, None) if _serves(seen, place) else None


def end_postmaster(place: Place) -> None:
    """Have no PostgreSQL run in this folder, whatever it was doing: what it made is given up."""
    found = find_postmaster(place)
    if found is not None:
        found.kill()
    with _sole_life(place):
        pass


def start_postmaster(
    place: Place, configuration: Path, patience_s: float = LONGEST_START_S
) -> Postmaster:
    """Start PostgreSQL as our direct child and wait until it takes connections."""
    with _sole_life(place) as life, (place.folder / "startup.log").open("wb") as log:
        command = [place.programs["postgres"], "-D", str(place.cluster)]
        command += ["-c", f"config_file={configuration}"]
        child = run_as(place.account, command, cwd=place.cluster, stdout=log, pass_fds=[life])
    postmaster = Postmaster(psutil.Process(child.pid), child)
    if not ready(place, postmaster, patience_s):
        raise _not_started(place)
    return postmaster


def run_as(account: Account, command: list[str], **popen: Any) -> subprocess.Popen[bytes]:
    """Run one PostgreSQL program as the database's user, apart from our terminal's Ctrl-C."""
    if account.switch:
        popen |= {"user": account.uid, "group": account.gid, "extra_groups": []}
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,
            umask=0o077,
            **popen,
        )
    except PermissionError:
        raise SetupProblem(
            f"User {account.name} may not run {command[0]}.",
            "If this is root in a container without CAP_SETUID, run as an ordinary user; if the "
            "folder is mounted noexec or closed to others, set REGULARS_SYSTEM_DIR to another.",
        ) from None


def ready(place: Place, postmaster: Postmaster, patience_s: float = LONGEST_START_S) -> bool:
    """Wait until it takes connections, however long its recovery takes; False if it ended."""
    until = time.monotonic() + patience_s
    while postmaster.alive():
        lines = _pid_lines(place)
        if len(lines) >= 8 and lines[0] == str(postmaster.pid) and lines[7] == "ready":
            return True
        if time.monotonic() > until:
            raise _not_started(place)
        time.sleep(LOOK_AGAIN_S)
    return False


def _not_started(place: Place) -> SetupProblem:
    return SetupProblem(
        f"The embedded PostgreSQL did not start: {_last_words(place)}",
        f"Look into {place.cluster}/log and {place.folder}/startup.log.",
    )


@contextmanager
def _sole_life(place: Place) -> Iterator[int]:
    """A lock that lives in every process of the PostgreSQL about to start, as long as one does.

    Keeps: who holds it knows that no process of an earlier one is left, not even a backend
    that outlived a killed postmaster, or one in another container. Then, and only then, the
    old pid file and the one beside the socket may go. (PostgreSQL would trust them when their
    number belongs to a zombie or was given to another process, and refuse to start.)
    """
    life = os.open(place.folder / "life.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _locked(life):
            _end_leftovers(place)
            if not _locked(life):
                raise SetupProblem(
                    f"Another PostgreSQL, in a container perhaps, uses {place.cluster}.",
                    "Stop that one, or set REGULARS_HOME to another folder.",
                )
        place.postmaster_pid.unlink(missing_ok=True)
        for beside in place.sockets.glob(".s.PGSQL.*.lock"):
            beside.unlink(missing_ok=True)
        yield life
    finally:
        os.close(life)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _end_leftovers(place: Place) -> None:
    left = [one for one in psutil.process_iter() if _serves(one, place)]
    if not _await(lambda: not any(_runs(one) for one in left), LONGEST_FAREWELL_S):
        for one in left:
            with suppress(psutil.NoSuchProcess):
                one.kill()
    _await(lambda: not any(_runs(one) for one in left), LONGEST_FAREWELL_S)


def _serves(one: psutil.Process, place: Place) -> bool:
    try:
        return (
            one.name().startswith("postgres")
            and one.status() != psutil.STATUS_ZOMBIE
            and Path(one.cwd()) == place.cluster.resolve()
        )
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _runs(one: psutil.Process) -> bool:
    try:
        return bool(one.is_running()) and one.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _await(condition: Callable[[], bool], patience_s: float) -> bool:
    until = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(LOOK_AGAIN_S)
    return True


def _pid_lines(place: Place) -> list[str]:
    try:
        return [line.strip() for line in place.postmaster_pid.read_text("utf-8").splitlines()]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _last_words(place: Place) -> str:
    logs = [place.folder / "startup.log", *(place.cluster / "log").glob("*.log")]
    for path in sorted(logs, key=lambda path: path.stat().st_mtime, reverse=True):
        said = [line for line in path.read_text("utf-8", "replace").splitlines() if line.strip()]
        fatal = [line for line in said if "FATAL" in line or "PANIC" in line]
        if said:
            return (fatal or said)[-1]
    return "it left without a word"
