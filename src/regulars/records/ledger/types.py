"""The books as values: two sides of every entry, and where points come from and lapse."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import IntEnum
from typing import Final, Literal, NamedTuple
from uuid import UUID

from msgspec import Struct

NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""The exclusive end of what does not lapse."""


class Account(IntEnum):
    """Where points stand: with the member, or on the program's side as the reason they moved."""

    AVAILABLE = 1
    PENDING = 2
    HELD = 3
    DEBT = 4
    ISSUED = 11
    REDEEMED = 12
    EXPIRED = 13
    ADJUSTED = 14
    SUSPENSE = 15
    TRANSFERRED = 16
    WRITTEN_OFF = 17
    OPENING = 18


EntryKind = Literal[
    "earn", "return", "hold", "capture", "void", "lapse", "expire", "adjust", "activate", "cancel",
    "open", "transfer", "pool", "merge", "unmerge", "extend", "reinstate", "write_off", "postpone",
    "restate", "refund", "repay", "milestone",
]  # fmt: skip
HoldState = Literal["open", "captured", "voided", "lapsed"]
LotState = Literal["open", "pending", "cancelled"]


class Posting(NamedTuple):
    """So much on one account of one wallet; the postings of an entry sum to zero per wallet."""

    wallet: int
    account: int
    amount: int


class Entry(Struct, frozen=True):
    """One movement in the books, never changed; `cause_id` is what brought it about."""

    entry_id: UUID
    member_id: UUID
    kind: EntryKind
    cause_id: UUID
    occurred_at: datetime
    postings: tuple[Posting, ...]
    actor: str = ""
    reason: str = ""
    reverses: UUID | None = None


class Lot(Struct):
    """Points of one origin that lapse together.

    Keeps: 0 ≤ pinned ≤ remaining ≤ amount; `free` can be spent. While it is pending it waits
    for `activates_at`, or for an event until `cancels_at`, and nothing of it can be spent.
    """

    lot_id: UUID
    member_id: UUID
    wallet: int
    entry_id: UUID
    cause_id: UUID
    version: int
    amount: int
    remaining: int
    pinned: int
    earned_at: datetime
    expires_at: datetime
    state: LotState = "open"
    activates_at: datetime | None = None
    cancels_at: datetime | None = None
    moved: bool = False
    """Its end moved in this batch."""

    @property
    def free(self) -> int:
        return 0 if self.state == "pending" else self.remaining - self.pinned

    @property
    def waited(self) -> bool:
        """Whether its points were, or are, pending."""
        return self.activates_at is not None or self.cancels_at is not None


class LotMove(NamedTuple):
    """So much left (negative) or came back to a lot by an entry."""

    member_id: UUID
    entry_id: UUID
    lot_id: UUID
    wallet: int
    delta: int


class Postponement(NamedTuple):
    """Points that do not lapse yet, because their member was not told in time."""

    member_id: UUID
    entry_id: UUID
    lot_id: UUID
    wallet: int
    points: int
    from_at: datetime
    to_at: datetime


class Courtesy(NamedTuple):
    """Points that live longer (`extend`; `spare` where only want of activity would end them) or
    live again (`reinstate`), and what that costs."""

    member_id: UUID
    entry_id: UUID
    kind: str
    lot_id: UUID
    wallet: int
    points: int
    from_at: datetime
    to_at: datetime
    cost_minor: int


class Hold(Struct):
    """Points reserved for a redemption: which lots, how many of each, until when."""

    hold_id: UUID
    member_id: UUID
    redemption_id: UUID
    wallet: int
    amount: int
    state: HoldState
    opened_at: datetime
    lapses_at: datetime
    lots: tuple[tuple[UUID, int], ...]
    captured: int = 0
    """What was handed over of it; while it is open, what of it is `due`."""
    closed_at: datetime | None = None
    returned: tuple[UUID, ...] = ()
    """Where something of it is due: those of its lots whose purchase came back."""

    @property
    def due(self) -> int:
        """How much of what is reserved came back meanwhile, and is taken once it is free again."""
        return self.captured if self.state == "open" else 0


class Balance(Struct):
    """What one wallet of a member holds, in units of the wallet's scale."""

    available: int = 0
    pending: int = 0
    held: int = 0
    debt: int = 0
    earned: int = 0
    """Everything ever earned, net of returns."""
    active_at: datetime | None = None
    """When the member last did what keeps the points of this wallet alive, as far as it asks."""


BY_PROGRAM: Final = ("automatic", "benefit", "draw", "game", "referral")
"""Who stands in the books as having given or taken points that nobody's hand did: what the program
promises beside its rules. Plans do, too, each under its own name (`plan:…`)."""
GIVEN: Final = "given"
"""What an `adjust` of the program's own is asked for as; by hand it is `adjust`."""
