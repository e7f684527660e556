"""A broker whose messages are read: where it is, as whom we come in, and how far we are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

Begins = Literal["first", "now"]
"""Where a stream that was never read begins: with the first message that is there, or with the next
that comes."""
Login = Literal["plain", "scram-sha-256", "scram-sha-512"]
EVERY: Final = timedelta(seconds=10)
"""How often it is written down that a stream with nothing new answers."""
LONGEST_PAUSE: Final = timedelta(minutes=5)
"""Between two tries while it does not answer."""
MOST_FAILURES: Final = 1_000_000


class Stream(Struct, frozen=True):
    """A stream of a broker that is read."""

    inlet_id: UUID
    address: str
    account: str
    login: Login
    authority: str
    """Who vouches for it, as PEM; nothing: whom the machine knows."""
    keys: bytes
    """Encrypted; the database has nothing to open them with. Empty where nothing is secret."""
    begins: Begins
    next_at: datetime
    looked_at: datetime | None
    failures: int
    problem: str
    behind: int
    """How many messages waited there when it was looked at last."""
    kept: int
    known: int
    lost: int
    """How many were deleted there before they were read."""
    version: int
    since: datetime | None = None
    """Everything that lies there since then was asked for; nothing: it begins as `begins` says."""

    def __repr__(self) -> str:
        return f"Stream({self.inlet_id}, {self.address})"


class Marks(NamedTuple):
    """Of one part of a stream: its first message that is still there, and the next that comes."""

    first: int
    next: int
    since: int | None = None
    """The first of a time that was asked for; nothing: of none."""


class Read(NamedTuple):
    """What was read at once: how far each part is by it, what was new, what still waits."""

    parts: Mapping[int, int]
    kept: int
    known: int
    behind: int


def begun(
    read: Mapping[int, int], marks: Mapping[int, Marks], begins: Begins
) -> tuple[dict[int, int], int]:
    """With which message of each part to go on, and how many are lost.

    Order: a stream that was gone back in has no part that was read, and begins with the first
    message of that time. A part that came later is read from its first message, whatever was said
    of the others, as nothing of it can have been told before. Where the broker deleted what we did
    not read yet, it goes on with the first that is left, and they are counted. A part that ends
    before where we are was made anew, and is read from its first.
    Example: read up to 5 of a part that now has 9 to 12, it goes on with 9, and 4 are lost.
    """
    found, lost = {}, 0
    for part, mark in marks.items():
        at = read.get(part)
        if at is None:
            at = mark.first if read else _never_read(mark, begins)
        elif at > mark.next:
            at = mark.first
        elif at < mark.first:
            lost += mark.first - at
            at = mark.first
        found[part] = at
    return found, lost


def _never_read(mark: Marks, begins: Begins) -> int:
    if mark.since is not None:
        return mark.since
    return mark.next if begins == "now" else mark.first


def further(one: Stream, read: Read, now: datetime) -> Stream:
    """A stream after so much of it was kept."""
    return replace(
        one,
        looked_at=now,
        next_at=now,
        failures=0,
        problem="",
        behind=read.behind,
        kept=one.kept + read.kept,
        known=one.known + read.known,
        version=one.version + 1,
    )


def failed(one: Stream, problem: str, now: datetime) -> Stream:
    """A broker that did not answer: asked again ever later."""
    failures = min(one.failures + 1, MOST_FAILURES)
    pause = min(timedelta(seconds=2) * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
    return replace(
        one, failures=failures, problem=problem, next_at=now + pause, version=one.version + 1
    )
