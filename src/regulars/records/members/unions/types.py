"""Merges and households as values."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from msgspec import Struct

Role = Literal["head", "member", "minor", "buyer"]
"""A `member` is of age; a `minor` may spend as much as the program lets them, and so may a `buyer`
of a company, or as much as was said when they were let in."""


class TierHeld(Struct, frozen=True):
    """A tier with since when and until when it is held."""

    tier: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class Brought(Struct, frozen=True):
    """What a merged member brought along: all that has to go back when the merge is undone."""

    state: str
    """Theirs before the merge."""
    names: tuple[tuple[str, str], ...]
    """What they were found by: kind and value."""
    family: tuple[UUID, ...]
    """Everybody who stood behind one of the two by then, they themselves included."""
    lots: tuple[UUID, ...]
    """The lots that were opened for what they had."""
    earned: dict[int, int]
    debt: dict[int, int]
    owed: dict[int, int]
    """What the one who stays owed right after, in the wallets in which a debt was brought."""
    counters: tuple[tuple[int, int, int], ...]
    """Counter, period, value."""
    tier: TierHeld
    tier_before: TierHeld
    """Of the one who stays, before the merge."""
    tier_after: TierHeld
    owed_since: dict[int, datetime] = {}
    """Since when what was owed had been owed; of merges of before nothing is known of it."""


class Merge(Struct, frozen=True):
    """A merge that is in force."""

    merge_id: UUID
    from_id: UUID
    into_id: UUID
    brought: Brought
    takes: int
    merged_at: datetime


class Place(NamedTuple):
    """A member's place in a household."""

    place_id: UUID
    household_id: UUID
    member_id: UUID
    role: Role
    joined_at: datetime
    limits: dict[str, int] = {}  # noqa: RUF012  # never changed
    """Of a buyer: units per wallet, where it is not as the program says."""


class Household(Struct, frozen=True):
    """A household and who belongs to it now, its head first."""

    household_id: UUID
    name: str
    places: tuple[Place, ...]
