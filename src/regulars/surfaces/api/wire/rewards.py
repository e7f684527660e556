"""Rewards and redemptions on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from regulars.base.money import LARGEST
from regulars.engine.deciding.redeem import promise
from regulars.engine.terms import Version
from regulars.flows.commands import Redeemed
from regulars.records.program.types import Reward, RewardLimit
from regulars.records.rewards.types import Redemption, RedemptionState
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Money, Slug, Text, Whom


class RewardShown(Struct, frozen=True):
    """Something members can have for points."""

    id: str
    name: str
    price: dict[str, int]
    """Units per wallet, at the wallet's scale."""
    worth: Money
    tier: str | None
    """Only for members of this tier or a higher one."""
    stores: tuple[str, ...]
    from_on: str | None
    until_on: str | None
    limit: RewardLimit | None
    stock: int | None
    """How many are left; nothing when it does not run out."""


class RewardsShown(Struct, frozen=True):
    """All rewards of the program in force."""

    items: list[RewardShown]


class RedemptionSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A member wants a reward: its price is reserved, or with `capture` taken at once."""

    member: Whom
    reward: Slug
    store: Text = ""
    channel: Text = ""
    capture: bool = False


class CaptureSent(Struct, frozen=True, forbid_unknown_fields=True):
    """How much of what was reserved is taken, per wallet; nothing said is all of it."""

    part: (
        Annotated[dict[Slug, Annotated[int, Meta(ge=0, le=LARGEST)]], Meta(max_length=16)] | None
    ) = None


class VoidSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing needs to be said to give points back."""


class RedemptionDone(Struct, frozen=True):
    """Where a redemption stands, and the member with it."""

    id: str
    member_id: str
    reward: str
    state: RedemptionState
    price: dict[str, int]
    balances: dict[str, int]
    lapses_at: datetime


class RedemptionShown(Struct, frozen=True):
    """A redemption with the reward as it was promised that day."""

    id: str
    member_id: str
    reward: str
    name: str
    state: RedemptionState
    price: dict[str, int]
    worth: Money
    store: str
    channel: str
    opened_at: datetime
    lapses_at: datetime
    closed_at: datetime | None
    program_version: int
    paid_for: str | None = None
    """The sale whose payments name it; its points come back when that sale does."""


def reward_shown(
    version: Version, reward: Reward, stock: Mapping[str, int], now: datetime
) -> RewardShown:
    """A reward as the world sees it."""
    promised = promise(version, reward, now)
    return RewardShown(
        id=reward.id,
        name=reward.name,
        price=promised.price,
        worth=Money(promised.worth_minor, version.program.currency),
        tier=reward.tier,
        stores=reward.stores,
        from_on=reward.from_on,
        until_on=reward.until_on,
        limit=reward.limit,
        stock=stock.get(reward.id, 0) if reward.stock is not None else None,
    )


def redemption_done(answer: Redeemed) -> RedemptionDone:
    """The answer to a redemption that was asked for or ended."""
    return RedemptionDone(
        id=shown("red", answer.redemption_id),
        member_id=shown("mem", answer.member_id),
        reward=answer.reward,
        state=answer.state,  # type: ignore[arg-type]
        price=answer.price,
        balances=answer.balances,
        lapses_at=answer.lapses_at,
    )


def redemption_shown(kept: Redemption, currency: str) -> RedemptionShown:
    """A redemption as the world sees it."""
    return RedemptionShown(
        id=shown("red", kept.redemption_id),
        member_id=shown("mem", kept.member_id),
        reward=kept.reward,
        name=kept.promised.name,
        state=kept.state,
        price=kept.promised.price,
        worth=Money(kept.promised.worth_minor, currency),
        store=kept.store,
        channel=kept.channel,
        opened_at=kept.opened_at,
        lapses_at=kept.lapses_at,
        closed_at=kept.closed_at,
        program_version=kept.version,
        paid_for=None if kept.paid_for is None else shown("act", kept.paid_for),
    )
