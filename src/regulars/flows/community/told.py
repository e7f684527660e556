"""What the world is told of a seat."""

from __future__ import annotations

from uuid import UUID

from regulars.flows.community.commands import Points
from regulars.records.community.gatherings.types import Gathering, Seat


def points_of(seat: Seat) -> Points:
    """What became of the points that a seat takes; nothing of one that takes none.

    Keeps: of one that was given up it is not said, as they may have been spent or given back.
    """
    if seat.redemption_id is None or (seat.settled_at is not None and seat.state != "held"):
        return ""
    return "reserved" if seat.settled_at is None else "spent"


def payload_of_all(what: Gathering, seat: Seat) -> dict[str, object]:
    """What an event carries that everybody hears of who has a seat, or waits for one."""
    told = payload_of(what, seat.seat_id)
    return told | {"at_place": what.at_place, "reserved": seat.redemption_id is not None}


def payload_of(
    what: Gathering, seat_id: UUID, *, moved_up: bool | None = None
) -> dict[str, object]:
    """What an event about a seat carries; whether they waited, where it is about that."""
    told: dict[str, object] = {
        "gathering": what.code,
        "name": what.name,
        "seat_id": str(seat_id),
        "begins_at": what.begins_at.isoformat().replace("+00:00", "Z"),
    }
    return told if moved_up is None else told | {"moved_up": moved_up}
