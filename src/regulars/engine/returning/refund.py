"""What a sale was paid with in points comes back, when the sale comes back.

The points go to the very lots they were taken from, with the end those have. What has ended
meanwhile comes back and lapses in the same breath, so paying and returning never saves points
from their end; unless the program gives what comes back a least life of its own (`lasting.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from regulars.engine.deciding import booking, idle
from regulars.engine.deciding.conclude import free_limits
from regulars.engine.deciding.expire import expire
from regulars.engine.moving.merge import Union, carry
from regulars.engine.returning.lasting import Came, let_last
from regulars.engine.returning.owed import Because, repay
from regulars.engine.returning.payments import (
    Shares,
    Spent,
    free_back,
    nets_told,
    paid_pieces,
    share,
)
from regulars.engine.returning.sale import Sale, pieces_sold
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import Account, Lot, LotMove, Posting


class Coming(NamedTuple):
    """What comes back with a return: per redemption its shares, and whether nothing of it is left
    with the member."""

    spent: Sequence[Spent]
    shares: Sequence[Shares]
    over: Sequence[bool]
    version: Version
    """The terms in force: they say how long it lives at least."""


def coming_of(state: MemberState, sale: Sale, returned: Sequence[int], version: Version) -> Coming:
    """What of each redemption comes back now, per lot; the lot that is spent last comes back first.

    Keeps: what has come back in all depends only on the pieces that came back in all, so parts in
    any order add up, and an empty basket gives back exactly all.
    Example: 100 points paid 3 pieces of 1.00: 33, then 33, then 34.
    """
    shares = [_due_of(one.books(state), one, (sale, returned)) for one in sale.spent]
    over = [_is_over(one, sale, returned) for one in sale.spent]
    return Coming(sale.spent, shares, over, version)


def free_again(state: MemberState, coming: Coming, now: datetime) -> dict[int, int]:
    """Of what comes back to this member, how much can be spent, per wallet: debt is paid first."""
    found: dict[int, int] = {}
    for spent, lot_id, points in _all(coming):
        if spent.owner is not None:
            continue
        owner = spent.books(state)
        lot = owner.lots[lot_id]
        if idle.leaves_at(owner, lot, now) > now or lot.wallet in coming.version.come_back:
            found[lot.wallet] = found.get(lot.wallet, 0) + points
    return {code: max(points - state.balance(code).debt, 0) for code, points in found.items()}


def refund(
    changes: Changes, state: MemberState, coming: Coming, because: Because, now: datetime
) -> dict[int, int]:
    """Book what comes back of each redemption; the member's points per wallet, those that lapse at
    once too.

    Order: back to the lots first, then what has ended leaves the books, then what has a least life
    gets it, then what lives pays debt (semantics A9). When nothing of the sale is left the
    redemption is `returned`: it counts against no limit and its piece is on the shelf again.
    Keeps: points of somebody who was merged go back to where they were taken, and come over from
    there as by the merge, with origin, age and end. Where a household paid, each member's points
    go back to their own lots, and they are told of it.
    Faults: Invalid for a balance above 2^53-1, before anything is booked.
    """
    own, others = _apart(coming)
    units = _units(state, own)
    booking.check_range(state, units)
    for owner, one in others:
        booking.check_range(owner, _units(owner, one))
    _refund(changes, state, own, because, now)
    for owner, one in others:
        _refund(changes, owner, one, because, now)
        _tell(changes, owner, one)
    return units


def _apart(coming: Coming) -> tuple[Coming, list[tuple[MemberState, Coming]]]:
    """What is the member's own, and what is whose else of their household."""
    each = zip(coming.spent, coming.shares, coming.over, strict=True)
    alone = [Coming([one], [shares], [over], coming.version) for one, shares, over in each]
    mine = [one for one in alone if one.spent[0].owner is None]
    own = Coming(
        [one.spent[0] for one in mine],
        [one.shares[0] for one in mine],
        [one.over[0] for one in mine],
        coming.version,
    )
    others = [(one.spent[0].owner, one) for one in alone if one.spent[0].owner is not None]
    return own, others


def _units(state: MemberState, coming: Coming) -> dict[int, int]:
    units: dict[int, int] = {}
    for spent, lot_id, points in _all(coming):
        wallet = spent.books(state).lots[lot_id].wallet
        units[wallet] = units.get(wallet, 0) + points
    return units


def _tell(changes: Changes, owner: MemberState, coming: Coming) -> None:
    """Whose points paid for somebody else's basket hears that they are back."""
    id_ = coming.spent[0].redemption.redemption_id
    for wallet, points in _units(owner, coming).items():
        changes.touch(owner)
        told = {"wallet": wallet, "points": points, "redemption_id": id_}
        changes.events.append(Event(owner.member_id, owner.version, "points.refunded", told))


