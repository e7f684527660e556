"""Rewards and redemptions on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from regulars.base.money import LARGEST
from regulars.engine.rewarding.paying import Basket
from regulars.engine.rewarding.promise import promise, tier_ways, ways
from regulars.engine.terms import Terms, Version
from regulars.flows.commands import Redeemed
from regulars.flows.points.quote_reward import RewardQuote
from regulars.records.activity.checks import MOST_LINES
from regulars.records.program.parts.rewards import shelf_of
from regulars.records.program.types import Reward, RewardLimit
from regulars.records.rewards.types import Kind, Promised, Redemption, RedemptionState
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import (
    CardCode,
    CurrencyText,
    Money,
    Slug,
    Text,
    Whom,
    minor_of,
)
from regulars.surfaces.api.wire.rewarding.freeing import (
    BasketLines,
    FreePiecesShown,
    NamedPieces,
    free_shown,
)
from regulars.surfaces.api.wire.rewarding.paying import PartShown, parts_shown

Gives = dict[str, str | int]


class PriceShown(Struct, frozen=True):
    """One way to pay for a reward."""

    price: dict[str, int]
    """Units per wallet, at the wallet's scale."""
    money: Money
    """To be paid in money besides."""


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
    kind: Kind
    gives: Gives
    """What it gives in particular."""
    by: str
    """`shop`: nobody takes it for points; the shop issues it."""
    money: Money
    """To be paid in money besides the price."""
    other_prices: list[PriceShown]
    """Tried in this order when the price cannot be paid."""
    cooldown: str | None
    channels: tuple[str, ...]
    attributes: dict[str, tuple[bool | int | str, ...]]
    """Only for members with one of these values, of each attribute."""
    head_start: dict[str, str]
    says: str
    """What it gives, for how much and on what terms, as a sentence."""
    tier_prices: dict[str, PriceShown] = {}
    """What members of a tier, or a higher one, pay instead; of several that are theirs the last."""


class RewardsShown(Struct, frozen=True):
    """All rewards of the program in force."""

    items: list[RewardShown]


class RewardQuoteSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What would this reward be for this member, with this basket on the counter?"""

    member: Whom
    reward: Slug
    lines: BasketLines = ()
    free: Annotated[tuple[NamedPieces, ...], Meta(max_length=MOST_LINES)] = ()
    """Where the till names which pieces are free: these."""
    store: Text = ""
    channel: Text = ""
    currency: CurrencyText | UnsetType = UNSET
    """In which they pay; the program's, unless said. The reward must have a worth there."""


class RewardQuoteShown(Struct, frozen=True):
    """What a reward would take, what it would give, and which pieces would be free."""

    reward: str
    price: dict[str, int]
    money: Money
    kind: Kind
    gives: Gives
    worth: Money
    free: list[FreePiecesShown]
    value: Money | UnsetType = UNSET
    """Where another currency was said: what it is worth there; money and what it gives are in that
    one, too."""


