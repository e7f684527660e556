"""The end of a redemption: handed over (captured), given back (voided) or left behind (lapsed)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple

from regulars.base.faults import Invalid, Refused
from regulars.engine.deciding import booking
from regulars.engine.deciding.expire import expire
from regulars.engine.returning.reserved import CAME_BACK, take_due
from regulars.engine.rewarding.having import wallet_code
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import Account, EntryKind, Hold, HoldState, LotMove, Posting
from regulars.records.rewards.types import Redemption, RedemptionState

Outcome = Literal["captured", "voided", "lapsed"]


class Ending(NamedTuple):
    """How a redemption is to end, when, by whom; `part` captures less than was reserved."""

    outcome: Outcome
    now: datetime
    actor: str = ""
    part: Mapping[str, int] | None = None


_ENTRY: Final[dict[Outcome, EntryKind]] = {
    "captured": "capture",
    "voided": "void",
    "lapsed": "lapse",
}


def refusal(redemption: Redemption, ending: Ending) -> Refused | None:
    """Why it cannot end so. Void is always safe; a late capture is an explicit no."""
    state: RedemptionState = redemption.state
    if ending.outcome == "captured":
        if state == "voided":
            return Refused("already_voided", "it was voided; start a new redemption")
        if state == "lapsed" or (state == "held" and ending.now >= redemption.lapses_at):
            return Refused("hold_lapsed", "it was not captured in time; start a new redemption")
    if state == "returned":
        return Refused("already_captured", "it was handed over, and came back with a return since")
    if state == "captured" and ending.outcome != "captured":
        return Refused("already_captured", "it was handed over; give points back by a return")
    return None


def conclude(
    changes: Changes,
    state: MemberState,
    version: Version,
    redemption: Redemption,
    holds: Sequence[Hold],
    ending: Ending,
) -> Refused | None:
    """End a redemption; ending it again the same way changes nothing.

    Order: held points are captured from the soonest lots; what is due of what is released, because
    a purchase came back, is taken (`reserved`); what has lapsed meanwhile leaves the books at once,
    since it was honoured only until the hold ended.
    """
    no = refusal(redemption, ending) or _other_part(version, redemption, holds, ending)
    if no is not None or redemption.state != "held":
        return no
    taken = _captured(version, redemption, holds, ending)
    # What is handed over is spent, as if it had been before anything came back.
    owed = [
        min(_known(state, hold).due, hold.amount - part)
        for hold, part in zip(holds, taken, strict=True)
    ]
    _book(changes, state, redemption, list(zip(holds, taken, owed, strict=True)), ending)
    redemption.state, redemption.closed_at = ending.outcome, ending.now
    if ending.outcome != "captured":
        free_limits(changes, state, redemption)
    changes.touch(state)
    changes.events.append(
        Event(
            state.member_id,
            state.version,
            f"reward.{ending.outcome}",
            {"redemption_id": redemption.redemption_id, "reward": redemption.reward},
        )
    )
    expire(changes, state, ending.now)
    return None


def _book(
    changes: Changes,
    state: MemberState,
    redemption: Redemption,
    ends: Sequence[tuple[Hold, int, int]],
    ending: Ending,
) -> None:
    """End holds, of each so much captured and so much of the rest taken because it is due.

    Order: what is due of the rest of a part is taken in an entry of its own, right behind: what a
    capture took is what comes back with its sale.
    """
    because = (redemption.redemption_id, ending.now, ending.actor)
    reason = CAME_BACK if any(due for _, _, due in ends) else ""
    part = bool(reason) and ending.outcome == "captured"
    cause = booking.Cause(
        _ENTRY[ending.outcome], changes.new_id(), *because, "" if part else reason
    )
    rest = booking.Cause("void", changes.new_id(), *because, reason) if part else cause
    ended: list[Posting] = []
    back: list[Posting] = []
    for hold, captured, due in ends:
        ended += _release(changes, state, hold, captured, cause)
        back += take_due(changes, state, hold, due, rest)
        hold.state, hold.captured, hold.closed_at = _hold_state(ending), captured, ending.now
        changes.holds_closed[hold.hold_id] = hold
        state.holds.pop(hold.hold_id, None)  # nothing more is due of it
    for one, postings in ((cause, ended), (rest, back)) if part else ((cause, ended + back),):
        if postings:
            booking.book(changes, state, one, booking.summed(postings))


def _other_part(
    version: Version, redemption: Redemption, holds: Sequence[Hold], ending: Ending
) -> Refused | None:
    """Captured again, but for another part than the first time: that was not handed over."""
    if redemption.state != "captured" or ending.outcome != "captured":
        return None
    if [hold.captured for hold in holds] == _captured(version, redemption, holds, ending):
        return None
    return Refused("already_captured", "another part of it was captured; start a new redemption")


def _known(state: MemberState, hold: Hold) -> Hold:
    """A hold as this batch has left it: it may have been read more than once."""
    return state.holds.get(hold.hold_id, hold)


def _hold_state(ending: Ending) -> HoldState:
    return ending.outcome


def _captured(
    version: Version, redemption: Redemption, holds: Sequence[Hold], ending: Ending
) -> list[int]:
    """How much of each hold is taken: all of it, or the part that was asked for.

    Faults: Invalid for a part that was not reserved, before anything is changed.
    """
    if ending.outcome != "captured":
        return [0] * len(holds)
    if ending.part is None:
        return [hold.amount for hold in holds]
    if redemption.promised.kind in ("payment", "stored_value"):
        raise Invalid("what pays for a basket is captured whole; void it instead", field="/part")
    for name, units in ending.part.items():
        price = redemption.promised.price.get(name, 0)
        if name not in redemption.promised.price:
            raise Invalid(f"nothing was reserved in {name}", field="/part")
        if not 0 <= units <= price:
            raise Invalid(f"{units} is not within the {price} that were reserved", field="/part")
    wanted = {wallet_code(version, name): units for name, units in ending.part.items()}
    return [wanted.get(hold.wallet, 0) for hold in holds]


def _release(
    changes: Changes, state: MemberState, hold: Hold, captured: int, cause: booking.Cause
) -> list[Posting]:
    """Unpin a hold's lots, take what is captured and give the rest back to the same lots."""
    left = captured
    pinned = sorted(
        ((state.lots[lot_id], part) for lot_id, part in hold.lots),
        key=lambda pin: (pin[0].expires_at, pin[0].earned_at, pin[0].lot_id),
    )
    for lot, part in pinned:
        taken = min(left, part)
        lot.pinned -= part
        lot.remaining -= taken
        left -= taken
        changes.change_lot(lot)
        if taken:
            changes.moves.append(
                LotMove(state.member_id, cause.entry_id, lot.lot_id, lot.wallet, -taken)
            )
    assert left == 0, (hold.hold_id, captured, left)
    released = hold.amount - captured
    balance = state.balance(hold.wallet)
    balance.held -= hold.amount
    balance.available += released
    changes.balances[(state.member_id, hold.wallet)] = balance
    postings = [Posting(hold.wallet, Account.HELD, -hold.amount)]
    if captured:
        postings.append(Posting(hold.wallet, Account.REDEEMED, captured))
    if released:
        postings.append(Posting(hold.wallet, Account.AVAILABLE, released))
    return postings


def free_limits(changes: Changes, state: MemberState, redemption: Redemption) -> None:
    """What was not handed over does not count against the member, and is on the shelf again."""
    promised = redemption.promised
    if promised.limit_counter:
        changes.count(state, promised.limit_counter, promised.limit_period, -1)
    # A code that was handed over has been seen: it is never anybody else's.
    seen = promised.kind == "code" and redemption.state == "returned"
    if promised.stocked and not seen and redemption.shelf in changes.stock:
        changes.shelve(redemption.shelf, 1)
