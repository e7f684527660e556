"""The parts of Stripe's objects that memberships are about, in the version we ask in."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec
from msgspec import Struct

from regulars.surfaces.connect.moving.wrong import Wrong

VERSION: Final = "2026-10-28.endive"
"""Which shapes Stripe answers in, whatever the account is set to."""
_PLACE: Final = re.compile(r" - at `\$\.?(?P<place>[^`]*)`")


class Price(Struct, frozen=True):
    """What is paid for."""

    id: str


class Item(Struct, frozen=True):
    """One thing of a subscription."""

    price: Price
    current_period_start: int = 0
    current_period_end: int = 0


class Items(Struct, frozen=True, rename={"rows": "data"}):
    """The things of a subscription."""

    rows: list[Item]


class Card(Struct, frozen=True):
    """A payment card, by what it is known wherever it is used."""

    fingerprint: str | None = None


class Method(Struct, frozen=True):
    """By what it is paid."""

    card: Card | None = None


class Subscribed(Struct, frozen=True):
    """A subscription as it stands."""

    id: str
    status: str
    currency: str
    start_date: int
    items: Items
    customer: Any = None
    trial_start: int | None = None
    cancel_at: int | None = None
    cancel_at_period_end: bool = False
    canceled_at: int | None = None
    ended_at: int | None = None
    pause_collection: Any = None
    default_payment_method: Method | str | None = None
    metadata: dict[str, str] = {}


class Period(Struct, frozen=True):
    """For which time something is paid."""

    start: int
    end: int


class PriceDetails(Struct, frozen=True):
    """The price of a line."""

    price: Price | str


class Pricing(Struct, frozen=True):
    """How a line is priced."""

    price_details: PriceDetails | None = None


class ItemDetails(Struct, frozen=True):
    """From what a line comes."""

    proration: bool = False


class Origin(Struct, frozen=True):
    """From what a line comes."""

    subscription_item_details: ItemDetails | None = None
    invoice_item_details: ItemDetails | None = None


class Line(Struct, frozen=True):
    """One line of an invoice."""

    amount: int
    period: Period
    pricing: Pricing | None = None
    parent: Origin | None = None

    @property
    def price(self) -> str:
        """Its price's id; empty where it has none."""
        details = None if self.pricing is None else self.pricing.price_details
        if details is None:
            return ""
        return details.price if isinstance(details.price, str) else details.price.id

    @property
    def is_part(self) -> bool:
        """Whether it settles a part of a term: a proration."""
        if self.parent is None:
            return False
        both = (self.parent.subscription_item_details, self.parent.invoice_item_details)
        return any(one is not None and one.proration for one in both)


class Lines(Struct, frozen=True, rename={"rows": "data"}):
    """The lines of an invoice."""

    rows: list[Line] = []


class Transitions(Struct, frozen=True):
    """When an invoice became what it is."""

    paid_at: int | None = None


class Invoice(Struct, frozen=True):
    """One invoice of a subscription."""

    id: str
    created: int
    status: str | None = None
    billing_reason: str | None = None
    amount_paid: int = 0
    attempt_count: int = 0
    lines: Lines = Lines()
    status_transitions: Transitions = Transitions()


class Refund(Struct, frozen=True):
    """Money that was given back, with the invoice it was paid by."""

    id: str
    amount: int
    created: int
    status: str | None = None
    invoice: str = ""


class Dispute(Struct, frozen=True):
    """A payment somebody told their bank not to have made, with the invoice it was of."""

    id: str
    amount: int
    status: str
    created: int = 0
    invoice: str = ""


class Whole(Struct, frozen=True):
    """A subscription as it was asked for, with its invoices."""

    asked_at: int
    subscription: Subscribed
    invoices: list[Invoice] = []
    refunds: list[Refund] = []
    disputes: list[Dispute] = []
    stands: bool = True
    """Whether it tells how the subscription stands, and not only what happened."""


def whole_of(root: Any) -> Whole:
    """What was asked for, read strictly. Raises: Wrong with the place that does not fit."""
    try:
        return msgspec.convert(root, Whole)
    except msgspec.ValidationError as why:
        found = _PLACE.search(str(why))
        place = found["place"] if found else ""
        says = _PLACE.sub("", str(why))
        raise Wrong(place, says, "See what Stripe sent here") from None
