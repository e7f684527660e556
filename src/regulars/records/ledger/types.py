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


EntryKind = Literal[
    "earn", "return", "hold", "capture", "void", "lapse", "expire", "adjust",
    "transfer", "pool", "merge", "unmerge", "extend", "reinstate", "write_off",
]  # fmt: skip
HoldState = Literal["open", "captured", "voided", "lapsed"]


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

    Keeps: 0 ≤ pinned ≤ remaining ≤ amount; `remaining - pinned` can be spent.
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

    @property
    def free(self) -> int:
        return self.remaining - self.pinned


class LotMove(NamedTuple):
    """So much left (negative) or came back to a lot by an entry."""

    member_id: UUID
    entry_id: UUID
    lot_id: UUID
    wallet: int
    delta: int


class Courtesy(NamedTuple):
    """Points that live longer (`extend`) or live again (`reinstate`), and what that costs."""

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
    closed_at: datetime | None = None


class Balance(Struct):
    """What one wallet of a member holds, in units of the wallet's scale."""

    available: int = 0
    pending: int = 0
    held: int = 0
    debt: int = 0
    earned: int = 0
    """Everything ever earned, net of returns."""
