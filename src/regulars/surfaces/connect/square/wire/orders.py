"""Orders and payments as clients send them: what was sold, and that it was paid; never a card."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.surfaces.connect.square.times import MoneyTold
from regulars.surfaces.connect.square.wire.sent import Cursor, Instant, LongId, Sent

OrderKey = Annotated[str, Meta(min_length=1, max_length=192)]
PaymentKey = Annotated[str, Meta(min_length=1, max_length=45)]
Uid = Annotated[str, Meta(min_length=1, max_length=60)]
Quantity = Annotated[str, Meta(min_length=1, max_length=12)]
Name = Annotated[str, Meta(max_length=512)]


class LineSent(Sent, frozen=True):
    """One line of an order."""

    quantity: Quantity
    uid: Uid | None = None
    name: Name | None = None
    catalog_object_id: Annotated[str, Meta(max_length=192)] | None = None
    variation_name: Annotated[str, Meta(max_length=400)] | None = None
    base_price_money: MoneyTold | None = None
    item_type: Literal["ITEM"] | None = None


class DiscountSent(Sent, frozen=True):
    """A discount on the whole order."""

    uid: Uid | None = None
    name: Annotated[str, Meta(max_length=255)] | None = None
    type: Literal["FIXED_PERCENTAGE", "FIXED_AMOUNT"] | None = None
    percentage: Annotated[str, Meta(max_length=10)] | None = None
    amount_money: MoneyTold | None = None
    scope: Literal["ORDER"] | None = None


class SourceSent(Sent, frozen=True):
    """By which application an order was made."""

    name: Annotated[str, Meta(max_length=255)] | None = None


class PricingSent(Sent, frozen=True):
    """What is worked out by itself; nothing is, here."""

    auto_apply_discounts: bool | None = None
    auto_apply_taxes: bool | None = None


class OrderSent(Sent, frozen=True):
    """An order as it is made."""

    location_id: LongId
    line_items: Annotated[tuple[LineSent, ...], Meta(max_length=500)] | None = None
    discounts: Annotated[tuple[DiscountSent, ...], Meta(max_length=30)] | None = None
    customer_id: Annotated[str, Meta(max_length=191)] | None = None
    reference_id: Annotated[str, Meta(max_length=40)] | None = None
    state: Literal["OPEN"] | None = None
    source: SourceSent | None = None
    pricing_options: PricingSent | None = None


class CreateOrder(Sent, frozen=True):
    """An order is made."""

    order: OrderSent
    idempotency_key: OrderKey | None = None


class OrderChange(Sent, frozen=True):
    """What of an order is another from now on; lines and discounts are known by their uid."""

    version: int | None = None
    location_id: LongId | None = None
    line_items: Annotated[tuple[LineSent, ...], Meta(max_length=500)] | None = None
    discounts: Annotated[tuple[DiscountSent, ...], Meta(max_length=30)] | None = None
    customer_id: Annotated[str, Meta(max_length=191)] | None = None
    reference_id: Annotated[str, Meta(max_length=40)] | None = None
    state: Literal["OPEN"] | None = None
    source: SourceSent | None = None
    pricing_options: PricingSent | None = None


class UpdateOrder(Sent, frozen=True):
    """An open order is another; what is not said stays."""

    order: OrderChange
    fields_to_clear: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=200)], ...], Meta(max_length=600)
    ] = ()
    idempotency_key: OrderKey | None = None


class Proposed(Sent, frozen=True):
    """A reward that might be taken for an order."""

    id: Annotated[str, Meta(min_length=1, max_length=60)]
    reward_tier_id: Annotated[str, Meta(min_length=1, max_length=60)]


class CalculateOrder(Sent, frozen=True):
    """What would an order come to? Nothing is kept."""

    order: OrderSent
    proposed_rewards: Annotated[tuple[Proposed, ...], Meta(max_length=10)] | None = None


class BatchRetrieve(Sent, frozen=True):
    """Several orders are asked for."""

    order_ids: Annotated[tuple[LongId, ...], Meta(min_length=1, max_length=100)]
    location_id: LongId | None = None


class PayOrder(Sent, frozen=True):
    """An order is paid by payments that were taken before; one of nothing by none."""

    idempotency_key: OrderKey
    order_version: int | None = None
    payment_ids: Annotated[tuple[LongId, ...], Meta(max_length=30)] | None = None


class CashSent(Sent, frozen=True):
    """What was handed over in cash."""

    buyer_supplied_money: MoneyTold
    change_back_money: MoneyTold | None = None


class ExternalSent(Sent, frozen=True):
    """Who took a payment that was not taken here."""

    type: Annotated[str, Meta(min_length=1, max_length=50)]
    source: Annotated[str, Meta(min_length=1, max_length=255)]
    source_id: Annotated[str, Meta(max_length=255)] | None = None


class CreatePayment(Sent, frozen=True):
    """A payment, in cash or taken elsewhere."""

    source_id: Annotated[str, Meta(min_length=1, max_length=192)]
    idempotency_key: PaymentKey
    amount_money: MoneyTold | None = None
    order_id: LongId | None = None
    location_id: LongId | None = None
    customer_id: Annotated[str, Meta(max_length=191)] | None = None
    reference_id: Annotated[str, Meta(max_length=40)] | None = None
    autocomplete: bool | None = None
    cash_details: CashSent | None = None
    external_details: ExternalSent | None = None


class PaymentsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which payments, and how much of the list, from where on."""

    begin_time: Instant | None = None
    end_time: Instant | None = None
    sort_order: Literal["ASC", "DESC"] = "DESC"
    sort_field: Literal["CREATED_AT"] = "CREATED_AT"
    location_id: LongId | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 100


class TimesSent(Sent, frozen=True):
    """From one instant on, to before another."""

    start_at: Instant | None = None
    end_at: Instant | None = None


class OrderTimes(Sent, frozen=True):
    """When an order was made, or paid."""

    created_at: TimesSent | None = None
    closed_at: TimesSent | None = None


class OrderStates(Sent, frozen=True):
    """How an order stands."""

    states: Annotated[
        tuple[Literal["OPEN", "COMPLETED", "CANCELED", "DRAFT"], ...], Meta(min_length=1)
    ]


class OrderCustomers(Sent, frozen=True):
    """Whose orders."""

    customer_ids: Annotated[tuple[LongId, ...], Meta(max_length=10)] | None = None


class OrderFilter(Sent, frozen=True):
    """All of these."""

    state_filter: OrderStates | None = None
    date_time_filter: OrderTimes | None = None
    customer_filter: OrderCustomers | None = None


class OrderSort(Sent, frozen=True):
    """By when they were made, or paid."""

    sort_field: Literal["CREATED_AT", "CLOSED_AT"] = "CREATED_AT"
    sort_order: Literal["ASC", "DESC"] = "DESC"


class OrderQuery(Sent, frozen=True):
    """Which orders, in which order."""

    filter: OrderFilter | None = None
    sort: OrderSort | None = None


class SearchOrders(Sent, frozen=True):
    """Orders are looked for at these locations."""

    location_ids: Annotated[tuple[LongId, ...], Meta(min_length=1, max_length=10)]
    cursor: Cursor | None = None
    query: OrderQuery | None = None
    limit: Annotated[int, Meta(ge=1, le=1000)] = 500
    return_entries: bool = False
