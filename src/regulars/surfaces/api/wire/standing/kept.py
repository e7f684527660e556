"""An activity as it is kept, and as the world sees it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from regulars.records.activity.types import Activity, Line, PaidIn, Payment
from regulars.surfaces.api.wire.activities import ActivityPayment, ReturnedPieces, shown_member
from regulars.surfaces.api.wire.parts import Money


class LineShown(Struct, frozen=True):
    """One line of a sale, as it was sent; amounts in the program's currency."""

    sku: str
    category: str
    name: str
    quantity: int
    amount: Money
    discount: Money
    tax: Money
    free: int = 0
    """So many of its pieces a reward made free."""
    redemption: str | None = None


class PaidShown(Struct, frozen=True):
    """What was paid in another currency, and what it counts: `counts` minor units of the program's
    are `per` of that currency."""

    amount: Money
    counts: int
    per: int


class ActivityShown(Struct, frozen=True):
    """An activity as it is kept; amounts in the program's currency."""

    id: str
    member_id: str | None
    kind: str
    state: Literal["recorded", "waiting"]
    source: str
    external_id: str
    sale_id: str | None
    store: str
    channel: str
    occurred_at: datetime
    recorded_at: datetime
    amount: Money
    lines: list[LineShown]
    payments: list[ActivityPayment]
    """How it was paid, as it was sent, with the redemption that paid in points."""
    returned: list[ReturnedPieces]
    details: dict[str, bool | int | str]
    actor: str
    paid: PaidShown | None = None
    """How it was paid, where that was in another currency."""


def activity_shown(
    activity: Activity, recorded_at: datetime, currency: str, *, waiting: bool = False
) -> ActivityShown:
    """An activity as the world sees it."""
    sale_id = activity.sale_id
    return ActivityShown(
        id=f"act_{activity.activity_id.hex}",
        member_id=shown_member(activity.member_id),
        kind=activity.kind,
        state="waiting" if waiting else "recorded",
        source=activity.source,
        external_id=activity.external_id,
        sale_id=None if sale_id is None else f"act_{sale_id.hex}",
        store=activity.store,
        channel=activity.channel,
        occurred_at=activity.occurred_at,
        recorded_at=recorded_at,
        amount=Money(activity.amount_minor, currency),
        lines=[_line_shown(line, currency) for line in activity.body.lines],
        payments=[_payment_shown(one, currency) for one in activity.body.payments],
        returned=[ReturnedPieces(one.line, one.quantity) for one in activity.body.returned],
        details=activity.body.details,
        actor=activity.actor,
        paid=_paid_shown(activity.body.paid_in),
    )


def _paid_shown(paid: PaidIn | None) -> PaidShown | None:
    if paid is None:
        return None
    return PaidShown(Money(paid.amount_minor, paid.currency), paid.counts, paid.per)


def _payment_shown(payment: Payment, currency: str) -> ActivityPayment:
    paid_by = payment.redemption
    return ActivityPayment(
        kind=payment.kind,
        amount=Money(payment.amount_minor, currency),
        redemption=None if paid_by is None else f"red_{paid_by.hex}",
    )


def _line_shown(line: Line, currency: str) -> LineShown:
    return LineShown(
        sku=line.sku,
        category=line.category,
        name=line.name,
        quantity=line.quantity,
        amount=Money(line.amount_minor, currency),
        discount=Money(line.discount_minor, currency),
        tax=Money(line.tax_minor, currency),
        free=line.free,
        redemption=None if line.redemption is None else f"red_{line.redemption.hex}",
    )
