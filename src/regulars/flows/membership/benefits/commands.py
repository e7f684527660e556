"""What may be asked about who of the shop looks after members; and the answers."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.access.staff.types import By
from regulars.records.members.types import MemberRef


class AssignAssociate(Struct, frozen=True, omit_defaults=True):
    """Somebody of the shop is to look after a member because of a benefit."""

    member: MemberRef
    benefit: str
    by: By
    staff_id: UUID | None = None
    """By the fair rule, unless said."""


class EndAssociate(Struct, frozen=True, omit_defaults=True):
    """Nobody looks after a member because of this benefit any more."""

    member: MemberRef
    benefit: str
    by: By


class PassMembersOn(Struct, frozen=True, omit_defaults=True):
    """Whoever somebody of the shop looks after is looked after by another."""

    staff_id: UUID
    by: By
    to_id: UUID | None = None
    """Each by the fair rule, unless said."""


class AssociateKept(Struct, frozen=True, omit_defaults=True):
    """Who looks after the member now; nobody, where it ended."""

    member_id: UUID
    benefit: str
    staff_id: UUID | None = None
    changed: bool = True


class PassedOn(Struct, frozen=True, omit_defaults=True):
    """How many members were passed on, and how many still wait."""

    members: int
    left: int


AssociateOutcome = AssociateKept | Refused | Fault
PassOutcome = PassedOn | Fault
