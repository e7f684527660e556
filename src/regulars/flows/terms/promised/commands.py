"""What may be asked about offers, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.access.staff.types import By
from regulars.records.members.types import MemberRef
from regulars.records.program.changes.offers.types import Gives, How, MemberState, Offer


class KeepOffer(Struct, frozen=True):
    """An offer is to be like this; it is a draft.

    Shape: `says` by language, that of the program among them. Units: `held_percent` of a hundred,
    `budget` in points as decimal text.
    """

    code: str
    name: str
    gives: Gives
    says: Mapping[str, str]
    by: By
    segment: str = ""
    """Whoever is in it has it; without one only who is given it."""
    activating: bool = False
    days: int | None = None
    ends_on: date | None = None
    budget: str | None = None
    most: int = 100_000
    held_percent: int = 5


Step = Literal["close", "drop"]
"""Nobody new has it; forget what was never opened."""


class MoveOffer(Struct, frozen=True):
    """An offer takes a step."""

    code: str
    step: Step
    by: By


class OpenOffer(Struct, frozen=True):
    """An offer is put into the program, and whoever is meant has it; `version` is the one its
    reader saw, `accept` are warnings of the program that are meant, by name."""

    code: str
    by: By
    version: int | None = None
    accept: tuple[str, ...] = ()


class GiveOffer(Struct, frozen=True):
    """A member is to have an offer; nobody is held out of what they are given by hand."""

    code: str
    member: MemberRef
    by: By
    how: How = "hand"


class ActivateOffer(Struct, frozen=True):
    """A member says that they want what they were offered: it counts from now on."""

    code: str
    member: MemberRef
    by: By


class Having(Struct, frozen=True):
    """An offer as a member has it.

    Shape: `left` is how often it still gives, where it does so many times; `used_up` says that the
    points for all members are gone.
    """

    offer: Offer
    member_id: UUID
    state: MemberState
    how: How
    offered_at: datetime
    until_on: date
    held_at: datetime | None
    left: int | None = None
    used_up: bool = False
    fresh: bool = True
    """Whether it was just given, or activated."""


OfferCommand = KeepOffer | MoveOffer
OfferOutcome = Offer | Refused | Fault
HavingOutcome = Having | Refused | Fault
