"""Where all members stand at once: the questions and the answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

NOBODY_BEFORE: Final = UUID(int=0)


class Window(NamedTuple):
    """The days whose credit counts now, and those of the window before; of members who joined on
    a day, or of everybody (`joined_on` 0)."""

    joined_on: int
    start: int
    end: int
    start_before: int
    end_before: int


class Ladder(NamedTuple):
    """What a ladder asks of everybody's credit: its counter, its steps, and its windows."""

    counter: int
    steps: Sequence[int]
    windows: Sequence[Window]
    zone: str
    best: bool
    """The best window that ever was counts as the one before."""
    at: datetime
    """What ends by then is over."""
    named: datetime | None
    """The end that is named, if one is."""


class Place(NamedTuple):
    """Members who are alike: their tier, what the window that runs and the one before it reach,
    whether their tier is over, and whether it ends (0: never, 1: before the named end, 2: not)."""

    tier: str | None
    running: int
    before: int
    over: bool
    ends: int


class Crowd(NamedTuple):
    """So many members stand at a place."""

    place: Place
    members: int


class Stander(NamedTuple):
    """One member and where they stand."""

    member_id: UUID
    given_name: str
    number: str
    place: Place


class OnLadder(NamedTuple):
    """A member who has something on a further ladder."""

    member_id: UUID
    given_name: str
    number: str


class Walk(NamedTuple):
    """How far the walk is that brings members through a version's change of the ladder."""

    version: int
    cut_at: datetime
    last_id: UUID | None
    moved: int
    done_at: datetime | None
