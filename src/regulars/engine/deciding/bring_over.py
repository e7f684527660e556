"""What a member had in another system becomes theirs here: points with their ends, and a tier."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.faults import Fault, Invalid
from regulars.base.money import LARGEST
from regulars.engine.calendar import expires_at, local
from regulars.engine.deciding import booking, pending, tiering
from regulars.engine.deciding.expire import expire
from regulars.engine.ladder import floors
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import NEVER, Account, Lot

GIVE_BY_HAND: Final = "Leave the line out; if it is right, give the tier by hand"


class Opening(NamedTuple):
    """Points of one origin: how many of which wallet, from when, until when."""

    wallet: str
    units: int
    earned_at: datetime
    expires_at: datetime | None
    by_rule: bool
    cause: booking.Cause
    activates_at: datetime | None = None
    cancels_at: datetime | None = None
    activity_id: UUID | None = None
    """What is confirmed or cancelled, of points that wait for a word about it."""


class Grant(NamedTuple):
    """A tier that was reached elsewhere; `until` nothing and not by rule is for ever."""

    tier: str
    since: datetime
    until: datetime | None
    by_rule: bool
    import_id: UUID
    had_more: bool = False
    """They stood higher here before than where everybody stands, and came down again."""


def open_lot(changes: Changes, state: MemberState, version: Version, opening: Opening) -> None:
    """Book points as a lot of their own that keeps its end; what is over by now lapses at once.

    Order: a debt is paid first, as by every credit; what is still pending stays so, and what should
    have turned by now turns at once.
    Example: 500 points that end on 1 March and are brought over on 2 March are opened and lapse.
    """
    cause = opening.cause
    code = version.wallet_codes[version.compiled.wallet_places[opening.wallet]]
    booking.check_range(state, {code: opening.units})
    lot = Lot(
        lot_id=changes.new_id(),
        member_id=state.member_id,
        wallet=code,
        entry_id=cause.entry_id,
        cause_id=opening.activity_id or cause.cause_id,
        version=version.number,
        amount=opening.units,
        remaining=opening.units,
        pinned=0,
        earned_at=opening.earned_at,
        expires_at=_end(version, opening),
    )
    lot.activates_at, lot.cancels_at = opening.activates_at, opening.cancels_at
    postings = pending.put(changes, state, cause, (lot, Account.OPENING))
    booking.book(changes, state, cause, postings)
    changes.touch(state)
    pending.turn(changes, state, cause.occurred_at)
    expire(changes, state, cause.occurred_at)


def open_debt(changes: Changes, state: MemberState, version: Version, opening: Opening) -> None:
    """Book what a member owed elsewhere; it is owed here from now on.

    Keeps: points that are there stay there, as they were side by side there too.
    Faults: more than 2^53-1 would be owed.
    """
    code = version.wallet_codes[version.compiled.wallet_places[opening.wallet]]
    if state.balance(code).debt + opening.units > LARGEST:
        raise Invalid("this would raise the debt above 2^53-1; use smaller amounts", field="/owed")
    postings = booking.move_debt(changes, state, code, opening.units, Account.OPENING)
    booking.book(changes, state, opening.cause, postings)
    changes.touch(state)


def _end(version: Version, opening: Opening) -> datetime:
    if opening.expires_at is not None:
        return opening.expires_at
    expiry = version.program.wallets[opening.wallet].expiry
    if expiry is None or not opening.by_rule:
        return NEVER
    return expires_at(version.zone, opening.earned_at, expiry)


def grant_tier(
    changes: Changes, state: MemberState, version: Version, grant: Grant, now: datetime
) -> Fault | None:
    """Put a member on the step they had; one whose time is over by now is reviewed at once.

    Faults: a member who stands on a step already, but on one that everybody stands on; there, too,
    who came down to it: what was lost here, no file of before gives back.
    Example: where bronze is had for nothing, whoever came yesterday is gold today as they were
    there; who is silver here stays so, and is refused.
    """
    by_nothing = state.tier in had_for_nothing(version) and floors.holding(state) is None
    if state.tier is not None and (grant.had_more or not by_nothing):
        says, mend = f"this member has the tier {state.tier} already", GIVE_BY_HAND
        return Invalid(says, field="/tier", mend=mend)
    until = grant.until
    if grant.by_rule:
        until = tiering.until_of(version, state, local(version.zone, now).day)
    why: tiering.Why = ("brought_over", grant.import_id, until, grant.since)
    tiering.bring_over(changes, state, grant.tier, why)
    tiering.review(changes, state, version, now)
    return None


def had_for_nothing(version: Version) -> tuple[str, ...]:
    """The steps on which members stand by no credit of their own: up to the one at 0."""
    return version.compiled.tiers[: version.compiled.tier_of(0)]


def up_to_now(changes: Changes, state: MemberState, version: Version, now: datetime) -> None:
    """Do what every night since would have done: review the tier, let points lapse."""
    tiering.review(changes, state, version, now)
    expire(changes, state, now)
