"""What a member owes beside points that would pay it, as after a merge: they pay it first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.engine.deciding import booking
from regulars.engine.state import Changes, MemberState
from regulars.records.ledger.types import Account, Lot

OWED: Final = "owed when it was spent"
"""Why, in the books; said in the reader's language (engine/words/reasons.py)."""


class Because(NamedTuple):
    """What brings points back or has them taken: a return, a reward that is given back or taken;
    when and by whom."""

    cause_id: UUID
    at: datetime
    actor: str
    reason: str = ""


def repay(changes: Changes, state: MemberState, lots: Sequence[Lot], because: Because) -> None:
    """Pay what the member owes out of these lots, soonest to end first, by an entry per wallet."""
    for wallet in sorted({lot.wallet for lot in lots}):
        balance = state.balance(wallet)
        own = booking.soonest({lot.lot_id: lot for lot in lots if lot.wallet == wallet}.values())
        owed = min(balance.debt, sum(lot.free for lot in own))
        if owed == 0:
            continue
        cause = booking.Cause("repay", changes.new_id(), *because)
        booking.take(changes, state, cause, own, owed)
        balance.debt -= owed
        booking.book(
            changes, state, cause, booking.debit(changes, state, wallet, owed, Account.DEBT)
        )


def pay_owed(
    changes: Changes, state: MemberState, because: Because, wallets: Collection[int]
) -> None:
    """Pay what is owed in the wallets that are spent from, out of all points that are there; who
    owes nothing, or has nothing, stays.

    Keeps: what is owed in a wallet of which nothing is spent waits, and so do its points.
    Example: 80 points and 30 owed, side by side since two records became one: 50 are left.
    """
    if _owes(state):
        lots = [
            one
            for one in state.lots.values()
            if one.wallet in wallets and one.state == "open" and one.free > 0
        ]
        repay(changes, state, lots, because)


def as_paid(state: MemberState) -> MemberState:
    """How a member would stand if their points paid what they owe: a copy, to be asked; where
    nothing would be paid, the member."""
    if not _owes(state):
        return state
    balances = {code: replace(one) for code, one in state.balances.items()}
    stands = replace(state, balances=balances, lots={i: replace(x) for i, x in state.lots.items()})
    pay_owed(Changes(_no_id), stands, Because(_no_id(), state.joined_at, ""), balances.keys())
    return stands


def _owes(state: MemberState) -> bool:
    return any(one.debt and one.available for one in state.balances.values())


def _no_id() -> UUID:
    return UUID(int=0)
