"""The promise of a shop as data: what a program file may say, and nothing else.

A tag (`give:`, `if:`) is for ever; unknown tags and fields fail closed; fields are only added.
Amounts are decimal text or whole numbers, never floats; `checks.py` says what else must hold.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from regulars.records.program.parts.advocacy import Advocacy
from regulars.records.program.parts.awards import (
    Award,
    ByTable,
    Cooldown,
    Fixed,
    Multiply,
    PerAmount,
    PerItem,
    Stage,
    TableRow,
)
from regulars.records.program.parts.belonging import Blocked, Buyers, Household, Join, Minors
from regulars.records.program.parts.benefits import Allowance, Benefit, Days, Plan, TermPoints
from regulars.records.program.parts.changing import Caution, Changeover
from regulars.records.program.parts.conditions import (
    All,
    AmountBounds,
    AmountIs,
    AnniversaryIs,
    AnyOf,
    BasketHas,
    ChannelIs,
    CodeIs,
    Condition,
    DatesAre,
    DaysSince,
    DetailIs,
    HourIs,
    MemberIs,
    Names,
    Not,
    PlanIs,
    StoreIs,
    TierIs,
    Values,
    WeekdayIs,
)
from regulars.records.program.parts.currencies import Currency, Rate
from regulars.records.program.parts.gaming import (
    Challenge,
    Deed,
    DeedMilestone,
    Draw,
    DrawPrize,
    Freezes,
    Leaderboard,
    MilestoneStep,
    Prize,
    Reached,
    Streak,
    Together,
)
from regulars.records.program.parts.ladders import FurtherStep, Ladder, Measure, Tier, Tiers
from regulars.records.program.parts.paying_out import PayingOut
from regulars.records.program.parts.proving import SpendingProof
from regulars.records.program.parts.referring import (
    Milestone,
    MostFriends,
    Purse,
    Referral,
    Side,
)
from regulars.records.program.parts.rewards import (
    Code,
    Discount,
    Donation,
    FreePieces,
    Gives,
    Item,
    OtherPrice,
    Payout,
    PayWithPoints,
    Reward,
    RewardLimit,
    Seat,
)
from regulars.records.program.wallets import (
    ComesBack,
    Day,
    Decimal,
    Expiry,
    ForDuration,
    Inactivity,
    LeastLife,
    LongSpan,
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
    "Advocacy",
    "All",
    "Allowance",
    "AmountBounds",
    "AmountIs",
    "AnniversaryIs",
    "AnyOf",
    "Award",
    "BasketHas",
    "Benefit",
    "Blocked",
    "Budget",
    "Buyers",
    "ByTable",
    "Case",
    "Caution",
    "Challenge",
    "Changeover",
    "ChannelIs",
    "Code",
    "CodeIs",
    "ComesBack",
    "Condition",
    "Cooldown",
    "Currency",
    "DatesAre",
    "Day",
    "Days",
    "DaysSince",
    "Decimal",
    "Deed",
    "DeedMilestone",
    "DetailIs",
    "Discount",
    "Donation",
    "Draw",
    "DrawPrize",
    "Expiry",
    "Fixed",
    "ForDuration",
    "FreePieces",
    "Freezes",
    "FurtherStep",
    "Gives",
    "HourIs",
    "Household",
    "Inactivity",
    "Item",
    "Join",
    "Ladder",
    "Leaderboard",
    "LeastLife",
    "Limit",
    "LongSpan",
    "Measure",
    "MemberIs",
    "Milestone",
    "MilestoneStep",
    "Minors",
    "MostFriends",
    "Multiply",
    "Names",
    "Not",
    "Notice",
    "OtherPrice",
    "PayingOut",
    "Payout",
    "PerAmount",
    "PerItem",
    "Period",
    "Plan",
    "PlanIs",
    "Prize",
    "Program",
    "Purse",
    "Qualifying",
    "Rate",
    "Reached",
    "Referral",
    "Reward",
    "RewardLimit",
    "Rounding",
    "Rule",
    "Seat",
    "Side",
    "Slug",
    "Span",
    "Stacking",
    "Stage",
    "StoreIs",
    "Streak",
    "TableRow",
    "TermPoints",
    "Tier",
    "TierIs",
    "Tiers",
    "Together",
    "TransferLimit",
    "Transfers",
    "UntilDate",
    "UntilEvent",
    "Values",
    "Wallet",
    "Weekday",
    "WeekdayIs",
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
    only_skus: tuple[str, ...] = ()


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
    expiry: Expiry | None = None
    """When its points lapse, where that is not as the wallet says."""
    ends_on: Day | None = None
    """Its points lapse when this day begins, whenever they were earned."""
    group: Slug | None = None
    """Of all rules with this word that would give something, only one does."""
    priority: Annotated[int, Meta(ge=0, le=1000)] = 0
    """Within its group the highest goes first; of equal ones who gives most, then by id."""
    cooldown: Cooldown | None = None
    """How long it rests for a member after it gave to them."""


class Budget(Struct, frozen=True, forbid_unknown_fields=True):
    """At most so many points of one wallet, whatever rules give them: for one activity, or in a
    period for all members together or for each of them.

    It cuts whole points, after the one rounding: what is left is given, or with `reject` nothing
    of that wallet.
    """

    id: Slug
    wallet: Slug
    per: Period
    points: Decimal
    on_exceed: Literal["clip", "reject"] = "clip"
    of: Literal["everyone", "member"] = "everyone"
    """What all members get together, or what each one gets; one activity is one member's."""


