"""A club, and a place in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

Joins = Literal["open", "invited", "tier"]
"""Who may join: everybody, who was invited, who stands on one of its tiers."""


class Club(Struct, frozen=True):
    """A club as it is; one with a store is of that neighbourhood."""

    club_id: UUID
    code: str
    name: str
    says: Mapping[str, str]
    joins: Joins
    tiers: tuple[str, ...]
    store: str
    state: Literal["open", "closed"]
    version: int
    made_at: datetime
    made_by: str
    changed_at: datetime
    changed_by: str


class Place(Struct, frozen=True):
    """Somebody is in a club since then; until then, once they left."""

    member_id: UUID
    """As whom they stand now."""
    place_id: UUID
    club_id: UUID
    since: datetime
    until: datetime | None = None
    shows: bool = False
    """The others of the club see that they are in it."""
    told_of: bool = False
    """They want to see who is new."""
    rests: bool = False
    """They do not stand on a tier of the club any more; once they do again, they are in it."""


class Mate(Struct, frozen=True):
    """Somebody of a club whom the others see: by given name and an initial."""

    member_id: UUID
    called: str
    since: datetime


class Count(Struct, frozen=True):
    """How many are in a club, and how many of them are shown."""

    members: int
    shown: int
