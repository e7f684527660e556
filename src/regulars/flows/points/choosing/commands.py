"""What can be asked about choices, and what is answered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.members.types import Asked, MemberRef


class ChooseOne(Struct, frozen=True, omit_defaults=True):
    """A member says which of several they choose for this period."""

    member: MemberRef
    word: str
    option: str
    actor: str = ""
    asked: Asked = Asked()


class ChoiceMade(Struct, frozen=True, omit_defaults=True):
    """What a member chose, and since when."""

    choice_id: UUID
    member_id: UUID
    word: str
    chosen: str
    chosen_at: datetime
    replayed: bool = False


ChoiceOutcome = ChoiceMade | Refused | Fault
