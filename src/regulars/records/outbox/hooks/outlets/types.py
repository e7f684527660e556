"""A system that is told of members, and what it knows of each."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

Walk = Literal["", "compare", "since", "again"]
"""All members are gone through: not now; who is another than it knows; who moved from a day on;
whoever it is, to be told once more though nothing is different."""
LONGEST_PAUSE: Final = timedelta(hours=1)
"""Between two tries while it does not answer."""
FIRST_PAUSE: Final = timedelta(seconds=15)
LEASE: Final = timedelta(minutes=5)
"""So long a member belongs to who took them; who is killed meanwhile gives them back by then."""
SENT: Final = UUID(int=0)
"""In place of a digest: somebody was sent, and it never said whether it knows them by now."""
MOST_TRIES: Final = 8
"""So often one member is tried alone by whom everybody else is taken, before it is given up."""
MOST_FAILURES: Final = 1_000_000


class Outlet(Struct, frozen=True):
    """A system that is told of members: where it is, and how far that is."""

    inlet_id: UUID
    address: str
    keys: bytes
    """Encrypted; empty, they are those by which it is asked."""
    walk: Walk
    walk_since: datetime | None
    walk_seen: int
    walk_of: int
    walked_at: datetime | None
    night: date | None
    next_at: datetime
    told_at: datetime | None
    told: int
    failures: int
    problem: str
    made_at: datetime

    def __repr__(self) -> str:
        return f"Outlet({self.inlet_id}, {self.problem or 'well'})"


class Reach(Struct, frozen=True):
    """How far the events, and all members, were looked at for it."""

    inlet_id: UUID
    below_tx: int
    after_id: UUID
    cluster: int
    floor_at: datetime
    looked_at: datetime
    walk: Walk
    walk_since: datetime | None
    walk_after: UUID
    night: date | None


class Due(Struct, frozen=True):
    """A member of whom it does not know all there is."""

    member_id: UUID
    changed: int
    """How often anything changed when they were taken."""
    anew: bool
    tries: int
    told: UUID | None
    """What it knows, as a digest; `SENT` where it may know something."""


class Came(Struct, frozen=True):
    """What came of telling one member."""

    member_id: UUID
    changed: int
    state: Literal["told", "same", "gone", "refused", "later"]
    """It knows; it knew; it forgot; it does not take them, and `code` says why; it is tried again.
    """
    digest: UUID | None = None
    """Of whom it took: what it knows. Of whom it refused: what it knew before."""
    code: str = ""
    field: str = ""
    problem: str = ""
    tries: int = 0
    pause_s: int = 0
    """Of one who is tried again: after so long."""


class Answering(Struct, frozen=True):
    """How it answered: from when on it is told more, and what was wrong."""

    next_at: datetime
    failures: int = 0
    problem: str = ""


class Standing(Struct, frozen=True):
    """How many members it is still to be told of, since when, and whom it does not take."""

    waiting: int = 0
    since: datetime | None = None
    open: int = 0
    known: int = 0


class Open(Struct, frozen=True):
    """A member whom it does not take, and why."""

    member_id: UUID
    code: str
    field: str
    problem: str
    told_at: datetime | None


def failing(one: Outlet, problem: str, now: datetime) -> Answering:
    """It did not answer: it is asked again ever later, and everything waits.

    Example: after 15 seconds, 30, a minute, and from the ninth time on every hour; so whoever was
    away for three days is told within an hour of coming back.
    """
    failures = min(one.failures + 1, MOST_FAILURES)
    pause = min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
    return Answering(now + pause, failures, problem)
