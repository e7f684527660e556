"""Leaderboards on the wire: of members only what they are called there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.flows.points.gaming.show_boards import OnBoard
from regulars.records.program.parts.gaming import Leaderboard
from regulars.surfaces.api.wire.parts import LanguageQuery

Says = Callable[[Leaderboard], str]


class BoardQuery(LanguageQuery, frozen=True, forbid_unknown_fields=True):
    """Which store, and a day of the period; today, unless said."""

    store: Annotated[str, Meta(max_length=200)] = ""
    on: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")] = ""


class RankShown(Struct, frozen=True):
    """One place on a board."""

    rank: int
    name: str
    """A nickname or initials."""
    score: int


class BoardShown(Struct, frozen=True):
    """A leaderboard in one period."""

    id: str
    name: str
    says: str
    measure: Literal["deeds", "spend", "items"]
    """With `spend` a score is minor units of the currency."""
    per: Literal["day", "week", "month", "year", "ever"]
    store: str | None
    begins_on: str | None
    """The first day of the period."""
    ties: Literal["shared"]
    """Who has as much as another has the same place, and the places behind are left out."""
    places: list[RankShown]
    closed_at: datetime | None
    """When the period was over and its places were paid; nothing before, or without prizes."""
    paid: int
    """How many had something for their place."""


class BoardsShown(Struct, frozen=True):
    """Where a member stands on each board of today; boards they are not on are left out."""

    member_id: str
    boards: list[BoardShown]


def board_shown(found: OnBoard, says: Says) -> BoardShown:
    """A leaderboard as the API shows it; `says` puts it into words."""
    one = found.promise
    return BoardShown(
        id=one.id,
        name=one.name,
        says=says(one),
        measure=one.measure,
        per=one.per,
        store=found.store or None,
        begins_on=found.begins_on.isoformat() if found.begins_on else None,
        ties="shared",
        places=[RankShown(p.rank, p.name, p.score) for p in found.places],
        closed_at=found.end.closed_at if found.end else None,
        paid=found.end.paid if found.end else 0,
    )
