"""Who may join, what households may do together, and what a blocked member still may."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.records.program.wallets import Decimal, Slug


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
    draws: Literal["soonest", "proportional", "oldest", "head_first"] = "soonest"
    """Whose points pay: what lapses soonest of all, of everybody in proportion to what they have,
    the oldest, or the head's before the others'."""
    minors: Minors | None = None
    """What members under age may spend; without it as everybody else."""
    buyers: Buyers | None = None
    """What buyers of a company may spend; without it as everybody else."""


class Minors(Struct, frozen=True, forbid_unknown_fields=True):
    """Members with the role `minor` earn as everybody; they spend at most so much in a period."""

    points: Annotated[dict[Slug, Decimal], Meta(min_length=1, max_length=16)]
    """Per wallet; of wallets that are not named they spend nothing."""
    per: Literal["day", "week", "month", "year"] = "month"


class Buyers(Struct, frozen=True, forbid_unknown_fields=True):
    """Members with the role `buyer` spend at most so much in a period, each of them."""

    points: Annotated[dict[Slug, Decimal], Meta(max_length=16)] = {}
    """Per wallet; of wallets that are not named they spend nothing, unless it was said of them."""
    per: Literal["day", "week", "month", "year"] = "month"


class Join(Struct, frozen=True, forbid_unknown_fields=True):
    """Who may join, and what they tell when they do; it is asked at joining and never again."""

    by: Literal["anyone", "invitation", "staff"] = "anyone"
    """Anyone, whom a member invites, or whom somebody of the shop lets in by name."""
    minimum_age: Annotated[int, Meta(ge=1, le=120)] | None = None
    """Nobody younger joins; everybody tells their birthday."""
    of_age: Annotated[int, Meta(ge=1, le=120)] = 18
    """Whoever is younger is under age."""
    guardian_for_minors: bool = False
    """Whoever is under age names a member of age who answers for them."""
    countries: tuple[Annotated[str, Meta(pattern=r"^[A-Z]{2}$")], ...] = ()
    """Only people who live there."""
    needs: tuple[Slug, ...] = ()
    """Attributes that everybody tells."""
    double_opt_in: bool = False
    """Who joins where no code can be sent agrees to news only once the address was proved."""
