"""Partners on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.engine.rewarding.partnering.statement import Statement
from regulars.flows.points.partners.commands import Booked, ClaimFiled, DecisionMade, DisputeOpened
from regulars.records.activity.types import SaleRef
from regulars.records.rewards.partners.types import (
    Claim,
    ContractKind,
    Decided,
    Decision,
    EntryKind,
    Partner,
    PartnerEntry,
    state_of,
)
from regulars.surfaces.api.strict.cursors import cursor_of
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Id, Instant, Limit, Money, Slug, Text, Whom
from regulars.surfaces.api.wire.rewarding.plans import SignedMoney

Number = Annotated[str, Meta(min_length=1, max_length=200)]
Some = Annotated[int, Meta(ge=1, le=2**53 - 1)]
Days = Annotated[int, Meta(ge=0, le=3650)]


class PartnerSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Another business becomes a partner, or changes its name."""

    slug: Slug
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    actor: Text = ""


class PartnerShown(Struct, frozen=True):
    """A partner, and what stands in its account."""

    slug: str
    name: str
    made_at: datetime
    balance: SignedMoney
    """Above nothing it is the partner's, below nothing they owe it."""


class PartnersShown(Struct, frozen=True):
    """All partners by their short names."""

    items: list[PartnerShown]


class PartnerDone(Struct, frozen=True):
    """A partner that is kept."""

    slug: str
    name: str


class ContractSent(Struct, frozen=True, forbid_unknown_fields=True):
    """So much money for so many units, from when until when."""

    kind: ContractKind
    """`accrual`: its customers collect. `redemption`: members spend there."""
    wallet: Slug
    price: Money
    per_units: Some
    """For so many of the wallet's smallest unit."""
    from_at: Instant | None = None
    """From now on, unless said."""
    until_at: Instant | None = None
    limit: Money | None = None
    """How much it may owe; without it packs are paid beforehand."""
    name_check: bool = False
    """Whether the name must come with the number, and fit."""
    look_back_days: Days = 0
    """So long before they joined, members' activities count."""
    claim_from_days: Days = 0
    claim_until_days: Days = 180
    decide_days: Annotated[int, Meta(ge=1, le=3650)] = 30
    match_days: Annotated[int, Meta(ge=0, le=30)] = 0
    """So many days from a claim as many units under another number are the same; 0: none are."""
    actor: Text = ""


class ContractDone(Struct, frozen=True):
    """What was agreed."""

    id: str
    from_at: datetime
    until_at: datetime | None


class PartnerPaymentSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A partner pays for a pack or what it owes, or is paid."""

    amount: Money
    external_id: Number
    to_partner: bool = False
    """We pay them."""
    actor: Text = ""
    reason: Text = ""


class ReceiptSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A receipt, and which of our own sources tells it."""

    source: Slug
    external_id: Number

    def ref(self) -> SaleRef:
        """As the books name it."""
        return SaleRef(source=self.source, external_id=self.external_id)


class PartnerActivitySent(Struct, frozen=True, forbid_unknown_fields=True):
    """A member collected or spent with a partner."""

    kind: ContractKind
    member: Whom
    wallet: Slug
    units: Some
    external_id: Number
    """The partner's number: the same one comes once."""
    occurred_at: Instant | None = None
    name: Text = ""
    """The name that goes with the number, where the contract asks for it; it is not kept."""
    receipts: Annotated[list[ReceiptSent], Meta(max_length=5)] = []
    """Under which our own till or web shop may tell it, too: it counts once."""
    actor: Text = ""


class PartnerReturnSent(Struct, frozen=True, forbid_unknown_fields=True):
    """An activity came back, in whole or in part."""

    kind: ContractKind
    of: Number
    """The partner's number of the activity."""
    external_id: Number
    units: Some | None = None
    """All that is left, unless said."""
    actor: Text = ""
    reason: Text = ""


class PartnerEntryDone(Struct, frozen=True):
    """A line of the account, and what it did to the member."""

    id: str
    kind: str
    amount: SignedMoney
    """To the partner's account, below nothing from it."""
    balance: SignedMoney
    units: int
    moved: int
    """So many of them moved."""
    member_id: str | None
    balances: dict[str, int]
    claim: str | None = None
    """The claim that it answers: it is granted by this line."""


class ClaimSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A member misses an activity with a partner."""

    partner: Slug
    member: Whom
    wallet: Slug
    units: Some
    external_id: Number
    """The number of the ticket or receipt, as the partner would have told it."""
    occurred_at: Instant
    actor: Text = ""
    reason: Text = ""


class ClaimDone(Struct, frozen=True):
    """A claim or a dispute that is open."""

    id: str
    state: str
    decide_by: datetime | None = None
    """After that it has lapsed, by the clock alone."""


class ClaimShown(Struct, frozen=True):
    """A claim as it stands now."""

    id: str
    member_id: str
    units: int
    external_id: str
    occurred_at: datetime
    filed_at: datetime
    decide_by: datetime
    state: Literal["open", "granted", "rejected", "lapsed"]
    reason: str
    decision_reason: str


class OpenClaim(Struct, frozen=True):
    """A claim that waits for a decision."""

    id: str
    partner: str
    member_id: str
    units: int
    external_id: str
    occurred_at: datetime
    filed_at: datetime
    decide_by: datetime
    """After that it has lapsed, by the clock alone."""
    reason: str


class OpenClaimsPage(Struct, frozen=True):
    """Claims that wait, whichever lapses soonest first."""

    items: list[OpenClaim]
    has_more: bool
    next_cursor: str | None


class OpenClaimsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Of which partner, and from where on."""

    partner: Slug | None = None
    limit: Limit = 50
    cursor: Text | None = None


class DisputeSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A partner disputes a line of its statement."""

    entry: Id
    """`pen_…`, as the statement has it."""
    reason: Annotated[str, Meta(min_length=1, max_length=200)]
    actor: Text = ""


class DecisionSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A claim or a dispute is granted or rejected."""

    decision: Decided
    reason: Annotated[str, Meta(min_length=1, max_length=200)]
    actor: Text = ""


class DecisionDone(Struct, frozen=True):
    """What became of it, and the line that was booked for it."""

    id: str
    decision: Decided
    booked: PartnerEntryDone | None


class StatementQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which stretch of time, by the calendar of the program."""

    period: Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$")]
    """A month, `2027-03`, or a day, `2027-03-15`."""
    limit: Annotated[int, Meta(ge=1, le=2000)] = 500
    """So many lines at most; the sums are those of all of them."""
    cursor: Text | None = None


class StatementLine(Struct, frozen=True):
    """One line."""

    id: str
    step: int
    kind: EntryKind
    booked_at: datetime
    occurred_at: datetime
    external_id: str
    units: int
    amount: SignedMoney
    balance: SignedMoney


class StatementShown(Struct, frozen=True):
    """What an account did: its sums add up, however many of its lines are in this page."""

    partner: str
    period: str
    from_at: datetime
    until_at: datetime
    opening: SignedMoney
    payments: SignedMoney
    accruals: SignedMoney
    redemptions: SignedMoney
    corrections: SignedMoney
    closing: SignedMoney
    lines: list[StatementLine]
    csv: str
    """The same as a table: opening is in that of the first page, closing in that of the last."""
    has_more: bool
    next_cursor: str | None


def entry_done(one: Booked) -> PartnerEntryDone:
    """The answer about a line."""
    return PartnerEntryDone(
        id=shown("pen", one.entry_id),
        kind=one.kind,
        amount=SignedMoney(one.amount_minor, one.currency),
        balance=SignedMoney(one.balance_minor, one.currency),
        units=one.units,
        moved=one.moved,
        member_id=None if one.member_id is None else shown("mem", one.member_id),
        balances=one.balances,
        claim=None if one.claim_id is None else shown("clm", one.claim_id),
    )


def claim_done(one: ClaimFiled | DisputeOpened) -> ClaimDone:
    """The answer to a claim or a dispute."""
    if isinstance(one, ClaimFiled):
        return ClaimDone(shown("clm", one.claim_id), one.state, one.decide_by)
    return ClaimDone(shown("dis", one.dispute_id), one.state)


def open_claim(one: Claim, partner: str) -> OpenClaim:
    """A claim that waits, as the world sees it."""
    return OpenClaim(
        id=shown("clm", one.claim_id),
        partner=partner,
        member_id=shown("mem", one.member_id),
        units=one.units,
        external_id=one.external_id,
        occurred_at=one.occurred_at,
        filed_at=one.filed_at,
        decide_by=one.decide_by,
        reason=one.reason,
    )


def claim_shown(one: Claim, decision: Decision | None, now: datetime) -> ClaimShown:
    """A claim as it stands at an instant."""
    return ClaimShown(
        id=shown("clm", one.claim_id),
        member_id=shown("mem", one.member_id),
        units=one.units,
        external_id=one.external_id,
        occurred_at=one.occurred_at,
        filed_at=one.filed_at,
        decide_by=one.decide_by,
        state=state_of(one, decision, now),
        reason=one.reason,
        decision_reason="" if decision is None else decision.reason,
    )


def decision_done(kind: str, one: DecisionMade) -> DecisionDone:
    """The answer to a decision."""
    line = None if one.booked is None else entry_done(one.booked)
    return DecisionDone(shown(kind, one.about_id), one.decision, line)


def partner_shown(one: Partner, last: PartnerEntry | None, currency: str) -> PartnerShown:
    """A partner as the world sees it."""
    balance = 0 if last is None else last.balance_minor
    return PartnerShown(one.slug, one.name, one.made_at, SignedMoney(balance, currency))


def statement_shown(
    asked: tuple[str, str], span: tuple[datetime, datetime], found: Statement, told: tuple[str, str]
) -> StatementShown:
    """A statement as the world sees it; `told` is its currency and its table."""
    currency, table = told

    def money(minor: int) -> SignedMoney:
        return SignedMoney(minor, currency)

    return StatementShown(
        partner=asked[0],
        period=asked[1],
        from_at=span[0],
        until_at=span[1],
        opening=money(found.opening_minor),
        payments=money(found.payments_minor),
        accruals=money(found.accruals_minor),
        redemptions=money(found.redemptions_minor),
        corrections=money(found.corrections_minor),
        closing=money(found.closing_minor),
        lines=[
            StatementLine(
                shown("pen", one.entry_id), one.step, one.kind, one.booked_at, one.occurred_at,
                one.external_id, one.units, money(one.amount_minor), money(one.balance_minor),
            )
            for one in found.lines
        ],
        csv=table,
        has_more=not found.ends,
        next_cursor=None if found.ends else cursor_of((found.lines[-1].step,)),
    )  # fmt: skip
