"""How points move between accounts and lots: the only place where postings are made.

Each function changes the member's balance and lots and appends one entry. All amounts are units
of the wallet and positive; the sign is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Invalid
from regulars.base.money import LARGEST
from regulars.base.named import made
from regulars.engine.state import Changes, MemberState
from regulars.records.ledger.types import Account, Balance, Entry, EntryKind, Lot, LotMove, Posting

Spends = Literal["soonest_expiring", "oldest", "newest"]


class Cause(Struct, frozen=True, gc=False):
    """What brought an entry about, when, by whom and why."""

    kind: EntryKind
    entry_id: UUID
    cause_id: UUID
    occurred_at: datetime
    actor: str = ""
    reason: str = ""


def book(
    changes: Changes,
    state: MemberState,
    cause: Cause,
    postings: Sequence[Posting],
    *,
    reverses: UUID | None = None,
) -> None:
    """Append one entry; its postings sum to zero per wallet. It may name the one it reverses.

    Order: `Changes` keeps entries in the order they were decided.
    """
    assert len(postings) >= 2, cause
    changes.entries.append(
        Entry(
            entry_id=cause.entry_id,
            member_id=state.member_id,
            kind=cause.kind,
            cause_id=cause.cause_id,
            occurred_at=cause.occurred_at,
            postings=tuple(postings),
            actor=cause.actor,
            reason=cause.reason,
            reverses=reverses,
        )
    )


def check_range(state: MemberState, units: Mapping[int, int]) -> None:
    """Refuse what would raise a balance above 2^53-1, per wallet code, before anything changes."""
    for wallet, points in units.items():
        balance = state.balance(wallet)
        whole = balance.available + balance.pending + balance.held
        if max(whole, balance.earned) + points > LARGEST:
            raise Invalid("this would raise the balance above 2^53-1; use smaller amounts")


def credit(
    changes: Changes, state: MemberState, cause: Cause, lot: Lot, against: Account
) -> list[Posting]:
    """Put new points into a wallet: debt is paid first, the rest opens a lot.

    Assumes: `check_range` was asked.
    Example: 30 points with a debt of 10 leave a lot of 20; the debt is gone.
    """
    balance = state.balance(lot.wallet)
    points, paid = lot.amount, min(balance.debt, lot.amount)
    balance.debt -= paid
    balance.available += points - paid
    postings = [made(Posting, (lot.wallet, against, -points))]
    if paid:
        postings.append(Posting(lot.wallet, Account.DEBT, paid))
    if points > paid:
        postings.append(made(Posting, (lot.wallet, Account.AVAILABLE, points - paid)))
        lot.amount = lot.remaining = points - paid
        changes.open_lot(state, lot)
    changes.balances[(state.member_id, lot.wallet)] = balance
    return postings


def earned_lot(
    changes: Changes,
    state: MemberState,
    cause: Cause,
    what: tuple[int, int, int],
    expires_at: datetime,
) -> Lot:
    """Points an activity gives as a lot; `what` is wallet code, version and how many."""
    wallet, version, points = what
    return Lot(
        lot_id=changes.new_id(),
        member_id=state.member_id,
        wallet=wallet,
        entry_id=cause.entry_id,
        cause_id=cause.cause_id,
        version=version,
        amount=points,
        remaining=points,
        pinned=0,
        earned_at=cause.occurred_at,
        expires_at=expires_at,
    )


def receive(changes: Changes, state: MemberState, lot: Lot, against: Account) -> list[Posting]:
    """Put points that come with their own lot into a wallet, and leave what is owed as it is.

    Pending ones stay pending.
    """
    balance = state.balance(lot.wallet)
    if lot.state == "pending":
        side = Account.PENDING
        balance.pending += lot.amount
    else:
        side = Account.AVAILABLE
        balance.available += lot.amount
    changes.open_lot(state, lot)
    changes.balances[(state.member_id, lot.wallet)] = balance
    return [Posting(lot.wallet, against, -lot.amount), Posting(lot.wallet, side, lot.amount)]


def move_debt(
    changes: Changes, state: MemberState, wallet: int, amount: int, against: Account
) -> list[Posting]:
    """Owe so much more (or less, negative), against an account of the program's side."""
    balance = state.balance(wallet)
    balance.debt += amount
    assert balance.debt >= 0, (state.member_id, wallet, balance.debt, amount)
    changes.balances[(state.member_id, wallet)] = balance
    return [Posting(wallet, Account.DEBT, -amount), Posting(wallet, against, amount)]


