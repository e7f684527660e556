"""What is asked about bank accounts and pay-outs, and the answers."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.members.types import Asked, MemberRef


class SetAccount(Struct, frozen=True, omit_defaults=True):
    """A member says where their money goes; with an empty `iban` it goes nowhere any more."""

    member: MemberRef
    holder: str = ""
    iban: str = ""
    bic: str = ""
    actor: str = ""
    asked: Asked = Asked()

    def __repr__(self) -> str:
        return f"SetAccount({self.member})"


class AccountSet(Struct, frozen=True, omit_defaults=True):
    """Where a member's money goes now, as it may be seen."""

    member_id: UUID
    holder: str
    shown: str
    """The account number, masked; empty when there is none."""
    usable: bool
    set_at: datetime
    why: str = ""
    replayed: bool = False


class RunPayouts(Struct, frozen=True, omit_defaults=True):
    """Pay out to everybody who is due something, from this account of the shop."""

    from_name: str
    from_iban: str
    from_bic: str = ""
    execute_on: date | None = None
    """When the bank is to do it; today, unless said."""
    reference: str = ""
    """A word for this run, such as a month: said again, it is the same run."""
    actor: str = ""
    most: int = 0
    """At most so many members at once."""
    asked: Asked = Asked()


class PayoutsRun(Struct, frozen=True, omit_defaults=True):
    """A run that was made."""

    run_id: UUID
    made_at: datetime
    execute_on: date
    currency: str
    payouts: int
    total_minor: int
    more: bool = False
    """Whether others are due and come with the next run."""
    replayed: bool = False


class ReturnPayout(Struct, frozen=True, omit_defaults=True):
    """A bank sent a pay-out back."""

    redemption_id: UUID
    """What the file calls the end-to-end id."""
    reference: str
    """The bank's number of the return: told again, it is the same return."""
    code: str
    """The bank's reason, such as AC04 (the account is closed)."""
    reason: str = ""
    amount_minor: int | None = None
    currency: str = ""
    actor: str = ""
    asked: Asked = Asked()


class PayoutReturned(Struct, frozen=True, omit_defaults=True):
    """A pay-out that is in the wallet again."""

    return_id: UUID
    redemption_id: UUID
    member_id: UUID
    entry_id: UUID
    amount_minor: int
    currency: str
    balances: dict[str, int]
    replayed: bool = False


AccountOutcome = AccountSet | Refused | Fault
RunOutcome = PayoutsRun | Refused | Fault
ReturnOutcome = PayoutReturned | Refused | Fault


def no_payouts() -> Refused:
    """The program in force pays nothing out."""
    return Refused("no_payouts", "this program pays nothing to bank accounts")