class PaySent(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a basket is to be paid with points; the server says what that takes."""

    basket: Money
    """What the basket comes to, before discounts; in another currency than the program's where
    points pay there, too."""
    discount: Money | None = None
    """Discounts of the basket; they come first."""
    want: Money | None = None
    """So much with points; as much as can be, when nothing is said."""
    wallet: Slug | UnsetType = UNSET
    """From this gift balance in place of points."""


class QuoteSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What could this member pay of this basket with points?"""

    member: Whom
    pay: PaySent
    together: bool = False
    """With the points of their household."""


PriceAsShown = Annotated[dict[Slug, Annotated[int, Meta(ge=0, le=LARGEST)]], Meta(max_length=16)]
"""A price as it was shown, in units by wallet."""


class RedemptionSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A member wants a reward: its price is reserved, or with `capture` taken at once.

    With `pay` in place of a reward, points pay a part of a basket.
    """

    member: Whom
    reward: Slug | UnsetType = UNSET
    pay: PaySent | UnsetType = UNSET
    store: Text = ""
    channel: Text = ""
    capture: bool = False
    lines: BasketLines = ()
    """What lies on the counter, where the reward makes pieces of it free."""
    free: Annotated[tuple[NamedPieces, ...], Meta(max_length=MOST_LINES)] = ()
    """Where the till names which pieces are free: these."""
    card_code: CardCode = ""
    """What the square of the member's card says, where they show it."""
    signed_in: bool = False
    """The member proved to you who they are, and asks for it themselves: in your app or web shop.
    Never say so for somebody who only gave a number."""
    currency: CurrencyText | UnsetType = UNSET
    """In which the sale is paid, with a reward; the program's, unless said. The reward must have a
    worth there, and pays for a sale in that currency alone."""
    price: PriceAsShown | UnsetType = UNSET
    """So many points, by wallet, were shown as its price; where it takes others by now it is
    refused (`price_changed`), with what it takes."""


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
    kind: Kind
    gives: Gives
    """What it gives in particular: how much off, which article, when it begins, to whom."""
    money_minor: int
    """To be paid in money besides, in minor units of `currency`."""
    code: str | None
    """Once it was handed over: the code it gives. It is told with this answer alone."""
    code_ends_at: datetime | None
    free: list[FreePiecesShown] = []
    """Which pieces of the basket are free."""
    currency: str | UnsetType = UNSET
    """In which it is told and pays; the program's when nothing is said."""
    payments: list[PartShown] | UnsetType = UNSET
    """Where a household pays for a basket: whose points pay how much. The sale names each of them
    in a payment of its own; `price` is what they come to."""


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
    kind: Kind
    gives: Gives
    money: Money
    paid_for: str | None = None
    """The sale whose payments or lines name it; its points come back when that sale does."""
    free: list[FreePiecesShown] = []
    """Which pieces of the basket it made free."""
    value: Money | UnsetType = UNSET
    """In another currency: what it pays, or is worth, there; `worth` is what that counts."""


def paid_in(sent: PaySent, terms: Terms) -> str:
    """The currency of a basket: one of those that any version has rates for, or the program's."""
    told = sent.basket.currency
    known = any(told in version.program.currencies for version in terms.versions)
    return told if known else terms.versions[-1].program.currency


def basket_of(sent: PaySent, currency: str) -> Basket:
    """The basket that is to be paid. Faults: Invalid for amounts in another currency."""
    return Basket(
        amount_minor=minor_of(sent.basket, currency, "/pay/basket"),
        discount_minor=minor_of(sent.discount, currency, "/pay/discount"),
        want_minor=None if sent.want is None else minor_of(sent.want, currency, "/pay/want"),
        wallet="" if isinstance(sent.wallet, UnsetType) else sent.wallet,
    )


def reward_quote_shown(found: RewardQuote, currency: str) -> RewardQuoteShown:
    """What a reward would be, as the world sees it."""
    promised = found.promised
    return RewardQuoteShown(
        reward=found.reward,
        price=promised.price,
        money=Money(promised.money_minor, promised.currency or currency),
        kind=promised.kind,
        gives=promised.told,
        worth=Money(promised.worth_minor, currency),
        free=free_shown(promised.free),
        value=_value(promised),
    )


def _value(promised: Promised) -> Money | UnsetType:
    return Money(promised.value_minor, promised.currency) if promised.currency else UNSET


def reward_shown(
    version: Version, reward: Reward, stock: Mapping[str, int], told: tuple[datetime, str]
) -> RewardShown:
    """A reward as the world sees it.

    Shape: `told` is now, and the sentence about it.
    """
    now, says = told
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
        stock=stock.get(shelf_of(reward), 0) if promised.stocked else None,
        kind=promised.kind,
        gives=promised.told,
        by=reward.by,
        money=Money(promised.money_minor, version.program.currency),
        other_prices=[
            PriceShown(way.price, Money(way.money_minor, version.program.currency))
            for way in ways(version, reward)[1:]
        ],
        tier_prices={
            way.tier: PriceShown(way.price, Money(way.money_minor, version.program.currency))
            for way in tier_ways(version, reward)
        },
        cooldown=reward.cooldown,
        channels=reward.channels,
        attributes=reward.for_,
        head_start=reward.head_start,
        says=says,
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
        kind=answer.kind,  # type: ignore[arg-type]
        gives=answer.told,
        money_minor=answer.money_minor,
        code=answer.code or None,
        code_ends_at=answer.code_ends_at,
        free=free_shown(answer.free),
        currency=answer.currency or UNSET,
        payments=parts_shown(answer.parts) or UNSET,
    )


def redemption_shown(kept: Redemption, currency: str, name: str) -> RedemptionShown:
    """A redemption as the world sees it, under the name it has in the language of the program."""
    return RedemptionShown(
        id=shown("red", kept.redemption_id),
        member_id=shown("mem", kept.member_id),
        reward=kept.reward,
        name=name,
        state=kept.state,
        price=kept.promised.price,
        worth=Money(kept.promised.worth_minor, currency),
        store=kept.store,
        channel=kept.channel,
        opened_at=kept.opened_at,
        lapses_at=kept.lapses_at,
        closed_at=kept.closed_at,
        program_version=kept.version,
        kind=kept.promised.kind,
        gives=kept.promised.told,
        money=Money(kept.promised.money_minor, kept.promised.currency or currency),
        value=_value(kept.promised),
        paid_for=None if kept.paid_for is None else shown("act", kept.paid_for),
        free=free_shown(kept.promised.free),
    )
