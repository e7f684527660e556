"""Partners, what was agreed with them, and the account between us."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from msgspec import Struct

ContractKind = Literal["accrual", "redemption"]
EntryKind = Literal["payment", "accrual", "redemption", "return", "correction"]
Side = Literal["paid", "sold", "owed"]
Decided = Literal["granted", "rejected"]
ClaimState = Literal["open", "granted", "rejected", "lapsed"]


class Partner(Struct, frozen=True):
    """Another business."""

    partner_id: UUID
    slug: str
    name: str
    made_at: datetime
    actor: str


class Contract(Struct, frozen=True):
    """So much money for so many units, from when until when.

    Units: `price_minor` for `per_units` of the wallet's smallest unit, an exact ratio.
    """

    contract_id: UUID
    partner_id: UUID
    kind: ContractKind
    wallet: int
    price_minor: int
    per_units: int
    from_at: datetime
    until_at: datetime | None
    limit_minor: int | None
    """How much may be owed; without it packs are paid beforehand."""
    name_check: bool
    look_back_days: int
    claim_from_days: int
    claim_until_days: int
    decide_days: int
    match_days: int
    """So many days from a claim an activity may lie and be it; 0: by its number alone."""
    made_at: datetime
    actor: str
    ended: bool = False
    """Whether it ends before its time, at `until_at`, as somebody said since."""

    def holds(self, at: datetime) -> bool:
        """Whether it was in force then."""
        return self.from_at <= at and (self.until_at is None or at < self.until_at)


class ContractEnd(Struct, frozen=True):
    """A contract ends before its time: from when on, and who said so why."""

    contract_id: UUID
    partner_id: UUID
    ends_at: datetime
    made_at: datetime
    actor: str
    reason: str


class PartnerEntry(Struct, frozen=True):
    """One line of the account; `balance_minor` is what stands there since.

    Above nothing it is the partner's money with us, below nothing they owe it.
    """

    partner_id: UUID
    step: int
    entry_id: UUID
    kind: EntryKind
    account: Side
    occurred_at: datetime
    booked_at: datetime
    member_id: UUID | None
    points_entry: UUID | None
    contract_id: UUID | None
    wallet: int
    units: int
    moved: int
    amount_minor: int
    balance_minor: int
    reverses: UUID | None
    external_id: str
    actor: str
    reason: str


class Booked(NamedTuple):
    """What was booked in a stretch of time: by kind of line, how many lines, and the last step."""

    sums: Mapping[str, int]
    lines: int
    last: int


class Claim(Struct, frozen=True):
    """A member misses an activity with a partner."""

    member_id: UUID
    claim_id: UUID
    partner_id: UUID
    contract_id: UUID
    units: int
    occurred_at: datetime
    filed_at: datetime
    decide_by: datetime
    external_id: str
    actor: str
    reason: str


class ClaimMatch(Struct, frozen=True):
    """By which number a partner told of what was claimed, and the line that stands for both."""

    claim_id: UUID
    partner_id: UUID
    external_id: str
    entry_id: UUID
    matched_at: datetime


class Dispute(Struct, frozen=True):
    """A partner disputes a line."""

    dispute_id: UUID
    partner_id: UUID
    entry_id: UUID
    opened_at: datetime
    actor: str
    reason: str


class Decision(Struct, frozen=True):
    """What became of a claim or a dispute."""

    about_id: UUID
    decision: Decided
    decided_at: datetime
    entry_id: UUID | None
    actor: str
    reason: str


def state_of(claim: Claim, decision: Decision | None, now: datetime) -> ClaimState:
    """Where a claim stands: nobody has to come by for it to lapse."""
    if decision is not None:
        return decision.decision
    return "open" if now < claim.decide_by else "lapsed"
