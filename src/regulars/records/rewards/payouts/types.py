"""Bank accounts, runs of pay-outs, and what became of each pay-out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

PayoutState = Literal["paid", "returned"]


class BankAccount(Struct, frozen=True):
    """Where a member's money goes. Personal: it is never shown whole and never logged."""

    member_id: UUID
    holder: str
    iban: str
    bic: str
    set_at: datetime
    usable: bool = True
    """Whether money is sent there: not after a bank sent some back, until it is said anew."""
    why: str = ""
    """With which reason of the bank it came back."""

    def __repr__(self) -> str:
        return f"BankAccount({self.member_id}, {masked(self.iban)})"


class PayoutRun(Struct, frozen=True):
    """Everything that was paid out at once, and from which account of the shop."""

    run_id: UUID
    version: int
    wallet: int
    made_at: datetime
    execute_on: date
    currency: str
    from_name: str
    from_iban: str
    from_bic: str
    says: str
    payouts: int
    total_minor: int
    reference: str
    actor: str


class Payout(Struct, frozen=True):
    """What one member got in a run. Its redemption is what the bank calls the end-to-end id."""

    run_id: UUID
    place: int
    member_id: UUID
    redemption_id: UUID
    amount_minor: int
    holder: str
    iban: str
    """Empty once its member was erased."""
    bic: str
    state: PayoutState = "paid"

    def __repr__(self) -> str:
        return f"Payout({self.redemption_id}, {self.amount_minor}, {masked(self.iban)})"


class PayoutReturn(Struct, frozen=True):
    """A bank sent a pay-out back: the money is in the wallet again, by an entry."""

    return_id: UUID
    member_id: UUID
    redemption_id: UUID
    reference: str
    code: str
    reason: str
    at: datetime
    entry_id: UUID
    amount_minor: int
    actor: str


def masked(iban: str) -> str:
    """An account number as it may be seen: its country and its last four signs.

    Example: DE89370400440532013000 is DE…3000.
    """
    return f"{iban[:2]}…{iban[-4:]}" if iban else ""
