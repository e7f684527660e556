"""An offer as kept: what it gives, to whom, until when; and what became of it with a member."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

from regulars.records.program.wallets import Decimal, Slug

State = Literal["draft", "open", "closed"]
"""Nobody has it yet; members are given it; nobody new is, and whoever has it keeps it."""
MemberState = Literal["offered", "held", "held_out", "gone"]
"""It waits to be activated; it counts; chance holds them out of it; they were erased or merged."""
How = Literal["segment", "hand", "journey", "choice", "merge", "campaign"]

PREFIX: Final = "offer-"
"""What we say of a member who has one: `offer-<code>`, and with it since which local day."""
FEWEST: Final = 500
"""Below so many members nobody is held out: it would say nothing."""
_Category = Annotated[str, Meta(min_length=1, max_length=80)]
Categories = Annotated[tuple[_Category, ...], Meta(max_length=50)]
Often = Annotated[int, Meta(ge=1, le=1_000)]


class _Gives(Struct, frozen=True, forbid_unknown_fields=True, tag_field="give"):
    pass


class Bonus(_Gives, frozen=True, tag="bonus"):
    """So many points with an activity, beside what it gives anyway; once, unless said."""

    wallet: Slug
    points: Decimal
    on: Slug = "purchase"
    at_least: Decimal | None = None
    """What of a purchase counts comes to this much at least."""
    categories: Categories = ()
    """Something of these is in the basket."""
    times: Often = 1


class Times(_Gives, frozen=True, tag="multiply"):
    """What a purchase gives by its amount, so many times; of goods of these categories alone, where
    some are named; as often as they buy, unless said."""

    wallet: Slug
    by: Decimal
    categories: Categories = ()
    times: Often | None = None


class Price(_Gives, frozen=True, tag="reward"):
    """A reward of the program at another price; once, unless said."""

    reward: Slug
    price: Mapping[Slug, Decimal]
    times: Annotated[int, Meta(ge=1, le=100)] = 1


class Access(_Gives, frozen=True, tag="access"):
    """A benefit of the program, such as early access, so often."""

    benefit: Slug
    times: Often = 1


Gives = Bonus | Times | Price | Access
Says = Annotated[str, Meta(min_length=1, max_length=200)]


class Offer(Struct, frozen=True):
    """An offer as it is.

    Units: `held_percent` of a hundred; `budget` in points of its wallet, as decimal text.
    """

    offer_id: UUID
    code: str
    name: str
    gives: Gives
    says: Mapping[str, str]
    segment_id: UUID | None
    activating: bool
    days: int | None
    ends_on: date | None
    budget: str | None
    most: int
    held_percent: int
    state: State
    version: int
    made_at: datetime
    made_by: str
    changed_at: datetime
    changed_by: str
    opened_at: datetime | None = None
    opened_by: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    holds_out: bool = False
    given: int = 0
    given_after: UUID | None = None
    given_at: datetime | None = None

    @property
    def known_as(self) -> str:
        """What rules ask for, and the name of its rule or reward: `offer-<code>`."""
        return PREFIX + self.code

    def over(self, today: date) -> bool:
        """Whether it ended for everybody."""
        return self.ends_on is not None and self.ends_on <= today

    def until_on(self, today: date) -> date:
        """Before which day somebody who has it from today on uses it.

        Example: 14 days from 1 March are over on the 15th, when it begins.
        """
        ends = [self.ends_on] if self.ends_on is not None else []
        return min([*ends, *([today + timedelta(days=self.days)] if self.days else [])])


class Held(Struct, frozen=True):
    """What became of an offer with a member."""

    offer_id: UUID
    member_id: UUID
    state: MemberState
    how: How
    offered_at: datetime
    until_on: date
    held_at: datetime | None


class Count(Struct, frozen=True):
    """So many members stand so with an offer."""

    state: MemberState
    why: str
    members: int
