"""Conditions of rules, `if: <tag>`: questions to an activity or its member."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct, field

from regulars.records.program.parts.currencies import Currency
from regulars.records.program.wallets import Day, Decimal, Slug, Weekday

JOINED_ON: Final = "joined-on"
"""The attribute every member has: the local day on which they joined."""


class All(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="all"):
    """Every one of these holds."""

    of: Annotated[tuple[Condition, ...], Meta(min_length=1, max_length=32)]


class AnyOf(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="any"):
    """At least one of these holds."""

    of: Annotated[tuple[Condition, ...], Meta(min_length=1, max_length=32)]


class Not(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="not"):
    """This does not hold."""

    that: Condition


class AmountBounds(Struct, frozen=True, forbid_unknown_fields=True):
    """The same bounds as round amounts of another currency (both inclusive)."""

    at_least: Decimal | None = None
    at_most: Decimal | None = None


class AmountIs(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="amount"):
    """The qualifying amount of the purchase lies in these bounds (both inclusive).

    What was paid in a currency with bounds of its own is held against those, as it was paid; all
    else against these, as it counts.
    """

    at_least: Decimal | None = None
    at_most: Decimal | None = None
    in_currency: Annotated[dict[Currency, AmountBounds], Meta(max_length=30)] = {}


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


class CodeIs(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="code"):
    """A code was told with the activity: one of these words, or an unused code of a reward.

    A word is for everybody who says it; who else may, until when and how often say other
    conditions and the limits of the rule. A code of a reward is used up by what it gave for.
    Capitals, spaces and hyphens do not matter.
    """

    in_: tuple[Annotated[str, Meta(min_length=1, max_length=40)], ...] = field(
        name="in", default=()
    )
    of: Slug | None = None


class AnniversaryIs(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="anniversary"
):
    """It is the yearly return of a day the shop knows of the member, or so many days around it.

    The attribute holds a day (`1990-05-17`, or `05-17` without the year); `joined-on` is always
    known. Who was born on 29 February has their day on the 28th in other years.
    """

    attribute: Slug = "birthday"
    days_before: Annotated[int, Meta(ge=0, le=60)] = 0
    days_after: Annotated[int, Meta(ge=0, le=60)] = 0


class DaysSince(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="days_since"):
    """So many days have gone by since a day the shop knows of the member (half-open).

    The attribute holds a day (`2026-05-17`); `joined-on` is always known. The day itself is 0.
    """

    attribute: Slug = JOINED_ON
    at_least: Annotated[int, Meta(ge=0, le=40_000)] = 0
    before: Annotated[int, Meta(ge=1, le=40_000)] | None = None


class PlanIs(Struct, frozen=True, forbid_unknown_fields=True, tag_field="if", tag="plan"):
    """The member's paid membership of this plan runs at the moment of the activity.

    While it is paused it does not run, nor after a payment failed where `meanwhile: frozen` says
    so: exactly when the plan's benefits could be used.
    """

    runs: Slug


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
    | CodeIs
    | AnniversaryIs
    | DaysSince
    | PlanIs
)
