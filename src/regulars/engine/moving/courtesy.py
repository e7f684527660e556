"""Courtesy: points live longer, or live again; each time an entry says who, why and the cost."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from regulars.base.faults import Invalid, Refused
from regulars.engine.calendar import expires_at
from regulars.engine.deciding import booking, idle
from regulars.engine.deciding.expire import expire
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import NEVER, Account, Courtesy, Lot, Posting

Refusal = Literal["lot_empty", "points_pending", "lot_lapsed", "not_lapsed"]
"""Every way a courtesy can be refused."""


class Favour(NamedTuple):
    """Which lot, until when, when it is done, by whom and why, and what it costs the shop."""

    lot_id: UUID
    until: datetime | None
    now: datetime
    actor: str
    reason: str
    cost_minor: int


def extend(changes: Changes, state: MemberState, favour: Favour) -> UUID | Refused:
    """Let what is left of a lot live until later; the entry that says so.

    Order: what lapsed by now is gone first; that is for `reinstate`.
    Points that would lapse for want of activity before are spared until then.
    Keeps: the entry takes the points out and puts them back, so the books show it (semantics A8).
    Refuses: `lot_empty`, `points_pending`, `lot_lapsed`. Faults: Invalid for an end
    that is not later.
    """
    expire(changes, state, favour.now)
    lot = state.lots.get(favour.lot_id)
    if lot is None or not lot.remaining:
        return Refused("lot_empty", "nothing is left of these points")
    if lot.state == "pending":
        says = "these points are pending; their life begins when they can be spent"
        return Refused("points_pending", says)
    ends = idle.leaves_at(state, lot, favour.now)
    if ends <= favour.now:
        return Refused("lot_lapsed", "their end has come; only what is reserved is still honoured")
    until = favour.until
    if until is None or not ends < until <= NEVER:
        raise Invalid(
            f"say an end after {ends.isoformat()}, when they lapse now", field="/expires_at"
        )
    cause = _cause(changes, "extend", favour)
    postings = []
    for account, part in ((Account.AVAILABLE, lot.free), (Account.HELD, lot.pinned)):
        if part:
            postings += [Posting(lot.wallet, account, -part), Posting(lot.wallet, account, part)]
    booking.book(changes, state, cause, postings)
    if _later(changes, state, (cause, lot, until, ends), favour.cost_minor):
        lot.moved = True
        changes.change_lot(lot)
        state.notices.pop(lot.lot_id, None)  # it told of the end before
        state.told_before.pop(lot.lot_id, None)
    payload = {
        "wallet": lot.wallet,
        "points": lot.remaining,
        "lot_id": lot.lot_id,
        "entry_id": cause.entry_id,
        "expires_at": until,
    }
    changes.touch(state)
    changes.events.append(Event(state.member_id, state.version, "points.extended", payload))
    return cause.entry_id


def _later(
    changes: Changes,
    state: MemberState,
    moved: tuple[booking.Cause, Lot, datetime, datetime],
    cost_minor: int,
) -> bool:
    """Move a lot's own end where it comes before the new one, and say whether it did; until then
    nobody loses it for doing nothing either."""
    cause, lot, until, ends = moved
    kind: Literal["extend", "spare"] = "extend" if until > lot.expires_at else "spare"
    from_at = lot.expires_at if kind == "extend" else ends
    _keep(changes, state, (cause, lot, lot.remaining, until), cost_minor, (kind, from_at))
    state.spared[lot.lot_id] = max(until, state.spared.get(lot.lot_id, until))
    lot.expires_at = max(until, lot.expires_at)
    return kind == "extend"


def extend_part(changes: Changes, state: MemberState, lot: Lot, points: int, favour: Favour) -> Lot:
    """Part some free points from a living lot and let them live until later; their own lot.

    Keeps: origin, age and terms are those of the lot they were parted from; what stays in it
    ends as it did.
    """
    until, ends = favour.until or lot.expires_at, idle.leaves_at(state, lot, favour.now)
    assert until > ends, (lot, favour)
    lot_id, entry_id = changes.new_id(), changes.new_id()
    cause = booking.Cause("extend", entry_id, lot_id, favour.now, favour.actor, favour.reason)
    parted = booking.passed_on(lot, points, (lot_id, lot.member_id, entry_id))
    taken = booking.take(changes, state, cause, [lot], points)
    assert taken == points, (lot, points)
    _later(changes, state, (cause, parted, until, ends), favour.cost_minor)
    changes.open_lot(state, parted)
    out = Posting(lot.wallet, Account.AVAILABLE, -points)
    booking.book(changes, state, cause, [out, Posting(lot.wallet, Account.AVAILABLE, points)])
    payload = {
        "wallet": lot.wallet,
        "points": points,
        "lot_id": lot_id,
        "entry_id": entry_id,
        "expires_at": until,
    }
    changes.touch(state)
    changes.events.append(Event(state.member_id, state.version, "points.extended", payload))
    return parted


def reinstate(
    changes: Changes,
    state: MemberState,
    version: Version,
    gone: tuple[Lot, int, int | None],
    favour: Favour,
) -> UUID | Refused:
    """Give back points that lapsed, as a lot of its own with its own life; the entry that says so.

    Shape: `gone` is the lot that lapsed, how much of it may live again, and how much is wanted
    (all of that when not said).
    Order: they pay what is owed first, as everything does that comes in.
    Keeps: what they came of; so where that comes back they go with it.
    Refuses: `not_lapsed`. Faults: Invalid for an end that has come, or too many points.
    """
    lot, most, wanted = gone
    expire(changes, state, favour.now)
    points = most if wanted is None else wanted
    if points > most or most == 0:
        says = f"{most} points of this lot lapsed and were not given back yet"
        return Refused("not_lapsed", says, {"lapsed": most})
    until = favour.until or _own_end(version, lot, favour.now)
    if until <= favour.now:
        raise Invalid("say an end that is still to come", field="/expires_at")
    booking.check_range(state, {lot.wallet: points})
    cause = _cause(changes, "reinstate", favour)
    again = Lot(
        lot_id=changes.new_id(),
        member_id=state.member_id,
        wallet=lot.wallet,
        entry_id=cause.entry_id,
        cause_id=lot.cause_id,
        version=version.number,
        amount=points,
        remaining=points,
        pinned=0,
        earned_at=favour.now,
        expires_at=until,
    )
    postings = booking.credit(changes, state, cause, again, Account.EXPIRED)
    # Of what they came of so much is not lapsed any more: its return takes it (semantics D3).
    of_cause = (lot.cause_id, lot.wallet)
    state.lapsed[of_cause] = state.lapsed.get(of_cause, 0) - points
    booking.book(changes, state, cause, postings)
    done = (cause, lot, points, until)
    _keep(changes, state, done, favour.cost_minor, ("reinstate", lot.expires_at))
    payload = {
        "wallet": lot.wallet,
        "points": points,
        "lot_id": lot.lot_id,
        "entry_id": cause.entry_id,
        "expires_at": until,
    }
    changes.touch(state)
    changes.events.append(Event(state.member_id, state.version, "points.reinstated", payload))
    return cause.entry_id


def _own_end(version: Version, lot: Lot, now: datetime) -> datetime:
    """When points of this wallet lapse that are given now."""
    wallet = version.program.wallets.get(version.wallet_ids.get(lot.wallet, ""))
    expiry = wallet.expiry if wallet is not None else None
    return NEVER if expiry is None else expires_at(version.zone, now, expiry)


def _cause(changes: Changes, kind: Literal["extend", "reinstate"], favour: Favour) -> booking.Cause:
    entry_id = changes.new_id()
    return booking.Cause(kind, entry_id, favour.lot_id, favour.now, favour.actor, favour.reason)


def _keep(
    changes: Changes,
    state: MemberState,
    done: tuple[booking.Cause, Lot, int, datetime],
    cost_minor: int,
    how: tuple[Literal["extend", "spare", "reinstate"], datetime],
) -> None:
    cause, lot, points, until = done
    kind, from_at = how
    changes.courtesies.append(
        Courtesy(
            member_id=state.member_id,
            entry_id=cause.entry_id,
            kind=kind,
            lot_id=lot.lot_id,
            wallet=lot.wallet,
            points=points,
            from_at=from_at,
            to_at=until,
            cost_minor=cost_minor,
        )
    )
