"""A choice among offers as kept, and what was chosen for a member."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

State = Literal["draft", "open", "closed"]
"""Nobody is chosen for yet; members of its segment are; nobody new is."""


class Expects(Struct, frozen=True):
    """What each is expected to bring.

    Shape: `cells` by cell, in the order of what is chosen among; `usual` where nobody of a cell was
    seen; `seen` how many members it rests on, by cell. Units: minor units of money a member.
    """

    cells: Mapping[int, tuple[int, ...]]
    seen: Mapping[int, tuple[int, ...]]
    usual: tuple[int, ...]

    def of(self, cell: int) -> tuple[int, ...]:
        """What each is expected to bring of a member of this cell."""
        return self.cells.get(cell, self.usual)

    def best(self, cell: int) -> int:
        """The one that is expected to bring most; of two alike the first, so nothing before
        something."""
        each = self.of(cell)
        return each.index(max(each))


class Choice(Struct, frozen=True):
    """A choice as it is. Units: `explore_percent` of a hundred."""

    choice_id: UUID
    code: str
    name: str
    segment_id: UUID
    offers: tuple[UUID, ...]
    nothing: bool
    explore_percent: int
    days: int
    state: State
    version: int
    made_at: datetime
    made_by: str
    opened_at: datetime | None = None
    opened_by: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    line_minor: int = 0
    expects: Expects | None = None
    expects_on: date | None = None
    chosen_after: UUID | None = None
    chosen_at: datetime | None = None

    @property
    def among(self) -> tuple[UUID | None, ...]:
        """What is chosen among; nothing, where it is, is the first."""
        return (None, *self.offers) if self.nothing else self.offers


class Seen(Struct, frozen=True):
    """So many members of a cell got this with this chance, and spent so much in all."""

    cell: int
    arm: int
    chance: int
    many: int
    brought: int


class Drawn(Struct, frozen=True):
    """A member to choose for, and what chance drew for them: two numbers of 32 bits."""

    member_id: UUID
    cell: int
    which: int
    whether: int


class Made(Struct, frozen=True):
    """What was chosen for a member; `chance` of a hundred for each of what is chosen among."""

    member_id: UUID
    cell: int
    arm: int
    best: int | None
    chance: int
