"""A bill of a connected till."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

NOT_SAID: Final = UUID(int=0)
"""The member of a bill that is nobody's, and the bill of a payment that names none."""
SOURCE: Final = "square"
"""Under which name activities of connected tills are bills; their numbers are `number_of`."""
PaymentKind = Literal["cash", "external"]


class Sold(Struct, frozen=True, omit_defaults=True):
    """One line: so many pieces of something at a price."""

    uid: str
    quantity: int
    price_minor: int
    sku: str = ""
    category: str = ""
    name: str = ""

    @property
    def amount_minor(self) -> int:
        """What the line comes to before discounts."""
        return self.quantity * self.price_minor


class Off(Struct, frozen=True, omit_defaults=True):
    """A discount on the whole bill: so much, or so many hundredths of a percent."""

    uid: str
    name: str = ""
    amount_minor: int | None = None
    percent_hundredths: int | None = None


class BillBody(Struct, frozen=True, omit_defaults=True):
    """What was sold, and what is off."""

    lines: tuple[Sold, ...] = ()
    discounts: tuple[Off, ...] = ()
    reference: str = ""


class Bill(Struct, frozen=True):
    """A bill as it stands."""

    bill_id: UUID
    member_id: UUID
    store: str
    state: Literal["open", "paid"]
    version: int
    body: BillBody
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None = None


class Paying(Struct, frozen=True, omit_defaults=True):
    """How something was paid, as it was told."""

    supplied_minor: int = 0
    """In cash: what was handed over; the change is the rest."""
    sort: str = ""
    """Taken elsewhere: what sort of payment it is."""
    by: str = ""
    """Taken elsewhere: who took it."""
    number: str = ""


class Payment(Struct, frozen=True):
    """One payment."""

    payment_id: UUID
    bill_id: UUID
    state: Literal["approved", "completed"]
    kind: PaymentKind
    amount_minor: int
    told: Paying
    store: str
    made_at: datetime


class Refund(Struct, frozen=True):
    """So much of a payment was given back."""

    refund_id: UUID
    payment_id: UUID
    bill_id: UUID
    amount_minor: int
    reason: str
    store: str
    made_at: datetime


def number_of(bill_id: UUID) -> str:
    """The number of a bill as the receipt of what it earned."""
    return f"ord_{bill_id.hex}"


def number_of_refund(refund_id: UUID) -> str:
    """The number of a refund as the receipt of what it brought back."""
    return f"rfd_{refund_id.hex}"
