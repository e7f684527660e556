"""Conditions of segments, `if: <tag>`: questions to a member, whatever happens just now.

Where a rule can ask the same of the member, it is the same tag with the same fields. A tag is for
ever, as in the program language; unknown tags and fields fail closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct, field

from regulars.records.program.parts.conditions import (
    AnniversaryIs,
    DaysSince,
    MemberIs,
    Names,
    TierIs,
)
from regulars.records.program.wallets import Decimal, Slug

__all__ = [
    "All",
    "AnniversaryIs",
    "Answered",
    "AnyOf",
    "ArticleBought",
    "ArticleSpent",
    "CategoryBought",
    "CategorySpent",
    "ClubIs",
    "Condition",
    "ConsentIs",
    "ContactIs",
    "Counted",
    "DaysSince",
    "Did",
    "Lapse",
    "LastOrder",
    "LastSeen",
    "MemberIs",
    "Not",
    "OfGoods",
    "Orders",
    "PlanIs",
    "PointsAre",
    "SegmentIs",
    "Spent",
    "TagIs",
    "TierIs",
    "Visits",
    "Worth",
    "by_time",
    "leaves",
    "of_goods",
]  # fmt: skip

Days = Annotated[int, Meta(ge=1, le=3_650)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Thousandths = Annotated[int, Meta(ge=0, le=1_000)]
Channel = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]{0,19}(-[a-z0-9]{1,19}){0,3}$")]
Contact = Literal["email", "phone"]
Goods = Annotated[
    tuple[Annotated[str, Meta(min_length=1, max_length=200)], ...],
    Meta(min_length=1, max_length=20),
]
"""Categories, or articles by their `sku`, as sales name them; any of them counts."""


class All(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="all"):
    """Every one of these holds."""

    of: Annotated[tuple[Condition, ...], Meta(min_length=1, max_length=32)]


class AnyOf(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="any"):
    """At least one of these holds."""

    of: Annotated[tuple[Condition, ...], Meta(min_length=1, max_length=32)]


class Not(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="not"):
    """This does not hold."""

    that: Condition


class Spent(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="spent"):
    """What the member spent, less what came back, lies in these bounds (both inclusive).

    Ever, or within the last so many days, today included; everywhere, or in these stores.
    """

    at_least: Decimal | None = None
    at_most: Decimal | None = None
    within_days: Days | None = None
    stores: tuple[Annotated[str, Meta(min_length=1, max_length=80)], ...] = ()


class Orders(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="orders"):
    """On so many days the member bought something that did not come back (both inclusive)."""

    at_least: Count | None = None
    at_most: Count | None = None
    within_days: Days | None = None
    stores: tuple[Annotated[str, Meta(min_length=1, max_length=80)], ...] = ()


class Visits(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="visits"):
    """On so many days the member was told of: a purchase, a visit, an answer (both inclusive).

    What was told by mistake and taken back is none.
    """

    at_least: Count | None = None
    at_most: Count | None = None
    within_days: Days | None = None
    stores: tuple[Annotated[str, Meta(min_length=1, max_length=80)], ...] = ()


class LastOrder(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="last_order"):
    """So many days have gone by since the last order (half-open); who never ordered never fits."""

    at_least: Annotated[int, Meta(ge=0, le=40_000)] = 0
    before: Annotated[int, Meta(ge=1, le=40_000)] | None = None


class LastSeen(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="last_seen"):
    """So many days have gone by since the member was last told of (half-open)."""

    at_least: Annotated[int, Meta(ge=0, le=40_000)] = 0
    before: Annotated[int, Meta(ge=1, le=40_000)] | None = None


class ConsentIs(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="consent"):
    """The member's last word about a channel is this one; `unsaid` where there is none."""

    channel: Channel
    is_: Literal["given", "withdrawn", "unsaid"] = field(name="is", default="given")


class ContactIs(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="contact"):
    """The member can be found by an address of this kind."""

    by: Contact


class TagIs(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="tag"):
    """One of these words of the shop is on the member."""

    in_: Names = field(name="in")


class PointsAre(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="points"):
    """What the member has in a wallet, reserved points counted and debts taken off, lies in these
    bounds (both inclusive)."""

    wallet: Slug
    at_least: Decimal | None = None
    at_most: Decimal | None = None


