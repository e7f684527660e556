"""Where backups lie: one folder each, whole or not there at all, and the archive beside them."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from regulars.runtime.backup.label import LABEL, Label, read_label
from regulars.runtime.embedded.archive import noted_name, piece_of, tidy_archive
from regulars.runtime.embedded.place import folder_of
from regulars.runtime.installation.settings import Settings
from regulars.runtime.problems import SetupProblem

LIFE: Final = "select current_database() || '-' || system_identifier from pg_control_system()"
"""By which a database of one's own is known."""
NAME: Final = "%Y-%m-%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Kept:
    """One backup on the shelf."""

    path: Path
    label: Label


def shelf_of(settings: Settings) -> Path:
    """The folder for backups; refuses where none is set."""
    if settings.backups is None:
        raise SetupProblem(
            "No folder for backups is set.",
            "Set REGULARS_BACKUPS to a folder, on another disk if there is one.",
        )
    return settings.backups


def backups_on(shelf: Path) -> list[Kept]:
    """All whole backups, the oldest first; what was left half-made is not among them."""
    found = [
        Kept(label.parent, read_label(label.parent))
        for label in shelf.glob(f"*/{LABEL}")
        if not label.parent.name.endswith(".draft")
    ]
    return sorted(found, key=lambda kept: kept.label.ended_at)


async def own_backups(settings: Settings, connection: Any) -> list[Kept]:
    """Those of them that are of this installation, the oldest first, or that do not say whose.

    Shape: `connection` of the owner, to the installation's database.
    """
    life = await life_of(settings, connection)
    return [one for one in backups_on(shelf_of(settings)) if one.label.whose in ("", life)]


async def life_of(settings: Settings, connection: Any) -> str:
    """Which installation this is, from one restore to the next; nothing where none is known yet."""
    if settings.embedded:
        return noted_name(folder_of(settings))
    return str(await connection.fetchval(LIFE))


def newest_base(shelf: Path, to: datetime | None, life: str | None = None) -> Kept:
    """The base backup to start from in order to arrive at this instant, or at the end.

    Refuses: several installations' backups on one shelf, a drill's beside the shop's, where no
    `life` is said: only people know which of them is meant.
    """
    bases = [
        kept
        for kept in backups_on(shelf)
        if kept.label.kind == "base" and life in (None, kept.label.whose)
    ]
    early = [kept for kept in bases if to is None or kept.label.ended_at <= to]
    newest = {kept.label.whose: kept for kept in early}
    if len(newest) > 1:
        named = "; ".join(
            f"{kept.path}, of {kept.label.ended_at:%Y-%m-%d %H:%M} UTC"
            f" ({whose or 'nothing archived'})"
            for whose, kept in newest.items()
        )
        raise SetupProblem(
            f"Backups of {len(newest)} installations lie in {shelf}; the newest of each: {named}.",
            "Name the one to restore: `regulars restore FOLDER`. A drill, and what was restored, "
            "is an installation of its own; move away what you need no more.",
        )
    if early:
        return early[-1]
    if not bases:
        raise SetupProblem(
            f"There is no base backup in {shelf}.",
            "Name the backup to restore, or set REGULARS_BACKUPS to the folder it lies in.",
        )
    raise SetupProblem(
        f"No base backup in {shelf} ended before {to:%Y-%m-%dT%H:%M:%SZ}.",
        f"The earliest instant to go back to is {bases[0].label.ended_at:%Y-%m-%dT%H:%M:%SZ}.",
    )


def prune(shelf: Path, made: Label, keep: int) -> list[str]:
    """Remove the oldest backups of the kind and installation of this one but so many, and the
    archive only they needed; those of other installations are for these to prune."""
    of_kind = [
        kept
        for kept in backups_on(shelf)
        if kept.label.kind == made.kind and kept.label.whose in ("", made.whose)
    ]
    gone = of_kind[:-keep]
    with _alone(shelf):
        for kept in gone:
            # Its label goes first, so that half a backup is never taken for one.
            (kept.path / LABEL).unlink()
            shutil.rmtree(kept.path)
        if made.kind == "base" and gone:
            _prune_archives(shelf, of_kind[-keep:])
    return [kept.path.name for kept in gone]


def _prune_archives(shelf: Path, left: list[Kept]) -> None:
    """Only the archives of clusters of which a backup stays; the others are for people to judge."""
    first: dict[str, str] = {}
    for kept in left:
        noted = msgspec.json.decode((kept.path / "backup_manifest").read_bytes())
        piece = piece_of(noted["WAL-Ranges"][0]["Start-LSN"])
        name = kept.label.archive
        first[name] = min(first.get(name, piece), piece)
    for name, piece in first.items():
        if name:
            tidy_archive(shelf / name, piece)


@contextmanager
def place_on(shelf: Path, kind: str, now: datetime) -> Iterator[tuple[Path, Path]]:
    """A draft folder to fill and the name it gets when the block ends well; one at a time.

    Keeps: after a failure, or kill -9, nothing that looks like a backup is on the shelf.
    """
    shelf.mkdir(mode=0o755, parents=True, exist_ok=True)
    name = f"{now.astimezone(UTC):{NAME}}-{kind}"
    final, draft = shelf / name, shelf / f"{name}.draft"
    with _alone(shelf):
        for left in shelf.glob("*.draft"):
            shutil.rmtree(left)
        if final.exists():
            raise SetupProblem(f"{final} exists already.", "Wait a second and try again.")
        draft.mkdir(mode=0o700)
        try:
            yield draft, final
            flush(draft)
            draft.rename(final)
            flush(shelf)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise


def flush(folder: Path) -> None:
    """Have everything in a folder on the disk before it is called a backup."""
    for path in [*(each for each in folder.iterdir() if each.is_file()), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _alone(shelf: Path) -> Iterator[None]:
    lock = os.open(shelf / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise SetupProblem(
            f"Another backup into {shelf} is being made.", "Wait until it has ended."
        ) from None
    try:
        yield
    finally:
        os.close(lock)
