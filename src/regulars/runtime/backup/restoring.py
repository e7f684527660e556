"""Puts a backup back: checked, whole, carried forward, fenced and verified."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import asyncpg

from regulars.insight.verify import Report
from regulars.runtime.backup import ground
from regulars.runtime.backup.erasure_list import (
    Applied,
    ErasureList,
    apply_lists,
    unlisted_in,
)
from regulars.runtime.backup.fence import raise_fence
from regulars.runtime.backup.label import check_files
from regulars.runtime.backup.making import DUMP, address_of, run
from regulars.runtime.backup.own_database import restoring_own, unmark
from regulars.runtime.backup.shelf import Kept
from regulars.runtime.backup.unpacking import arrange_recovery, forget_recovery, unpack
from regulars.runtime.checking.books import verify_books
from regulars.runtime.embedded.archive import begin_life
from regulars.runtime.embedded.cluster import SUPERUSER, Cluster
from regulars.runtime.embedded.place import prepare_place
from regulars.runtime.embedded.unfinished import DRAFT, restoring
from regulars.runtime.embedded.wheel import find_programs
from regulars.runtime.installation.addresses import addresses
from regulars.runtime.installation.settings import Settings
from regulars.runtime.problems import SetupProblem
from regulars.runtime.storage.migrator import migrate

LONGEST_RECOVERY_S: Final = 24 * 3600.0
BROKE_OFF: Final = "recovery ended before configured recovery target was reached"
LAST_KNOWN: Final = "last completed transaction was at log time "
# Where the owner loads, the fences that it meets half-way let it pass by its own policy.
AS_OWNER: Final = ("--no-owner", "--enable-row-security")

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which backup is to be put back, and as of which instant (the last one if not said)."""

    kept: Kept
    to: datetime | None = None
    erasures: tuple[ErasureList, ...] = ()
    """Who is to be forgotten again, before anything else happens to the books."""


@dataclass(frozen=True, slots=True)
class Restored:
    """How it went: under which epoch the installation lives now, and what verify says."""

    epoch: int
    report: Report
    forgotten: Applied | None = None
    """What forgetting people again came to; nothing where no list was named, or it failed."""
    unlisted: tuple[str, ...] = ()
    """Programs with people in the books of which no list said anything."""
    failed: str = ""
    """Why people could not be forgotten again; some of them may be."""


def restore(settings: Settings, wanted: Wanted, now: datetime, say: Say) -> Restored:
    """The books of a backup in an empty installation.

    Refuses: a running or occupied home, a damaged backup, an instant that is not in it.
    Keeps: whatever fails, the backup is as it was and nothing half-restored stays behind. Killed
    on the way, it leaves a mark, and nobody starts or serves what lies there before a restore
    ended: fenced, forgotten anew and verified (ADR 0933).
    """
    label = wanted.kept.label
    ground.refuse_base(settings, label.kind)
    if settings.embedded:
        ground.refuse_occupied(settings)
    else:
        asyncio.run(ground.refuse_tables(addresses(settings).owner))
    _refuse_instant(settings, wanted, now)
    say(f"Checking {wanted.kept.path} ({label.whose or 'nothing archived'}) …")
    check_files(wanted.kept.path, label)
    if label.kind == "base":
        return _base(settings, wanted, say)
    return _dump(settings, wanted, say)


def _refuse_instant(settings: Settings, wanted: Wanted, now: datetime) -> None:
    to, label = wanted.to, wanted.kept.label
    if to is None:
        return
    if label.kind == "dump":
        raise SetupProblem(
            "A dump is of one instant, so there is nothing to choose.",
            f"Leave out --to (it is of {label.begun_at:%Y-%m-%dT%H:%M:%SZ}), or restore a base "
            "backup.",
        )
    if to > now:
        raise SetupProblem(
            f"{to:%Y-%m-%dT%H:%M:%SZ} has yet to come.", "Choose an instant before now."
        )
    if to < label.ended_at:
        raise SetupProblem(
            f"This backup ended at {label.ended_at:%Y-%m-%dT%H:%M:%S.%fZ}, "
            "after the instant asked for.",
            "Choose an earlier backup, or leave its name out and the right one is found.",
        )
    archive = _archive(settings, wanted)
    if archive is None:
        raise SetupProblem(
            f"There is no archive beside {wanted.kept.path} that continues it.",
            "Leave out --to to restore it as of its end"
            + (
                f", or set REGULARS_BACKUPS to the folder with {label.archive} in it."
                if label.archive
                else "; when it was made, nothing was archived."
            ),
        )