class Answered(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="answered"):
    """The last score the member gave when asked lies in these bounds (both inclusive)."""

    question: Literal["nps", "csat"] = "nps"
    at_least: Annotated[int, Meta(ge=0, le=10)] = 0
    at_most: Annotated[int, Meta(ge=0, le=10)] = 10


class Did(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="did"):
    """So many activities of this kind were told of the member (both inclusive).

    Ever, or within the last so many days, today included. What was told counts, whatever came of
    it, unless it was taken back. Purchases are refused here: `orders` asks for them.
    """

    kind: Slug
    at_least: Count | None = None
    at_most: Count | None = None
    within_days: Days | None = None


class CategoryBought(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="category_bought"
):
    """On so many days the member bought of one of these categories, and not all of it came back
    (both inclusive): ever, or within the last so many days, today included."""

    in_: Goods = field(name="in")
    at_least: Count | None = None
    at_most: Count | None = None
    within_days: Days | None = None


class ArticleBought(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="article_bought"
):
    """The same of articles, by their `sku`."""

    in_: Goods = field(name="in")
    at_least: Count | None = None
    at_most: Count | None = None
    within_days: Days | None = None


class CategorySpent(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="category_spent"
):
    """What the member spent on these categories, less what came back, lies in these bounds (both
    inclusive): ever, or within the last so many days, today included."""

    in_: Goods = field(name="in")
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    within_days: Days | None = None


class ArticleSpent(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="article_spent"
):
    """The same of articles, by their `sku`."""

    in_: Goods = field(name="in")
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    within_days: Days | None = None


class Lapse(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="lapse"):
    """The chance that the member orders nothing within 90 days lies in these bounds (both
    inclusive), in thousandths, as it was reckoned last; of whom no chance is said never fits."""

    at_least: Thousandths | None = None
    at_most: Thousandths | None = None


class Worth(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="worth"):
    """What the member is likely to bring in the next twelve months, revenue of today's money, lies
    in these bounds (both inclusive), as it was reckoned last; of whom nobody can say it never
    fits."""

    at_least: Decimal | None = None
    at_most: Decimal | None = None


class ClubIs(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="club"):
    """The member is in one of these clubs now."""

    in_: Annotated[tuple[Slug, ...], Meta(min_length=1, max_length=20)] = field(name="in")


class PlanIs(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="plan"):
    """The member pays for one of these plans, or is on trial, in grace or pauses: their membership
    is not over."""

    in_: Annotated[tuple[Slug, ...], Meta(min_length=1, max_length=20)] = field(name="in")


class SegmentIs(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="segment"):
    """The member is in one of these segments, as they are saved now."""

    in_: Annotated[tuple[Slug, ...], Meta(min_length=1, max_length=20)] = field(name="in")


Condition = (
    All
    | AnyOf
    | Not
    | TierIs
    | MemberIs
    | AnniversaryIs
    | DaysSince
    | Spent
    | Orders
    | Visits
    | LastOrder
    | LastSeen
    | ConsentIs
    | ContactIs
    | TagIs
    | PointsAre
    | Answered
    | Did
    | CategoryBought
    | ArticleBought
    | CategorySpent
    | ArticleSpent
    | Lapse
    | Worth
    | ClubIs
    | PlanIs
    | SegmentIs
)
Counted = Spent | Orders | Visits
OfGoods = CategoryBought | ArticleBought | CategorySpent | ArticleSpent
OVER_DAYS: Final = (
    Spent, Orders, Visits, Did, CategoryBought, ArticleBought, CategorySpent, ArticleSpent,
)  # fmt: skip
BY_TIME: Final = (AnniversaryIs, DaysSince, LastOrder, LastSeen)


def leaves(condition: Condition) -> Iterator[Condition]:
    """Every plain question in a condition, in its order."""
    if isinstance(condition, All | AnyOf):
        for part in condition.of:
            yield from leaves(part)
    elif isinstance(condition, Not):
        yield from leaves(condition.that)
    else:
        yield condition


def of_goods(condition: Condition) -> bool:
    """Whether it asks what was bought of a category or article."""
    return any(isinstance(one, OfGoods) for one in leaves(condition))


def by_time(condition: Condition) -> bool:
    """Whether somebody may come in or go out although nothing happened, as a day begins."""
    return any(
        isinstance(one, BY_TIME) or (isinstance(one, OVER_DAYS) and one.within_days is not None)
        for one in leaves(condition)
    )
