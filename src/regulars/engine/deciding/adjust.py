"""A correction by hand: points are given or taken with a reason and a name."""

from __future__ import annotations

from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.faults import Invalid, Refused
from regulars.base.money import LARGEST
from regulars.engine.calendar import expires_at
from regulars.engine.deciding import booking
from regulars.engine.deciding.expire import expire
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import NEVER, Account, Lot, Posting

MOST_OWED: Final = LARGEST // 2
"""So much is owed by corrections at most: what is returned later, or owed by whoever is merged into
them, has to find room beside it."""


class Correction(NamedTuple):
    """How much of which wallet, and the entry that says so."""

    wallet: str
    units: int
    cause: booking.Cause
    earned: bool = False
    """A connected till worked it out by itself: it counts as earned."""
    owing: bool = False
    """What is not there to be taken is owed."""


def adjust(
    changes: Changes, state: MemberState, version: Version, correction: Correction
) -> Refused | None:
    """Give points as a new lot under the wallet's expiry, or take the soonest ones.

    Refuses: taking more than is there (`not_enough_points`), unless the rest is to be owed; nothing
    is clipped silently.
    Faults: more than 2^52-1 would be owed, or more than 2^53-1 be there.
    """
    cause, units = correction.cause, correction.units
    expire(changes, state, cause.occurred_at)
    code = version.wallet_codes[version.compiled.wallet_places[correction.wallet]]
    if units > 0:
        booking.check_range(state, {code: units})
        lot = _lot(changes.new_id(), state, version, correction)
        against = Account.ISSUED if correction.earned else Account.ADJUSTED
        postings = booking.credit(changes, state, cause, lot, against)
        state.balance(code).earned += units if correction.earned else 0
    else:
        available = state.balance(code).available
        if available < -units and not correction.owing:
            return Refused(
                "not_enough_points",
                f"only {available} can be taken",
                {"wallet": correction.wallet, "available": available},
            )
        postings = _taken(changes, state, version, correction, min(available, -units))
    booking.book(changes, state, cause, postings)
    changes.touch(state)
    changes.events.append(
        Event(
            state.member_id,
            state.version,
            "points.adjusted",
            {"wallet": code, "units": units, "entry_id": cause.entry_id},
        )
    )
    return None


def _taken(
    changes: Changes, state: MemberState, version: Version, correction: Correction, there: int
) -> list[Posting]:
    """Take as many as are there, in the order in which they are spent; the rest is owed."""
    cause, wallet = correction.cause, version.program.wallets[correction.wallet]
    code = version.wallet_codes[version.compiled.wallet_places[correction.wallet]]
    postings: list[Posting] = []
    owed = -correction.units - there
    if owed and state.balance(code).debt + owed > MOST_OWED:
        raise Invalid("this would raise the debt above 2^52-1; use smaller amounts")
    if there:
        order = booking.in_order(state.lots.values(), code, wallet.spends)
        taken = booking.take(changes, state, cause, order, there)
        assert taken == there, (state.member_id, code, taken, there)
        postings += booking.debit(changes, state, code, there, Account.ADJUSTED)
    if owed:
        postings += booking.move_debt(changes, state, code, owed, Account.ADJUSTED)
    return booking.summed(postings)


def _lot(lot_id: UUID, state: MemberState, version: Version, correction: Correction) -> Lot:
    cause, name = correction.cause, correction.wallet
    expiry = version.program.wallets[name].expiry
    at = cause.occurred_at
    return Lot(
        lot_id=lot_id,
        member_id=state.member_id,
        wallet=version.wallet_codes[version.compiled.wallet_places[name]],
        entry_id=cause.entry_id,
        cause_id=cause.cause_id,
        version=version.number,
        amount=correction.units,
        remaining=correction.units,
        pinned=0,
        earned_at=at,
        expires_at=expires_at(version.zone, at, expiry) if expiry else NEVER,
    )
