"""A deed, taking part and a prize, as they are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

Game = Literal["challenge", "streak", "milestone", "board"]


class Deed(Struct, frozen=True):
    """Something a member did, and the day it was where they lived."""

    member_id: UUID
    activity_id: UUID
    occurred_at: datetime
    own_day: int


class Part(Struct, frozen=True):
    """A member takes part in a challenge since then."""

    member_id: UUID
    part_id: UUID
    challenge: str
    since: datetime


class Prize(Struct, frozen=True):
    """What a member got for a challenge, a streak, a milestone or a place on a board."""

    member_id: UUID
    prize_id: UUID
    game: Game
    name: str
    began_on: int
    """First day of the period or the streak; 0 where the period begins with the member."""
    place: int
    """The how-manieth time in it, how long the streak is, or which place of the board."""
    version: int
    deed_id: UUID | None
    """What reached it; nothing where it was a sum or a place."""
    reached_at: datetime
    wallet: int | None
    units: int
    entry_id: UUID | None
    grant_id: UUID | None
    badge: str
    given_at: datetime
    undone_at: datetime | None = None
    undone_by: UUID | None = None
    came: bool = False
    """Whether it came along from elsewhere: its deed need not be here."""
    about: str = ""
    """Of a board its store, of a milestone its step."""
    reward: str = ""
    redemption_id: UUID | None = None
