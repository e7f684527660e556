"""Bank accounts and pay-outs, on the wire: account numbers go in whole and come out masked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from regulars.flows.points.payouts.commands import AccountSet, PayoutReturned, PayoutsRun
from regulars.records.rewards.payouts.types import Payout, PayoutRun, PayoutState, masked
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Id, Money, Text

Iban = Annotated[str, Meta(max_length=60, description="ISO 13616; spaces do not matter")]


class AccountSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a member's money goes."""

    holder: Annotated[str, Meta(min_length=1, max_length=200)]
    """Whose account it is, in Latin letters, as the bank has it."""
    iban: Iban
    bic: Text = ""
    """The bank's code; banks in Europe find each other without."""
    actor: Text = ""


class AccountShown(Struct, frozen=True):
    """Where a member's money goes, as it may be seen."""

    member_id: str
    holder: str
    iban: str
    """Masked: the country and the last four signs."""
    usable: bool
    """Whether money is sent there: not after a bank sent some back, until it is told anew."""
    why: str
    """The bank's reason why not."""
    set_at: datetime


class ShopAccount(Struct, frozen=True, forbid_unknown_fields=True):
    """The account of the shop that pays."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    iban: Iban
    bic: Text = ""


class RunSent(Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """Pay out to everybody who is due something."""

    from_: ShopAccount
    execute_on: date | None = None
    """When the bank is to do it; today, unless said."""
    reference: Text = ""
    """A word for this run, such as a month: told again, it is the same run."""
    at_most: Annotated[int, Meta(ge=1, le=2_000)] | None = None
    """So many members in this run."""
    actor: Text = ""


class RunDone(Struct, frozen=True):
    """A run that was made; its file is there to be fetched."""

    id: str
    made_at: datetime
    execute_on: date
    payouts: int
    total: Money
    more: bool
    """Whether others are due and come with the next run."""


class PayoutShown(Struct, frozen=True):
    """What one member got."""

    id: str
    """The redemption that took it; the bank's file has its 32 digits as end-to-end id."""
    member_id: str
    amount: Money
    iban: str
    """Masked; empty once the member was erased."""
    state: PayoutState


class RunShown(Struct, frozen=True):
    """A run and everything that was paid in it."""

    id: str
    made_at: datetime
    execute_on: date
    payouts: int
    total: Money
    from_name: str
    from_iban: str
    reference: str
    actor: str
    items: list[PayoutShown]
    """Empty in a list of runs."""


class RunsPage(Struct, frozen=True):
    """Runs, newest first."""

    items: list[RunShown]
    has_more: bool
    next_cursor: str | None


class BankFile(Struct, frozen=True):
    """A run as its bank wants it: ISO 20022, pain.001.001.09."""

    name: str
    payouts: int
    """How many are in it; members who were erased since are not."""
    left_out: int
    xml: str


class PayoutReturnSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A bank sent a pay-out back."""

    payout: Id
    """`red_…`, or the 32 digits of the end-to-end id."""
    reference: Annotated[str, Meta(min_length=1, max_length=200)]
    """The bank's number of the return: told again, it is the same return."""
    reason_code: Annotated[str, Meta(min_length=4, max_length=4)]
    """The bank's reason, such as AC04: the account is closed."""
    reason: Text = ""
    amount: Money | None = None
    actor: Text = ""


class PayoutReturnDone(Struct, frozen=True):
    """The money is in the wallet again."""

    id: str
    """The entry that brought it back."""
    payout_id: str
    member_id: str
    amount: Money
    balances: dict[str, int]


def account_shown(one: AccountSet) -> AccountShown:
    """An account as it may be seen."""
    id_ = shown("mem", one.member_id)
    return AccountShown(id_, one.holder, one.shown, one.usable, one.why, one.set_at)


def run_done(one: PayoutsRun) -> RunDone:
    """The answer to a run."""
    total = Money(one.total_minor, one.currency)
    return RunDone(
        shown("por", one.run_id), one.made_at, one.execute_on, one.payouts, total, one.more
    )


def run_shown(run: PayoutRun, payouts: Sequence[Payout]) -> RunShown:
    """A run as the world sees it."""
    return RunShown(
        id=shown("por", run.run_id),
        made_at=run.made_at,
        execute_on=run.execute_on,
        payouts=run.payouts,
        total=Money(run.total_minor, run.currency),
        from_name=run.from_name,
        from_iban=masked(run.from_iban),
        reference=run.reference,
        actor=run.actor,
        items=[
            PayoutShown(
                shown("red", one.redemption_id),
                shown("mem", one.member_id),
                Money(one.amount_minor, run.currency),
                masked(one.iban),
                one.state,
            )
            for one in payouts
        ],
    )


def returned_done(one: PayoutReturned) -> PayoutReturnDone:
    """The answer to a return."""
    return PayoutReturnDone(
        shown("ent", one.entry_id),
        shown("red", one.redemption_id),
        shown("mem", one.member_id),
        Money(one.amount_minor, one.currency),
        one.balances,
    )
