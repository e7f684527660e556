"""What may be asked about tiers given by hand, and the answers."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.members.types import Asked, MemberRef
from regulars.records.standing.grants.types import GrantKind


class Challenge(Struct, frozen=True):
    """So much credit within so many days keeps a tier that was given."""

    credit: int
    within_days: int


class GiveTier(Struct, frozen=True, omit_defaults=True):
    """A member gets a tier by hand, has one matched, or is invited to one."""

    member: MemberRef
    kind: GrantKind
    tier: str
    reason: str
    actor: str
    until_at: datetime | None = None
    """Exclusive; for ever when neither this nor a challenge is said."""
    challenge: Challenge | None = None
    proof: str = ""
    asked: Asked = Asked()


class TurnGrant(Struct, frozen=True, omit_defaults=True):
    """An invitation is accepted, declined or withdrawn, or a tier given by hand is ended."""

    grant_id: UUID
    what: Literal["accepted", "declined", "withdrawn", "ended"]
    actor: str
    reason: str = ""
    asked: Asked = Asked()


class TierGiven(Struct, frozen=True, omit_defaults=True):
    """Where what was given stands, and the member's tier now."""

    grant_id: UUID
    member_id: UUID
    kind: GrantKind
    tier: str
    state: str
    """`waiting`, `held`, `declined`, `withdrawn` or `ended`."""
    until_at: datetime | None = None
    answer_by: datetime | None = None
    stands: str | None = None
    """The tier the member stands on now."""
    replayed: bool = False


TierOutcome = TierGiven | Refused | Fault
