"""The promise of a shop as data: what a program file may say, and nothing else.

A tag (`give:`, `if:`) is for ever; unknown tags and fields fail closed; fields are only added.
Amounts of money and points are decimal text or whole numbers, never floats: `"9.99"`, `100`.
`checks.py` says what else must hold; `engine/compiling` and `engine/reference` run it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from regulars.records.program.benefits import Allowance, Benefit, Days
from regulars.records.program.wallets import (
    ComesBack,
    Day,
    Decimal,
    Expiry,
    ForDuration,
    Notice,
    Period,
    Rounding,
    Slug,
    Span,
    TransferLimit,
    Transfers,
    UntilDate,
    UntilEvent,
    Wallet,
    Weekday,
)

__all__ = [
    "All", "Allowance", "AmountIs", "AnyOf", "Award", "BasketHas", "Benefit", "Blocked", "Budget",
    "Case", "ChannelIs", "ComesBack", "Condition", "DatesAre", "Day", "Days", "Decimal",
    "DetailIs", "Expiry", "Fixed", "ForDuration", "HourIs", "Household", "Limit", "MemberIs",
    "Multiply", "Names", "Not", "Notice", "PerAmount", "PerItem", "Period", "Program",
    "Qualifying", "Reward", "RewardLimit", "Rounding", "Rule", "Slug", "Span", "Stacking",
    "Stage", "StoreIs", "Tier", "TierIs", "Tiers", "TransferLimit", "Transfers", "UntilDate",
    "UntilEvent", "Values", "Wallet", "Weekday", "WeekdayIs",
]  # fmt: skip


class Qualifying(Struct, frozen=True, forbid_unknown_fields=True):
    """Which part of a purchase counts (semantics C1); kept on every accrual."""

    only_categories: tuple[str, ...] = ()
    except_categories: tuple[str, ...] = ()
    except_skus: tuple[str, ...] = ()
    order_discounts: Literal["none", "pro_rata", "full"] = "full"
    tax: Literal["in", "out"] = "in"
    shipping: Literal["in", "out"] = "out"
    tips: Literal["in", "out"] = "out"
    points_paid: Literal["in", "out"] = "out"


# --- conditions: `if: <tag>` --------------------------------------------------------------


class All(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="all"):
    """Every one of these holds."""

    of: Annotated[tuple[Condition, ...], Meta(min_length=1, max_length=32)]


class AnyOf(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="any"):
    """At least one of these holds."""

    of: Annotated[tuple[Condition, ...], Meta(min_length=1, max_length=32)]


class Not(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="not"):
    """This does not hold."""

    that: Condition


class AmountIs(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="amount"):
    """The qualifying amount of the purchase lies in these bounds (both inclusive)."""

    at_least: Decimal | None = None
    at_most: Decimal | None = None


class BasketHas(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="basket_has"):
    """Lines of these categories or articles are in the basket, at least so many or so much.

    A line matches when its category or its sku is named. With `amount` the qualifying amounts of
    the matching lines are added; with `quantity` their quantities. Neither: one line is enough.
    """

    categories: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    quantity: Annotated[int, Meta(ge=1)] | None = None
    amount: Decimal | None = None


class ChannelIs(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="channel"):
    """The sale came through one of these channels."""

    in_: Names = field(name="in")


class StoreIs(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="store"):
    """It happened in one of these stores."""

    in_: Names = field(name="in")


class WeekdayIs(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="weekday"):
    """It is one of these days of the week in the program's zone."""

    in_: Annotated[tuple[Weekday, ...], Meta(min_length=1, max_length=7)] = field(name="in")


class HourIs(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="hour"):
    """The program's local time is at or after `from` o'clock and before `until` o'clock."""

    from_: Annotated[int, Meta(ge=0, le=23)] = field(name="from")
    until: Annotated[int, Meta(ge=1, le=24)]


class DatesAre(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="dates"):
    """The program's local day is on or after `from_on` and before `until_on` (half-open)."""

    from_on: Day | None = None
    until_on: Day | None = None


class TierIs(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="tier"):
    """The member's tier at that moment is this one or a higher one."""

    at_least: Slug


class MemberIs(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="member"):
    """An attribute of the member has one of these values; a missing attribute never matches."""

    attribute: Slug
    in_: Values = field(name="in")


class DetailIs(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="detail"):
    """A detail sent with the activity has one of these values (`rating` of a review)."""

    detail: Slug
    in_: Values = field(name="in")


Names = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=80)], ...], Meta(min_length=1)]
Values = Annotated[tuple[bool | int | str, ...], Meta(min_length=1, max_length=200)]
Condition = (
    All
    | AnyOf
    | Not
    | AmountIs
    | BasketHas
    | ChannelIs
    | StoreIs
    | WeekdayIs
    | HourIs
    | DatesAre
    | TierIs
    | MemberIs
    | DetailIs
)

# --- awards: `give: <tag>` ----------------------------------------------------------------

Stage = Literal["base", "bonus"]
"""`base` awards compete or add up and are multiplied; a `bonus` is added after multiplying."""


class PerAmount(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="give", tag="per_amount"
):
    """So many points for each so much money of the qualifying amount; fractions count."""

    points: Decimal
    per: Decimal
    qualifying: str = "standard"
    only_categories: tuple[str, ...] = ()
    only_skus: tuple[str, ...] = ()
    stage: Stage = "base"


class PerItem(Struct, frozen=True, forbid_unknown_fields=True, tag_field="give", tag="per_item"):
    """So many points for each `every` pieces of these articles; broken sets give nothing.

    A piece counts when its category or its sku is named; with neither named, each piece counts.
    """

    points: Decimal
    categories: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    every: Annotated[int, Meta(ge=1, le=10_000)] = 1
    stage: Stage = "base"


