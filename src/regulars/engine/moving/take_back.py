"""What an import brought is taken back: points go the way they came, by entries of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from regulars.engine.deciding import booking
from regulars.engine.deciding.pending import take_waiting
from regulars.engine.state import Changes, MemberState, imported_by
from regulars.records.ledger.types import Account, Lot, Posting


class Undoing(NamedTuple):
    """Which import is taken back, when, and the entries by which it opened points."""

    import_id: UUID
    now: datetime
    opened: Collection[UUID]


def take_back(
    changes: Changes, state: MemberState, undoing: Undoing, lots: Iterable[Lot]
) -> dict[int, int]:
    """Take all that is left of these lots to the account of openings; how much, per wallet.

    Order: the soonest first. An entry names the opening it reverses wherever that is exact: what
    was pending when it came and is usable now went another way in between.
    Assumes: nothing is reserved of these lots.
    Example: 500 points were opened and 100 lapsed since: 400 go, and the 100 stay lapsed.
    """
    gone: dict[int, int] = {}
    for lot in booking.soonest(lots):
        left = lot.remaining
        assert not lot.pinned, lot
        if not left:
            continue
        exact = lot.entry_id in undoing.opened and (lot.state == "pending" or not lot.waited)
        cause = _cause(changes, undoing)
        postings = _taken(changes, state, cause, lot)
        reverses = lot.entry_id if exact else None
        booking.book(changes, state, cause, postings, reverses=reverses)
        gone[lot.wallet] = gone.get(lot.wallet, 0) + left
    changes.touch(state)
    return gone


def forgive(changes: Changes, state: MemberState, undoing: Undoing) -> None:
    """What a member owes by an import that is taken back is owed no more."""
    for wallet, balance in state.balances.items():
        if balance.debt:
            cause = _cause(changes, undoing)
            postings = booking.move_debt(changes, state, wallet, -balance.debt, Account.OPENING)
            booking.book(changes, state, cause, postings)
            changes.touch(state)


def _cause(changes: Changes, undoing: Undoing) -> booking.Cause:
    actor = imported_by(undoing.import_id)
    entry_id = changes.new_id()
    return booking.Cause(
        "open", entry_id, undoing.import_id, undoing.now, actor, "import taken back"
    )


def _taken(changes: Changes, state: MemberState, cause: booking.Cause, lot: Lot) -> list[Posting]:
    left = lot.remaining
    if lot.state != "pending":
        booking.take(changes, state, cause, [lot], left)
        return booking.debit(changes, state, lot.wallet, left, Account.OPENING)
    take_waiting(changes, state, cause, [lot], left)
    changes.balances[(state.member_id, lot.wallet)] = state.balance(lot.wallet)
    return [Posting(lot.wallet, Account.PENDING, -left), Posting(lot.wallet, Account.OPENING, left)]
