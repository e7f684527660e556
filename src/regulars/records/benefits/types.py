"""A grant by hand, and one use of a benefit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

UseState = Literal["used", "undone", "missed"]
"""`missed`: nobody came to an appointment, and the use counts all the same."""


class Grant(Struct, frozen=True):
    """Somebody may use a benefit so often, whatever their tier, because it was given by hand."""

    grant_id: UUID
    member_id: UUID
    benefit: str
    times: int
    from_at: datetime
    until_at: datetime | None
    """Exclusive; nothing when it never ends."""
    actor: str
    reason: str
    used: int = 0
    """How many of them were used and not undone."""

    def is_open(self, now: datetime) -> bool:
        """Whether it can be used at this instant."""
        begun = self.from_at <= now
        return begun and self.used < self.times and (self.until_at is None or now < self.until_at)


class Booked(Struct, frozen=True):
    """An appointment as it was promised: from when until when, at which of its places."""

    from_at: datetime
    until_at: datetime
    place: int
    places: int
    cancel_until: datetime
    """Exclusive: until then it is moved or cancelled."""
    missed: Literal["counted", "given_back"] = "counted"
    """What becomes of the use when nobody comes."""
    instead_of: UUID | None = None
    """The use that was moved to this time."""


class Included(Struct, frozen=True):
    """The benefit as it was promised on the day: later changes of the program do not touch it."""

    name: str
    worth_minor: int
    cost_minor: int
    counter: int = 0
    """The counter this use was counted on; 0 for none."""
    period: int = 0
    plan: str = ""
    """The plan it came with."""
    wallet: int = 0
    points: int = 0
    """Of a benefit that gives points: so many units of this wallet."""
    entry_id: UUID | None = None
    """The entry by which they came."""
    times: int = 1
    """How much it counts: guests may count too."""
    guests: int = 0
    """How many came along."""
    guest_ids: tuple[UUID, ...] = ()
    """Those of them who are members."""
    booked: Booked | None = None
    category: str = ""
    """Of which articles it was used for, where that was said: a move asks for the same ones."""


class Use(Struct, frozen=True):
    """One use of a benefit and whether it stands."""

    use_id: UUID
    member_id: UUID
    benefit: str
    version: int
    included: Included
    grant_id: UUID | None
    state: UseState
    store: str
    channel: str
    sku: str
    details: Mapping[str, str]
    actor: str
    used_at: datetime
    """When it was used; of an appointment, when it was booked."""
    undone_at: datetime | None = None
    """When it was taken back, or said that nobody came."""
    came_at: datetime | None = None
    """Of an appointment: when it was said that somebody came to it."""
