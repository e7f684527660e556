"""What may be asked about members who are one, may not, or share; and the answers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.members.types import Asked, MemberRef, State
from regulars.records.members.unions.types import Role


class MergeMembers(Struct, frozen=True, omit_defaults=True):
    """Two records are one person: everything of the one comes to the one that stays."""

    member: MemberRef
    into: MemberRef
    reason: str
    actor: str
    asked: Asked = Asked()


class UnmergeMember(Struct, frozen=True, omit_defaults=True):
    """They were two after all: the merged member, by their own id, stands for themselves again."""

    member_id: UUID
    reason: str
    actor: str
    asked: Asked = Asked()


class Merged(Struct, frozen=True, omit_defaults=True):
    """Which merge it is, and what the one that stays has now."""

    merge_id: UUID
    member_id: UUID
    into_id: UUID
    state: State
    """Of the one that goes: `merged`, or what they were before once the merge is undone."""
    balances: dict[str, int]
    """Of the one that stays."""
    replayed: bool = False


class BlockMember(Struct, frozen=True, omit_defaults=True):
    """A member may do no more than the program lets blocked members do; or may again."""

    member: MemberRef
    blocked: bool
    reason: str
    actor: str
    asked: Asked = Asked()


class FoundHousehold(Struct, frozen=True, omit_defaults=True):
    """A household begins with its head."""

    head: MemberRef
    name: str = ""
    actor: str = ""
    asked: Asked = Asked()


class EnterHousehold(Struct, frozen=True, omit_defaults=True):
    """A member joins a household, or takes another role in it."""

    household_id: UUID
    member: MemberRef
    role: Role = "member"
    actor: str = ""
    limits: dict[str, int] = {}
    """Of a buyer: units per wallet in a period, where it is not as the program says."""
    asked: Asked = Asked()


class LeaveHousehold(Struct, frozen=True, omit_defaults=True):
    """A member leaves a household, with everything that is theirs."""

    household_id: UUID
    member: MemberRef
    actor: str = ""
    asked: Asked = Asked()


HouseholdCommand = FoundHousehold | EnterHousehold | LeaveHousehold


class Belonging(Struct, frozen=True, omit_defaults=True):
    """A household, the member this was about, and how many belong to it now."""

    household_id: UUID
    member_id: UUID
    role: Role | None
    members: int
    replayed: bool = False


MergeOutcome = Merged | Refused | Fault
HouseholdOutcome = Belonging | Refused | Fault


class Guest(Struct, frozen=True, omit_defaults=True):
    """Somebody who comes along: a member, or somebody else by name."""

    name: str = ""
    member: MemberRef | None = None


class UseBenefit(Struct, frozen=True, omit_defaults=True):
    """A member uses something that is included, here and now."""

    member: MemberRef
    benefit: str
    store: str = ""
    channel: str = ""
    sku: str = ""
    category: str = ""
    details: dict[str, str] = {}
    asked: Asked = Asked()
    guests: tuple[Guest, ...] = ()
    from_at: datetime | None = None
    """The booked time, of a benefit that is used by appointment."""


class UndoUse(Struct, frozen=True, omit_defaults=True):
    """A use is taken back; it is left again."""

    use_id: UUID
    asked: Asked = Asked()
    late: bool = False
    """Of an appointment: the shop lets it go although it is too late to cancel."""


class MoveUse(Struct, frozen=True, omit_defaults=True):
    """An appointment is moved to another time; it becomes another use."""

    use_id: UUID
    from_at: datetime
    asked: Asked = Asked()


class MissUse(Struct, frozen=True, omit_defaults=True):
    """Nobody came to an appointment."""

    use_id: UUID
    asked: Asked = Asked()


class CheckInUse(Struct, frozen=True, omit_defaults=True):
    """Somebody came to their appointment."""

    use_id: UUID
    asked: Asked = Asked()


class BenefitUsed(Struct, frozen=True, omit_defaults=True):
    """What a use (or its end) left."""

    use_id: UUID
    member_id: UUID
    benefit: str
    state: str
    left: int | None
    granted: bool = False
    """It was used on what was granted by hand."""
    replayed: bool = False
    times: int = 1
    """How much it counts."""
    guests: int = 0
    from_at: datetime | None = None
    until_at: datetime | None = None
    """Of an appointment: from when until when."""
    came_at: datetime | None = None
    """When it was said that somebody came to it."""


class GrantBenefit(Struct, frozen=True, omit_defaults=True):
    """A member may use a benefit so often, whatever their tier."""

    member: MemberRef
    benefit: str
    reason: str
    actor: str
    times: int = 1
    from_at: datetime | None = None
    """From now on, unless said."""
    until_at: datetime | None = None
    asked: Asked = Asked()


class BenefitGranted(Struct, frozen=True, omit_defaults=True):
    """What was granted."""

    grant_id: UUID
    member_id: UUID
    benefit: str
    times: int
    from_at: datetime
    until_at: datetime | None = None
    replayed: bool = False


BenefitOutcome = BenefitUsed | Refused | Fault
GrantOutcome = BenefitGranted | Refused | Fault
