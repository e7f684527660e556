"""What may be asked about kept lists, rounds and notes; and the answers."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.access.office.types import RoundState
from regulars.records.access.staff.types import By
from regulars.records.members.types import Asked, Kind, MemberRef


class KeepView(Struct, frozen=True, omit_defaults=True):
    """Somebody keeps a list under a name, for themselves or for everybody who works here."""

    name: str
    query: str
    by: By
    shared: bool = False


class DropView(Struct, frozen=True, omit_defaults=True):
    """A list is kept no more."""

    view_id: UUID
    by: By


class WriteNote(Struct, frozen=True, omit_defaults=True):
    """Somebody writes a word beside a member."""

    member_id: UUID
    says: str
    by: By


class DropNote(Struct, frozen=True, omit_defaults=True):
    """A note is taken away by who wrote it, or by whoever may change members."""

    member_id: UUID
    note_id: UUID
    by: By


class TellTaken(Struct, frozen=True, omit_defaults=True):
    """Somebody takes data of members out of the house, as a file: written down before it goes."""

    what: str
    """`members` for a list, else the id of the member whose data it is."""
    said: str
    """What was looked for; no text of a member."""
    by: By


class UpdateMember(Struct, frozen=True, omit_defaults=True):
    """A connected system tells what is to be different about a member; what is not said stays."""

    member: MemberRef
    names: tuple[tuple[Kind, str], ...] = ()
    """In place of the one of that kind that was shown, the oldest; "" takes that one away."""
    given_name: str | None = None
    family_name: str | None = None
    version: int | None = None
    """Only while no more than this was written about them."""


class OfficeKept(Struct, frozen=True):
    """That is done."""

    id: UUID | None = None


KeepOffice = KeepView | DropView | WriteNote | DropNote | TellTaken
OfficeOutcome = OfficeKept | Fault


class BeginRound(Struct, frozen=True, omit_defaults=True):
    """Somebody gives or takes so much of each of these members; who asks stands in `asked`.

    Units: of the wallet's scale, for each of them.
    """

    wallet: str
    units: int
    reason: str
    member_ids: tuple[UUID, ...]
    address: str = ""
    asked: Asked = Asked()


class TagMembers(Struct, frozen=True, omit_defaults=True):
    """Somebody puts a word on members, or takes it off; with a key nobody is named."""

    tag: str
    member_ids: tuple[UUID, ...]
    by: By
    adds: bool = True


class Tagged(Struct, frozen=True):
    """The word as it is written here, and of how many members it is on or off now."""

    tag: str
    changed: int


TagOutcome = Tagged | Fault


class DecideRound(Struct, frozen=True, omit_defaults=True):
    """A colleague says yes or no to a round that waits."""

    round_id: UUID
    yes: bool
    by: By


class StopRound(Struct, frozen=True, omit_defaults=True):
    """A round goes no further; what was booked stays booked."""

    round_id: UUID
    by: By


class StepRound(Struct, frozen=True, omit_defaults=True):
    """The worker went through a stretch of a round, from one place to another."""

    round_id: UUID
    begin: int
    end: int
    booked: int
    left_out: dict[str, int] = {}
    """How many were not booked, by the code of the refusal."""


class RoundKept(Struct, frozen=True, omit_defaults=True):
    """The round, and how it stands."""

    round_id: UUID
    state: RoundState
    replayed: bool = False


RoundOutcome = RoundKept | Refused | Fault
