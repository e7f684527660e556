"""A correction by hand: points are given or taken with a reason and a name."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.base.faults import Invalid, Refused
from regulars.base.money import LARGEST
from regulars.engine.calendar import day_starts_at, expires_at, local
from regulars.engine.deciding import booking
from regulars.engine.deciding.expire import expire
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import NEVER, Account, Lot, Posting

UNENDING: Final = "never"
LONGEST_DAYS: Final = 36_525
_ISO: Final = len("2027-03-31")
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
    ends_at: datetime | None = None
    """When what is given is gone, where somebody chose it; otherwise as the wallet says."""


def chosen_end(zone: ZoneInfo, now: datetime, expires_on: str) -> datetime | None:
    """When points are gone of which somebody says how long they are good; nothing where nobody
    does and the wallet's own rule is meant.

    Shape: `never`, or the last day on which they can be spent, as `2027-03-31`.
    Faults: no day there is; one that is over; later than a hundred years from now.
    Example: chosen on 31 March, until 31 March: gone as 1 April begins in the shop.
    """
    if not expires_on:
        return None
    if expires_on == UNENDING:
        return NEVER
    try:
        last = date.fromisoformat(expires_on if len(expires_on) == _ISO else "")
    except ValueError:
        raise Invalid(
            "this is no day", field="/expires_on", mend="Write never, or a day as 2027-03-31"
        ) from None
    today = local(zone, now).day
    if last.toordinal() < today:
        raise Invalid("this day is over", field="/expires_on", mend="Take today or a day to come")
    if last.toordinal() - today > LONGEST_DAYS:
        raise Invalid(
            "this is more than a hundred years from now",
            field="/expires_on",
            mend="Write never for points that do not expire",
        )
    return day_starts_at(zone, last.toordinal() + 1)


def adjust(
    changes: Changes, state: MemberState, version: Version, correction: Correction
) -> Refused | None:
    """Give points as a new lot under the wallet's expiry or a chosen one, or take the soonest ones.

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


def end_of(version: Version, wallet: str, at: datetime, chosen: datetime | None) -> datetime:
    """When points given by hand now are gone: as somebody chose, else as the wallet says."""
    expiry = version.program.wallets[wallet].expiry
    return chosen or (expires_at(version.zone, at, expiry) if expiry else NEVER)


def _lot(lot_id: UUID, state: MemberState, version: Version, correction: Correction) -> Lot:
    cause, name = correction.cause, correction.wallet
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
        expires_at=end_of(version, name, at, correction.ends_at),
    )
