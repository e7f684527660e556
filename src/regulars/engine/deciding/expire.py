"""What time alone does to points: pending ones turn, and those whose time is over leave the books.

Held ones are honoured until their hold ends.
"""

from __future__ import annotations

from datetime import datetime

from regulars.engine.deciding import booking, notice, pending
from regulars.engine.state import Changes, Event, MemberState
from regulars.records.ledger.types import Account


def expire(changes: Changes, state: MemberState, now: datetime) -> int:
    """Let every lot lapse whose exclusive end has come; how many points lapsed.

    Order: pending points whose wait is over turn first (semantics A5). Then lots by (expiry, age,
    id); one entry per lot, dated at the lot's own end, whenever the night's work ran. What nobody
    was told of in time, where the wallet promises that, lives on (semantics A8). Pinned
    points stay.
    Example: a lot that ends at midnight is gone one second after, job or no job.
    """
    pending.turn(changes, state, now)
    due = [lot for lot in state.lots.values() if lot.free > 0 and lot.expires_at <= now]
    lapsed = 0
    for lot in booking.soonest(due):
        if notice.postpone(changes, state, lot, now) and lot.expires_at > now:
            continue
        points = lot.free
        actor = changes.actor
        cause = booking.Cause("expire", changes.new_id(), lot.lot_id, lot.expires_at, actor)
        booking.take(changes, state, cause, [lot], points)
        postings = booking.debit(changes, state, lot.wallet, points, Account.EXPIRED)
        booking.book(changes, state, cause, postings)
        lapsed += points
        of_cause = (lot.cause_id, lot.wallet)
        state.lapsed[of_cause] = state.lapsed.get(of_cause, 0) + points
        changes.events.append(
            Event(
                state.member_id,
                state.version + 1,
                "points.expired",
                {"wallet": lot.wallet, "points": points, "lot_id": lot.lot_id},
            )
        )
    if due:
        changes.touch(state)
    return lapsed
