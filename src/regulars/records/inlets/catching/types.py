"""What a shop was asked for, and how far that is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

EVERY: Final = timedelta(minutes=5)
"""How often a shop is asked whether anything changed that nobody told."""
SILENT_FOR: Final = timedelta(days=1)
"""So long no webhook came while things changed: then they are said to be gone."""
ASKED_TYPES: Final = ("order", "customer")
"""What is asked for is called so in lists; what a webhook tells, by its topic: `order.updated`."""
LONGEST_PAUSE: Final = timedelta(hours=1)
"""Between two tries while it does not answer."""
LOOK_BACK: Final = timedelta(minutes=2)
"""What a shop writes down within a transaction carries the time it began: so much is asked for
once more, and is known by what it says."""
ONCE_MORE: Final = 1_000_000
"""Added to a page of a moment that is read once more: so many pages no moment fills."""
MOST_FAILURES: Final = 1_000_000


class CatchUp(Struct, frozen=True):
    """A shop that is asked; all that changed before `read_to` is here."""

    inlet_id: UUID
    address: str
    keys: bytes
    """Encrypted; the database has nothing to open them with."""
    since: datetime
    read_to: datetime
    page: int
    """Of what changed after `read_to`: the next page, where one moment fills more than one; beyond
    `ONCE_MORE`, of such a moment that is read once more."""
    found: int
    ahead: int | None
    next_at: datetime
    asked_at: datetime | None
    met_at: datetime | None
    failures: int
    problem: str
    version: int

    @property
    def page_asked(self) -> int:
        """The page as a shop counts them."""
        return (self.page - 1) % ONCE_MORE + 1

    def __repr__(self) -> str:
        return f"CatchUp({self.inlet_id}, {self.read_to}, page {self.page})"


class Answered(Struct, frozen=True):
    """What one page told of how far it is."""

    last_at: datetime | None
    """When the last of the page changed; nothing: there was nothing."""
    count: int
    """How many of it were not known before."""
    full: bool
    """Whether there may be more."""
    ahead: int | None
    """How many there are after this page, as the shop says."""
    begins_again: bool = False
    """Whether one list is read to its end, and another one is to be read from `since` on."""


def further(one: CatchUp, page: Answered, now: datetime) -> CatchUp:
    """How far it is after a page, and when to ask again: at once while there is more.

    Order: pages come by when things changed. What changed within the second of the last one may
    stand on the next page, so it goes on from that second and not after it; a second that fills
    whole pages is read page by page.
    Keeps: what changes while a moment is read page by page leaves it, and all behind that move up
    by one, onto a page that was read. So it is read from its first page once more, until nothing in
    it was new.
    Where one list is read before another one (`begins_again`), how far it was with the first says
    nothing of the second; and nothing was read to its end but what was before `since`.
    Example: a full page whose last changed at 12:00:05, asked from 12:00:00 on, goes on from
    12:00:04; asked from 12:00:04 on, it goes on with the second page of that.
    """
    # Not before where it was, whatever a shop says: of the year 1 nothing can be taken.
    last = one.read_to if page.last_at is None else max(page.last_at, one.read_to)
    before = last - timedelta(seconds=1)
    moves = before > one.read_to
    told = {
        "found": one.found + page.count,
        "ahead": page.ahead,
        "asked_at": now,
        "failures": 0,
        "problem": "",
        "version": one.version + 1,
    }
    fields = {name: getattr(one, name) for name in one.__struct_fields__} | told
    again, ends = one.page > ONCE_MORE, moves or not page.full
    if page.begins_again:
        fields |= {"read_to": one.since, "page": 1, "next_at": now, "met_at": one.since}
    elif ends and (page.count if again else one.page > 1):
        fields |= {"page": ONCE_MORE + 1, "next_at": now}
    elif page.full:
        next_page = one.page_asked + 1 + (ONCE_MORE if again and not page.count else 0)
        fields |= {
            "read_to": before if moves else one.read_to,
            "page": 1 if moves else next_page,
            "next_at": now,
        }
    else:
        back = max(one.since, before - LOOK_BACK) if moves else one.read_to
        fields |= {"read_to": back, "page": 1, "next_at": now + EVERY, "met_at": now, "ahead": 0}
    return CatchUp(**fields)


def failed(one: CatchUp, problem: str, now: datetime) -> CatchUp:
    """How far it is where the shop did not answer: as far as before, asked again ever later."""
    failures = min(one.failures + 1, MOST_FAILURES)
    told = {"failures": failures, "problem": problem, "next_at": now + pause_after(failures)}
    fields = {name: getattr(one, name) for name in one.__struct_fields__} | told
    return CatchUp(**fields | {"version": one.version + 1})


def pause_after(failures: int) -> timedelta:
    """How long nothing is asked after so many tries in a row that failed, at least one."""
    doubled: int = 2 ** min(failures - 1, 10)
    return min(timedelta(seconds=15) * doubled, LONGEST_PAUSE)


def waiting(one: CatchUp, seconds: int, now: datetime) -> CatchUp:
    """How far it is where the shop asks for a pause: as far as before, and nothing is wrong."""
    fields = {name: getattr(one, name) for name in one.__struct_fields__}
    told = {"next_at": now + timedelta(seconds=seconds), "version": one.version + 1}
    return CatchUp(**fields | told)
