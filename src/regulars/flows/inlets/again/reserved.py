"""A return whose points are reserved for a reward is tried again until that ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from regulars.base.faults import Refused
from regulars.records.inlets.types import AS_TOLD, Arrival, Ended

RESERVED: Final = "points_reserved"
SOONEST: Final = timedelta(minutes=1)
RAREST: Final = timedelta(hours=1)
"""A reservation may be given back before its time is over; so it is asked for in between."""
LONGEST: Final = timedelta(days=60)
"""What an event said is kept for 90 days while it is open; behind this somebody looks at it."""
_SAYS: Final = "its points are reserved for a reward"
_MEND: Final = "It is tried again by itself until that ends; void it or hand it over to be sooner"


def tried_again(arrival: Arrival, no: Refused, now: datetime) -> Ended | None:
    """When an event is tried again that is refused only because points are reserved; nothing where
    it was for another reason, or for too long.

    Order: when the reservation ends by itself at the latest; before that after one minute, two,
    four and so on, an hour at most.
    Keeps: an event that was asked for stays one, whatever it waits for.
    """
    if no.code != RESERVED:
        return None
    if now - arrival.received_at >= LONGEST:
        return None
    pause = min(SOONEST * 2 ** min(arrival.tries, 10), RAREST)
    until = datetime.fromisoformat(str(no.facts["until"]))
    try_at = min(max(until, now + timedelta(seconds=1)), now + pause)
    code = AS_TOLD if arrival.code == AS_TOLD else RESERVED
    return Ended(arrival.arrival_id, "waiting", code, "", _SAYS, _MEND, try_at=try_at)
