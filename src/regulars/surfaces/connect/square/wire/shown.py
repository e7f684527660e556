"""What clients of the Square Loyalty API are answered; what is nothing is left out."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Struct, UnsetType

Text = str | UnsetType


class TermsOfPoints(Struct, frozen=True):
    """What points are called."""

    one: str
    other: str


class ExpirationShown(Struct, frozen=True):
    """How long points live."""

    expiration_duration: str


class ReferenceShown(Struct, frozen=True):
    """A catalog object."""

    object_id: str
    catalog_version: int


class StepShown(Struct, frozen=True):
    """A reward and what it costs."""

    id: str
    points: int
    name: str
    definition: dict[str, Any]
    created_at: str
    pricing_rule_reference: ReferenceShown


class ProgramShown(Struct, frozen=True):
    """The program."""

    id: str
    status: str
    reward_tiers: list[StepShown]
    terminology: TermsOfPoints
    location_ids: list[str]
    created_at: str
    updated_at: str
    accrual_rules: list[dict[str, Any]]
    expiration_policy: ExpirationShown | UnsetType = UNSET


class MappingShown(Struct, frozen=True):
    """By which telephone somebody is known."""

    id: str
    phone_number: str
    created_at: str


class DeadlineShown(Struct, frozen=True):
    """So many points lapse at this instant."""

    points: int
    expires_at: str


class AccountShown(Struct, frozen=True):
    """Where a member stands."""

    id: str
    program_id: str
    balance: int
    lifetime_points: int
    customer_id: str
    created_at: str
    updated_at: str
    enrolled_at: Text = UNSET
    mapping: MappingShown | UnsetType = UNSET
    expiring_point_deadlines: list[DeadlineShown] | UnsetType = UNSET


class EventPart(Struct, frozen=True):
    """What an event is about; which fields it has depends on its type."""

    loyalty_program_id: str
    points: int | UnsetType = UNSET
    reward_id: Text = UNSET
    order_id: Text = UNSET
    reason: Text = UNSET
    loyalty_promotion_id: Text = UNSET


class EventShown(Struct, frozen=True):
    """Something that happened to a balance; exactly one of its parts is there."""

    id: str
    type: str
    created_at: str
    loyalty_account_id: str
    source: str
    location_id: Text = UNSET
    accumulate_points: EventPart | UnsetType = UNSET
    accumulate_promotion_points: EventPart | UnsetType = UNSET
    create_reward: EventPart | UnsetType = UNSET
    redeem_reward: EventPart | UnsetType = UNSET
    delete_reward: EventPart | UnsetType = UNSET
    adjust_points: EventPart | UnsetType = UNSET
    expire_points: EventPart | UnsetType = UNSET
    other_event: EventPart | UnsetType = UNSET


class RewardShown(Struct, frozen=True):
    """A reward of a member and how it stands."""

    id: str
    status: str
    loyalty_account_id: str
    reward_tier_id: str
    points: int
    created_at: str
    updated_at: str
    order_id: Text = UNSET
    redeemed_at: Text = UNSET


class ProgramAnswer(Struct, frozen=True):
    """A program."""

    program: ProgramShown


class ProgramsAnswer(Struct, frozen=True):
    """All programs of whoever asks, which is one."""

    programs: list[ProgramShown]


class AccountAnswer(Struct, frozen=True):
    """An account."""

    loyalty_account: AccountShown


class AccountsAnswer(Struct, frozen=True):
    """Some accounts, the oldest first."""

    loyalty_accounts: list[AccountShown] | UnsetType = UNSET
    cursor: Text = UNSET


class EventAnswer(Struct, frozen=True):
    """An event."""

    event: EventShown


class EventsAnswer(Struct, frozen=True):
    """Some events, the newest first."""

    events: list[EventShown] | UnsetType = UNSET
    cursor: Text = UNSET


class RewardAnswer(Struct, frozen=True):
    """A reward."""

    reward: RewardShown


class RewardsAnswer(Struct, frozen=True):
    """Some rewards, whichever changed last first."""

    rewards: list[RewardShown] | UnsetType = UNSET
    cursor: Text = UNSET


class Nothing(Struct, frozen=True):
    """It was done, and there is nothing to say of it."""


class PointsAnswer(Struct, frozen=True):
    """What a purchase would earn."""

    points: int
    promotion_points: int
