"""What may be said of service cases and references, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.access.staff.types import By
from regulars.records.community.references.types import Agreed, ReferenceRequest, Wanted
from regulars.records.community.support.types import (
    CaseOutcome,
    CaseState,
    Priority,
    SupportCase,
)
from regulars.records.members.types import Asked, MemberRef


class OpenCase(Struct, frozen=True, omit_defaults=True):
    """A member has a trouble; without a priority their tier says how urgent it is."""

    member: MemberRef
    subject: str
    by: By
    says: str = ""
    """Its first note."""
    reason: str = ""
    store: str = ""
    priority: Priority | None = None
    asked: Asked = Asked()


class NoteCase(Struct, frozen=True, omit_defaults=True):
    """Something was said or done."""

    case_id: UUID
    says: str
    by: By
    asked: Asked = Asked()


class CloseCase(Struct, frozen=True):
    """It is over."""

    case_id: UUID
    outcome: CaseOutcome
    by: By


class CaseTold(Struct, frozen=True, omit_defaults=True):
    """How a case stands."""

    case_id: UUID
    member_id: UUID
    state: CaseState
    priority: int
    replayed: bool = False


class NoteTold(Struct, frozen=True, omit_defaults=True):
    """That it was noted."""

    case_id: UUID
    note_id: UUID
    replayed: bool = False


class AgreeToReferences(Struct, frozen=True):
    """Prospects may ask this member, or may not any more."""

    member: MemberRef
    agrees: bool
    by: By


class WantReference(Struct, frozen=True, omit_defaults=True):
    """A prospect wants to hear from a member with these attributes."""

    prospect: str
    by: By
    wants: Mapping[str, Wanted] = {}
    asked: Asked = Asked()


class TurnReference(Struct, frozen=True):
    """A member is asked (the first who fits, unless named), or what became of it."""

    request_id: UUID
    does: Literal["ask", "given", "declined", "withdraw"]
    by: By
    member: MemberRef | None = None


class ReferenceTold(Struct, frozen=True, omit_defaults=True):
    """A request that was made."""

    request_id: UUID
    replayed: bool = False


CaseOutcomeTold = CaseTold | Refused | Fault
NoteOutcome = NoteTold | Refused | Fault
CloseOutcome = SupportCase | Refused | Fault
AgreeOutcome = Agreed | Refused | Fault
WantOutcome = ReferenceTold | Refused | Fault
TurnOutcome = ReferenceRequest | Refused | Fault
