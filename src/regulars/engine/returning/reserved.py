"""What comes back while its points are reserved: they are there, and nobody can take them yet.

How much of a reservation is due to that is kept with it. Where the reservation is given back or
lapses, it is taken of what that frees; who was handed the reward keeps it, as if the points had
been spent before (semantics A9, D2).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from regulars.engine.deciding import booking
from regulars.engine.state import Changes, MemberState
from regulars.records.ledger.types import Account, Hold, Posting

CAME_BACK: Final = "something came back while they were reserved"
"""Why, in the books; said in the reader's language (engine/words/reasons.py)."""


def reserved_in(state: MemberState, wallet: int) -> int:
    """How much of a wallet is reserved and not due already."""
    return sum(hold.amount - hold.due for hold in _open(state, wallet))


def free_again_at(state: MemberState, wallet: int, points: int) -> datetime:
    """When so much of what is reserved is free at the latest, as reservations end by themselves.

    Assumes: so much is reserved (`reserved_in`).
    """
    ends = sorted((hold.lapses_at, hold.amount - hold.due) for hold in _open(state, wallet))
    at, left = ends[-1][0], points
    for lapses_at, part in ends:
        left -= part
        if left <= 0:
            return lapses_at
    return at


def put_down(changes: Changes, state: MemberState, wallet: int, points: int) -> None:
    """Keep in mind with what is reserved that so much of it is due, the oldest first; what no
    reservation has was spent, and is forgotten.

    Assumes: the open reservations of whoever has some in this wallet are known.
    """
    for hold in _open(state, wallet):
        part = min(points, hold.amount - hold.due)
        if part:
            hold.captured += part
            points -= part
            changes.holds_closed[hold.hold_id] = hold


def take_due(
    changes: Changes, state: MemberState, hold: Hold, due: int, cause: booking.Cause
) -> list[Posting]:
    """Take what is due of the points that a reservation frees, as the return would have done.

    Order: lots of purchases that came back, then those that end last (semantics D3).
    Assumes: its lots are free again, and so is its member's balance.
    """
    if not due:
        return []
    lots = [state.lots[lot_id] for lot_id, _ in hold.lots]
    lots.sort(key=lambda lot: (lot.expires_at, lot.earned_at, lot.lot_id), reverse=True)
    lots.sort(key=lambda lot: lot.lot_id not in hold.returned)
    booking.take_parts(changes, state, cause, lots, due)
    balance = state.balance(hold.wallet)
    balance.available -= due
    balance.earned -= min(due, balance.earned)
    taken = Posting(hold.wallet, Account.AVAILABLE, -due)
    return [taken, Posting(hold.wallet, Account.ISSUED, due)]


def _open(state: MemberState, wallet: int) -> list[Hold]:
    found = [one for one in state.holds.values() if one.wallet == wallet and one.state == "open"]
    return sorted(found, key=lambda one: (one.opened_at, one.hold_id))
