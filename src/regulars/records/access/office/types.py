"""A list somebody keeps, an adjustment of many members, a word beside one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

RoundState = Literal["waiting", "going", "done", "rejected", "stopped"]
"""For a colleague; under way; through; a colleague said no; somebody stopped it half way."""


class SavedView(Struct, frozen=True):
    """What somebody looks for in the list of members, under a name."""

    view_id: UUID
    staff_id: UUID
    shared: bool
    name: str
    query: str
    made_at: datetime


class Round(Struct, frozen=True):
    """So many points given to, or taken from, each of many members.

    Units: `units` of the wallet's scale, for each of them.
    """

    round_id: UUID
    wallet: str
    units: int
    reason: str
    members: int
    place: int
    """How many were gone through."""
    booked: int
    state: RoundState
    asked_by: UUID
    asked_at: datetime
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    ended_at: datetime | None = None
    left_out: Mapping[str, int] = {}
    """Of those who were gone through and not booked: how many, by the code of the refusal."""

    @property
    def rest(self) -> int:
        """What it comes to for those who were not gone through yet."""
        return self.units * (self.members - self.place)

    @property
    def total(self) -> int:
        """What it comes to for all of them."""
        return self.units * self.members


class Stretch(Struct, frozen=True):
    """The members of a round that are next."""

    round: Round
    member_ids: tuple[UUID, ...]


class MemberNote(Struct, frozen=True):
    """What somebody of the shop wrote beside a member."""

    note_id: UUID
    member_id: UUID
    staff_id: UUID
    says: str
    at: datetime
