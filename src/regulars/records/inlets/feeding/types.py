"""Where files with events are, what was seen there, and how far each file was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

FeedPlace = Literal["folder", "sftp", "s3"]
FileState = Literal["seen", "reading", "done", "refused"]
"""It may still grow; it is being read; all of it is here; it cannot be read at all."""
SETTLES: Final = timedelta(seconds=10)
"""A file that neither grew nor changed for so long is no longer being written."""
LIES_STILL: Final = timedelta(minutes=15)
"""A file that ends within a line is no longer being written once it lay so long by our own clock:
whoever exports may stop for a query, and half a number looks like a number. What its own time says
is no help: an upload may keep that of the file it was made of."""
OPEN_ENDED: Final = (
    "its last line has no end and may be half a line; it is read once the file did not change for "
    "15 minutes"
)
EVERY: Final = timedelta(minutes=1)
"""How often a place is looked at."""
LONGEST_PAUSE: Final = timedelta(hours=1)
"""Between two tries while it does not answer."""
MOST_SLIPS: Final = 10
"""Of a file so many rows that cannot be read are told one by one; the others are counted."""
MOST_FILES: Final = 10_000
LARGEST: Final = 256 * 1024 * 1024
LONGEST_NAME: Final = 500
MOST_FAILURES: Final = 1_000_000
_UNFINISHED: Final = (".part", ".tmp", ".filepart", ".crdownload")


class Feed(Struct, frozen=True):
    """A place whose files are read."""

    inlet_id: UUID
    place: FeedPlace
    address: str
    endpoint: str
    region: str
    account: str
    keys: bytes
    """Encrypted; the database has nothing to open them with. Empty where nothing is secret."""
    host_key: str
    """Of an SFTP server: the key it had when it was met first, and has to have for ever."""
    next_at: datetime
    looked_at: datetime | None
    failures: int
    problem: str
    version: int

    def __repr__(self) -> str:
        return f"Feed({self.inlet_id}, {self.place} {self.address})"


class Listed(NamedTuple):
    """A file as it lies there."""

    name: str
    size: int
    modified: datetime


class Slip(Struct, frozen=True):
    """A row that cannot be read: where, why, and what to do."""

    line: int
    column: str
    says: str
    mend: str


class FeedFile(Struct, frozen=True):
    """One file, and how far it was read."""

    inlet_id: UUID
    name: str
    size: int
    modified: datetime
    state: FileState
    lines: int
    kept: int
    known: int
    unreadable: int
    slips: tuple[Slip, ...]
    problem: str
    seen_at: datetime
    done_at: datetime | None
    version: int
    position: int = 0
    """About so many of its bytes were read."""


class Left(NamedTuple):
    """What is still to be read at a place."""

    files: int = 0
    bytes: int = 0
    of: int = 0
    """All bytes of these files."""


NOTHING_LEFT: Final = Left()


class Portion(NamedTuple):
    """Some rows of a file that were read: how many, how many were new, which cannot be read, and
    about where in the file the last of them ends."""

    lines: int
    kept: int
    known: int
    slips: Sequence[Slip]
    position: int = 0


def wanted(name: str) -> bool:
    """Whether a file is meant for us by its name: neither hidden nor still on its way."""
    plain = name.rpartition("/")[2].lower()
    return bool(plain) and not plain.startswith((".", "~")) and not plain.endswith(_UNFINISHED)


def met(
    known: Mapping[str, FeedFile], listed: Iterable[Listed], inlet_id: UUID, now: datetime
) -> tuple[list[FeedFile], list[FeedFile]]:
    """What a look makes of these files: those that are told anew, and those that can be read now,
    the oldest first.

    Order: who writes a file needs a while, so one that was met or changed since the last look waits
    for the next. What changed after it was read is read once more, and what is known of it counts
    once. What gave trouble before comes last, so that it holds up no other.
    """
    fresh, ready = [], []
    for one in sorted(listed, key=lambda each: (each.modified, each.name)):
        before = known.get(one.name)
        if before is None or (before.size, before.modified) != (one.size, one.modified):
            version = 1 if before is None else before.version + 1
            fresh.append(_new(inlet_id, one, now, version))
        elif _may_be_read(before, now):
            ready.append(before)
    return fresh, sorted(ready, key=lambda each: bool(each.problem))


def _may_be_read(one: FeedFile, now: datetime) -> bool:
    if one.state == "seen":
        return now - one.seen_at >= SETTLES
    return one.state == "reading" and (one.problem != OPEN_ENDED or lies_still(one, now))


def lies_still(one: FeedFile, now: datetime) -> bool:
    """Whether nobody writes this file any more, even if its last line has no end."""
    return now - one.seen_at >= LIES_STILL


def _new(inlet_id: UUID, one: Listed, now: datetime, version: int) -> FeedFile:
    if one.size == 0:
        return _refused(inlet_id, one, now, version, "the file is empty; export it again")
    if one.size > LARGEST:
        says = f"the file is larger than {LARGEST >> 20} MB; split it"
        return _refused(inlet_id, one, now, version, says)
    return FeedFile(
        inlet_id, one.name, one.size, one.modified, "seen", lines=0, kept=0, known=0, unreadable=0,
        slips=(), problem="", seen_at=now, done_at=None, version=version,
    )  # fmt: skip


def _refused(inlet_id: UUID, one: Listed, now: datetime, version: int, why: str) -> FeedFile:
    return FeedFile(
        inlet_id, one.name, one.size, one.modified, "refused", lines=0, kept=0, known=0,
        unreadable=0, slips=(), problem=why, seen_at=now, done_at=now, version=version,
    )  # fmt: skip


def further(one: FeedFile, portion: Portion) -> FeedFile:
    """How far a file is after these rows; it came, whatever it had not before."""
    return replace(
        one,
        state="reading",
        problem="",
        lines=one.lines + portion.lines,
        kept=one.kept + portion.kept,
        known=one.known + portion.known,
        unreadable=one.unreadable + len(portion.slips),
        slips=(*one.slips, *portion.slips)[:MOST_SLIPS],
        version=one.version + 1,
        position=min(max(portion.position, one.position), one.size),
    )


def held(one: FeedFile) -> FeedFile:
    """A file of which all was read but a last line without an end."""
    return replace(one, state="reading", problem=OPEN_ENDED, version=one.version + 1)


def done(one: FeedFile, now: datetime, problem: str = "") -> FeedFile:
    """A file that was read: to its end, or up to where it breaks.

    Keeps: of what breaks before its first row nothing came in, and it is refused.
    """
    state: FileState = "refused" if problem and not one.lines else "done"
    position = one.position if problem else one.size
    told = {"problem": problem, "done_at": now, "version": one.version + 1}
    return replace(one, state=state, position=position, **told)


def looked(one: Feed, now: datetime, *, waits: bool) -> Feed:
    """A place after a look; looked at again soon where files may still be written."""
    pause = SETTLES if waits else EVERY
    return replace(
        one, next_at=now + pause, looked_at=now, failures=0, problem="", version=one.version + 1
    )


def failed(one: Feed, problem: str, now: datetime) -> Feed:
    """A place that did not answer: looked at again ever later."""
    failures = min(one.failures + 1, MOST_FAILURES)
    pause = min(timedelta(seconds=15) * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
    return replace(
        one, failures=failures, problem=problem, next_at=now + pause, version=one.version + 1
    )
