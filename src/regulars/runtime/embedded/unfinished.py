"""The mark of a restore that has begun and not ended: what lies here then are no books yet."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from regulars.runtime.embedded.place import Place
from regulars.runtime.embedded.postmaster import end_postmaster
from regulars.runtime.problems import SetupProblem

DRAFT: Final = "cluster.restored"


def unfinished(folder: Path) -> bool:
    """Whether a restore into this database's folder has begun and not ended, or was cut off."""
    return mark_of(folder).exists()


def mark_of(folder: Path) -> Path:
    """Where the mark lies: beside the cluster, since the cluster itself is put in place whole."""
    return folder / "restoring.lock"


def refuse_unfinished(place: Place) -> None:
    """Refuse to start what a restore left: it may be whole, but it was not fenced yet, nobody who
    was erased since was erased again, and nothing was verified."""
    if not unfinished(place.folder):
        return
    if _going_on(mark_of(place.folder)):
        raise SetupProblem(
            f"A restore into {place.cluster} is going on.", "Wait until it has ended."
        )
    raise SetupProblem(
        f"The restore into {place.cluster} was cut off, so these are no books to work with: "
        "letters that went out would go out again, and who was erased since would be back.",
        "Run `regulars restore` again, as before: it clears this away and begins anew.",
    )


@contextmanager
def restoring(place: Place) -> Iterator[None]:
    """For as long as this block lasts a restore goes on here, and nobody starts what it makes.

    Order: the mark is on the disk before there is a cluster, and goes when the block ended well.
    Keeps: after kill -9 or a power cut it stays, and the next restore clears all away; after any
    other failure nothing of it stays. Two restores at once do not meet: one is refused.
    """
    with turn(place.folder):
        mark = _begin(place)
    try:
        try:
            yield
        except BaseException:
            with turn(place.folder):
                _clear_away(place)
                mark_of(place.folder).unlink()
            raise
        with turn(place.folder):
            _flush(place.folder)
            mark_of(place.folder).unlink()
    finally:
        os.close(mark)


@contextmanager
def turn(folder: Path) -> Iterator[None]:
    """One at a time starts, finds, stops or replaces the database of this folder."""
    # Closed to others: whoever may read a file may also lock it, and keep us waiting.
    lock = os.open(folder / "turn.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _begin(place: Place) -> int:
    """The mark, held; what an earlier restore left is away."""
    left = unfinished(place.folder)
    if not left and place.cluster.exists():
        raise SetupProblem(
            f"There are books in {place.cluster} already; nothing was changed.",
            "Restore beside them: set REGULARS_HOME to an empty folder.",
        )
    mark = os.open(mark_of(place.folder), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(mark)
        raise SetupProblem(
            f"Another restore into {place.cluster} is going on.", "Wait until it has ended."
        ) from None
    _flush(place.folder)
    if left:
        _clear_away(place)
    return mark


def _clear_away(place: Place) -> None:
    end_postmaster(place)
    for made in (DRAFT, place.cluster.name):
        shutil.rmtree(place.folder / made, ignore_errors=True)


def _going_on(mark: Path) -> bool:
    with mark.open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
