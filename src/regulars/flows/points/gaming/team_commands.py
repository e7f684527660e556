"""What members ask about teams, and what is answered."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.members.types import Asked, MemberRef


class FormTeam(Struct, frozen=True, omit_defaults=True):
    """A member forms a team for a challenge, and is its first member; or takes it up for a club
    they are in, whose team the first of them forms and the others come into."""

    member: MemberRef
    challenge: str
    name: str = ""
    asked: Asked = Asked()
    club: str = ""


class JoinTeam(Struct, frozen=True, omit_defaults=True):
    """A member joins the team that has this code."""

    member: MemberRef
    code: str
    asked: Asked = Asked()


class LeaveTeam(Struct, frozen=True, omit_defaults=True):
    """A member leaves their team of a challenge; what they did in it stays with it."""

    member: MemberRef
    challenge: str
    asked: Asked = Asked()


class TeamTold(Struct, frozen=True, omit_defaults=True):
    """A team as it stands after that."""

    team_id: UUID
    member_id: UUID
    challenge: str
    code: str
    members: int
    name: str = ""
    left: bool = False
    replayed: bool = False


TeamOutcome = TeamTold | Refused | Fault
