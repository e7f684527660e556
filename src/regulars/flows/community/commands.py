"""What may be said of clubs and gatherings, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.access.staff.types import By
from regulars.records.community.clubs.types import Club, Joins
from regulars.records.community.gatherings.types import Gathering, SeatState, Sort
from regulars.records.members.types import Asked, MemberRef

Points = Literal["", "reserved", "given_back", "spent"]
"""What became of the points that a seat takes; nothing of one that takes none."""


class KeepClub(Struct, frozen=True):
    """A club is to be this from now on."""

    code: str
    name: str
    says: Mapping[str, str]
    joins: Joins
    by: By
    tiers: tuple[str, ...] = ()
    store: str = ""
    state: Literal["open", "closed"] = "open"


class InviteToClub(Struct, frozen=True, omit_defaults=True):
    """The shop asks a member to join a club."""

    club: str
    member: MemberRef
    by: By = By()
    asked: Asked = Asked()


class JoinClub(Struct, frozen=True, omit_defaults=True):
    """A member joins a club; who is in it says anew whether the others see them."""

    member: MemberRef
    club: str
    shows: bool = False
    told_of: bool = False
    asked: Asked = Asked()


class LeaveClub(Struct, frozen=True, omit_defaults=True):
    """A member leaves a club."""

    member: MemberRef
    club: str
    asked: Asked = Asked()


class ClubTold(Struct, frozen=True, omit_defaults=True):
    """Whether a member is in a club after that, and since when."""

    member_id: UUID
    club_id: UUID
    club: str
    inside: bool
    since: datetime | None = None
    shows: bool = False
    told_of: bool = False
    invited: bool = False
    replayed: bool = False


class KeepGathering(Struct, frozen=True):
    """A gathering is to be this from now on."""

    code: str
    name: str
    says: Mapping[str, str]
    begins_at: datetime
    ends_at: datetime
    capacity: int
    by: By
    club: str = ""
    store: str = ""
    at_place: str = ""
    opens_at: datetime | None = None
    """From when on seats are asked for; at once, where nothing is said."""
    early_at: datetime | None = None
    early_tiers: tuple[str, ...] = ()
    recap: Mapping[str, str] = {}
    state: Literal["open", "cancelled"] = "open"
    sort: Sort = "event"
    reward: str = ""
    """What a seat takes; nothing, where nothing is said."""
    back_until: datetime | None = None
    """Until when giving a seat up gives that back; until it begins, where nothing is said."""
    lesson: str = ""
    """The code of the lesson that is taught there; none, where nothing is said."""


class TakeSeat(Struct, frozen=True, omit_defaults=True):
    """A member asks for a seat; where none is free they stand in line."""

    member: MemberRef
    gathering: str
    asked: Asked = Asked()
    signed_in: bool = False
    """The member is signed in where they ask, so nothing needs to be shown."""
    shown: dict[str, int] | None = None
    """The price that was shown, in units per wallet; another one is refused. Where it was said that
    a seat takes nothing it is empty."""
    may_pay: bool = True
    """Whoever asks may take points; else a seat that takes some is `forbidden`."""


class GiveUpSeat(Struct, frozen=True, omit_defaults=True):
    """A member gives their seat up, or waits no longer."""

    member: MemberRef
    gathering: str
    asked: Asked = Asked()


class CheckIn(Struct, frozen=True, omit_defaults=True):
    """A member is here."""

    member: MemberRef
    gathering: str
    by: str = ""
    asked: Asked = Asked()
    shown: dict[str, int] | None = None
    may_pay: bool = True
    """Both as of `TakeSeat`, for whoever has no seat yet."""


class SeatTold(Struct, frozen=True, omit_defaults=True):
    """Where a member stands with a gathering after that."""

    member_id: UUID
    gathering_id: UUID
    gathering: str
    seat_id: UUID
    state: SeatState
    asked_at: datetime
    ahead: int = 0
    came_at: datetime | None = None
    replayed: bool = False
    redemption_id: UUID | None = None
    """What is reserved for it, where it takes points."""
    points: Points = ""


KeepClubOutcome = Club | Fault
ClubOutcome = ClubTold | Refused | Fault
KeepGatheringOutcome = Gathering | Refused | Fault
SeatOutcome = SeatTold | Refused | Fault
