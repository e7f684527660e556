"""What may be asked about receipts, and what is answered."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from regulars.records.members.types import Asked, MemberRef
from regulars.records.tills.receipts.types import Paying, PaymentKind, ReceiptBody


class OpenReceipt(Struct, frozen=True, omit_defaults=True):
    """Something is sold: what, where, and to whom if that is known."""

    body: ReceiptBody
    store: str
    member: MemberRef | None = None
    asked: Asked = Asked()


class PayReceipt(Struct, frozen=True, omit_defaults=True):
    """A receipt is paid: by what is said here, by payments that were taken before, or both.

    Units: `due_minor` is what it came to when whoever pays it looked; another sum now is refused.
    """

    receipt_id: UUID | None = None
    """None: a payment for nothing we know."""
    due_minor: int | None = None
    kind: PaymentKind | None = None
    amount_minor: int = 0
    told: Paying = Paying()
    payments: tuple[UUID, ...] = ()
    complete: bool = True
    """It is taken now; otherwise whoever pays the receipt names it then."""
    store: str = ""
    asked: Asked = Asked()


class Opened(Struct, frozen=True, omit_defaults=True):
    """A receipt that was opened."""

    receipt_id: UUID
    replayed: bool = False


class PaidReceipt(Struct, frozen=True, omit_defaults=True):
    """What was paid."""

    receipt_id: UUID | None
    payment_id: UUID | None = None
    replayed: bool = False
