"""A settlement, its lines as a partner sees them, its answers, and when it gets the next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

Answered = Literal["accepted", "disputed"]
Every = Literal["day", "week", "month"]
SettlementFormat = Literal["csv", "parquet"]
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=1)
"""Between two tries while a place does not answer."""


class Settlement(Struct, frozen=True):
    """A stretch of a partner's account, from the line after the settlement before it.

    Above nothing is the partner's, below nothing is ours.
    """

    settlement_id: UUID
    partner_id: UUID
    number: int
    after_step: int
    to_step: int
    from_at: datetime | None
    until_at: datetime
    opening_minor: int
    payments_minor: int
    accruals_minor: int
    redemptions_minor: int
    returns_minor: int
    corrections_minor: int
    closing_minor: int
    made_at: datetime
    actor: str

    @property
    def lines(self) -> int:
        """How many lines it has: steps have no gap."""
        return self.to_step - self.after_step


class SettledLine(Struct, frozen=True):
    """One line of a settlement, as the partner gets it."""

    step: int
    entry_id: UUID
    kind: str
    external_id: str
    known_as: str
    """By which other number the partner told of the same; empty where there is none."""
    takes_back: str
    """Of a return or a correction: the partner's number of what it takes back."""
    occurred_at: datetime
    booked_at: datetime
    wallet: int
    units: int
    moved: int
    """Of these, what the member's wallet could give."""
    price_minor: int | None
    per_units: int | None
    """So much for so many by its contract; nothing of a payment."""
    amount_minor: int
    balance_minor: int
    answer: Answered | None
    reason: str
    decided: str
    """Of a disputed line: granted or rejected; empty while nobody decided."""


class Answer(Struct, frozen=True):
    """What a partner says of a settled line."""

    entry_id: UUID
    partner_id: UUID
    answer: Answered
    reason: str
    answered_at: datetime
    actor: str


class Reconciled(Struct, frozen=True):
    """How far a settlement is answered: lines and money."""

    accepted: int
    accepted_minor: int
    disputed: int
    disputed_minor: int
    undecided: int
    """Of the disputed ones, those nobody decided yet."""
    granted: int
    unanswered: int
    unanswered_minor: int
    unasked: int
    """Payments, returns and corrections that were not answered: nobody has to."""


class SettlementPlan(Struct, frozen=True):
    """A partner gets its settlements so often, at this place."""

    partner_id: UUID
    every: Every
    place: Literal["folder", "sftp", "s3"]
    address: str
    endpoint: str
    region: str
    account: str
    keys: bytes
    """Encrypted; the database has nothing to open them with. Empty where nothing is secret."""
    host_key: str
    format: SettlementFormat
    state: Literal["active", "paused"]
    put_number: int
    """The last settlement that is there."""
    put_at: datetime | None
    next_at: datetime
    failures: int
    problem: str
    version: int

    def __repr__(self) -> str:
        return f"SettlementPlan({self.place} {self.address})"
