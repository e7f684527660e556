"""A draw and who takes part, as they are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct


class Draw(Struct, frozen=True):
    """A draw: announced, and drawn once."""

    draw: str
    version: int
    secret: str
    """Told to nobody before it is drawn."""
    commitment: str
    announced_at: datetime
    announced_by: str
    public: str | None = None
    list_digest: str | None = None
    tickets: int | None = None
    drawn_at: datetime | None = None
    drawn_by: str | None = None


class Entrant(Struct, frozen=True):
    """Somebody who takes part, and the how-manieth prize they won; 0 for none."""

    place: int
    member_id: UUID
    alias: str
    tickets: int
    won: int = 0


class Closed(Struct, frozen=True):
    """The list of a draw as it was closed: who takes part, each with so many tickets."""

    draw: str
    closed_at: datetime
    closed_by: str
    digest: str
    members: tuple[UUID, ...]
    tickets: tuple[int, ...]


class OnList(Struct, frozen=True):
    """A list that was closed, and how somebody stands on it."""

    draw: str
    closed_at: datetime
    digest: str
    member_id: UUID | None
    """As whom, of those they are by now; nothing for who is not on it."""
    place: int
    tickets: int


class Score(Struct, frozen=True):
    """What of a member counts for tickets, as it stands."""

    member_id: UUID
    score: int


class Won(Struct, frozen=True):
    """What was booked for a prize of a draw, or why it waits."""

    draw: str
    won: int
    member_id: UUID
    state: Literal["given", "waiting"]
    why: str
    """The code of the refusal for which it waits; nothing once it is given."""
    wallet: int | None
    units: int
    entry_id: UUID | None
    reward: str
    """Of the program; nothing where the prize is points."""
    redemption_id: UUID | None
    booked_at: datetime
