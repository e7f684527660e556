"""Where the embedded database lies and which user of the machine runs it."""

import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from regulars.runtime.embedded.wheel import Programs, copy_programs, find_programs, make_enterable
from regulars.runtime.installation.settings import Settings
from regulars.runtime.problems import SetupProblem

SYSTEM_USER = "regulars"
# A socket's whole path has 107 bytes on Linux and 103 on macOS; `/.s.PGSQL.5432` takes 14.
LONGEST_SOCKET_FOLDER = 103 - 14


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the machine; `switch` is False where we already are that user."""

    uid: int
    gid: int
    name: str
    switch: bool


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one embedded database, its programs and its user."""

    programs: Programs
    folder: Path
    sockets: Path
    account: Account

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own folder."""
        return self.folder / "cluster"

    @property
    def postmaster_pid(self) -> Path:
        """The file in which PostgreSQL says who it is and whether it is ready."""
        return self.cluster / "postmaster.pid"


def folder_of(settings: Settings) -> Path:
    """The database's folder: with the installation, or for root in the system folder."""
    if os.geteuid() != 0:
        return settings.home / "pg"
    return settings.system_dir / _short_hash(settings.home)


def sockets_of(settings: Settings) -> Path:
    """A short private folder for the socket, the same one at every start."""
    near = folder_of(settings) / "socket"
    if len(os.fsencode(near)) <= LONGEST_SOCKET_FOLDER:
        return near
    # Not $TMPDIR: a server and a command line with different ones would not find each other.
    return Path("/tmp") / f"regulars-{os.geteuid()}-{_short_hash(settings.home)}"  # noqa: S108


def make_folder(settings: Settings) -> Path:
    """The database's folder, there from now on.

    Keeps: run as root it is root's, so that root never writes where the database's user could
    plant a link.
    """
    folder = folder_of(settings)
    if os.geteuid() == 0:
        make_enterable(folder)
    else:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def prepare_place(settings: Settings) -> Place:
    """Make all ready for the right user, without opening any other folder; one at a time."""
    folder, sockets = make_folder(settings), sockets_of(settings)
    programs = find_programs()
    if os.geteuid() == 0:
        programs = copy_programs(programs, settings.system_dir / "pg")
        account = _account_for_root(folder / "cluster")
    else:
        account = _own_account()
    private_folder(sockets, account)
    return Place(programs, folder, sockets, account)


def _own_account() -> Account:
    try:
        entry = pwd.getpwuid(os.geteuid())
    except KeyError:
        raise SetupProblem(
            f"User {os.geteuid()} has no name on this machine, and PostgreSQL needs one.",
            f"Add a line for it to /etc/passwd, for example "
            f"`regulars:x:{os.geteuid()}:{os.getegid()}::/nonexistent:/usr/sbin/nologin`.",
        ) from None
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name, False)


def _account_for_root(cluster: Path) -> Account:
    """PostgreSQL refuses to run as root; the user who owns its folder keeps it for ever."""
    if cluster.exists():
        entry = pwd.getpwuid(cluster.stat().st_uid)
    else:
        entry = _find_user(SYSTEM_USER) or _create_user() or pwd.getpwnam("nobody")
    if entry.pw_uid == 0:
        raise SetupProblem(
            f"{cluster} belongs to root, but PostgreSQL refuses to run as root.",
            f"Give it to an unprivileged user: `chown -R nobody {cluster}`.",
        )
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name, True)


def _find_user(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _create_user() -> pwd.struct_passwd | None:
    """A system user of our own; where none can be made, `nobody` takes its place."""
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return None
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    command = [useradd, *options, "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    return make_once(Path(useradd), command, lambda: _find_user(SYSTEM_USER))


Found = TypeVar("Found")


def make_once(lock: Path, command: list[str], find: Callable[[], Found | None]) -> Found | None:
    """What `find` finds, after running this command where it was not there.

    Two `useradd` at one moment both make the user, and the number of the first is soon nobody's;
    so installations that start together take turns, by a lock on a file that always stays.
    """
    with lock.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        there = find()
        if there is None:
            subprocess.run(command, capture_output=True, check=False)
            there = find()
        return there


def private_folder(path: Path, account: Account) -> None:
    """Make a folder that only this account may enter, or make sure that it is one."""
    try:
        path.mkdir(mode=0o700)
        if account.switch:
            os.chown(path, account.uid, account.gid)
    except FileExistsError:
        found = path.lstat()
        # In a shared temporary folder somebody else may have made it first.
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
            raise SetupProblem(
                f"{path} exists and does not belong to user {account.name}.",
                f"Remove it, or give it to {account.name}.",
            ) from None
        if stat.S_IMODE(found.st_mode) & 0o077:
            path.chmod(0o700)


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