class Fixed(Struct, frozen=True, forbid_unknown_fields=True, tag_field="give", tag="fixed"):
    """The same points every time: per visit, per review, per sign-up."""

    points: Decimal
    stage: Stage = "base"


class Multiply(Struct, frozen=True, forbid_unknown_fields=True, tag_field="give", tag="multiply"):
    """Base points times this much (`2` doubles, `1.5` adds a half); at least 1."""

    by: Decimal


Award = PerAmount | PerItem | Fixed | Multiply


class Limit(Struct, frozen=True, forbid_unknown_fields=True):
    """At most so much from this rule in a period of the program's calendar.

    `points` at the wallet's scale, or `times`; a week is an ISO week; `activity` is one activity.
    Of one `member`, or of `everyone` together: then it is the rule's budget.
    """

    per: Period
    points: Decimal | None = None
    times: Annotated[int, Meta(ge=1, le=10**6)] | None = None
    on_exceed: Literal["clip", "reject", "fall_through"] = "clip"
    of: Literal["member", "everyone"] = "member"


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """When this happens and these conditions hold, this is given, within these limits."""

    id: Slug
    on: Slug
    wallet: Slug
    award: Award
    says: str = ""
    when: Condition | None = None
    from_on: Day | None = None
    until_on: Day | None = None
    limits: Annotated[tuple[Limit, ...], Meta(max_length=4)] = ()
    needs_base: bool = False
    """Give only if some base rule of the wallet gave something."""


class Budget(Struct, frozen=True, forbid_unknown_fields=True):
    """At most so many points of one wallet for all members together, whatever rules give them.

    It cuts whole points, after the one rounding: what is left is given, or with `reject` nothing
    of that wallet.
    """

    id: Slug
    wallet: Slug
    per: Literal["day", "week", "month", "year", "ever"]
    points: Decimal
    on_exceed: Literal["clip", "reject"] = "clip"


class Stacking(Struct, frozen=True, forbid_unknown_fields=True):
    """How several matching rules of one wallet come together (semantics C2)."""

    base: Literal["best", "first", "sum"] = "best"
    multipliers: Literal["additive", "multiplicative"] = "additive"


# --- tiers and rewards ----------------------------------------------------------------------


class Tier(Struct, frozen=True, forbid_unknown_fields=True):
    """One step of the ladder and what it takes to stand on it."""

    id: Slug
    at: Decimal
    name: str = ""
    perks: tuple[str, ...] = ()


class Tiers(Struct, frozen=True, forbid_unknown_fields=True):
    """The ladder: what is counted, over which window, and how long a tier stays.

    `spend` counts the named qualifying amount in money, `visits` counts activities of kind
    `visit` and purchases, `status` counts what was earned in a status wallet.
    """

    steps: Annotated[tuple[Tier, ...], Meta(min_length=1, max_length=20)]
    measure: Literal["spend", "visits", "status"] = "spend"
    qualifying: str = "standard"
    wallet: Slug | None = None
    window: Literal["calendar_year", "rolling", "anniversary", "ever"] = "calendar_year"
    rolling_days: Annotated[int, Meta(ge=1, le=3660)] = 365
    valid: Literal["window_end", "next_window_end", "for_ever"] = "next_window_end"
    """A granted tier stays until the end of the window it was reached in, or of the next one.

    For a rolling window these mean one and two window lengths after it was last confirmed.
    """
    downgrade: Literal["one_step", "full"] = "full"
    grace_days: Annotated[int, Meta(ge=0, le=366)] = 0
    crossing_earns: Literal["old_tier", "new_tier"] = "old_tier"
    """Does the purchase that crosses the threshold already earn at the new tier?"""
    returned_credit: Literal["revoke_now", "at_period_end", "never"] = "at_period_end"


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


class Blocked(Struct, frozen=True, forbid_unknown_fields=True):
    """What a blocked member may do all the same."""

    may_earn: bool = False
    may_redeem: bool = False
    may_transfer: bool = False


class Household(Struct, frozen=True, forbid_unknown_fields=True):
    """Members may form households that spend from one pool."""

    most_members: Annotated[int, Meta(ge=2, le=50)] = 6
    spends: Literal["everyone", "head"] = "everyone"
    """Who may take rewards from what all have together."""


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """An example beside the program: this happens, and exactly this is earned."""

    says: str
    given: dict[str, Any]
    """An activity as the API takes it (without member and ids), with `at` as local time."""
    earns: dict[str, Decimal]
    """Per wallet; a wallet not named must earn nothing."""
    tier: Slug | None = None
    member: dict[str, bool | int | str] = {}


class Program(Struct, frozen=True, forbid_unknown_fields=True):
    """One version of a loyalty program, as its file says it."""

    regulars: Literal[1]
    """The edition of the language."""
    program: Slug
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]
    zone: str
    wallets: Annotated[dict[Slug, Wallet], Meta(min_length=1, max_length=16)]
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}$")] | None = None
    """The region telephone numbers without `+` belong to."""
    locale: str = "en"
    qualifying: dict[str, Qualifying] = field(default_factory=lambda: {"standard": Qualifying()})
    stacking: Stacking = Stacking()
    rules: Annotated[tuple[Rule, ...], Meta(max_length=500)] = ()
    budgets: Annotated[tuple[Budget, ...], Meta(max_length=16)] = ()
    tiers: Tiers | None = None
    rewards: Annotated[tuple[Reward, ...], Meta(max_length=500)] = ()
    benefits: Annotated[tuple[Benefit, ...], Meta(max_length=200)] = ()
    cases: tuple[Case, ...] = ()
    blocked: Blocked = Blocked()
    household: Household | None = None
