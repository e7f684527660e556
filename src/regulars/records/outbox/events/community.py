"""Events about clubs and gatherings."""

from __future__ import annotations

from typing import Final

from regulars.records.outbox.events.fields import (
    EventType,
    Field,
    id_of_a,
    instant,
    text,
)

_CLUB: Final = {"club": text("The club's code.", "runners")}
_SEAT: Final = {
    "gathering": text("The gathering's code.", "tasting"),
    "name": text("What it is called.", "Tasting"),
    "seat_id": id_of_a("sea", "The seat."),
    "begins_at": instant("When it begins.", "2026-04-10T17:00:00Z"),
    "moved_up": Field("flag", "They had waited for it.", False),
}
_OFF: Final = {name: field for name, field in _SEAT.items() if name != "moved_up"} | {
    "at_place": text("Where it is, or was to be.", "Roastery"),
    "reserved": Field("flag", "Points are reserved for the seat.", True),
}

COMMUNITY_EVENTS: Final = (
    EventType("club.joined", "A member came into a club.", _CLUB),
    EventType("club.left", "A member left a club.", _CLUB),
    EventType("seat.held", "A member has a seat at a gathering.", _SEAT),
    EventType("seat.waiting", "A member waits for a seat at a gathering.", _SEAT),
    EventType("seat.given_up", "A member gave their seat up, or waits no longer.", _SEAT),
    EventType("seat.used", "A member came to a gathering.", _SEAT),
    EventType("gathering.cancelled", "A gathering a member has a seat at was called off.", _OFF),
    EventType(
        "gathering.moved", "A gathering a member has a seat at is at another time or place.", _OFF
    ),
)
