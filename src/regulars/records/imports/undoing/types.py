"""An import that is taken back, as data."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from msgspec import Struct

Reason = Literal[
    "gone", "united", "spent", "bought", "changed", "more", "was_here", "used", "refused"
]
"""Why a member keeps what an import brought: erased or merged since; stands with others; redeemed
something; bought or got points since; signed in or was changed; has things that are no points; was
a member before and got more than points; of their points some are gone; a return was refused."""


class Undo(Struct, frozen=True):
    """An import is being taken back, or was."""

    import_id: UUID
    actor: str
    begun_at: datetime
    done_at: datetime | None = None


class Picked(NamedTuple):
    """Somebody an import gave something; `reason` is empty where it can be taken back."""

    member_id: UUID
    made: bool
    """The import made this member."""
    reason: str


class Done(NamedTuple):
    """A purchase or a visit that came by the import, and whose it is."""

    activity_id: UUID
    member_id: UUID


class Weighed(Struct, frozen=True):
    """What taking an import back comes to, by members and by what they have of it.

    Units: `points` at the scale of each wallet, what would go; `stays` counts lines of the files
    that are nobody's and stay: pools, stocks, budgets, sales to nobody.
    """

    members: int
    """Members the import made, who would be nobody again."""
    others: int
    """Members who were here before, and would give back the points it brought."""
    kept: dict[str, int]
    points: dict[str, int]
    purchases: int
    stays: dict[str, int]
    deeds: int = 0
    """Visits and whatever else comes back beside purchases, as it drew on what all share."""