class Stacking(Struct, frozen=True, forbid_unknown_fields=True):
    """How several matching rules of one wallet come together (semantics C2)."""

    base: Literal["best", "first", "sum"] = "best"
    multipliers: Literal["additive", "multiplicative"] = "additive"


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """An example beside the program: this happens, and exactly this is earned."""

    says: str
    given: dict[str, Any]
    """An activity as the API takes it (without member and ids), with `at` as local time."""
    earns: dict[str, Decimal]
    """Per wallet; a wallet not named must earn nothing."""
    tier: Slug | None = None
    member: dict[str, bool | int | str] = {}
    plans: tuple[Slug, ...] = ()
    """Plans of which a membership of theirs runs."""


Language = Annotated[str, Meta(min_length=2, max_length=20)]
Texts = Annotated[dict[str, Annotated[str, Meta(max_length=500)]], Meta(max_length=3000)]


class Program(Struct, frozen=True, forbid_unknown_fields=True):
    """One version of a loyalty program, as its file says it."""

    regulars: Literal[1]
    """The edition of the language."""
    program: Slug
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    currency: Currency
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
    plans: Annotated[tuple[Plan, ...], Meta(max_length=20)] = ()
    cases: tuple[Case, ...] = ()
    blocked: Blocked = Blocked()
    household: Household | None = None
    translations: Annotated[dict[Language, Texts], Meta(max_length=40)] = {}
    """Names and sentences in other languages, by their place in this file."""
    paying: PayWithPoints | None = None
    paying_out: PayingOut | None = None
    join: Join | None = None
    referral: Referral | None = None
    challenges: Annotated[tuple[Challenge, ...], Meta(max_length=100)] = ()
    streaks: Annotated[tuple[Streak, ...], Meta(max_length=20)] = ()
    milestones: Annotated[tuple[DeedMilestone, ...], Meta(max_length=50)] = ()
    leaderboards: Annotated[tuple[Leaderboard, ...], Meta(max_length=20)] = ()
    draws: Annotated[tuple[Draw, ...], Meta(max_length=50)] = ()
    changeover: Changeover = Changeover()
    caution: Caution = Caution()
    store_groups: Annotated[dict[Slug, Names], Meta(max_length=200)] = {}
    """Words that stand for several stores, wherever a rule, reward or benefit names stores."""
    ladders: Annotated[dict[Slug, Ladder], Meta(max_length=4)] = {}
    """Ladders beside the tiers, by name; wherever a tier is named it may be one of their steps."""
    advocacy: Annotated[tuple[Advocacy, ...], Meta(max_length=30)] = ()
    currencies: Annotated[
        dict[Currency, Annotated[tuple[Rate, ...], Meta(min_length=1, max_length=1000)]],
        Meta(max_length=30),
    ] = {}
    """Other currencies in which members may pay, each with what it counts from which day on."""
    spending_proof: SpendingProof | None = None
    """From which worth on members show their card to spend; a number or name is enough, unless
    said."""
