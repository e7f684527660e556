"""A program to try things in, whose clock can be moved forward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

APART: Final = "~"
"""Between the name of a program and the name of its sandbox: no program is called so."""
MOST_SANDBOXES: Final = 10
"""Sandboxes of one program."""
FARTHEST: Final = timedelta(days=3 * 366)
"""So far a clock is moved at once: a night of each day is done on the way."""
FARTHEST_AHEAD: Final = timedelta(days=50 * 365)
"""So far a clock can come ahead of ours altogether."""


def meant(programs: Sequence[Mapping[str, Any]], slug: str) -> list[Mapping[str, Any]]:
    """The programs with this `slug`; where none is said every one that is no sandbox.

    Example: of `corner` and `corner~try` nothing said means `corner`: who exports each night goes
    on doing it when somebody tries something.
    """
    if slug:
        return [one for one in programs if one["slug"] == slug]
    return [one for one in programs if APART not in one["slug"]]


class Sandbox(Struct, frozen=True):
    """A sandbox of a program.

    Units: `ahead` is what its clock shows less what ours does; it only grows.
    """

    program_id: int
    of_program: int
    name: str
    made_at: datetime
    made_by: str
    ahead: timedelta
    from_at: datetime | None = None
    """Where the move that is under way began."""
    to_at: datetime | None = None
    """Where it ends."""

    @property
    def moves(self) -> bool:
        """Whether its clock is being moved."""
        return self.to_at is not None

    def gone(self, now: datetime) -> int:
        """How much of its move is done, in percent, when its clock shows this.

        Example: half a year of a year is 50; a clock that is not being moved is at 100.
        """
        if self.from_at is None or self.to_at is None:
            return 100
        done = max(timedelta(), min(now, self.to_at) - self.from_at)
        return int(done * 100 // (self.to_at - self.from_at))


class Unsent(Struct, frozen=True):
    """A letter or text message that nobody was sent, as it would have gone out."""

    delivery_id: UUID
    member_id: UUID
    channel: str
    kind: str
    about: str
    says: str
    written_at: datetime