def _refund(
    changes: Changes, state: MemberState, coming: Coming, because: Because, now: datetime
) -> None:
    for spent, shares, over in zip(coming.spent, coming.shares, coming.over, strict=True):
        _give(changes, spent.books(state), spent, shares, because)
        if over and spent.redemption.state == "captured":
            spent.redemption.state = "returned"
            free_limits(changes, state, spent.redemption)
    if any(coming.shares):
        lots = _settled(changes, state, coming, because, now)
        repay(changes, state, lots, because)


def _is_over(spent: Spent, sale: Sale, returned: Sequence[int]) -> bool:
    """Whether nothing of a redemption is left with the member: of the sale, or of its free
    pieces. What it took says nothing, as it may have cost nothing."""
    if tuple(returned) == pieces_sold(sale.activity):
        return True
    free, came = _free_pieces(spent, sale, returned)
    return bool(free) and came == free


def _free_pieces(spent: Spent, sale: Sale, returned: Sequence[int]) -> tuple[int, int]:
    """How many pieces of a sale a redemption made free, and how many of those came back: as the
    sale says it, since a replay knows no promises."""
    body, id_ = sale.activity.body, spent.redemption.redemption_id
    free = sum(line.free for line in body.lines if line.redemption == id_)
    # A sale of which only the sum is known has no lines, and pieces that are cents.
    return free, free_back(spent.redemption, body, returned) if free else 0


def _settled(
    changes: Changes, state: MemberState, coming: Coming, because: Because, now: datetime
) -> list[Lot]:
    """Let time do to what came back what it does to all points; the member's lots it is in then."""
    lots: list[Lot] = []
    for spent, shares in zip(coming.spent, coming.shares, strict=True):
        taker = spent.books(state)
        expire(changes, taker, now)
        whole = sum(spent.taken.values())
        cost = spent.redemption.promised.cost_minor
        came = [Came(taker.lots[id_], n, cost * n // whole) for id_, n in shares.items()]
        lasting = let_last(changes, taker, coming.version, came, because.actor, now)
        lots += lasting if spent.taker is None else []
    for spent in {one.redemption.member_id: one for one in coming.spent}.values():
        if spent.taker is not None:
            lots += _come_over(changes, spent, state, because, now)
    return lots


def _come_over(
    changes: Changes, spent: Spent, state: MemberState, because: Because, now: datetime
) -> list[Lot]:
    """Points that came back to somebody who was merged follow the merge."""
    taker, merge_id = spent.taker, spent.merge_id
    assert taker is not None, spent
    assert merge_id is not None, spent
    union = Union("merge", merge_id, now, because.actor or "return", "came back after the merge")
    opened = carry(changes, (taker, state), union, list(taker.lots.values()), {})
    changes.touch(taker)
    return opened


def _due_of(state: MemberState, spent: Spent, back: tuple[Sale, Sequence[int]]) -> Shares:
    lots = booking.soonest(state.lots[lot_id] for lot_id in spent.taken)[::-1]
    shares: Shares = {}
    for wallet in sorted({lot.wallet for lot in lots}):
        own = [lot for lot in lots if lot.wallet == wallet]
        left = _part(spent, *back, sum(spent.taken[lot.lot_id] for lot in own))
        left -= sum(spent.back.get(lot.lot_id, 0) for lot in own)
        for lot in own:
            points = min(left, spent.taken[lot.lot_id] - spent.back.get(lot.lot_id, 0))
            if points:
                shares[lot.lot_id] = points
                left -= points
        assert left == 0, (spent.redemption.redemption_id, wallet, left)
    return shares


def _part(spent: Spent, sale: Sale, returned: Sequence[int], points: int) -> int:
    """The part of points that belongs to what came back of a sale in all."""
    lines = sale.activity.body.lines
    free, came = _free_pieces(spent, sale, returned)
    if free:
        return points * came // free
    sold = pieces_sold(sale.activity)
    if not lines or tuple(returned) == sold:
        # Its pieces are the smallest coins of the currency it was told in, and so is its worth.
        told = sale.activity.body.paid_in
        whole = sale.activity.amount_minor if told is None else told.amount_minor
        return share(points, sold, returned, [whole])
    worth = nets_told(sale.activity.body)
    return share(points, *paid_pieces(sale.activity.body, returned), worth)


def _all(coming: Coming) -> Iterator[tuple[Spent, UUID, int]]:
    for spent, shares in zip(coming.spent, coming.shares, strict=True):
        for lot_id, points in shares.items():
            yield spent, lot_id, points


def _give(
    changes: Changes, state: MemberState, spent: Spent, shares: Shares, because: Because
) -> None:
    if not shares:
        return
    cause = booking.Cause("refund", changes.new_id(), *because)
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
