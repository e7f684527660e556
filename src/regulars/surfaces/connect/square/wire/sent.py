"""What clients of the Square Loyalty API send; a field that is not theirs to say is refused."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.base.money import LARGEST
from regulars.surfaces.connect.square.times import MoneyTold

Key = Annotated[str, Meta(min_length=1, max_length=128)]
Id = Annotated[str, Meta(min_length=1, max_length=36)]
LongId = Annotated[str, Meta(min_length=1, max_length=255)]
Instant = Annotated[str, Meta(max_length=40)]
Limit = Annotated[int, Meta(ge=1, le=30)]
Cursor = Annotated[str, Meta(max_length=500)]
Phone = Annotated[str, Meta(max_length=40)]


class Sent(Struct, frozen=True, forbid_unknown_fields=True):
    """A body, or a part of one."""


class MappingSent(Sent, frozen=True):
    """By which telephone somebody is known."""

    phone_number: Phone | None = None


class AccountSent(Sent, frozen=True):
    """An account that is wanted."""

    program_id: Id
    mapping: MappingSent | None = None
    customer_id: LongId | None = None
    enrolled_at: Instant | None = None


class CreateAccount(Sent, frozen=True):
    """Somebody joins."""

    loyalty_account: AccountSent
    idempotency_key: Key


class AccountsQuery(Sent, frozen=True):
    """Whose accounts: by telephone, or by customer."""

    mappings: Annotated[tuple[MappingSent, ...], Meta(max_length=30)] | None = None
    customer_ids: Annotated[tuple[LongId, ...], Meta(max_length=30)] | None = None


class SearchAccounts(Sent, frozen=True):
    """Accounts are looked for."""

    query: AccountsQuery | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] | None = None
    cursor: Cursor | None = None


class AccumulateSent(Sent, frozen=True):
    """So many points, or those of an order."""

    points: Annotated[int, Meta(ge=1, le=LARGEST)] | None = None
    order_id: LongId | None = None


class Accumulate(Sent, frozen=True):
    """Points for a purchase."""

    accumulate_points: AccumulateSent
    idempotency_key: Key
    location_id: LongId


class AdjustSent(Sent, frozen=True):
    """So many points more or less."""

    points: Annotated[int, Meta(ge=-LARGEST, le=LARGEST)]
    reason: Annotated[str, Meta(max_length=3500)] | None = None


class Adjust(Sent, frozen=True):
    """Points by hand."""

    idempotency_key: Key
    adjust_points: AdjustSent
    allow_negative_balance: bool | None = None


class RewardSent(Sent, frozen=True):
    """A reward that is wanted."""

    loyalty_account_id: Id
    reward_tier_id: Id
    order_id: LongId | None = None


class CreateReward(Sent, frozen=True):
    """A member wants a reward."""

    reward: RewardSent
    idempotency_key: Key


class RedeemReward(Sent, frozen=True):
    """The reward was handed over."""

    idempotency_key: Key
    location_id: LongId


RewardStatus = Literal["ISSUED", "REDEEMED", "DELETED"]


class RewardsQuery(Sent, frozen=True):
    """Whose rewards, and how they stand."""

    loyalty_account_id: Id
    status: RewardStatus | None = None


class SearchRewards(Sent, frozen=True):
    """Rewards are looked for."""

    query: RewardsQuery | None = None
    limit: Limit | None = None
    cursor: Cursor | None = None


EventType = Literal[
    "ACCUMULATE_POINTS",
    "CREATE_REWARD",
    "REDEEM_REWARD",
    "DELETE_REWARD",
    "ADJUST_POINTS",
    "EXPIRE_POINTS",
    "OTHER",
    "ACCUMULATE_PROMOTION_POINTS",
]
Some = Annotated[tuple[LongId, ...], Meta(min_length=1, max_length=100)]


class AccountFilter(Sent, frozen=True):
    """Of one account."""

    loyalty_account_id: Id


class TypeFilter(Sent, frozen=True):
    """Of one of these types."""

    types: Annotated[tuple[EventType, ...], Meta(min_length=1, max_length=20)]


class TimesSent(Sent, frozen=True):
    """From the first instant on, before the second."""

    start_at: Instant | None = None
    end_at: Instant | None = None


class TimeFilter(Sent, frozen=True):
    """Within these instants."""

    created_at: TimesSent


class LocationFilter(Sent, frozen=True):
    """At one of these stores."""

    location_ids: Some


class OrderFilter(Sent, frozen=True):
    """About one order."""

    order_id: LongId


class EventFilter(Sent, frozen=True):
    """All of this must hold."""

    loyalty_account_filter: AccountFilter | None = None
    type_filter: TypeFilter | None = None
    date_time_filter: TimeFilter | None = None
    location_filter: LocationFilter | None = None
    order_filter: OrderFilter | None = None


class EventsQuery(Sent, frozen=True):
    """Which events."""

    filter: EventFilter | None = None


class SearchEvents(Sent, frozen=True):
    """Events are looked for."""

    query: EventsQuery | None = None
    limit: Limit | None = None
    cursor: Cursor | None = None


class Calculate(Sent, frozen=True):
    """What would a purchase earn?"""

    order_id: LongId | None = None
    transaction_amount_money: MoneyTold | None = None
    loyalty_account_id: Id | None = None
