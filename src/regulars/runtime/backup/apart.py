"""Secrets are kept apart from the books: who finds one of the two has nothing of the other."""

import os
import shutil
from pathlib import Path

from regulars.runtime.installation.secret_files import NAMES, read_secrets
from regulars.runtime.installation.settings import Settings
from regulars.runtime.problems import SetupProblem


def keep_secrets(settings: Settings, to: Path) -> list[str]:
    """Copy the secret files into a folder only their owner can read; their names.

    Refuses: a folder among the backups or in the home, and one that has others in it.
    """
    read_secrets(settings)
    for near in (settings.backups, settings.home):
        if near is not None and (to == near or near in to.parents):
            raise SetupProblem(
                f"{to} lies in {near}, with the books.",
                "Choose a folder elsewhere: a safe's memory stick, another machine.",
            )
    kept = _files(settings.secrets_dir)
    for path in kept:
        other = to / path.name
        if other.exists() and other.read_bytes() != path.read_bytes():
            raise SetupProblem(
                f"{other} holds another secret.", "Choose an empty folder, or remove it."
            )
    _copy(kept, to)
    return [path.name for path in kept]


def bring_secrets(settings: Settings, origin: Path, *, again: bool = False) -> list[str]:
    """Put kept secrets into a home that has none; their names.

    `again`: those that a restore brought which was cut off may be there, if they are the same.
    """
    kept = _files(origin)
    if not kept:
        raise SetupProblem(
            f"There are no secrets in {origin}.",
            "Name the folder that `regulars backup --secrets` filled.",
        )
    there = _files(settings.secrets_dir)
    known = {path.name: path.read_bytes() for path in kept}
    same = all(path.read_bytes() == known.get(path.name) for path in there)
    if there and not (again and same):
        raise SetupProblem(
            f"{settings.secrets_dir} has secrets already ({there[0].name}).",
            "Leave out --secrets to keep those, or remove them.",
        )
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    _copy(kept, settings.secrets_dir)
    return [path.name for path in kept]


def _files(folder: Path) -> list[Path]:
    return [folder / name for name in NAMES if (folder / name).is_file()]


def _copy(files: list[Path], to: Path) -> None:
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    to.chmod(0o700)
    for path in files:
        descriptor = os.open(to / path.name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out, path.open("rb") as read:
            shutil.copyfileobj(read, out)
            out.flush()
            os.fsync(out.fileno())
