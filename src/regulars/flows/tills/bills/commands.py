"""What may be asked about bills, and what is answered."""

from __future__ import annotations

from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from regulars.flows.commands import RecordActivity
from regulars.records.members.types import Asked, MemberRef
from regulars.records.tills.bills.types import BillBody, Paying, PaymentKind


class OpenBill(Struct, frozen=True, omit_defaults=True):
    """Something is sold: what, where, and to whom if that is known."""

    body: BillBody
    store: str
    member: MemberRef | None = None
    asked: Asked = Asked()
    said: BillBody | None = None
    """As it was asked for, without what was looked up for it; by this a repeat is known."""


class ChangeBill(Struct, frozen=True, omit_defaults=True):
    """An open bill is another: all that is sold, and to whom if that is said."""

    bill_id: UUID
    version: int
    """The version that whoever changes it looked at; refused where it changed since."""
    body: BillBody
    member: MemberRef | UnsetType | None = UNSET
    """None: nobody's from now on."""
    asked: Asked = Asked()
    said: bytes = b""
    """As it was asked for; by this a repeat is known, as the bill is another by then."""


class ChangedBill(Struct, frozen=True, omit_defaults=True):
    """A bill that is another."""

    bill_id: UUID
    replayed: bool = False


class PayBill(Struct, frozen=True, omit_defaults=True):
    """A bill is paid: by what is said here, by payments that were taken before, or both.

    Together they are what it comes to when it is paid, with the rewards that are for it then.
    """

    bill_id: UUID | None = None
    """None: a payment for nothing we know."""
    version: int | None = None
    """The version that whoever pays it looked at; refused where it changed since."""
    kind: PaymentKind | None = None
    amount_minor: int = 0
    told: Paying = Paying()
    payments: tuple[UUID, ...] = ()
    complete: bool = True
    """It is taken now; otherwise whoever pays the bill names it then."""
    store: str = ""
    asked: Asked = Asked()


class Opened(Struct, frozen=True, omit_defaults=True):
    """A bill that was opened."""

    bill_id: UUID
    replayed: bool = False


class PaidBill(Struct, frozen=True, omit_defaults=True):
    """What was paid."""

    bill_id: UUID | None
    payment_id: UUID | None = None
    replayed: bool = False


class RefundBill(Struct, frozen=True, omit_defaults=True):
    """So much of a payment is given back."""

    payment_id: UUID
    amount_minor: int
    reason: str = ""
    asked: Asked = Asked()


class CreditBill(Struct, frozen=True, omit_defaults=True):
    """A paid bill is a purchase of somebody."""

    bill_id: UUID
    purchase: RecordActivity


class RefundedBill(Struct, frozen=True, omit_defaults=True):
    """A refund that was noted."""

    refund_id: UUID
    bill_id: UUID
    replayed: bool = False
