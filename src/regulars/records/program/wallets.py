"""Wallets as a program file says them: how points round, wait, lapse, move and go below zero."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Slug = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
Decimal = (
    Annotated[str, Meta(pattern=r"^(0|[1-9][0-9]{0,12})(\.[0-9]{1,6})?$")]
    | Annotated[int, Meta(ge=0, le=10**12)]
)
"""Money in the program's currency, or a quantity at a wallet's scale: `"1.50"` or `20`."""
Span = Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,4} (minute|hour|day|week|month|year)s?$")]
"""A length of time in words: `12 months`, `1 day`."""
LongSpan = Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,4} (day|week|month|year)s?$")]
"""A length of time in days or more: `12 months`."""
Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Period = Literal["activity", "day", "week", "month", "year", "ever"]


class Rounding(Struct, frozen=True, forbid_unknown_fields=True):
    """How a fraction of a point becomes whole; rounded once, at the end."""

    mode: Literal["floor", "ceil", "half_up", "half_even"] = "floor"
    scope: Literal["basket", "line", "day"] = "basket"
    step: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    carry: bool = False
    """Keep the remainder for the member's next purchase (only with `floor`)."""


class Expiry(Struct, frozen=True, forbid_unknown_fields=True):
    """When points lapse: so long after they were earned, rounded up to a period's end."""

    after: Span
    round_up_to: Literal["none", "day", "week", "month", "quarter", "year"] = "day"
    yearly_on: Annotated[str, Meta(pattern=r"^[0-9]{2}-[0-9]{2}$")] | None = None
    """It lives on through the next such day of a year, `03-31`; then nothing else is rounded."""


class TransferLimit(Struct, frozen=True, forbid_unknown_fields=True):
    """At most so many points given away by one member in a period of the program's calendar."""

    points: Decimal
    per: Literal["day", "week", "month", "year", "ever"]


class Transfers(Struct, frozen=True, forbid_unknown_fields=True):
    """Members may give each other points of this wallet, within these bounds."""

    at_least: Decimal | None = None
    at_most: Decimal | None = None
    limit: TransferLimit | None = None


class ForDuration(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="until", tag="duration"
):
    """Points can be spent so long after they were earned: days and longer by the wall clock."""

    after: Span


class UntilDate(Struct, frozen=True, forbid_unknown_fields=True, tag_field="until", tag="date"):
    """Points can be spent from this day on; what is earned later can be spent at once."""

    on: Day


class UntilEvent(Struct, frozen=True, forbid_unknown_fields=True, tag_field="until", tag="event"):
    """Points can be spent once their activity is confirmed; if nobody does in time, they go."""

    cancel_after: Span


class Notice(Struct, frozen=True, forbid_unknown_fields=True):
    """Points lapse only when their member was told so many days before."""

    days: Annotated[int, Meta(ge=1, le=180)]


class Inactivity(Struct, frozen=True, forbid_unknown_fields=True):
    """Points lapse when their member did nothing for so long, and was told of it before."""

    after: LongSpan
    reset_by: Annotated[
        tuple[Literal["earning", "purchase", "activity", "redeeming"], ...], Meta(min_length=1)
    ] = ("earning", "redeeming")


class ComesBack(Struct, frozen=True, forbid_unknown_fields=True):
    """Points that a return gives back live so many whole days at least."""

    days: Annotated[int, Meta(ge=1, le=3650)]


class LeastLife(Struct, frozen=True, forbid_unknown_fields=True):
    """Points live so many whole days at least, counted from the day on which they are there."""

    days: Annotated[int, Meta(ge=1, le=365)]


class Forms(Struct, frozen=True, forbid_unknown_fields=True):
    """How the name reads after a number, in languages that count in more ways than one and many.

    The words are those of Unicode: Arabic has `two`, `few` (3 to 10), `many` (11 to 99) and `other`
    (100), and `zero`; the name stands where nothing is said.
    """

    zero: str = ""
    two: str = ""
    """The number is left out before it: the word itself says that it is two."""
    few: str = ""
    many: str = ""
    other: str = ""


class Wallet(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of balance a member has: points, stamps, status credit, cashback, gift."""

    kind: Literal["points", "stamps", "status", "cashback", "gift"] = "points"
    name: str = ""
    one: str = ""
    """The name of a single one, where it differs: `Stamp` beside `Stamps`."""
    forms: Forms = Forms()
    """How the name reads after other numbers, where a language has more forms."""
    scale: Annotated[int, Meta(ge=0, le=6)] = 0
    rounding: Rounding = Rounding()
    expiry: Expiry | None = None
    negative: Literal["never", "debt", "refuse"] = "never"
    spends: Literal["soonest_expiring", "oldest", "newest"] = "soonest_expiring"
    """Which points go first when some are spent; points of one kind then by age."""
    transfers: Transfers | None = None
    """Whether members may give each other some; they may not, unless said."""
    write_off_after: Span | None = None
    """So long after a debt began it is forgiven; never, unless said."""
    pending: ForDuration | UntilDate | UntilEvent | None = None
    notice: Notice | None = None
    inactivity: Inactivity | None = None
    comes_back: ComesBack | None = None
    comes_late: LeastLife | None = None
    comes_over: LeastLife | None = None
