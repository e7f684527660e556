"""The mark of a restore that has begun and not ended: what lies here then are no books yet."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from regulars.runtime.embedded.place import Place
from regulars.runtime.embedded.postmaster import end_postmaster
from regulars.runtime.problems import SetupProblem

DRAFT: Final = "cluster.restored"


MADE: Final = "restoring"
"""In a cluster that a restore made, until that restore has ended well."""


def unfinished(folder: Path) -> bool:
    """Whether a restore into this database's folder has begun and not ended, or was cut off.

    Books without the restore's own file in them are none that it left, whatever lies beside them.
    """
    cluster = folder / "cluster"
    return _made(cluster) or (mark_of(folder).exists() and not _filled(cluster))


def mark_of(folder: Path) -> Path:
    """Where the mark lies: beside the cluster, since the cluster itself is put in place whole."""
    return folder / "restoring.lock"


def sign(draft: Path, place: Place) -> None:
    """Have a cluster say that a restore made it, before it is moved into its place."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    made = os.open(draft / MADE, flags, 0o600)
    try:
        if place.account.switch:
            os.fchown(made, place.account.uid, place.account.gid)
        os.fsync(made)
    finally:
        os.close(made)
    _flush(draft)


def refuse_unfinished(place: Place) -> None:
    """Refuse to start what a restore left: it may be whole, but it was not fenced yet, nobody who
    was erased since was erased again, and nothing was verified.

    Order: within `turn`. A mark beside books that no restore made is of one that was given up.
    """
    mark = mark_of(place.folder)
    if mark.exists() and _going_on(mark):
        raise SetupProblem(
            f"A restore into {place.cluster} is going on.", "Wait until it has ended."
        )
    if not unfinished(place.folder):
        mark.unlink(missing_ok=True)
        return
    raise SetupProblem(
        f"The restore into {place.cluster} was cut off, so these are no books to work with: "
        "letters that went out would go out again, and who was erased since would be back.",
        "Run `regulars restore` again, as before: it clears this away and begins anew. To give it "
        f"up: `rm -rf {place.cluster} {place.folder / DRAFT} {mark}`, then move the books you "
        "had before back to their place, or begin with none.",
    )


@contextmanager
def restoring(place: Place) -> Iterator[None]:
    """For as long as this block lasts a restore goes on here, and nobody starts what it makes.

    Order: the mark is on the disk before there is a cluster, and goes when the block ended well.
    Keeps: after kill -9 or a power cut it stays, and the next restore clears all away; after any
    other failure nothing of it stays. Two restores at once do not meet: one is refused. Only what
    a restore made is ever cleared away; of anything else here it refuses to be the heir.
    """
    with turn(place.folder):
        mark = _begin(place)
    try:
        try:
            yield
        except BaseException:
            # What cannot be removed stays marked; what went wrong first is what people must hear.
            with turn(place.folder), suppress(OSError):
                _clear_away(place)
                mark_of(place.folder).unlink()
            raise
        with turn(place.folder):
            (place.cluster / MADE).unlink(missing_ok=True)
            if place.cluster.exists():
                _flush(place.cluster)
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
    for found in (place.cluster, place.folder / DRAFT):
        if _filled(found) and not _made(found):
            raise SetupProblem(
                f"There are books in {found} that no restore has left; nothing was changed.",
                "Restore beside them: set REGULARS_HOME to an empty folder. Or move them away: "
                f"`mv {found} {found}.before`.",
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
    try:
        _clear_away(place)
    except OSError as wrong:
        os.close(mark)
        raise SetupProblem(
            f"What an earlier restore left cannot be removed: {wrong}.",
            f"Remove {place.cluster} and {place.folder / DRAFT} yourself, then begin again.",
        ) from None
    return mark


def _clear_away(place: Place) -> None:
    for made in (place.folder / DRAFT, place.cluster):
        if not made.exists() or (_filled(made) and not _made(made)):
            continue
        if made == place.cluster:
            end_postmaster(place)
        for one in made.iterdir():
            if one.is_dir() and not one.is_symlink():
                shutil.rmtree(one)
            elif one.name != MADE:
                one.unlink()
        # Last of all: what is left by a kill amid this is known for what it is.
        (made / MADE).unlink(missing_ok=True)
        made.rmdir()


def _made(cluster: Path) -> bool:
    return os.path.lexists(cluster / MADE)


def _filled(cluster: Path) -> bool:
    """Whether anything lies there; an empty folder is nobody's books."""
    return cluster.is_dir() and any(cluster.iterdir())


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
