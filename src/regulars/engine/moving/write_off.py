"""Points a member owes are forgiven: by hand, or after as long as the wallet says."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars.base.faults import Refused
from regulars.engine.calendar import add_span
from regulars.engine.deciding import booking
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import Account


def write_off(
    changes: Changes,
    state: MemberState,
    wallet: int,
    said: tuple[datetime, str, str],
) -> UUID | Refused:
    """Forgive all that is owed in a wallet by an entry of its own; the entry that says so.

    Shape: `said` is when, by whom and why. Refuses: `nothing_owed`.
    """
    owed = state.balance(wallet).debt
    if not owed:
        return Refused("nothing_owed", "nothing is owed here")
    entry_id = changes.new_id()
    now, actor, reason = said
    cause = booking.Cause("write_off", entry_id, entry_id, now, actor, reason)
    postings = booking.move_debt(changes, state, wallet, -owed, Account.WRITTEN_OFF)
    booking.book(changes, state, cause, postings)
    changes.touch(state)
    payload = {"wallet": wallet, "points": owed, "entry_id": entry_id}
    changes.events.append(Event(state.member_id, state.version, "points.written_off", payload))
    return entry_id


def is_due(version: Version, wallet: str, since: datetime, now: datetime) -> bool:
    """Whether a debt that began then is old enough to be forgiven."""
    after = version.program.wallets[wallet].write_off_after
    return after is not None and add_span(version.zone, since, after) <= now
