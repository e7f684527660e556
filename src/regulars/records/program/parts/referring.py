"""Members bring friends, as a program file says it: what both sides get, for what, how often."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.records.program.wallets import Decimal, LongSpan, Slug

Stretch = Literal["day", "week", "month", "year", "ever"]


class Purse(Struct, frozen=True, forbid_unknown_fields=True):
    """At most so many points for one side of all referrals together in a period.

    What is left is given, and then nothing until the next period.
    """

    per: Stretch
    points: Decimal


class Side(Struct, frozen=True, forbid_unknown_fields=True):
    """What one side of a referral gets, from a budget of its own."""

    points: Decimal = 0
    budget: Purse | None = None


class MostFriends(Struct, frozen=True, forbid_unknown_fields=True):
    """So many friends bring points to one member in a period; those after them bring none."""

    per: Stretch
    times: Annotated[int, Meta(ge=1, le=10**6)]


class Milestone(Struct, frozen=True, forbid_unknown_fields=True):
    """Something more, once, when so many friends have stayed."""

    friends: Annotated[int, Meta(ge=1, le=10**6)]
    points: Decimal


class Referral(Struct, frozen=True, forbid_unknown_fields=True):
    """A member brings a friend, who names the member's code; both get points once the friend has
    bought something and kept it.

    Each newcomer is brought once; the first code wins. Nobody brings themself or somebody of their
    household, and no two bring each other. What comes back takes the points along.
    """

    wallet: Slug
    referrer: Side = Side()
    newcomer: Side = Side()
    amount: Decimal = 0
    """The purchase counts at least so much, by the definition below, less what came back."""
    qualifying: Slug = "standard"
    after: LongSpan = "14 days"
    """So long after the purchase it counts as kept: the time for returns."""
    within: LongSpan = "30 days"
    """So long after joining a newcomer may name a code."""
    buys_within: LongSpan = "90 days"
    """So long after naming it the purchase is made at the latest."""
    most: MostFriends | None = None
    milestones: Annotated[tuple[Milestone, ...], Meta(max_length=20)] = ()
    link: Annotated[str, Meta(max_length=500)] = ""
    """Where a member sends friends, with `{code}` in the place of their code."""
