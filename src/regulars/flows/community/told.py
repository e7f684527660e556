"""What the world is told of a seat."""

from __future__ import annotations

from uuid import UUID

from regulars.records.community.gatherings.types import Gathering


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
