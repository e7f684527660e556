"""What a sale was paid with in points comes back, when the sale comes back.

The points go to the very lots they were taken from, with the end those have. What has ended
meanwhile comes back and lapses in the same breath, so paying and returning never saves points
from their end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Invalid
from regulars.engine.deciding import booking
from regulars.engine.deciding.conclude import free_limits
from regulars.engine.deciding.expire import expire
from regulars.engine.state import Changes, MemberState
from regulars.records.activity.types import Activity, Body, Payment
from regulars.records.ledger.types import Account, Lot, LotMove, Posting
from regulars.records.rewards.types import Redemption

Shares = dict[UUID, int]
"""Points per lot."""


class Spent(Struct):
    """A redemption that pays for a sale: what it took of which lots, and what came back since."""

    redemption: Redemption
    capture_id: UUID | None = None
    taken: Shares = {}
    back: Shares = {}


def check_payments(found: Mapping[UUID, Spent], activity: Activity) -> None:
    """A payment may only name a redemption that is this member's, handed over and not used yet.

    Faults: Invalid at the payment, before anything changes.
    """
    seen: set[UUID] = set()
    for place, payment, redemption_id in named(activity.body.payments):
        field = f"/payments/{place}/redemption"
        if payment.kind != "points":
            raise Invalid("only a payment in points names a redemption", field=field)
        if redemption_id in seen:
            raise Invalid("another payment of this sale names this redemption", field=field)
        seen.add(redemption_id)
        spent = found.get(redemption_id)
        if spent is None or spent.redemption.member_id != activity.member_id:
            raise Invalid("this member has no such redemption", field=field)
        redemption = spent.redemption
        if redemption.paid_for is not None:
            raise Invalid("it paid for another sale already", field=field)
        if redemption.state != "captured":
            raise Invalid(f"it is {redemption.state}; capture it before the sale", field=field)


def named(payments: Sequence[Payment]) -> Iterator[tuple[int, Payment, UUID]]:
    """The payments that say which redemption paid, with their place."""
    for place, payment in enumerate(payments):
        if payment.redemption is not None:
            yield place, payment, payment.redemption


def redemptions_of(body: Body) -> list[UUID]:
    """The redemptions that paid for a sale."""
    return [redemption for _, _, redemption in named(body.payments)]


def share(points: int, sold: Sequence[int], returned: Sequence[int], worth: Sequence[int]) -> int:
    """The part of the points that belongs to the pieces that came back, rounded down until all
    came back."""
    if list(returned) == list(sold):
        return points
    total = sum(worth)
    came = sum(w * back // pieces for w, back, pieces in zip(worth, returned, sold, strict=True))
    return points * came // total if total else 0


def due(state: MemberState, spent: Sequence[Spent], part: Callable[[int], int]) -> list[Shares]:
    """What of each redemption comes back now, per lot; the lot that is spent last comes back first.

    Keeps: what has come back in all depends only on the pieces that came back in all, so parts in
    any order add up, and an empty basket gives back exactly all.
    Example: 100 points paid 3 pieces of 1.00: 33, then 33, then 34.
    """
    return [_due_of(state, one, part) for one in spent]


def _due_of(state: MemberState, spent: Spent, part: Callable[[int], int]) -> Shares:
    lots = booking.soonest(state.lots[lot_id] for lot_id in spent.taken)[::-1]
    shares: Shares = {}
    for wallet in sorted({lot.wallet for lot in lots}):
        own = [lot for lot in lots if lot.wallet == wallet]
        left = part(sum(spent.taken[lot.lot_id] for lot in own))
        left -= sum(spent.back.get(lot.lot_id, 0) for lot in own)
        for lot in own:
            points = min(left, spent.taken[lot.lot_id] - spent.back.get(lot.lot_id, 0))
            if points:
                shares[lot.lot_id] = points
                left -= points
        assert left == 0, (spent.redemption.redemption_id, wallet, left)
    return shares


def free_again(state: MemberState, shares: Sequence[Shares], now: datetime) -> dict[int, int]:
    """Of what comes back, how much can be spent, per wallet: debt is paid first."""
    found: dict[int, int] = {}
    for lot_id, points in _all(shares):
        lot = state.lots[lot_id]
        if lot.expires_at > now:
            found[lot.wallet] = found.get(lot.wallet, 0) + points
    return {code: max(points - state.balance(code).debt, 0) for code, points in found.items()}


class Coming(NamedTuple):
    """What comes back with a return: per redemption its shares, and whether nothing is left."""

    spent: Sequence[Spent]
    shares: Sequence[Shares]
    whole: bool


def refund(
    changes: Changes, state: MemberState, back: Coming, activity: Activity, now: datetime
) -> dict[int, int]:
    """Book what comes back of each redemption; points per wallet, those that lapse at once too.

    Order: back to the lots first, then what has ended leaves the books, then what lives pays debt
    (semantics A9). When nothing of the sale is left the redemption is `returned`: it counts against
    no limit and its piece is on the shelf again.
    Faults: Invalid for a balance above 2^53-1, before anything is booked.
    """
    units: dict[int, int] = {}
    for lot_id, points in _all(back.shares):
        wallet = state.lots[lot_id].wallet
        units[wallet] = units.get(wallet, 0) + points
    booking.check_range(state, units)
    for spent, shares in zip(back.spent, back.shares, strict=True):
        _give(changes, state, spent, shares, activity)
        if back.whole and spent.redemption.state == "captured":
            spent.redemption.state = "returned"
            free_limits(changes, state, spent.redemption)
    if units:
        expire(changes, state, now)
        _repay(changes, state, [state.lots[lot_id] for lot_id, _ in _all(back.shares)], activity)
    return units


def _all(shares: Sequence[Shares]) -> Iterator[tuple[UUID, int]]:
    for each in shares:
        yield from each.items()


def _give(
    changes: Changes, state: MemberState, spent: Spent, shares: Shares, activity: Activity
) -> None:
    if not shares:
        return
    cause = booking.Cause(
        "refund", changes.new_id(), activity.activity_id, activity.occurred_at, activity.actor
    )
    wallets: dict[int, int] = {}
    for lot_id, points in shares.items():
        lot = state.lots[lot_id]
        lot.remaining += points
        changes.change_lot(lot)
        changes.moves.append(LotMove(state.member_id, cause.entry_id, lot_id, lot.wallet, points))
        spent.back[lot_id] = spent.back.get(lot_id, 0) + points
        wallets[lot.wallet] = wallets.get(lot.wallet, 0) + points
    postings: list[Posting] = []
    for wallet, points in wallets.items():
        balance = state.balance(wallet)
        balance.available += points
        changes.balances[(state.member_id, wallet)] = balance
        postings.append(Posting(wallet, Account.REDEEMED, -points))
        postings.append(Posting(wallet, Account.AVAILABLE, points))
    booking.book(changes, state, cause, postings, reverses=spent.capture_id)


def _repay(changes: Changes, state: MemberState, lots: Sequence[Lot], activity: Activity) -> None:
    """Pay what the member owes out of what came back and lives."""
    for wallet in sorted({lot.wallet for lot in lots}):
        balance = state.balance(wallet)
        own = booking.soonest({lot.lot_id: lot for lot in lots if lot.wallet == wallet}.values())
        owed = min(balance.debt, sum(lot.free for lot in own))
        if owed == 0:
            continue
        cause = booking.Cause(
            "repay", changes.new_id(), activity.activity_id, activity.occurred_at, activity.actor
        )
        booking.take(changes, state, cause, own, owed)
        balance.debt -= owed
        booking.book(
            changes, state, cause, booking.debit(changes, state, wallet, owed, Account.DEBT)
        )
