"""What may be asked about members who are one, may not, or share; and the answers."""

from __future__ import annotations

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
