"""Benefits as a program file says them: what a tier or a grant opens, how often, where and when."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.records.program.wallets import Day, Decimal, Slug, Span


class Allowance(Struct, frozen=True, forbid_unknown_fields=True):
    """A member uses it at most so often in a period of the program's calendar."""

    times: Annotated[int, Meta(ge=1, le=10**6)]
    per: Literal["day", "week", "month", "year", "ever"]


class Days(Struct, frozen=True, forbid_unknown_fields=True):
    """A stretch of local days: on or after the first, before the other (half-open)."""

    from_on: Day
    until_on: Day


class Benefit(Struct, frozen=True, forbid_unknown_fields=True):
    """Something a tier includes, or that is granted by hand: free delivery, early access, a seat.

    Nothing is paid for it in points. Every use is kept with what it was worth and what it cost.
    """

    id: Slug
    name: str
    says: str = ""
    tier: Slug | None = None
    """For members of this tier or a higher one; for every member when not said."""
    by: Literal["tier", "grant"] = "tier"
    """`grant`: only for members to whom it was granted by hand."""
    allowance: Allowance | None = None
    choose_one: Slug | None = None
    """Of all benefits with this word a member chooses one in a period of its allowance."""
    stores: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    """What it opens: articles of these categories or with these numbers; anything when empty."""
    from_on: Day | None = None
    until_on: Day | None = None
    head_start: dict[Slug, Span] = {}
    """Tiers for which `from_on` begins so much earlier."""
    blackout: Annotated[tuple[Days, ...], Meta(max_length=50)] = ()
    """Days on which it cannot be used."""
    needs: Annotated[tuple[Slug, ...], Meta(max_length=8)] = ()
    """Details that must be told with each use, such as the companion's name."""
    worth: Decimal = 0
    cost: Decimal | None = None
