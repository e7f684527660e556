"""A gathering, and a seat at it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

SeatState = Literal["held", "waiting", "given_up"]
Sort = Literal["event", "class", "talk", "product-test", "feedback-session"]
"""What members come for, which rules may see."""
SORTS: Final[tuple[Sort, ...]] = ("event", "class", "talk", "product-test", "feedback-session")
AROUND: Final = timedelta(hours=24)
"""So long before it begins and after it ends somebody may be said to have come."""

KEPT_AFTER: Final = timedelta(days=31)
"""So long after it ends what a seat takes stays reserved, where nobody takes it before."""


class Gathering(Struct, frozen=True):
    """An event to which members come; of a club, for whoever is in it."""

    gathering_id: UUID
    code: str
    name: str
    says: Mapping[str, str]
    club_id: UUID | None
    store: str
    at_place: str
    begins_at: datetime
    ends_at: datetime
    capacity: int
    opens_at: datetime
    early_at: datetime | None
    early_tiers: tuple[str, ...]
    recap: Mapping[str, str]
    state: Literal["open", "cancelled"]
    version: int
    made_at: datetime
    made_by: str
    changed_at: datetime
    changed_by: str
    sort: Sort = "event"
    reward: str = ""
    """What a seat takes: a reward of the program, whose price is reserved with the seat."""
    back_until: datetime | None = None
    """Until when giving a seat up gives back what it took; until it begins, where nothing is said.
    """
    moved_at: datetime | None = None
    """Since when it is at another time or place than was said before."""
    lesson: str = ""
    """The code of the lesson that is taught there."""

    @property
    def gives_back_until(self) -> datetime:
        """Until when giving a seat up gives back what it took."""
        return self.back_until or self.begins_at


class Seat(Struct, frozen=True):
    """Somebody has a seat, or waits for one, or gave it up; `line` says who asked first."""

    gathering_id: UUID
    member_id: UUID
    """As whom they stand now."""
    seat_id: UUID
    line: int
    state: SeatState
    asked_at: datetime
    held_at: datetime | None = None
    moved_up: bool = False
    ended_at: datetime | None = None
    came_at: datetime | None = None
    came_by: str = ""
    of_id: UUID | None = None
    """Under which id it was asked for, where that was another."""
    ahead: int = 0
    """How many wait before them."""
    redemption_id: UUID | None = None
    """What is reserved for it, where it takes points."""
    settled_at: datetime | None = None
    """Since when that is taken or given back."""

    @property
    def unsettled(self) -> bool:
        """Something is reserved for it."""
        return self.redemption_id is not None and self.settled_at is None

    @property
    def taken(self) -> bool:
        """They have one, or wait for one."""
        return self.state != "given_up"


class Seated(Struct, frozen=True):
    """How many have a seat, wait, and came."""

    held: int = 0
    waiting: int = 0
    came: int = 0