def take(
    changes: Changes, state: MemberState, cause: Cause, lots: Iterable[Lot], amount: int
) -> int:
    """Take free points out of these lots in this order; how many were there to take."""
    left = amount
    for lot in lots:
        if left == 0:
            break
        taken = min(left, lot.free)
        if taken == 0:
            continue
        lot.remaining -= taken
        left -= taken
        changes.change_lot(lot)
        changes.moves.append(
            made(LotMove, (state.member_id, cause.entry_id, lot.lot_id, lot.wallet, -taken))
        )
    return amount - left


def debit(
    changes: Changes, state: MemberState, wallet: int, amount: int, to: Account
) -> list[Posting]:
    """Move available points that were taken from lots to the program's side."""
    balance: Balance = state.balance(wallet)
    assert balance.available >= amount, (state.member_id, wallet, balance.available, amount)
    balance.available -= amount
    changes.balances[(state.member_id, wallet)] = balance
    left = made(Posting, (wallet, Account.AVAILABLE, -amount))
    return [left, made(Posting, (wallet, to, amount))]


def in_order(lots: Iterable[Lot], wallet: int, spends: Spends) -> list[Lot]:
    """Lots of a wallet in the order they are spent; `soonest` is the order of most programs."""
    mine = soonest(lot for lot in lots if lot.wallet == wallet and lot.remaining > 0)
    if spends == "soonest_expiring":
        return mine
    # Stable, so lots of one age stay in order of expiry.
    return sorted(mine, key=lambda lot: lot.earned_at, reverse=spends == "newest")


def soonest(lots: Iterable[Lot]) -> list[Lot]:
    """Lots by expiry, then the oldest, then by lot id: an order that never depends on chance."""
    return sorted(lots, key=lambda lot: (lot.expires_at, lot.earned_at, lot.lot_id))


def take_parts(
    changes: Changes, state: MemberState, cause: Cause, lots: Iterable[Lot], amount: int
) -> list[tuple[Lot, int]]:
    """Take free points as `take` does; which lots they came from, and how many of each."""
    begun = len(changes.moves)
    taken = take(changes, state, cause, lots, amount)
    assert taken == amount, (state.member_id, cause.kind, taken, amount)
    return [(state.lots[move.lot_id], -move.delta) for move in changes.moves[begun:]]


def passed_on(lot: Lot, part: int, to: tuple[UUID, UUID, UUID]) -> Lot:
    """Points of a lot as a lot of somebody else; `to` is the lot's id, its member and its entry.

    Keeps: origin, terms, age and end are those of the lot they come from, so nobody makes points
    live longer by handing them round (semantics A12). What is still pending goes on waiting; what
    waited before is points like any other. Its member is told anew of its end (A8).
    """
    lot_id, member_id, entry_id = to
    waits = lot.state == "pending"
    return replace(
        lot,
        activates_at=lot.activates_at if waits else None,
        cancels_at=lot.cancels_at if waits else None,
        lot_id=lot_id,
        member_id=member_id,
        entry_id=entry_id,
        amount=part,
        remaining=part,
        pinned=0,
        moved=False,
    )


def summed(postings: Iterable[Posting]) -> list[Posting]:
    """The same postings with one line per wallet and account, lines of nothing left out."""
    sums: dict[tuple[int, int], int] = {}
    for wallet, account, amount in postings:
        sums[wallet, account] = sums.get((wallet, account), 0) + amount
    return [Posting(*place, amount) for place, amount in sums.items() if amount]
