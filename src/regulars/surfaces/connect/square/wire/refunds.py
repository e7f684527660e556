"""Refunds as clients send them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.surfaces.connect.square.times import MoneyTold
from regulars.surfaces.connect.square.wire.orders import PaymentKey
from regulars.surfaces.connect.square.wire.sent import Cursor, Instant, LongId, Sent


class RefundPayment(Sent, frozen=True):
    """So much of a payment is given back."""

    idempotency_key: PaymentKey
    amount_money: MoneyTold
    payment_id: LongId
    reason: Annotated[str, Meta(max_length=192)] | None = None
    unlinked: Literal[False] | None = None


class RefundsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which refunds, and how much of the list, from where on."""

    begin_time: Instant | None = None
    end_time: Instant | None = None
    sort_order: Literal["ASC", "DESC"] = "DESC"
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 100
