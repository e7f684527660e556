"""What can be asked about challenges, streaks and draws, and what is answered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.members.types import Asked, MemberRef
from regulars.records.program.parts.gaming import Draw as Promise
from regulars.records.rewards.draws.types import Closed, Draw, Entrant, Won


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


class AnnounceDraw(Struct, frozen=True, omit_defaults=True):
    """The digest of a draw's secret is published, before anybody can know who wins."""

    draw: str
    asked: Asked = Asked()


class CloseDraw(Struct, frozen=True, omit_defaults=True):
    """The list of a draw is closed, before anybody knows the words."""

    draw: str
    asked: Asked = Asked()


class HoldDraw(Struct, frozen=True, omit_defaults=True):
    """A draw is drawn, with words that nobody could know when it was announced."""

    draw: str
    public: str
    asked: Asked = Asked()


class DrawTold(Struct, frozen=True):
    """A draw as it stands, and who took part."""

    kept: Draw
    promise: Promise
    """As it was announced."""
    entrants: list[Entrant]
    booked: list[Won] = []
    """What was booked for the winners, or waits, in the order of the prizes."""
    replayed: bool = False
    closed: Closed | None = None
    """The list, where it was closed before it was drawn from."""


DrawOutcome = DrawTold | Refused | Fault
