"""What can be asked about challenges and streaks, and what is answered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.members.types import Asked, MemberRef


class TakePart(Struct, frozen=True, omit_defaults=True):
    """A member takes part in a challenge from now on."""

    member: MemberRef
    challenge: str
    asked: Asked = Asked()


class PartTaken(Struct, frozen=True, omit_defaults=True):
    """The member takes part, since then."""

    part_id: UUID
    member_id: UUID
    challenge: str
    since: datetime
    replayed: bool = False


PartOutcome = PartTaken | Refused | Fault
