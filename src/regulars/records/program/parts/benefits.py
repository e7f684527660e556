"""Benefits as a program file says them: what a tier, a plan or a grant opens, how often, where and
when; and the plans members pay for."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.records.program.wallets import Day, Decimal, LongSpan, Slug, Span


class Allowance(Struct, frozen=True, forbid_unknown_fields=True):
    """A member uses it at most so often in a period of the program's calendar."""

    times: Annotated[int, Meta(ge=1, le=10**6)]
    per: Literal["day", "week", "month", "year", "ever"]


class Days(Struct, frozen=True, forbid_unknown_fields=True):
    """A stretch of local days: on or after the first, before the other (half-open)."""

    from_on: Day
    until_on: Day


class BenefitPoints(Struct, frozen=True, forbid_unknown_fields=True):
    """Each use of the benefit gives so many points."""

    wallet: Slug
    points: Decimal


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
    plan: Slug | None = None
    """For members whose paid membership of this plan runs."""
    allowance: Allowance | None = None
    choose_one: Slug | None = None
    """Of all benefits and rewards with this word a member chooses one in a period."""
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
    gives: BenefitPoints | None = None


class TermPoints(Struct, frozen=True, forbid_unknown_fields=True):
    """So many points of a wallet with each term that is paid."""

    wallet: Slug
    points: Decimal
    on: Literal["each_term", "renewals"] = "each_term"
    """`renewals`: not with the first one."""
    claw_back: bool = True
    """What is refunded takes back its share of them."""


class Plan(Struct, frozen=True, forbid_unknown_fields=True):
    """A membership people pay for: a fee for each term, and what comes with it.

    Who takes the money is not said here: whoever does tells each payment, and the life of a
    membership follows from what was told and from the clock.
    """

    id: Slug
    name: str
    fee: Decimal
    term: Literal["month", "year"] = "year"
    says: str = ""
    trial: LongSpan | None = None
    """The first so long are free, once for each person."""
    grace: LongSpan | None = None
    """So long after a term that was not paid on, a payment still continues it."""
    meanwhile: Literal["kept", "frozen"] = "kept"
    """Whether benefits go on in that time."""
    pause: LongSpan | None = None
    """A member may pause for so long at most; not at all, unless said."""
    refund: Literal["none", "unused", "rest"] = "unused"
    """What comes back when a member wants their money for the running term."""
    price_notice: Annotated[int, Meta(ge=1, le=365)] = 30
    """A higher fee is told at least so many days before the first term it is asked for."""
    gives: TermPoints | None = None
