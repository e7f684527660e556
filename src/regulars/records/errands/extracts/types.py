"""When and where what is fresh is written for a warehouse, and one writing of it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

ExtractPlace = Literal["folder", "sftp", "s3"]
ExtractFormat = Literal["parquet", "csv"]
RunState = Literal["begun", "done", "ended"]
"""It is being written; it is there whole; nobody wants it any more."""
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=1)
"""Between two tries while its place does not answer."""
MOST_FAILURES: Final = 1_000_000
STALE: Final = timedelta(days=1)
"""An extract that could not be put anywhere for so long is written anew, as it is by then."""


class ExtractPlan(Struct, frozen=True):
    """Extracts are written at this time of every day, to this place."""

    place: ExtractPlace
    address: str
    endpoint: str
    region: str
    account: str
    keys: bytes
    """Encrypted; the database has nothing to open them with. Empty where nothing is secret."""
    host_key: str
    format: ExtractFormat
    at_minute: int
    """Of the shop's own day: 180 is three in the morning."""
    state: Literal["active", "paused"]
    cursor: str
    """Where the last one that is there ended; nothing: the next one is whole."""
    next_at: datetime
    failures: int
    problem: str
    version: int

    def __repr__(self) -> str:
        return f"ExtractPlan({self.place} {self.address})"


class ExtractRun(Struct, frozen=True):
    """One extract: begun once, and carried on until it is there."""

    number: int
    name: str
    state: RunState
    kind: str
    files: int
    rows: int
    bytes: int
    begun_at: datetime
    done_at: datetime | None


class Taken(NamedTuple):
    """What was written: whether all or what is fresh, how much, and where the next goes on."""

    kind: str
    files: int
    rows: int
    bytes: int
    cursor: str


def next_time(zone: ZoneInfo, at_minute: int, now: datetime) -> datetime:
    """When clocks in the shop show this time next.

    Order: a time that comes twice in a night counts the first time; one that a night leaves out is
    told as much later as the clocks jumped.
    Example: at 02:30 of 29 March 2026 in Berlin, when clocks jump from 2 to 3, it is 03:30.
    """
    hours, minutes = divmod(at_minute, 60)
    day = now.astimezone(zone).date()
    for ahead in range(3):
        wall = datetime.combine(day + timedelta(days=ahead), time(hours, minutes), zone)
        at = wall.astimezone(UTC)
        if at > now:
            return at
    raise AssertionError((zone, at_minute, now))


def begun(number: int, now: datetime) -> ExtractRun:
    """An extract that is begun; called by when that was, so that names sort by time."""
    name = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return ExtractRun(number, name, "begun", "", 0, 0, 0, now, None)


def there(
    plan: ExtractPlan, run: ExtractRun, taken: Taken, when: tuple[ZoneInfo, datetime]
) -> tuple[ExtractPlan, ExtractRun]:
    """An extract that is there, and what its plan is after it: the next goes on from its cursor."""
    zone, now = when
    done = replace(
        run, state="done", kind=taken.kind, files=taken.files, rows=taken.rows, bytes=taken.bytes,
        done_at=now,
    )  # fmt: skip
    after = replace(
        plan, cursor=taken.cursor, next_at=next_time(zone, plan.at_minute, now), failures=0,
        problem="", version=plan.version + 1,
    )  # fmt: skip
    return after, done


def failed(plan: ExtractPlan, problem: str, now: datetime) -> ExtractPlan:
    """A place that could not be written to: tried again ever later, with the very same extract."""
    failures = min(plan.failures + 1, MOST_FAILURES)
    pause = min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
    return replace(
        plan, failures=failures, problem=problem, next_at=now + pause, version=plan.version + 1
    )
