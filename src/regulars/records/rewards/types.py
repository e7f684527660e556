"""A member taking a reward."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

RedemptionState = Literal["held", "captured", "voided", "lapsed", "returned"]
Kind = Literal[
    "item",
    "discount",
    "code",
    "seat",
    "donation",
    "payout",
    "payment",
    "free_pieces",
    "stored_value",
]
"""What a reward gives; a `payment` pays for a part of a basket, as does `stored_value`."""


class FreeOf(Struct, frozen=True):
    """Pieces of one article that a reward makes free, and what they come to."""

    line: int
    """The line of the basket as it was told, counted from 0."""
    sku: str
    category: str
    pieces: int
    value_minor: int


class Promised(Struct, frozen=True):
    """The reward as it was promised on the day: later changes of the program do not touch it."""

    name: str
    price: dict[str, int]
    """Units per wallet."""
    worth_minor: int
    cost_minor: int
    limit_counter: int = 0
    """The counter this redemption was counted on; 0 for none."""
    limit_period: int = 0
    stocked: bool = False
    kind: Kind = "item"
    told: dict[str, str | int] = {}
    """What it gives in particular: how much off, which article, when it begins, to whom."""
    money_minor: int = 0
    """To be paid in money besides the price."""
    valid_for: str = ""
    """Of a code: how long it can be used; for ever when nothing is said."""
    shelf: str = ""
    """Under which name its pieces are counted; that of the reward, unless said."""
    free: tuple[FreeOf, ...] = ()
    """Of a basket: which pieces are free."""
    currency: str = ""
    """In which currency it is told: what it gives, what is paid besides and `value_minor`; the
    program's, unless said. What it is worth and costs is always the program's."""
    value_minor: int = 0
    """What it pays, or is worth, in that other currency."""
    pays_for: UUID | None = None
    """Where a household pays for a basket: whose basket these points of somebody else pay."""


class Redemption(Struct):
    """One redemption and where it stands."""

    redemption_id: UUID
    member_id: UUID
    reward: str
    version: int
    promised: Promised
    state: RedemptionState
    store: str
    channel: str
    actor: str
    opened_at: datetime
    lapses_at: datetime
    closed_at: datetime | None = None
    paid_for: UUID | None = None
    """The sale whose payments name it; a redemption pays for one sale at most."""

    @property
    def shelf(self) -> str:
        """Where its piece stands, if it is one of so many."""
        return self.promised.shelf or self.reward
