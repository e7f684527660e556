"""Rewards as a program file says them: what is given, for how much, to whom, where and when."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct, field

from regulars.records.program.parts.conditions import Values
from regulars.records.program.parts.currencies import Currency, PaysIn, WorthIn
from regulars.records.program.wallets import Day, Decimal, LongSpan, Slug, Span

Moment = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$")]
"""A local day and time: `2026-12-24T19:00`."""
Sku = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[^,\n]+$")]
Words = Annotated[str, Meta(min_length=1, max_length=80)]


class Discount(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="discount"):
    """Money or a percentage off a basket; at the till it is a discount, not a payment."""

    off: Decimal | None = None
    percent: Annotated[int, Meta(ge=1, le=100)] | None = None
    at_most: Decimal | None = None
    from_amount: Decimal | None = None
    """The basket comes to this much at least."""


class Item(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="item"):
    """Pieces of an article, handed over at the till."""

    sku: str = ""
    quantity: Annotated[int, Meta(ge=1, le=10_000)] = 1


class Code(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="code"):
    """A code that opens something: made by us, or the next one of a pool that was uploaded."""

    from_: Literal["generated", "pool"] = field(name="from", default="generated")
    valid_for: LongSpan | None = None
    """So long after it was issued it can be used; for ever, unless said."""
    percent: Annotated[int, Meta(ge=1, le=100)] | None = None
    """So many percent off, in place of what the reward is worth."""
    from_amount: Decimal | None = None
    """The basket comes to this much at least."""
    skus: Annotated[tuple[Sku, ...], Meta(max_length=20)] = ()
    """It takes something off these articles alone; with no percentage off one piece of them."""


class Seat(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="seat"):
    """A seat at something that happens once: a tasting, a concert, a class; or, where it says
    neither when nor how many, one at whichever gathering asks for it."""

    begins: Moment | None = None
    seats: Annotated[int, Meta(ge=1, le=10**6)] | None = None
    where: str = ""


class Donation(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="donation"):
    """The shop gives this much money to a named cause in the member's place."""

    cause: Words
    amount: Decimal


class Payout(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="payout"):
    """This much money is paid out to the member; that it was taken is recorded."""

    amount: Decimal


class FreePieces(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="free_pieces"
):
    """Pieces of the basket are free: which ones, when more would fit."""

    categories: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    which: Literal["cheapest", "dearest", "named"] = "cheapest"
    """The cheapest that fit, the dearest, or those the till names."""
    pieces: Annotated[int, Meta(ge=1, le=10_000)] = 1
    up_to: Decimal | None = None
    """A piece that costs more than this does not fit."""


Gives = Discount | Item | Code | Seat | Donation | Payout | FreePieces


class OtherPrice(Struct, frozen=True, forbid_unknown_fields=True):
    """Another way to pay for a reward, taken when the ones before it cannot be paid."""

    price: dict[Slug, Decimal] = {}
    money: Decimal = 0
    """To be paid in money besides."""
    money_in: Annotated[dict[Currency, Decimal], Meta(max_length=30)] = {}
    """What that is in other currencies."""


class RewardLimit(Struct, frozen=True, forbid_unknown_fields=True):
    """At most so many of this reward for one member in a period of the program's calendar."""

    times: Annotated[int, Meta(ge=1, le=10**6)]
    per: Literal["day", "week", "month", "year", "ever"]


class Reward(Struct, frozen=True, forbid_unknown_fields=True):
    """Something a member can have for points: its price, worth, stock and for whom."""

    id: Slug
    name: str
    price: dict[Slug, Decimal]
    """What it costs, per wallet."""
    worth: Decimal = 0
    """What it is worth to the member, in money."""
    cost: Decimal | None = None
    """What it costs the shop, in money; its worth when not said."""
    stock: Annotated[int, Meta(ge=0, le=10**9)] | None = None
    limit: RewardLimit | None = None
    tier: Slug | None = None
    """Only for members of this tier or a higher one."""
    stores: tuple[str, ...] = ()
    from_on: Day | None = None
    until_on: Day | None = None
    hold_for: Span = "15 minutes"
    """How long it stays reserved before it must be captured."""
    gives: Gives | None = None
    """What kind of thing it is; an article of the shop, unless said."""
    by: Literal["points", "shop"] = "points"
    """`shop`: nobody takes it for points; the shop issues it."""
    money: Decimal = 0
    """To be paid in money besides the price."""
    or_: Annotated[tuple[OtherPrice, ...], Meta(max_length=4)] = field(name="or", default=())
    """Other prices, in the order in which they are tried."""
    cooldown: Span | None = None
    """So long after taking one a member takes no other."""
    channels: tuple[str, ...] = ()
    for_: dict[Slug, Values] = field(name="for", default_factory=dict)
    """Only for members whose attributes have one of these values, each of them."""
    head_start: dict[Slug, Span] = {}
    """Tiers for which `from_on` begins so much earlier."""
    choose_one: Slug | None = None
    """Of all rewards and benefits with this word a member has one in a period of its limit."""
    automatic: bool = False
    """It is taken by itself as soon as the balance reaches its price."""
    tier_prices: Annotated[dict[Slug, OtherPrice], Meta(max_length=20)] = {}
    """What it costs members of a tier or a higher one instead; of several that are theirs the last
    one written down."""
    kept_for_winner: LongSpan = "30 days"
    """How long a piece that was won is kept at the counter for whoever won it."""
    in_currency: Annotated[dict[Currency, WorthIn], Meta(max_length=30)] = {}
    """What it is where members pay in other currencies; in those alone it is to be had there."""


class PayWithPoints(Struct, frozen=True, forbid_unknown_fields=True):
    """Members pay a part of a basket with points; what is paid so is no discount."""

    wallet: Slug
    points: Decimal
    per: Decimal
    minimum: Decimal | None = None
    step: Decimal = 1
    at_most_percent: Annotated[int, Meta(ge=1, le=100)] = 100
    discounts: Literal["stacked", "best"] = "stacked"
    hold_for: Span = "15 minutes"
    leaves_at_least: Decimal = 0
    """So much of a basket is left to pay in money."""
    in_currency: Annotated[dict[Currency, PaysIn], Meta(max_length=30)] = {}
    """Other currencies in which points pay, too, and how many for so much."""


PAYING: Final = "pay-with-points"
"""The name under which redemptions are kept that pay for a part of a basket."""


def shelved(reward: Reward) -> int | None:
    """How many pieces are there at first; nothing where there is no end to them.

    A pool has as many as it has codes, so it begins empty.
    """
    if isinstance(reward.gives, Seat):
        return reward.gives.seats
    if draws_on_pool(reward):
        return 0
    return reward.stock


def at_gatherings(reward: Reward) -> bool:
    """Whether it is a seat that is taken where a gathering asks for it, and nowhere else."""
    return isinstance(reward.gives, Seat) and reward.gives.begins is None


def shelf_of(reward: Reward) -> str:
    """The name under which its pieces are counted; a pool counts its codes apart."""
    return f"codes:{reward.id}" if draws_on_pool(reward) else reward.id


def draws_on_pool(reward: Reward) -> bool:
    """Whether each one taken takes a code that was uploaded."""
    return isinstance(reward.gives, Code) and reward.gives.from_ == "pool"