def _archive(settings: Settings, wanted: Wanted) -> Path | None:
    name = wanted.kept.label.archive
    for shelf in (wanted.kept.path.parent, settings.backups):
        if name and shelf is not None and (shelf / name).is_dir():
            return shelf / name
    return None


def _base(settings: Settings, wanted: Wanted, say: Say) -> Restored:
    place = prepare_place(settings)
    with restoring(place):
        say("Unpacking …")
        archive, draft = _archive(settings, wanted), place.folder / DRAFT
        unpack(wanted.kept.path, draft, place, archive)
        arrange_recovery(draft, archive, wanted.to)
        for path in [draft, *draft.rglob("*")]:
            os.chown(path, place.account.uid, place.account.gid, follow_symlinks=False)
        begin_life(place)
        draft.rename(place.cluster)
        say("Replaying the archive …" if archive else "Starting …")
        cluster = Cluster(settings, patience_s=LONGEST_RECOVERY_S, restores=True)
        _recover(cluster)
        forget_recovery(place.cluster)
        return _finish(cluster, settings, wanted, say)


def _recover(cluster: Cluster) -> None:
    try:
        cluster.start()
    except SetupProblem as problem:
        if BROKE_OFF not in problem.what:
            raise
        raise SetupProblem(
            "The archive ends before the instant asked for"
            + _last_known(cluster.place.cluster / "log"),
            "To restore up to its end, leave out --to.",
        ) from None
    finally:
        if not cluster.alive():
            cluster.leave()


def _last_known(logs: Path) -> str:
    lines = [line for path in logs.glob("*.log") for line in path.read_text("utf-8").splitlines()]
    found = sorted(line.split(LAST_KNOWN)[1] for line in lines if LAST_KNOWN in line)
    return f"; the last change in it is of {found[-1]}." if found else "."


def _dump(settings: Settings, wanted: Wanted, say: Say) -> Restored:
    file = str(wanted.kept.path / DUMP)
    if not settings.embedded:
        with restoring_own(addresses(settings).owner):
            say("Loading the tables …")
            _load(addresses(settings).owner, file, [*AS_OWNER, "--single-transaction"])
            return _finish(None, settings, wanted, say)
    with restoring(prepare_place(settings)):
        say("Loading the tables …")
        cluster = Cluster(settings, restores=True).start()
        try:
            # The superuser sees past the fences between programs; all becomes the owner's.
            _load(cluster.dsn(SUPERUSER), file, ["--jobs=2"])
            asyncio.run(unmark(cluster.dsn(SUPERUSER)))
        except BaseException:
            cluster.leave()
            raise
        return _finish(cluster, settings, wanted, say)


def _load(dsn: str, file: str, options: list[str]) -> None:
    where, environment = address_of(dsn)
    command = [find_programs()["pg_restore"], "--dbname", where, "--no-password", "--exit-on-error"]
    run([*command, *options, file], "The dump could not be loaded", environment)


def _finish(
    cluster: Cluster | None, settings: Settings, wanted: Wanted, say: Say
) -> Restored:  # fmt: skip
    try:
        owner = addresses(settings).owner
        for step in asyncio.run(migrate(owner)):
            say(f"Carried forward by {step}.")
        epoch = asyncio.run(raise_fence(owner, wanted.kept.path.name, wanted.to))
        forgotten, failed = _forget_again(settings, wanted, say)
        say("Verifying …")
        report = asyncio.run(verify_books(owner, analyze=True))
        unlisted = asyncio.run(_unlisted(owner, wanted.erasures))
    finally:
        if cluster is not None:
            cluster.leave()
    return Restored(epoch, report, forgotten, unlisted, failed)


def _forget_again(settings: Settings, wanted: Wanted, say: Say) -> tuple[Applied | None, str]:
    """What it came to, or why it failed: the books are in place then, and told of as they are."""
    if not wanted.erasures:
        return None, ""
    say("Erasing again who was erased since …")
    try:
        return asyncio.run(apply_lists(addresses(settings), wanted.erasures)), ""
    except Exception as wrong:  # whatever it was, nobody may take these books for clean
        return None, f"{type(wrong).__name__}: {wrong}"


async def _unlisted(dsn: str, lists: tuple[ErasureList, ...]) -> tuple[str, ...]:
    connection = await asyncpg.connect(dsn)
    try:
        return await unlisted_in(connection, lists)
    finally:
        await connection.close()


def instant(text: str) -> datetime:
    """The instant a person wrote; refuses one without a zone, which could be any of 24."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise SetupProblem(
            f"--to is {text!r}.",
            "Write date, time and zone, as 2026-11-25T10:00Z or 2026-11-25T11:00+01:00.",
        )
    return read.astimezone(UTC)
