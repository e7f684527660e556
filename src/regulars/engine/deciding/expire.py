"""What time alone does to points: pending ones turn, and those whose time is over leave the books.

Held ones are honoured until their hold ends.
"""

from __future__ import annotations

from datetime import datetime

from regulars.engine.deciding import booking, idle, notice, pending
from regulars.engine.state import Changes, Event, MemberState
from regulars.records.ledger.types import Account, Lot


def expire(changes: Changes, state: MemberState, now: datetime) -> int:
    """Let every lot lapse whose exclusive end has come; how many points lapsed.

    Order: pending points whose wait is over turn first (semantics A5). Then lots by (expiry, age,
    id); one entry per lot, dated at the lot's own end, whenever the night's work ran. What nobody
    was told of in time, where the wallet promises that, lives on (semantics A8). What its member
    left alone for too long lapses at that earlier end (A7). Pinned points stay.
    Example: a lot that ends at midnight is gone one second after, job or no job.
    """
    pending.turn(changes, state, now)
    due = [
        lot
        for lot in state.lots.values()
        if (lot.expires_at <= now or (state.idle and _left_alone(state, lot, now))) and lot.free > 0
    ]
    lapsed = 0
    for lot in booking.soonest(due):
        gone_at = idle.lapses_at(state, lot, now)
        if lot.expires_at <= gone_at:
            notice.postpone(changes, state, lot, now)
        ends = min(lot.expires_at, gone_at)
        if ends <= now:
            lapsed += _lapse(changes, state, lot, ends)
    if due:
        changes.touch(state)
    return lapsed


def expire_idle(changes: Changes, state: MemberState, at: datetime) -> None:
    """Let go what had been left alone for too long when the member came back at this instant.

    Order: before whatever they do keeps the rest alive; it brings nothing back (semantics A7).
    """
    if not state.idle or not state.lots:
        return
    # What is still pending was never told of, so it is not among these.
    due = [lot for lot in state.lots.values() if lot.free > 0 and _left_alone(state, lot, at)]
    for lot in booking.soonest(due):
        _lapse(changes, state, lot, idle.lapses_at(state, lot, at))
    if due:
        changes.touch(state)


def _left_alone(state: MemberState, lot: Lot, now: datetime) -> bool:
    gone_at = idle.lapses_at(state, lot, now)
    return gone_at <= now and gone_at < lot.expires_at


def _lapse(changes: Changes, state: MemberState, lot: Lot, at: datetime) -> int:
    """Let what is free of a lot go at its own end, or before it for want of activity."""
    points, alone = lot.free, at < lot.expires_at
    cause = booking.Cause(
        "expire",
        changes.new_id(),
        lot.lot_id,
        at,
        changes.actor,
        idle.reason(state, lot) if alone else "",
    )
    booking.take(changes, state, cause, [lot], points)
    postings = booking.debit(changes, state, lot.wallet, points, Account.EXPIRED)
    booking.book(changes, state, cause, postings)
    of_cause = (lot.cause_id, lot.wallet)
    state.lapsed[of_cause] = state.lapsed.get(of_cause, 0) + points
    payload = {
        "wallet": lot.wallet,
        "points": points,
        "lot_id": lot.lot_id,
        "because": "inactivity" if alone else "expiry",
    }
    changes.events.append(Event(state.member_id, state.version + 1, "points.expired", payload))
    return points
