"""Promotions as clients send them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from regulars.surfaces.connect.square.times import MoneyTold
from regulars.surfaces.connect.square.wire.sent import Cursor, Key, Sent

Named = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=192)], ...],
                  Meta(min_length=1, max_length=100)]  # fmt: skip
Status = Literal["ACTIVE", "ENDED", "CANCELED", "SCHEDULED"]


class MultiplierSent(Sent, frozen=True, omit_defaults=True):
    """Base points times so much."""

    points_multiplier: Annotated[int, Meta(ge=2, le=10)] | None = None
    multiplier: Annotated[str, Meta(max_length=5)] | None = None


class AdditionSent(Sent, frozen=True):
    """So many points besides."""

    points_addition: Annotated[int, Meta(ge=1, le=1_000_000)]


class IncentiveSent(Sent, frozen=True, omit_defaults=True):
    """What a promotion gives."""

    type: Literal["POINTS_MULTIPLIER", "POINTS_ADDITION"]
    times: MultiplierSent | None = field(default=None, name="points_multiplier_data")
    more: AdditionSent | None = field(default=None, name="points_addition_data")


class TimeSent(Sent, frozen=True):
    """When it holds."""

    time_periods: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=1000)], ...],
        Meta(min_length=1, max_length=7),
    ]


class TriggerSent(Sent, frozen=True, omit_defaults=True):
    """How often somebody gets it."""

    times: Annotated[int, Meta(ge=1, le=30)]
    interval: Literal["ALL_TIME", "DAY"] | None = None


class PromotionSent(Sent, frozen=True, omit_defaults=True):
    """A promotion that is wanted."""

    name: Annotated[str, Meta(min_length=1, max_length=70)]
    incentive: IncentiveSent
    available_time: TimeSent
    trigger_limit: TriggerSent | None = None
    minimum_spend_amount_money: MoneyTold | None = None
    qualifying_item_variation_ids: Named | None = None
    qualifying_category_ids: Named | None = None


class CreatePromotion(Sent, frozen=True):
    """A promotion is made."""

    loyalty_promotion: PromotionSent
    idempotency_key: Key


class PromotionsQuery(Sent, frozen=True):
    """Which promotions."""

    status: Status | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=30)] = 30
