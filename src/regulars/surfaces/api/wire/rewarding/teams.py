"""Teams of a challenge on the wire."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from regulars.flows.points.gaming.team_commands import TeamTold
from regulars.records.rewards.codes.lettering import shown as in_fours
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Whom

Challenge = Annotated[str, Meta(min_length=1, max_length=40)]


class TeamSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A member forms a team for a challenge."""

    member: Whom
    challenge: Challenge
    name: Annotated[str, Meta(max_length=80)] = ""
    club: Annotated[str, Meta(max_length=40)] = ""
    """The code of a club they are in, for which they take it up."""


class TeamJoined(Struct, frozen=True, forbid_unknown_fields=True):
    """A member joins a team."""

    member: Whom
    code: Annotated[str, Meta(min_length=1, max_length=80)]
    """As somebody of the team told it."""


class TeamLeft(Struct, frozen=True, forbid_unknown_fields=True):
    """A member leaves their team of a challenge."""

    member: Whom
    challenge: Challenge


class TeamDone(Struct, frozen=True):
    """The team as it stands after that."""

    id: str
    member_id: str
    challenge: str
    name: str
    code: str
    """With it others join."""
    members: int
    """How many are in it now."""
    left: bool


def team_done(told: TeamTold) -> TeamDone:
    """What became of a team, as the API answers it."""
    return TeamDone(
        id=shown("tea", told.team_id),
        member_id=shown("mem", told.member_id),
        challenge=told.challenge,
        name=told.name,
        code=in_fours(told.code, ""),
        members=told.members,
        left=told.left,
    )
