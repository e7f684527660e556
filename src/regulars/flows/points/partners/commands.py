"""What is asked about partners, and the answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.activity.types import SaleRef
from regulars.records.members.types import Asked, MemberRef
from regulars.records.rewards.partners.settling.types import Answered
from regulars.records.rewards.partners.types import ContractKind, Decided


class KeepPartner(Struct, frozen=True, omit_defaults=True):
    """Another business becomes a partner, or changes its name."""

    slug: str
    name: str
    actor: str
    asked: Asked = Asked()


class PartnerKept(Struct, frozen=True, omit_defaults=True):
    """A partner that is known."""

    partner_id: UUID
    slug: str
    name: str
    replayed: bool = False


class SignContract(Struct, frozen=True, omit_defaults=True):
    """So much money for so many units, from when until when."""

    partner: str
    kind: ContractKind
    wallet: str
    price_minor: int
    per_units: int
    currency: str
    actor: str
    from_at: datetime | None = None
    until_at: datetime | None = None
    limit_minor: int | None = None
    name_check: bool = False
    look_back_days: int = 0
    claim_from_days: int = 0
    claim_until_days: int = 180
    decide_days: int = 30
    match_days: int = 0
    asked: Asked = Asked()


class ContractSigned(Struct, frozen=True, omit_defaults=True):
    """What was agreed."""

    contract_id: UUID
    partner_id: UUID
    from_at: datetime
    until_at: datetime | None = None
    replayed: bool = False


class EndContract(Struct, frozen=True, omit_defaults=True):
    """A contract ends before its time."""

    partner: str
    contract_id: UUID
    actor: str
    ends_at: datetime | None = None
    """From then on nothing is collected or spent by it; at once, unless said."""
    reason: str = ""
    asked: Asked = Asked()


class ContractEnded(Struct, frozen=True, omit_defaults=True):
    """From when on a contract holds no more."""

    contract_id: UUID
    partner_id: UUID
    ends_at: datetime
    replayed: bool = False


class BookPayment(Struct, frozen=True, omit_defaults=True):
    """A partner pays for a pack or what it owes; below nothing we pay it."""

    partner: str
    amount_minor: int
    currency: str
    external_id: str
    actor: str
    reason: str = ""
    asked: Asked = Asked()


class PartnerActivity(Struct, frozen=True, omit_defaults=True):
    """A member collected (`accrual`) or spent (`redemption`) with a partner."""

    partner: str
    kind: ContractKind
    member: MemberRef
    wallet: str
    units: int
    external_id: str
    """The partner's number: the same one comes once."""
    occurred_at: datetime | None = None
    name: str = ""
    """The name that goes with the number, where an agency passes it on; it is not kept."""
    actor: str = ""
    receipts: tuple[SaleRef, ...] = ()
    """Under which our own till or web shop may tell the same sale: it counts once."""
    asked: Asked = Asked()


class TakeBack(Struct, frozen=True, omit_defaults=True):
    """An activity of a partner came back, in whole or in part."""

    partner: str
    kind: ContractKind
    of: str
    """The partner's number of the activity."""
    external_id: str
    units: int | None = None
    """So many; all that is left, unless said."""
    actor: str = ""
    reason: str = ""
    asked: Asked = Asked()


class FileClaim(Struct, frozen=True, omit_defaults=True):
    """A member misses an activity with a partner."""

    partner: str
    member: MemberRef
    wallet: str
    units: int
    external_id: str
    """The number of the ticket or receipt: what the partner would have told it under."""
    occurred_at: datetime
    actor: str
    reason: str = ""
    asked: Asked = Asked()


class ClaimFiled(Struct, frozen=True, omit_defaults=True):
    """A claim, and until when it is decided."""

    claim_id: UUID
    member_id: UUID
    partner_id: UUID
    units: int
    decide_by: datetime
    state: str = "open"
    replayed: bool = False


class Settle(Struct, frozen=True, omit_defaults=True):
    """A partner's account is settled up to the beginning of a day, from where it was last."""

    partner: str
    actor: str
    until_on: date | None = None
    """Today, unless said: everything up to last midnight."""
    asked: Asked = Asked()


class Settled(Struct, frozen=True, omit_defaults=True):
    """A settlement that was made."""

    settlement_id: UUID
    partner_id: UUID
    number: int
    lines: int
    closing_minor: int
    replayed: bool = False


class AnswerLine(Struct, frozen=True, omit_defaults=True):
    """A partner accepts or disputes a line of a settlement."""

    partner: str
    entry_id: UUID
    answer: Answered
    actor: str
    reason: str = ""
    amount_minor: int | None = None
    """What the partner has for it."""
    asked: Asked = Asked()


class LineAnswered(Struct, frozen=True, omit_defaults=True):
    """What a partner said of a line, and the dispute that is open for it."""

    entry_id: UUID
    partner_id: UUID
    answer: Answered
    dispute_id: UUID | None = None
    replayed: bool = False


class OpenDispute(Struct, frozen=True, omit_defaults=True):
    """A partner disputes a line of its statement."""

    entry_id: UUID
    actor: str
    reason: str
    asked: Asked = Asked()


class DisputeOpened(Struct, frozen=True, omit_defaults=True):
    """A disputed line."""

    dispute_id: UUID
    entry_id: UUID
    partner_id: UUID
    state: str = "open"
    replayed: bool = False


class Decide(Struct, frozen=True, omit_defaults=True):
    """A claim or a dispute is granted or rejected."""

    about: Literal["claim", "dispute"]
    about_id: UUID
    decision: Decided
    actor: str
    reason: str
    asked: Asked = Asked()


class Booked(Struct, frozen=True, omit_defaults=True):
    """A line of a partner's account, and what it did to the member."""

    entry_id: UUID
    partner_id: UUID
    kind: str
    amount_minor: int
    balance_minor: int
    currency: str
    units: int = 0
    moved: int = 0
    member_id: UUID | None = None
    balances: dict[str, int] = {}
    claim_id: UUID | None = None
    """The claim it answers."""
    replayed: bool = False


class DecisionMade(Struct, frozen=True, omit_defaults=True):
    """What became of a claim or a dispute, and the line that was booked for it."""

    about_id: UUID
    decision: Decided
    booked: Booked | None = None
    replayed: bool = False


PartnerOutcome = PartnerKept | ContractSigned | ContractEnded | Refused | Fault
BookedOutcome = Booked | Refused | Fault
ClaimOutcome = ClaimFiled | DisputeOpened | Refused | Fault
DecisionOutcome = DecisionMade | Refused | Fault
SettledOutcome = Settled | Refused | Fault
AnswerOutcome = LineAnswered | Refused | Fault
