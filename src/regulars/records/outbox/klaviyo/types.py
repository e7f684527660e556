"""How a program is connected with Klaviyo, and how far it was asked and told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

HOME: Final = "https://a.klaviyo.com"
SOURCE: Final = "Klaviyo"
"""Where a member said it, as it stands beside their word."""
EVERY: Final = timedelta(minutes=2)
"""How often it is asked who said no there."""
LOOK_BACK: Final = timedelta(minutes=2)
"""What is written down there within a transaction may appear late: so much is read once more."""
LONGEST_PAUSE: Final = timedelta(hours=1)
WALKS_EVERY: Final = timedelta(days=7)
"""How often everybody is told of anew, where what they are worth is shared: that changes by time
alone, and no event says so."""
ERASED_LATELY: Final = timedelta(days=7)
"""So long after an erasure whoever goes through everybody asks once more that they be forgotten."""
AFTER_OURS: Final = timedelta(hours=1)
"""A yes there counts beside a no here only when it is later by so much: what we sent ourselves
before the no is written down there a little after it."""
Shares = Literal["names", "attributes", "values"]
SHARES: Final[tuple[Shares, ...]] = ("names", "attributes", "values")


class Klaviyo(Struct, frozen=True):
    """A program that is connected; all that changed there before `read_to` is known here."""

    hook_id: UUID
    address: str
    keys: bytes
    """Encrypted; the database has nothing to open them with."""
    keyed_at: datetime
    list_id: str
    shares: tuple[str, ...]
    takes_yes: bool
    read_to: datetime
    next_at: datetime
    seen_to: datetime | None = None
    page: str = ""
    heard: int = 0
    asked_at: datetime | None = None
    met_at: datetime | None = None
    failures: int = 0
    problem: str = ""
    walk_at: datetime | None = None
    walk_yes: bool = False
    walked_past: UUID | None = None
    walked: int = 0
    walked_at: datetime | None = None
    walk_fails: int = 0
    version: int = 1
    bulk: str = ""
    """Jobs of many profiles, as they are kept."""

    def __repr__(self) -> str:
        return f"Klaviyo({self.hook_id}, {self.read_to})"


class Word(NamedTuple):
    """What stands here of a member's channel: given or withdrawn, and since when; whether they said
    so themselves, or somebody who is the same person by now."""

    state: str
    changed_at: datetime
    own: bool = True


class Theirs(Struct, frozen=True):
    """What Klaviyo has of one profile's channel: when they said no last, and when yes.

    `said_no` without an instant: they are unsubscribed, and it does not say since when. `ours`: the
    yes came from us.
    """

    said_no: bool = False
    no_at: datetime | None = None
    yes_at: datetime | None = None
    ours: bool = False


class Profile(Struct, frozen=True):
    """A profile that changed there: whom it names, and what it says by channel."""

    member_id: UUID | None
    email: str
    phone: str
    says: dict[str, Theirs]


def taken(
    theirs: Theirs, ours: Word | None, now: datetime, *, takes_yes: bool
) -> tuple[Literal["given", "withdrawn"], datetime] | None:
    """The word that follows from what Klaviyo has, and since when; nothing: what stands stands.

    Order: a no counts before a yes. It takes back a yes that is older, never one that is given
    later: that is on its way there; and any yes that is dated later than now, as nobody said it
    then. It is their own beside one that came along in a merge. A yes counts only where the
    program says so, and against a no only when it is later by an hour and not our own.
    Example: given here on 2 March, unsubscribed there on the 3rd: withdrawn as of the 3rd; given
    here again on the 4th: given.
    """
    if theirs.said_no:
        at = min(theirs.no_at or now, now)
        if ours is None or (ours.state == "withdrawn" and ours.own):
            return None
        later = at > ours.changed_at or (ours.state == "given" and ours.changed_at > now)
        return ("withdrawn", at) if later else None
    if not takes_yes or theirs.ours or theirs.yes_at is None or theirs.yes_at > now:
        return None
    if ours is None or (ours.state == "withdrawn" and theirs.yes_at > ours.changed_at + AFTER_OURS):
        return "given", theirs.yes_at
    return None


def may_subscribe(theirs: Theirs | None, given_at: datetime) -> bool:
    """Whether a yes of ours may be told there: not where somebody said no there since.

    Subscribing takes their no away there, so an old yes that is sent late must not.
    """
    if theirs is None or not theirs.said_no:
        return True
    return theirs.no_at is not None and theirs.no_at <= given_at


def further(one: Klaviyo, last: datetime | None, page: str, now: datetime) -> Klaviyo:
    """How far it is after a page, and when to ask again: at once while there is more."""
    seen = max((at for at in (one.seen_to, last) if at is not None), default=None)
    fresh = {"asked_at": now, "failures": 0, "problem": "", "version": one.version + 1}
    if page:
        return replace(one, page=page, seen_to=seen, next_at=now, **fresh)
    read_to = one.read_to if seen is None else max(one.read_to, seen - LOOK_BACK)
    return replace(
        one, page="", seen_to=None, read_to=read_to, met_at=now, next_at=now + EVERY, **fresh
    )


def failed(
    one: Klaviyo, problem: str, now: datetime, wait_s: int = 0, *, anew: bool = False
) -> Klaviyo:
    """As far as before; asked again ever later, or when it asks for (`wait_s`). Where it does not
    know the page any more, it is begun `anew` with the first."""
    if wait_s:
        pause = min(timedelta(seconds=wait_s), LONGEST_PAUSE)
        return replace(one, next_at=now + pause, version=one.version + 1)
    failures = min(one.failures + 1, 1_000_000)
    pause = pause_after(failures)
    same = {"page": "", "seen_to": None} if anew else {}
    return replace(
        one, failures=failures, problem=problem, next_at=now + pause, version=one.version + 1,
        **same,
    )  # fmt: skip


def pause_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: from 15 seconds to an hour."""
    return min(timedelta(seconds=15) * (1 << min(failures - 1, 10)), LONGEST_PAUSE)
