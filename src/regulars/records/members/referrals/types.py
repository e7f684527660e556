"""A member's code, a referral and a milestone, as they are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

State = Literal["named", "qualified", "rewarded", "rejected", "retracted"]
MOST_MARKS = 8


class Code(Struct, frozen=True):
    """The code a member gives to friends, and the marks the shop told of them."""

    member_id: UUID
    code: str
    marks: tuple[str, ...]
    made_at: datetime


class Referral(Struct, frozen=True):
    """A newcomer, who brought them, and what became of it."""

    referral_id: UUID
    member_id: UUID
    """The newcomer."""
    referrer_id: UUID
    version: int
    """Whose promise it is."""
    state: State
    named_at: datetime
    counts_from: datetime
    buys_until: datetime
    wallet: int
    reason: str = ""
    marks: tuple[str, ...] = ()
    sale_id: UUID | None = None
    due_at: datetime | None = None
    """When the purchase counts as kept."""
    settled_at: datetime | None = None
    retracted_at: datetime | None = None
    referrer_units: int = 0
    newcomer_units: int = 0
    referrer_entry: UUID | None = None
    newcomer_entry: UUID | None = None
    referrer_back: UUID | None = None
    newcomer_back: UUID | None = None


class Milestone(Struct, frozen=True):
    """What a member got for so many friends."""

    member_id: UUID
    entry_id: UUID
    friends: int
    wallet: int
    units: int
    given_at: datetime
    undone_at: datetime | None = None
    undone_by: UUID | None = None


class Due(Struct, frozen=True):
    """A referral the night looks at, and its two sides."""

    referral_id: UUID
    member_id: UUID
    referrer_id: UUID


class Known(Struct):
    """What the guards ask of members, by as whom they stand now."""

    brought: dict[UUID, set[UUID]] = {}
    """Of who was brought by somebody already, by which referrals; more than one after a merge."""
    paid: dict[UUID, set[UUID]] = {}
    """Of these referrals those that were rewarded, and stand."""
    mailboxes: dict[UUID, set[str]] = {}
    homes: dict[UUID, UUID] = {}
    """Of whom there is a household now, which one."""
    joined: dict[UUID, datetime] = {}
    """Of whom others were merged into, when the first of these joined."""
    bought: set[UUID] = set()
    """Who had bought something well before they joined."""
    parents: dict[UUID, set[UUID]] = {}
    """Who was brought by whom, upwards from those asked about; by several after a merge."""
    marks: dict[UUID, set[str]] = {}
    """Marks with which members were brought, and everybody they brought."""
    own_marks: dict[UUID, set[str]] = {}
    """Marks told when members got their codes."""
    brought_with: set[str] = set()
    """Marks asked about with which somebody was brought, by whomever."""
