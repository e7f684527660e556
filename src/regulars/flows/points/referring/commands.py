"""What can be asked about referrals, and what is answered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.members.referrals.types import State
from regulars.records.members.types import Asked, MemberRef


class GiveCode(Struct, frozen=True, omit_defaults=True):
    """A member wants a code to give to friends; who has one gets the same again."""

    member: MemberRef
    marks: dict[str, str] = {}
    """What else they are known by: device, address, payment card; only digests are kept."""
    asked: Asked = Asked()


class CodeGiven(Struct, frozen=True, omit_defaults=True):
    """The member's code."""

    member_id: UUID
    code: str
    link: str
    replayed: bool = False


class NameReferral(Struct, frozen=True, omit_defaults=True):
    """A newcomer names the code of whoever brought them."""

    member: MemberRef
    code: str
    marks: dict[str, str] = {}
    asked: Asked = Asked()


class ReferralNamed(Struct, frozen=True, omit_defaults=True):
    """A referral was kept: named, or rejected with the reason."""

    referral_id: UUID
    member_id: UUID
    referrer_id: UUID
    state: State
    reason: str
    buys_until: datetime
    replayed: bool = False


GiveOutcome = CodeGiven | Refused | Fault
NameOutcome = ReferralNamed | Refused | Fault
