"""A word on the direct line between a member and whoever looks after them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID

from msgspec import Struct

LineWay = Literal["inbox", "email", "sms", "push"]
"""In the card, where every word stands; and by letter, text message or as a notice besides."""
LONGEST: Final = 1600
"""Letters of one word: what one text message of several parts holds."""
LONGEST_TASK: Final = 400


class Word(Struct, frozen=True):
    """Something that was said: by whom of the shop (nobody: the member), by which way, and what
    became of it where it was sent."""

    line_id: UUID
    member_id: UUID
    staff_id: UUID | None
    way: str
    says: str
    written_at: datetime
    state: str = ""
    """Of what was sent: waiting, sent or parked; nothing where it only lies in the card."""
    reason: str = ""
    replayed: bool = False
    """Whether it was said before, under the same key."""


class Task(Struct, frozen=True):
    """Something to be done for a member by a day: somebody wrote it down, or (`staff_id` is nobody)
    a step of a journey did, with the store the member bought in last."""

    task_id: UUID
    member_id: UUID
    staff_id: UUID | None
    says: str
    due_on: date
    made_at: datetime
    done_at: datetime | None = None
    store: str = ""
    journey: str = ""
    """By which journey, as it is called."""
    done_by: str = ""
    result: str = ""
    """What came of it, in the words of whoever did it."""
    replayed: bool = False
    """Whether it was noted before, under the same key."""


class TaskLeft(Struct, frozen=True):
    """What a step of a journey leaves to people: once for each run, however often it is walked."""

    task_id: UUID
    member_id: UUID
    says: str
    due_on: date
    store: str
    journey_id: UUID
    run_id: UUID
    step: str


class TasksWanted(NamedTuple):
    """Which tasks: of members this person looks after, and of those nobody looks after in these
    stores (every one, where it is nothing; none, where it is empty); or all there are."""

    staff_id: UUID | None = None
    stores: tuple[str, ...] | None = ()
    everything: bool = False
