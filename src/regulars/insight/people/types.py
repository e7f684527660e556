"""What may be looked for in the list of members, and what comes of it."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.records.members.types import Member

Sort = Literal["oldest", "newest", "name", "visit", "points"]
"""By when they joined; by given name (who has none comes last); by when their last visit was told,
the latest first (who was never here comes last); by what they have in the first wallet, less what
they owe, the most first (who never had anything comes last)."""
NO_TIER: Final = "-"


class Wanted(Struct, frozen=True, omit_defaults=True):
    """Members who fit all of this; what is not said does not matter.

    Units: points in units of the wallet's scale. Instants: from the first on, before the second.
    """

    name: str = ""
    """How the given name, the family name or both begin."""
    state: str = ""
    tier: str = ""
    """The id of a step; `-` for none."""
    joined: tuple[datetime | None, datetime | None] = (None, None)
    visited: tuple[datetime | None, datetime | None] = (None, None)
    """The last visit; before an instant, it may also be that there was none."""
    wallet: int = 0
    """The small number of the wallet that points are of."""
    points: tuple[int | None, int | None] = (None, None)
    """At least, at most: available, less what is owed."""
    lapses_before: datetime | None = None
    """Some of their points in that wallet lapse before then."""
    tag: str = ""
    """A word of the shop that is on them."""
    buys_next: str = ""
    """The category of their next order, as `value-category` says it."""
    consent: tuple[str, bool] | None = None
    """A channel, and whether it is allowed; never said is not allowed."""
    sort: Sort = "oldest"


class Place(NamedTuple):
    """Where a page ended, in its order: an instant, a name or a visit; a member."""

    at: datetime | str
    member_id: UUID


class Found(NamedTuple):
    """Members who match, in their order, and where to go on; nothing at the end.

    `looked` counts who was looked at for it; `all` when they are everybody who matches.
    """

    members: list[Member]
    after: Place | None
    looked: int
    all: bool
