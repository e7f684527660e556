"""A team, and who was in it from when until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from msgspec import Struct


class Place(Struct, frozen=True):
    """Somebody is in a team, since then; until then, once they left."""

    member_id: UUID
    """Whom they stand as: who was merged stands as the other one."""
    place_id: UUID
    since: datetime
    until: datetime | None = None


class Team(Struct, frozen=True):
    """A team of one challenge, and everybody who ever was in it, the first ones first."""

    team_id: UUID
    challenge: str
    name: str
    code: str
    """Whoever knows it may join."""
    founder_id: UUID
    founded_at: datetime
    places: tuple[Place, ...] = ()
    club_id: UUID | None = None
    """The club it is the team of: whoever is in that comes in, and nobody else."""

    def in_it(self) -> list[UUID]:
        """Who is in it now, each once, the first ones first."""
        return list(dict.fromkeys(one.member_id for one in self.places if one.until is None))


def everybody(teams: Iterable[Team]) -> set[UUID]:
    """Everybody who is or was in one of these teams."""
    return {place.member_id for team in teams for place in team.places}
